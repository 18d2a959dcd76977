// The same points as a table: a tick selects, and the acts above it are those of the map.

import { draft, root } from "./page.js";

const rowOf = (tick) => tick.closest("tr").dataset.id;

function follow() {
  for (const tick of root.querySelectorAll(".ed-tick")) tick.checked = draft.selected.has(rowOf(tick));
}

root.addEventListener("change", ({ target }) => {
  if (target.matches(".ed-tick")) draft.select([rowOf(target)], { toggle: true });
});
draft.on("swapped", follow);
draft.on("changed", follow);
