// The row of tools above the map and the foot below it, which the page has: acts by name, the selection in words,
// layers, zoom and scale.

import { placeWords } from "./geometry.js";
import { draft, editor, map, root, sync } from "./page.js";
import { shiftOf } from "./pointer.js";
import { say, says } from "./words.js";

const BARS = [1, 2, 5, 10, 20, 50];
const KEPT = "mp-editor-hidden";

const board = root.querySelector(".mapboard");
const find = (name) => board.querySelector(`[data-act=${name}]`);
const chosen = (op, more = {}) => {
  const points = draft.subject();
  if (!points.length) return say(says("selectFirst"));
  return sync.push([{ op, points, ...more }]);
};
const tool = (name) => () => draft.setTool(draft.tool === name ? "select" : name);
const subject = () => draft.subject().map((id) => draft.byId.get(id)).filter(Boolean);

const acts = {
  select: () => draft.setTool("select"),
  move: tool("move"),
  add: tool("add"),
  box: tool("box"),
  shape: () => editor.shape(),
  reset: () => editor.resetOutline(),
  remove: () => (draft.outline ? editor.removeCorners() : chosen("remove")),
  undo: () => (draft.base.undo || sync.busy ? sync.push([{ op: "undo" }]) : say(says("no-undo"))),
  redo: () => (draft.base.redo || sync.busy ? sync.push([{ op: "redo" }]) : say(says("no-redo"))),
  zone: () => {
    const point = draft.byId.get(draft.current);
    if (point) draft.select(draft.points.filter((one) => one.zone === point.zone).map((one) => one.id));
  },
  lock: () => {
    const points = subject();
    if (points.length) chosen("lock", { locked: !points.every((point) => point.locked) });
  },
  keep: () => draft.outline || chosen("keep-clear"),
  beside: () => editor.addBeside(),
  values: () => editor.openValues(),
  step: ({ dataset }) => {
    const ids = draft.subject();
    if (ids.length) sync.push(shiftOf(ids, map.large, Number(dataset.x), Number(dataset.y)), { wait: true });
  },
  nearer: ({ dataset }) => map.large.setZoom(map.large.zoom * 1.5 ** Number(dataset.by), middleOf(draft, map.large)),
  fit: () => map.views.forEach((view) => view.fit()),
  layer: ({ dataset }) => {
    if (!hidden.delete(dataset.layer)) hidden.add(dataset.layer);
    localStorage.setItem(KEPT, JSON.stringify([...hidden]));
    show();
  },
  try: ({ dataset }) => sync.push(JSON.parse(dataset.ops)),
  show: (button) => editor.reveal(button.closest(".finding").id),
  again: () => sync.tryAgain(),
};
editor.acts = acts;
root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) acts[button.dataset.act]?.(button);
});
const hidden = new Set(JSON.parse(localStorage.getItem(KEPT) ?? '["structures","coverage"]'));
const show = () => {
  for (const toggle of board.querySelectorAll("[data-layer]")) {
    const off = hidden.has(toggle.dataset.layer);
    toggle.setAttribute("aria-pressed", String(!off));
    board.classList.toggle(`hides-${toggle.dataset.layer}`, off);
  }
};
show();
const words = board.querySelector("#ed-words");
const lock = board.querySelector("#ed-lock");
const reset = board.querySelector("#ed-reset");
const tools = [...board.querySelectorAll("[data-tool-of]")];
const name = (key, what) => {
  const node = find(key);
  node.title = says(what ? key : `no-${key}`, { what });
  node.setAttribute("aria-label", node.title);
  node.classList.toggle("is-idle", !what);
};

const sentence = () => {
  const { selected, points } = draft;
  if (draft.outline && !selected.size) return says("corners", { zone: draft.zone(draft.outline).title, n: points.length });
  if (!selected.size) return says("nothing");
  const all = [...selected].map((id) => draft.byId.get(id));
  const zones = [...new Set(all.map((point) => draft.zone(point.zone)))];
  const told = { n: all.length, label: all[0].label, zones: zones.map((zone) => zone.title).join(", ") };
  const parts = [says(draft.outline ? "corner" : "selected", told)];
  if (zones.length === 1 && !draft.outline) parts.push(zones[0].said);
  if (all.length === 1) parts.push(placeWords(all[0], draft.base.pupils_mm));
  return parts.join(" · ");
};

const put = (node, text) => {
  if (node.textContent !== text) node.textContent = text;
};
draft.on("changed", () => {
  for (const node of tools) node.setAttribute("aria-pressed", String(draft.tool === node.dataset.toolOf));
  board.dataset.tool = draft.tool;
  put(words, sentence());
  if (!draft.editable) return;
  const points = subject();
  put(lock, says(points.length && points.every((point) => point.locked) ? "unlock" : "keep"));
  reset.hidden = !draft.outline || !draft.zone(draft.outline)?.drawn;
  name("undo", draft.base.undo);
  name("redo", draft.base.redo);
});
draft.on("tool", () => say(says(`tool-${draft.tool}`)));

const percent = board.querySelector(".ed-percent");
const bar = board.querySelector(".ed-scale");
const scale = () => {
  percent.textContent = `${Math.round(map.large.zoom * 100)} %`;
  const pixel = map.large.mmInPixel;
  const length = [...BARS].reverse().find((mm) => mm / pixel <= 130) ?? 1;
  bar.firstElementChild.style.inlineSize = `${length / pixel}px`;
  bar.lastElementChild.textContent = `${length} mm`;
};
draft.on("zoomed", scale);
new ResizeObserver(scale).observe(map.large.svg.parentElement);

function middleOf(draft, view) {
  const at = view.nodes.get(draft.current)?.at;
  return at && draft.selected.size ? at : null;
}
