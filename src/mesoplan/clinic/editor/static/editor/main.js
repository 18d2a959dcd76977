// The plan's page becomes the editor where scripts run. Without them, or when the state cannot be read, the page's
// forms stay as they are.

import { Draft } from "./draft.js";
import { bindFields } from "./fields.js";
import { bindFindings } from "./findings.js";
import { bindKeys } from "./keys.js";
import { FaceMap } from "./map.js";
import { bindParts } from "./parts.js";
import { bindPointer } from "./pointer.js";
import { bindRenewal } from "./renewal.js";
import { Sync } from "./sync.js";
import { bindTable } from "./table.js";
import { bindTools } from "./tools.js";
import { bindViews } from "./views.js";

async function start(root) {
  const answer = await fetch(root.dataset.operations, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const draft = new Draft(await answer.json());
  const map = new FaceMap(root, draft);
  if (!map.views.length) return;
  const sync = new Sync(root, draft);
  const editor = { root, draft, map, sync };
  bindParts(editor);
  bindTools(editor);
  bindPointer(editor);
  bindKeys(editor);
  bindFindings(editor);
  bindViews(editor);
  bindTable(editor);
  if (draft.editable) {
    bindRenewal(editor);
    bindFields(editor);
    sync.resume();
  }
  draft.changed();
  root.classList.add("is-live");
}

const root = document.getElementById("plan-editor");
if (root) start(root);
