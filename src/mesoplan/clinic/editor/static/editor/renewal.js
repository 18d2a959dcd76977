// A lattice is not set anew at once: its ghost is shown with the counts, then it is renewed or left.

import { make } from "./tools.js";

const FIELDS = ["spacing", "edge_margin", "lattice_angle"];

export function bindRenewal(editor) {
  const { root, draft, sync } = editor;
  let asked = 0;

  const field = (name, zone) => document.getElementById(`id_${name}_${zone}`);
  const close = () => {
    draft.ghosts = null;
    document.getElementById("ed-renewal")?.remove();
    draft.changed();
  };

  editor.renew = async (zone) => {
    const values = {};
    for (const name of FIELDS) {
      const input = field(name, zone);
      if (input && input.value !== input.defaultValue) values[name] = input.value.trim().replace(",", ".");
    }
    asked += 1;
    const turn = asked;
    const address = `${root.dataset.renewal}?${new URLSearchParams({ zone, ...values })}`;
    let answer = null;
    try {
      answer = await fetch(address, { headers: { Accept: "application/json" } });
    } catch {
      return editor.say("No network. The lattice is as it was; try again.");
    }
    const told = await answer.json();
    if (turn !== asked) return undefined;
    return show(zone, values, answer.ok, told);
  };

  function show(zone, values, ok, told) {
    close();
    const place = field("spacing", zone)?.closest(".zonebody");
    if (!place) return;
    draft.ghosts = ok ? told.ghosts : null;
    draft.changed();
    const text = ok ? told.sentence : told.text;
    const panel = make("div", { id: "ed-renewal", class: "ed-renewal", role: "group", "aria-label": "Renew the lattice" });
    panel.append(make("p", { role: "status" }, text));
    const row = make("p", { class: "row" });
    const add = (words, act, main = false) => {
      const node = make("button", { type: "button", class: main ? "button main" : "button" }, words);
      node.addEventListener("click", act);
      row.append(node);
    };
    const renew = (hand) => {
      const units = { spacing: "mm", edge_margin: "mm", lattice_angle: "deg" };
      const typed = Object.entries(values).map(([name, text]) => [name, `${Number.parseFloat(text.replace("−", "-"))} ${units[name]}`]);
      close();
      sync.push([{ op: "renew", zone, hand_edits: hand, ...Object.fromEntries(typed) }]);
    };
    if (ok) add("Renew and keep hand edits", () => renew("keep"), true);
    if (ok && told.hand) add("Renew and drop them", () => renew("drop"));
    add("Leave", () => {
      for (const name of FIELDS) {
        const input = field(name, zone);
        if (input) input.value = input.defaultValue;
      }
      close();
    });
    panel.append(row);
    place.append(panel);
    editor.say(text);
  }

  draft.on("note", close);
}
