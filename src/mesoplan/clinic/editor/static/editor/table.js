// The same points as a table: a tick selects, and the same acts stand above it.

import { make } from "./tools.js";

export function bindTable(editor) {
  const { draft } = editor;

  function dress() {
    const body = [...document.querySelectorAll("#where-inner details table.data")].find((one) => one.tHead?.rows[0].cells[0].textContent.startsWith("No"));
    if (!body || body.dataset.dressed) return;
    body.dataset.dressed = "yes";
    [...body.tBodies[0].rows].forEach((row, index) => {
      const point = draft.base.points[index];
      if (!point) return;
      row.dataset.id = point.id;
      const tick = make("input", { type: "checkbox", "aria-label": `Select point ${point.label}`, class: "ed-tick" });
      tick.addEventListener("change", () => draft.select([point.id], { toggle: true }));
      row.cells[0].prepend(tick);
    });
    const acts = make("p", { class: "row ed-tableacts" });
    const add = (words, act) => {
      const node = make("button", { type: "button", class: "button" }, words);
      node.addEventListener("click", act);
      acts.append(node);
    };
    add("All in zone", () => editor.acts.zone());
    if (draft.editable) {
      add("Keep or unlock", () => editor.acts.lock());
      add("Remove selected", () => draft.selected.size ? editor.acts.remove() : editor.say("Nothing is selected. Tick a point first."));
    }
    body.closest(".scroll").before(acts);
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
}
