// A lattice is not set anew at once: its ghost is shown with the counts, then it is renewed or left.

import { draft, editor, root, sync } from "./page.js";
import { say, says } from "./words.js";

const UNITS = { spacing: "mm", edge_margin: "mm", lattice_angle: "deg" };

let asked = 0;

const field = (name, zone) => document.getElementById(`id_${name}_${zone}`);
const close = () => {
  draft.ghosts = null;
  document.getElementById("ed-renewal")?.remove();
  draft.changed();
};

editor.renew = async (zone) => {
  const values = {};
  for (const name of Object.keys(UNITS)) {
    const input = field(name, zone);
    if (input && input.value !== input.defaultValue) values[name] = input.value.trim().replace(",", ".").replace("−", "-");
  }
  asked += 1;
  const turn = asked;
  const address = `${root.dataset.renewal}?${new URLSearchParams({ zone, ...values })}`;
  let answer = null;
  try {
    answer = await fetch(address, { headers: { Accept: "application/json" } });
  } catch {
    return say(says("renewOffline"));
  }
  const told = await answer.json();
  return turn === asked ? show(zone, values, answer.ok, told) : undefined;
};

function show(zone, values, ok, told) {
  close();
  const place = field("spacing", zone)?.closest(".zonebody");
  if (!place) return;
  draft.ghosts = ok ? told.ghosts : null;
  draft.changed();
  const panel = document.getElementById("ed-renewal-panel").content.firstElementChild.cloneNode(true);
  const text = ok ? told.sentence : told.text;
  panel.querySelector("p").textContent = text;
  for (const button of panel.querySelectorAll("button")) {
    const hand = button.dataset.renew;
    button.hidden = Boolean(hand) && (!ok || (hand === "drop" && !told.hand));
    button.addEventListener("click", () => (hand ? renew(hand) : leave()));
  }
  place.append(panel);
  say(text);

  const renew = (hand) => {
    const typed = Object.entries(values).map(([name, value]) => [name, `${Number.parseFloat(value)} ${UNITS[name]}`]);
    close();
    sync.push([{ op: "renew", zone, hand_edits: hand, ...Object.fromEntries(typed) }]);
  };
  const leave = () => {
    for (const name of Object.keys(UNITS)) {
      const input = field(name, zone);
      if (input) input.value = input.defaultValue;
    }
    close();
  };
}

draft.on("note", () => draft.ghosts && close());
