// A lattice is not set anew at once: its ghost is shown with the counts, then it is renewed or left.

import { ask, draft, editor, root } from "./page.js";
import { say, says } from "./words.js";

const FIELDS = ["spacing", "edge_margin", "lattice_angle", "pattern"];
const kept = (input) => input.defaultValue ?? input.querySelector("[selected]").value;
let asked = 0;

const fields = (zone) => FIELDS.map((name) => [name, document.getElementById(`id_${name}_${zone}`)]);

const close = () => {
  draft.ghosts = null;
  document.getElementById("ed-renewal")?.remove();
  draft.changed();
};

editor.renew = async (zone) => {
  const typed = fields(zone).filter(([, input]) => input.value !== kept(input));
  const values = typed.map(([name, input]) => [name, input.value.trim().replace(",", ".").replace("−", "-")]);
  asked += 1;
  const turn = asked;
  let told = null;
  try {
    told = await (await ask(`${root.dataset.renewal}?${new URLSearchParams([["zone", zone], ...values])}`)).json();
  } catch {
    return say(says("renewOffline"));
  }
  if (turn !== asked) return undefined;
  close();
  draft.ghosts = told.ghosts ?? null;
  draft.changed();
  root.querySelector(`#set-inner [data-zone-panel="${zone}"] .zonebody`).insertAdjacentHTML("beforeend", told.panel);
  return say(told.text);
};

editor.acts.leave = ({ dataset }) => {
  for (const [, input] of fields(dataset.zone)) input.value = kept(input);
  close();
};

draft.on("note", () => draft.ghosts && close());
