// The map by keys alone: one tab stop, a list of points with the current one told by its place; a mode for moving.

import { facingView, nearestTowards, placeWords, seen } from "./geometry.js";
import { draft, editor, map, root, sync } from "./page.js";
import { addAt, shiftOf } from "./pointer.js";
import { make, say, says } from "./words.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const list = make("div", {
  id: "ed-list", class: "ed-list", role: "listbox", tabindex: "0", "aria-multiselectable": "true",
  "aria-describedby": "ed-keys",
});
const help = make("p", { id: "ed-keys", class: "spoken" }, says("keys"));
map.large.svg.parentElement.classList.add("ed-frame");
map.large.svg.parentElement.append(list, help);
editor.list = list;
let moving = null;
// Options are told apart by id; only those that changed are made anew.
const options = new Map();
let order = "";
let current = null;
const optionId = (id) => `ed-point-${id}`;
draft.on("drawn", () => {
  for (const point of draft.points) {
    const text = nameOf(point);
    let node = options.get(point.id);
    if (!node) {
      node = make("div", { role: "option", id: optionId(point.id), "data-id": point.id });
      options.set(point.id, node);
    }
    if (node.textContent !== text) node.textContent = text;
    const selected = String(draft.selected.has(point.id));
    if (node.getAttribute("aria-selected") !== selected) node.setAttribute("aria-selected", selected);
  }
  const now = draft.points.map((point) => point.id).join();
  if (now !== order) {
    order = now;
    for (const id of options.keys()) if (!draft.byId.has(id)) options.delete(id);
    list.replaceChildren(...draft.points.map((point) => options.get(point.id)));
    list.setAttribute("aria-label", says(draft.outline ? "outline" : "map", { n: draft.points.length }));
    list.hidden = !draft.points.length;
  }
  if (draft.current === current) return;
  options.get(current)?.classList.remove("is-current");
  current = draft.current;
  options.get(current)?.classList.add("is-current");
  if (options.has(current)) list.setAttribute("aria-activedescendant", optionId(current));
  else list.removeAttribute("aria-activedescendant");
});

function nameOf(point) {
  const zone = draft.zone(point.zone)?.title ?? point.zone;
  const name = says(point.corner ? "cornerAt" : "point", { label: point.label, zone, place: placeOf(point) });
  const state = [point.origin === "lattice" ? "" : says(point.origin), point.locked ? says("locked") : ""];
  return [name, ...state.filter(Boolean)].join(", ");
}

const placeOf = (point) => placeWords(point, draft.base.pupils_mm);
function startMove() {
  const ids = draft.subject().filter((id) => !draft.byId.get(id)?.locked);
  if (!ids.length) return say(says("isLocked"));
  if (!draft.selected.size) draft.select(ids);
  const view = map.view(viewOf(draft.byId.get(draft.current)));
  moving = { ids, view, dx: 0, dy: 0 };
  root.classList.add("is-moving");
  draft.setTool("move");
  return say(says("moving"));
}

function moveBy([x, y], event) {
  const step = event.shiftKey ? 5 : event.altKey ? 0.1 : 1;
  moving.dx += x * step;
  moving.dy += y * step;
  draft.drag({ op: "shift", points: moving.ids, right_mm: moving.dx, up_mm: moving.dy, along: moving.view.along });
  const point = draft.byId.get(draft.current);
  if (point) say(placeOf(point));
}

function endMove(drop) {
  const { ids, view, dx, dy } = moving;
  moving = null;
  root.classList.remove("is-moving");
  draft.setTool(draft.outline ? "shape" : "select");
  draft.dragged = null;
  if (drop && (dx || dy)) sync.push(shiftOf(ids, view, dx, dy));
  else draft.drag(null);
  say(says(drop ? "dropped" : "putBack"));
}

const viewOf = (point) => {
  if (!point) return map.large.name;
  const at = seen(point, map.large.name);
  return at && !at[3] ? map.large.name : facingView(point);
};
function go(direction) {
  const from = draft.byId.get(draft.current);
  if (!from) return;
  const next = nearestTowards(draft.points, from, viewOf(from), ...direction);
  if (!next) return;
  draft.current = next.id;
  draft.changed();
}

// Beside the current point: on the side with most room in its picture.
function addBeside() {
  const from = draft.byId.get(draft.current);
  if (!from) return say(says("selectFirst"));
  const view = map.view(viewOf(from));
  const [x, y] = seen(from, view.name);
  if (draft.outline) {
    const next = seen(draft.corners[(draft.corners.findIndex(({ id }) => id === from.id) + 1) % draft.corners.length], view.name);
    return editor.splitEdge(view, [(x + next[0]) / 2, (y + next[1]) / 2]);
  }
  const gap = (draft.zone(from.zone)?.spacing ?? 8) / 2;
  const others = draft.points.map((point) => seen(point, view.name)).filter(Boolean);
  let found = null;
  for (let turn = 0; turn < 8; turn += 1) {
    const at = [x + gap * Math.cos((turn * Math.PI) / 4), y + gap * Math.sin((turn * Math.PI) / 4)];
    if (!inZone(view, from.zone, at)) continue;
    const room = Math.min(...others.map((other) => Math.hypot(other[0] - at[0], other[1] - at[1])));
    if (!found || room > found.room + 0.01) found = { at, room };
  }
  return found ? addAt(view, found.at) : say(says("noRoom"));
}
editor.addBeside = addBeside;

function inZone(view, zone, [x, y]) {
  const paths = view.svg.querySelectorAll(`[data-zone="${zone}"] path`);
  if (!paths.length) return true;
  const at = new DOMPoint(x, -y);
  return [...paths].some((path) => path.isPointInFill(at));
}

function up() {
  if (draft.tool !== "select") return draft.setTool("select");
  return draft.select([]);
}

function openValues() {
  const point = draft.byId.get(draft.current);
  const field = point && document.getElementById(`id_volume_per_point_${point.zone}`);
  if (!field) return;
  root.dispatchEvent(new CustomEvent("tab", { detail: "placement" }));
  field.closest("details").open = true;
  field.focus();
}
editor.openValues = openValues;

// Places that were copied elsewhere: two numbers a line, mm right and up in the large view.
list.addEventListener("paste", (event) => {
  if (!draft.editable || draft.outline) return;
  event.preventDefault();
  const lines = event.clipboardData.getData("text").split(/\n/).map((line) => line.match(/[-−]?\d+(?:[.,]\d+)?/g) ?? []);
  const places = lines.filter((pair) => pair.length > 1).map((pair) => pair.slice(-2).map((text) => Number(text.replace("−", "-").replace(",", "."))));
  if (places.length) addAt(map.large, ...places);
  else say(says("pasted"));
});

const nearer = (by) => editor.acts.nearer({ dataset: { by } });
const PLAIN = {
  " ": () => draft.current && draft.select([draft.current], { toggle: true }),
  Enter: openValues,
  Escape: up,
  "+": () => nearer(1),
  "=": () => nearer(1),
  "-": () => nearer(-1),
  0: () => editor.acts.fit(),
  v: () => editor.acts.select(),
  r: () => editor.acts.box(),
  "[": () => editor.nextFinding?.(-1),
  "]": () => editor.nextFinding?.(1),
  Home: () => toEnd(0),
  End: () => toEnd(-1),
};
const EDITS = {
  m: startMove,
  a: addBeside,
  s: () => editor.shape(),
  x: () => editor.acts.remove(),
  k: () => editor.acts.keep(),
  Delete: () => editor.acts.remove(),
  Backspace: () => editor.acts.remove(),
  z: (event) => (event.shiftKey ? editor.acts.redo() : editor.acts.undo()),
};
const toEnd = (index) => {
  draft.current = draft.points.at(index)?.id ?? null;
  draft.changed();
};

list.addEventListener("keydown", (event) => {
  root.classList.add("has-keys");
  const { key } = event;
  const name = key.length === 1 ? key.toLowerCase() : key;
  const command = event.ctrlKey || event.metaKey;
  let act = null;
  if (moving) {
    if (ARROWS[key] && !command) act = () => moveBy(ARROWS[key], event);
    else if (key === "Enter") act = () => endMove(true);
    else if (key === "Escape") act = () => endMove(false);
  } else if (command && name === "a") act = () => draft.select(draft.points.map((point) => point.id));
  else if (command && name === "z" && draft.editable) act = () => EDITS.z(event);
  else if (command || event.altKey) return;
  else if (ARROWS[key]) act = () => go(ARROWS[key]);
  else act = PLAIN[name] ?? (draft.editable ? EDITS[name] && (() => EDITS[name](event)) : null);
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
});
list.addEventListener("focus", () => root.classList.toggle("has-keys", list.matches(":focus-visible")));
list.addEventListener("blur", () => {
  root.classList.remove("has-keys");
  if (moving) endMove(true);
});
