// What the page knows of the draft: the state that the server told last, the changes that wait on top of it, and what
// is selected. Everything that is drawn is read from here.

import { displaced } from "./geometry.js";

export class Draft extends EventTarget {
  constructor(state) {
    super();
    this.base = state;
    this.editable = state.editable;
    this.waiting = [];
    this.selected = new Set();
    this.current = null;
    this.linked = new Set();
    this.tool = "select";
    this.ghosts = null;
    this.outline = null;
    this.corners = [];
    this.dragged = null;
    this.rebuild();
  }

  // The server's word, with the changes that it has not heard of yet on top.
  adopt(state) {
    const { fragments, outline, points_changed: changed, ...rest } = state;
    this.base = { ...this.base, ...rest };
    if (changed?.length) {
      const fresh = new Map(changed.map((point) => [point.id, point]));
      this.base.points = this.base.points.map((point) => fresh.get(point.id) ?? point);
    }
    this.rebuild();
    this.emit("told", { fragments, outline });
    this.changed();
  }

  // In the mode that shapes a zone the corners of its outline take the place of the points.
  rebuild() {
    let points = this.outline ? this.corners : this.base.points;
    if (!this.outline) for (const op of this.waiting) points = applied(points, op, this);
    if (this.dragged) points = applied(points, this.dragged, this);
    this.points = points;
    this.byId = new Map(points.map((point) => [point.id, point]));
    for (const id of this.selected) if (!this.byId.has(id)) this.selected.delete(id);
    if (!this.byId.has(this.current)) this.current = [...this.selected][0] ?? points[0]?.id ?? null;
  }

  // What a hand moves just now, on top of everything; null puts back.
  drag(op) {
    this.dragged = op;
    this.rebuild();
    this.changed();
  }

  setWaiting(ops) {
    this.waiting = ops;
    this.rebuild();
    this.changed();
  }

  emit(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  changed() {
    this.emit("changed");
  }

  on(name, act) {
    this.addEventListener(name, (event) => act(event.detail));
  }

  zone(id) {
    return this.base.zones.find((zone) => zone.id === id);
  }

  select(ids, { add = false, toggle = false } = {}) {
    if (!add && !toggle) this.selected.clear();
    for (const id of ids) {
      if (toggle && this.selected.has(id)) this.selected.delete(id);
      else this.selected.add(id);
    }
    if (ids.length) this.current = ids[ids.length - 1];
    this.changed();
  }

  // What an act is about: the selection, else the current point.
  subject() {
    if (this.selected.size) return [...this.selected];
    return this.current === null ? [] : [this.current];
  }

  link(ids) {
    this.linked = new Set(ids);
    this.emit("linked");
  }

  setTool(tool) {
    this.tool = tool;
    this.emit("tool");
    this.changed();
  }
}

// A change as it will look, until the server says how it is.
function applied(points, op, draft) {
  if (op.op === "shift") {
    return points.map((point) =>
      op.points.includes(point.id) && !point.locked
        ? { ...displaced(point, op.along, op.right_mm, op.up_mm), origin: point.origin === "added" ? "added" : "moved" }
        : point,
    );
  }
  if (op.op === "remove") return points.filter((point) => !op.points.includes(point.id) || point.locked);
  if (op.op === "lock") {
    return points.map((point) => (op.points.includes(point.id) ? { ...point, locked: op.locked } : point));
  }
  if (op.op === "add" && op.view && points.length) {
    return [...points, ...op.points.map((at, index) => newcomer(op, at, index, points, draft))];
  }
  return points;
}

function newcomer(op, at, index, points, draft) {
  const near = points.find((point) => point.zone === op.zone) ?? points[0];
  const [x, y] = near.views[op.view];
  const there = displaced(near, op.view, at.x - x, at.y - y);
  return { ...there, id: `new-${draft.waiting.indexOf(op)}-${index}`, label: "+", origin: "added", locked: false };
}
