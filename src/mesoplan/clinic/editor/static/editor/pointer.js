// Mouse, pen and finger on the maps. Acts happen on release; Escape or a lost pointer puts back.

import { seen } from "./geometry.js";
import { draft, editor, map, sync } from "./page.js";
import { say, says } from "./words.js";

const MOST = 1000; // points in a zone
const round = (number) => Number(number.toFixed(2));

export function shiftOf(ids, view, dx, dy) {
  const to = { right_mm: round(dx), up_mm: round(dy), along: view.along };
  return draft.outline ? draft.reshaped(ids, to) : [{ op: "shift", points: ids, ...to }];
}

// The zone that a new point belongs to: that of the nearest point of the view.
function zoneNear(view, at) {
  const far = (point) => {
    const place = seen(point, view.name);
    return place ? Math.hypot(place[0] - at[0], place[1] - at[1]) : Infinity;
  };
  return draft.points.reduce((best, point) => (best && far(best) <= far(point) ? best : point), null);
}

export function addAt(view, ...places) {
  const near = zoneNear(view, places[0]);
  const several = near && draft.zone(near.zone).preparations.length > 1;
  const preparation = several ? { preparation: near.preparation } : {};
  if (places.length > MOST) return say(says("tooMany", { n: places.length, most: MOST }));
  if (near?.flat) {
    const points = places.map(([x, y]) => ({ at: { x_mm: round(x), y_mm: round(y) } }));
    return sync.push([{ op: "add", zone: near.zone, ...preparation, points }]);
  }
  const points = places.map(([x, y]) => ({ x: round(x), y: round(y) }));
  return sync.push([{ op: "add", zone: near?.zone, ...preparation, view: view.name, points }]);
}

const fingers = new Map();
let act = null;
let pinch = null;

for (const view of map.views) {
  view.svg.classList.add("ed-map");
  // A press on the map leaves the focus where it is: in the list of its points.
  view.svg.addEventListener("mousedown", (event) => event.preventDefault());
  view.svg.addEventListener("pointerdown", (event) => down(event, view));
  view.svg.addEventListener("pointermove", (event) => move(event, view));
  view.svg.addEventListener("pointerup", (event) => up(event, view));
  view.svg.addEventListener("pointercancel", (event) => {
    fingers.delete(event.pointerId);
    pinch = null;
    putBack();
  });
  view.svg.addEventListener("wheel", (event) => wheel(event, view), { passive: false });
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !act) return;
  event.stopPropagation();
  putBack();
}, true);

function wheel(event, view) {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  view.setZoom(view.zoom * Math.exp(-event.deltaY / 300), view.at(event));
}

function down(event, view) {
  fingers.set(event.pointerId, event);
  if (fingers.size === 2) return void startPinch(view);
  if (act || event.button > 1) return;
  const coarse = event.pointerType !== "mouse";
  const at = view.at(event);
  const ids = view.hit(at, coarse);
  view.svg.setPointerCapture(event.pointerId);
  act = { view, at, start: [event.clientX, event.clientY], id: ids[0] ?? null, ids, coarse, shift: event.shiftKey };
  act.pan = event.button === 1 || (coarse && !act.id && draft.tool !== "box");
}

function move(event, view) {
  if (fingers.has(event.pointerId)) fingers.set(event.pointerId, event);
  if (pinch) return void doPinch();
  if (!act) return void hover(view, event);
  const far = Math.hypot(event.clientX - act.start[0], event.clientY - act.start[1]);
  if (!act.going && far < (act.coarse ? 8 : 4)) return;
  act.now = act.view.at(event);
  if (!act.going) begin();
  if (act.going === "pan") act.view.pan(act.now[0] - act.at[0], act.now[1] - act.at[1]);
  else if (act.going === "move") nudge();
  else if (act.going === "box") drawBox();
}

function begin() {
  const movable = draft.editable && act.id && ["select", "move", "shape"].includes(draft.tool);
  if (act.pan || (!movable && act.id) || (draft.outline && !act.id)) act.going = "pan";
  else if (!act.id) act.going = "box";
  else {
    if (!draft.selected.has(act.id)) draft.select([act.id], { add: act.shift });
    draft.current = act.id;
    act.moving = [...draft.selected].filter((id) => !draft.byId.get(id).locked);
    act.going = "move";
    act.view.svg.classList.add("is-dragging");
    if (!act.moving.length) draft.emit("note", { text: says("pointLocked", draft.byId.get(act.id)) });
  }
}

function nudge() {
  if (!act.moving.length) return;
  const [dx, dy] = [act.now[0] - act.at[0], act.now[1] - act.at[1]];
  draft.drag({ op: "shift", points: act.moving, right_mm: dx, up_mm: dy, along: act.view.along });
  const why = draft.outline ? "" : edge(act.view, draft.byId.get(act.id));
  if (why !== act.why) say(says((act.why = why)));
  draft.out = why && act.id;
}

// Why a point cannot stay where it is held: the server stops it at that edge.
function edge(view, point) {
  const at = seen(point, view.name);
  if (!at || point.flat) return "";
  const place = new DOMPoint(at[0], -at[1]);
  const within = (name) => [...view.svg.querySelectorAll(`[data-${name}] path`)].some((path) => path.isPointInFill(place));
  if (within("excluded") || within("kept")) return "excluded";
  return within(`zone="${point.zone}"`) || !view.svg.querySelector(`[data-zone="${point.zone}"] path`) ? "" : "outside";
}

function drawBox() {
  const { box0 } = act.view;
  const [x, y] = [Math.min(act.at[0], act.now[0]), -Math.max(act.at[1], act.now[1])];
  box0.setAttribute("x", x);
  box0.setAttribute("y", y);
  box0.setAttribute("width", Math.abs(act.now[0] - act.at[0]));
  box0.setAttribute("height", Math.abs(act.now[1] - act.at[1]));
  box0.setAttribute("visibility", "visible");
}

function up(event, view) {
  fingers.delete(event.pointerId);
  if (pinch) {
    if (!fingers.size) pinch = act = null;
    return;
  }
  if (!act) return;
  const done = rest();
  if (done.going === "move") dropped(done);
  else if (done.going === "box") boxed(done);
  else if (!done.going) tapped(done);
  if (done.going !== "pan" && document.activeElement !== editor.list) editor.list?.focus({ preventScroll: true });
}

function dropped(done) {
  const [dx, dy] = [done.now[0] - done.at[0], done.now[1] - done.at[1]];
  draft.dragged = null;
  if (done.moving.length) sync.push(shiftOf(done.moving, done.view, dx, dy));
  else draft.drag(null);
}

function boxed(done) {
  const [[ax, ay], [bx, by]] = [done.at, done.now];
  const inside = draft.points.filter((point) => {
    const at = seen(point, done.view.name);
    return at && !at[3] && (at[0] - ax) * (at[0] - bx) <= 0 && (at[1] - ay) * (at[1] - by) <= 0;
  });
  draft.select(inside.map((point) => point.id), { add: done.shift });
  if (draft.tool === "box") draft.setTool("select");
}

function tapped(done) {
  if (draft.tool === "add") return addAt(done.view, done.at);
  if (draft.outline && !done.id) return editor.splitEdge(done.view, done.at);
  if (draft.tool === "move" && draft.selected.size && !draft.selected.has(done.id)) return carry(done);
  if (!done.id) return done.shift ? undefined : draft.select([]);
  // Two points under one finger: the first tap comes nearer, the second chooses.
  if (done.coarse && done.ids.length > 1 && done.view.zoom < 4) return done.view.setZoom(done.view.zoom * 2.5, done.at);
  return draft.select([done.id], { toggle: done.shift });
}

// What is selected goes to the place that was tapped: its middle, where there are several.
function carry(done) {
  const ids = [...draft.selected];
  const places = ids.map((id) => seen(draft.byId.get(id), done.view.name)).filter(Boolean);
  if (!places.length) return;
  const x = places.reduce((sum, at) => sum + at[0], 0) / places.length;
  const y = places.reduce((sum, at) => sum + at[1], 0) / places.length;
  sync.push(shiftOf(ids, done.view, done.at[0] - x, done.at[1] - y));
  draft.setTool("select");
}

function rest() {
  const done = act;
  act = null;
  done.view.svg.classList.remove("is-dragging");
  done.view.box0.setAttribute("visibility", "hidden");
  return done;
}

function putBack() {
  if (!act) return;
  rest();
  draft.drag(null);
}

function hover(view, event) {
  if (event.pointerType !== "mouse") return;
  const [id] = view.hit(view.at(event), false);
  if (id !== editor.hovered) {
    editor.hovered = id;
    draft.emit("hovered", { id: id ?? null });
    view.svg.classList.toggle("is-over", Boolean(id));
  }
}

function startPinch(view) {
  putBack();
  pinch = { view, ...spread(), zoom: view.zoom };
}

function spread() {
  const [one, two] = [...fingers.values()];
  const middle = { clientX: (one.clientX + two.clientX) / 2, clientY: (one.clientY + two.clientY) / 2 };
  return { apart: Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY) || 1, middle };
}

function doPinch() {
  if (fingers.size < 2) return;
  const { apart, middle } = spread();
  const before = pinch.view.at(pinch.middle);
  const now = pinch.view.at(middle);
  pinch.view.pan(now[0] - before[0], now[1] - before[1]);
  pinch.view.setZoom((pinch.zoom * apart) / pinch.apart, pinch.view.at(middle));
  pinch.middle = middle;
}
