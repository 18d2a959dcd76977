// What all parts of the editor share: one page is one draft.

import { Draft } from "./draft.js";
import { setTurns } from "./geometry.js";
import { FaceMap } from "./map.js";
import { Sync } from "./sync.js";

export const root = document.getElementById("plan-editor");
export const editor = {};
export let draft = null;
export let map = null;
export let sync = null;
export const ask = (address) => fetch(address, { headers: { Accept: "application/json" } });

export function hold(state) {
  setTurns(state.turns);
  draft = new Draft(state);
  // A small screen reads and signs: points are too near for a finger there.
  draft.editable &&= root.clientWidth >= 640;
  map = new FaceMap(root, draft);
  sync = new Sync(root, draft);
}
