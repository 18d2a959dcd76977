// The fields of the left panel: a change is an operation, as one on the map. What is out of range is kept and marked,
// and not sent.

import { read } from "../mesoplan/js/unitfield.js";
import { draft, editor, map, sync } from "./page.js";
import { make, number, say, says } from "./words.js";

const LATTICE = /^(?:spacing|edge_margin|lattice_angle|pattern)_(.+)$/;

// A field brings the operation that its change is, without the value.
function operation(input) {
  const { name, value, dataset } = input;
  if (dataset.op) {
    const box = input.closest("[data-unit]");
    if (!box) return { ...JSON.parse(dataset.op), value: name.startsWith("syringes_") ? Number(value) : value };
    return { ...JSON.parse(dataset.op), value: read(value, box.dataset.unit).number, unit: box.dataset.unit };
  }
  const session = Number(name.match(/^session_(\d+)$/)?.[1]);
  if (session && value) return { op: "swap-date", session, to: value };
  const days = [...document.querySelectorAll("#plan-form [name^=session_]")].map((each) => each.value).filter(Boolean).sort();
  return name.startsWith("session_") ? { op: "set", scope: { kind: "plan" }, field: "sessions", value: days } : null;
}

function problem(input) {
  const box = input.closest("[data-unit]");
  if (!box) return input.name.startsWith("syringes_") && !/^\d+$/.test(input.value.trim()) ? says("notWhole") : "";
  const { min, max, unit } = box.dataset;
  const told = { label: box.querySelector("label").textContent.trim(), typed: input.value.trim(), unit };
  const now = read(input.value, unit);
  if (!now) return says("notNumber", told);
  if ((min === "" || now.number >= Number(min)) && (max === "" || now.number <= Number(max))) return "";
  const end = (text) => number(Number(text), text.split(".")[1]?.length ?? 0);
  return says("notWithin", { ...told, low: end(min), high: end(max) });
}

const wrong = new Map();
function mark(input, text) {
  const place = input.closest(".unit, .field") ?? input.parentElement;
  place.querySelector(".ed-mend")?.remove();
  place.classList.toggle("wrong", Boolean(text));
  wrong.delete(input.id);
  if (!text) return input.removeAttribute("aria-invalid");
  wrong.set(input.id, [input.value, text]);
  input.setAttribute("aria-invalid", "true");
  const told = make("p", { class: "mend ed-mend", id: `${input.id}-ed`, role: "alert" }, text);
  place.append(told);
  return input.setAttribute("aria-errormessage", told.id);
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.closest?.("#plan-form") || !input.name || input.name === "add_zone") return;
  const text = problem(input);
  mark(input, text);
  if (text) return;
  const lattice = input.name.match(LATTICE);
  if (lattice) return void editor.renew(lattice[1]);
  const op = operation(input);
  if (!op) return;
  input.dataset.sent = input.value;
  sync.push([op], { field: input.id, wait: true });
});

draft.on("refused", ({ entry, text }) => {
  const input = entry.field && document.getElementById(entry.field);
  if (input) mark(input, text);
});
// What could not be sent stays where it was typed, whatever comes in.
draft.on("swapped", () => {
  for (const [id, [typed, text]] of [...wrong]) {
    const input = document.getElementById(id);
    if (!input) continue;
    input.value = typed;
    mark(input, text);
  }
});
const acts = {
  save: () => {
    const n = document.querySelectorAll("#plan-form .ed-mend").length;
    say(n ? says("toMend", { n }) : says(sync.busy ? "saving" : "saved", draft.base));
    sync.tryAgain();
  },
  renew: (zone) => editor.renew(zone),
  remove: (zone) => sync.push([{ op: "remove-zone", zone }]),
  add: () => sync.push([{ op: "add-zone", zone: document.getElementById("id_add_zone").value }]),
  make_up: () => sync.push([{ op: "make-up" }]),
  shift: () => {
    const first = document.getElementById("id_session_1").value;
    if (first) sync.push([{ op: "swap-date", session: 1, to: first, later_too: true }], { field: "id_session_1" });
  },
};

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.id !== "plan-form") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const [act, zone] = (submitter?.value ?? "save").split(":");
  if (acts[act]) return void acts[act](zone);
  // An act that is no operation goes the way of a page without script.
  form.elements.version.value = draft.base.version;
  form.append(make("input", { type: "hidden", name: "act", value: act }));
  form.submit();
}, true);
