// The left panel speaks of what is selected: the fold of its zone opens and says for how many points it speaks.

import { draft, root } from "./page.js";
import { says } from "./words.js";

let shown = "";

const follow = () => {
  const zones = [...new Set([...draft.selected].map((id) => draft.byId.get(id)?.zone))];
  const zone = zones.length === 1 ? zones[0] : zones.length ? "all" : "";
  const now = `${zone}|${draft.selected.size}`;
  if (now === shown || draft.outline) return;
  shown = now;
  for (const panel of root.querySelectorAll("#set-inner [data-zone-panel]")) {
    const own = panel.dataset.zonePanel === zone;
    if (own && !panel.open) panel.open = true;
    const line = panel.querySelector("[data-subject]");
    if (!line) continue;
    line.hidden = !own || !draft.editable;
    line.textContent = own ? says("subject", { n: draft.selected.size }) : "";
  }
};
draft.on("changed", follow);
draft.on("swapped", () => {
  shown = "";
  follow();
});

// Opening the fold of a zone is choosing it: its outline stands out on the maps.
const chosen = () => {
  const open = root.querySelector("#set-inner [data-zone-panel][open]")?.dataset.zonePanel ?? "";
  for (const drawn of root.querySelectorAll("svg [data-zone]")) drawn.classList.toggle("is-chosen", drawn.dataset.zone === open);
};
root.addEventListener("toggle", chosen, true);
chosen();

// On a tablet the panels are sheets on the foot of the window: one at a time is drawn up.
root.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-opens]");
  const sheet = button ? root.querySelector(`.${button.dataset.opens}`) : target.closest(".tabs a")?.closest(".set");
  if (!sheet) return;
  const up = !button || !sheet.classList.contains("is-up");
  for (const each of root.querySelectorAll(".set, .follows")) each.classList.toggle("is-up", up && each === sheet);
  for (const each of root.querySelectorAll("[data-opens]")) {
    each.setAttribute("aria-expanded", String(up && sheet.contains(each)));
  }
});
