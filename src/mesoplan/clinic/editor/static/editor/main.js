// The plan's page becomes the editor where scripts run. Without them, or when the state cannot be read, the page's
// forms stay as they are.

import early from "../mesoplan/js/early.js";
import { ask, draft, hold, map, root, sync } from "./page.js";

async function start() {
  const answer = await ask(root.dataset.operations);
  if (!answer.ok) return;
  hold(await answer.json());
  if (!map.views.length) return;
  await import("./reading.js");
  if (draft.editable) {
    await import("./editing.js");
    sync.resume();
  }
  draft.changed();
  root.classList.add("is-live");
  if (draft.editable) early(document.getElementById("plan-form"));
}

if (root) start();
