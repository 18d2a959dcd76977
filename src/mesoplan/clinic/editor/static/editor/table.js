// The same points as a table: a tick selects, and the acts above it are those of the map.

import { draft } from "./page.js";
import { make, says } from "./words.js";

function dress() {
  const body = document.querySelector("#points-table tbody");
  if (!body || body.dataset.dressed) return;
  body.dataset.dressed = "yes";
  for (const row of body.rows) {
    const label = row.cells[0].textContent;
    const tick = make("input", { type: "checkbox", "aria-label": says("select", { label }), class: "ed-tick" });
    tick.addEventListener("change", () => draft.select([row.dataset.id], { toggle: true }));
    row.cells[0].prepend(tick);
  }
  follow();
}

function follow() {
  for (const tick of document.querySelectorAll(".ed-tick")) {
    tick.checked = draft.selected.has(tick.closest("tr").dataset.id);
  }
}

draft.on("swapped", dress);
draft.on("changed", follow);
dress();
