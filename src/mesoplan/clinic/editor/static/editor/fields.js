// The fields of the left panel: a change is an operation, as one on the map. What is out of range is kept and marked,
// and not sent.

import { read } from "../mesoplan/js/unitfield.js";
import { make } from "./tools.js";

const ZONE_FIELDS = ["volume_per_point", "angle", "inserted"];
const LATTICE = ["spacing", "edge_margin", "lattice_angle"];

export function bindFields(editor) {
  const { draft, sync } = editor;
  const dates = () => draft.base.sessions;

  const zoneField = (name, fields) => {
    const field = fields.find((each) => name.startsWith(`${each}_`));
    const zone = field && name.slice(field.length + 1);
    return zone && draft.zone(zone) ? { field, zone } : null;
  };

  function operation(input) {
    const { name, value } = input;
    const own = zoneField(name, [...ZONE_FIELDS, "needle"]);
    const scope = own && { kind: "zone", zone: own.zone };
    if (own?.field === "needle") return { op: "set", scope, field: "needle", value };
    if (own) return { op: "set", scope, field: own.field, ...quantity(input) };
    const draw = name.match(/^draw_(\d+)_(\d+)$/);
    if (draw) {
      const preparation = draft.base.preparations[draw[1] - 1];
      const drawn = { kind: "draw", preparation: preparation.id, presentation: preparation.draws[draw[2] - 1] };
      return { op: "set", scope: drawn, field: "volume", ...quantity(input) };
    }
    const count = name.match(/^syringes_(\d+)$/);
    if (count) {
      const preparation = { kind: "preparation", preparation: draft.base.preparations[count[1] - 1].id };
      return { op: "set", scope: preparation, field: "syringes", value: Number(value) };
    }
    return session(name, value);
  }

  function session(name, value) {
    const number = Number(name.match(/^session_(\d+)$/)?.[1]);
    if (name !== "session_new" && !number) return null;
    if (number && value) return { op: "swap-date", session: number, to: value };
    const left = dates().filter((_, index) => index + 1 !== number);
    const days = value ? [...left, value].sort() : left;
    return { op: "set", scope: { kind: "plan" }, field: "sessions", value: days };
  }

  function quantity(input) {
    const { unit } = input.closest("[data-unit]").dataset;
    return { value: read(input.value, unit).number, unit };
  }

  // -- What cannot be sent

  function problem(input) {
    const unit = input.closest("[data-unit]");
    if (!unit) return input.name.startsWith("syringes_") && !/^\d+$/.test(input.value.trim()) ? "A whole number is wanted." : "";
    const label = unit.querySelector("label").textContent.trim();
    const { min, max } = unit.dataset;
    const now = read(input.value, unit.dataset.unit);
    if (!now) return `${label}: “${input.value}” is not a number in ${unit.dataset.unit}. It was not sent.`;
    if ((min === "" || now.number >= Number(min)) && (max === "" || now.number <= Number(max))) return "";
    return `${label} must be between ${min} and ${max} ${unit.dataset.unit}. You wrote ${input.value.trim()}. It was not sent.`;
  }

  function mark(input, text) {
    const place = input.closest(".unit, .field") ?? input.parentElement;
    place.querySelector(".ed-mend")?.remove();
    place.classList.toggle("wrong", Boolean(text));
    if (!text) return input.removeAttribute("aria-invalid");
    input.setAttribute("aria-invalid", "true");
    const told = make("p", { class: "mend ed-mend", id: `${input.id}-ed`, role: "alert" }, text);
    place.append(told);
    return input.setAttribute("aria-errormessage", told.id);
  }

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.closest?.("#plan-form") || !input.name || input.name === "add_zone") return;
    const wrong = problem(input);
    mark(input, wrong);
    if (wrong) return;
    const lattice = zoneField(input.name, LATTICE);
    if (lattice) return void editor.renew(lattice.zone);
    const op = operation(input);
    if (!op) return;
    input.dataset.sent = input.value;
    sync.push([op], { field: input.id, wait: true });
  });

  draft.on("refused", ({ entry, text }) => {
    const input = entry.field && document.getElementById(entry.field);
    if (input) mark(input, text);
  });

  // -- Buttons of the form

  const acts = {
    save: () => {
      const wrong = document.querySelectorAll("#plan-form .ed-mend").length;
      if (wrong) editor.say(`${wrong} ${wrong === 1 ? "field" : "fields"} to mend; the rest is saved.`);
      else editor.say(sync.busy ? "Saving …" : `Saved ${draft.base.at}.`);
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

  const hint = () => document.querySelector("#plan-form .savebar .hint")?.replaceChildren("Each change is saved at once");
  draft.on("swapped", hint);
  hint();

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "plan-form") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const [act, zone] = (event.submitter?.value ?? "save").split(":");
    (acts[act] ?? acts.save)(zone);
  }, true);
}
