// The points of the draft in every view of the face, and on every flat patch: drawn here on the server's own drawing.
// Symbols keep their size at any zoom, distances do not.

import { seen } from "./geometry.js";

const SVG = "http://www.w3.org/2000/svg";
const TURNED = 0.35;

export function shape(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

class View {
  constructor(svg, draft) {
    this.svg = svg;
    this.draft = draft;
    this.name = svg.dataset.view ?? svg.querySelector("title")?.id.replace(/^patch-(.*)-title$/, "$1");
    this.along = svg.dataset.view ?? "skin";
    const box = svg.viewBox.baseVal;
    this.whole = { x: box.x, y: box.y, width: box.width, height: box.height };
    this.box = { ...this.whole };
    this.old = [...svg.querySelectorAll("[data-points], .mp-map-point")];
    for (const bar of svg.querySelectorAll(".mp-map-scale-bar")) bar.classList.add("is-printed-only");
    this.marks = svg.appendChild(shape("g", { class: "ed-changes" }));
    this.layer = svg.appendChild(shape("g", { class: "ed-points" }));
    this.pins = svg.appendChild(shape("g", { class: "ed-pins" }));
    this.box0 = svg.appendChild(shape("rect", { class: "ed-box", visibility: "hidden" }));
    this.nodes = new Map();
  }

  get zoom() {
    return this.whole.width / this.box.width;
  }

  // Millimetres of the picture in one CSS pixel.
  get mmInPixel() {
    const matrix = this.svg.getScreenCTM();
    return matrix ? 1 / matrix.a : 0.3;
  }

  at(event) {
    const matrix = this.svg.getScreenCTM().inverse();
    const x = matrix.a * event.clientX + matrix.e;
    const y = matrix.d * event.clientY + matrix.f;
    return [x, -y];
  }

  // Zoom to a factor, keeping a place of the picture where it is.
  setZoom(factor, at = null) {
    const zoom = Math.min(8, Math.max(0.5, factor));
    const width = this.whole.width / zoom;
    const height = this.whole.height / zoom;
    const [x, y] = at ? [at[0], -at[1]] : [this.box.x + this.box.width / 2, this.box.y + this.box.height / 2];
    const left = (x - this.box.x) / this.box.width;
    const top = (y - this.box.y) / this.box.height;
    this.setBox({ x: x - left * width, y: y - top * height, width, height });
  }

  pan(dx, dy) {
    this.setBox({ ...this.box, x: this.box.x - dx, y: this.box.y + dy });
  }

  fit() {
    this.setBox({ ...this.whole });
  }

  frame(points) {
    const places = points.map((point) => seen(point, this.name)).filter((at) => at && !at[3]);
    if (!places.length) return;
    const ends = (axis) => [Math.min, Math.max].map((end) => end(...places.map((at) => at[axis])));
    const [[left, right], [low, high]] = [ends(0), ends(1)];
    const share = Math.max(0.25, (right - left + 30) / this.whole.width, (high - low + 30) / this.whole.height);
    const [width, height] = [share * this.whole.width, share * this.whole.height];
    this.setBox({ x: (left + right - width) / 2, y: -(low + high + height) / 2, width, height });
  }

  setBox(box) {
    this.box = box;
    this.svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
    this.rescale();
  }

  rescale() {
    const scale = 1 / this.zoom;
    for (const node of this.nodes.values()) place(node, node.at, scale);
    for (const pin of this.pins.children) place(pin, pin.at, scale);
    for (const mark of this.marks.children) if (mark.at) place(mark, mark.at, scale);
    this.draft.emit("zoomed");
  }

  draw() {
    const { draft } = this;
    for (const old of this.old.splice(0)) old.remove();
    const scale = 1 / this.zoom;
    const left = new Set(this.nodes.keys());
    for (const point of draft.points) {
      const at = seen(point, this.name);
      if (!at || at[3]) continue;
      left.delete(point.id);
      const turned = at[2] < TURNED;
      const look = `${point.label}|${turned}|${point.origin}|${point.locked}|${point.corner ?? ""}`;
      let node = this.nodes.get(point.id);
      if (!node || node.look !== look) {
        const fresh = symbol(point, turned);
        fresh.look = look;
        if (node) node.replaceWith(fresh);
        else this.layer.append(fresh);
        this.nodes.set(point.id, fresh);
        node = fresh;
      }
      place(node, at, scale);
      node.classList.toggle("is-selected", draft.selected.has(point.id));
      node.classList.toggle("is-current", draft.current === point.id);
      node.classList.toggle("is-linked", draft.linked.has(point.id));
      node.classList.toggle("is-out", draft.dragged !== null && draft.out === point.id);
    }
    for (const id of left) {
      this.nodes.get(id).remove();
      this.nodes.delete(id);
    }
    this.drawMarks(scale);
    this.count();
  }

  // The names of the zones on the map carry their counts.
  count() {
    if (this.draft.outline) return;
    for (const zone of this.draft.base.zones) {
      const own = this.draft.points.filter((point) => point.zone === zone.id).length;
      const text = `${zone.title} · ${own}`;
      for (const label of this.svg.querySelectorAll(`.mp-map-zone-text-${zone.style}`)) {
        if (label.textContent !== text && label.textContent.startsWith(`${zone.title} · `)) label.textContent = text;
      }
    }
  }

  // Where points were taken away or had been proposed, pairs that lie too near, and the lattice that would come.
  drawMarks(scale) {
    const { base, ghosts, outline } = this.draft;
    const drawn = [base.removed, base.moved, base.close, base.kept, ghosts, outline, base.points];
    if (drawn.every((part, index) => part === this.drawn?.[index])) return;
    this.drawn = drawn;
    this.marks.replaceChildren();
    this.svg.querySelector("[data-kept]").innerHTML = base.kept[this.name] ?? "";
    if (outline) return;
    const visible = (point) => {
      const at = point && seen(point, this.name);
      return at && !at[3] ? at : null;
    };
    const mark = (at, name, ...shapes) => {
      const node = shape("g", { class: name }, ...shapes);
      place(node, at, scale);
      this.marks.append(node);
    };
    const line = (name, [ax, ay], [bx, by]) => this.marks.append(shape("path", { class: name, d: `M${ax},${-ay} ${bx},${-by}` }));
    for (const gone of base.removed) {
      const at = visible(gone);
      if (at) mark(at, "ed-removed", shape("circle", { r: 2.1 }), shape("path", { d: "M-1.5,-1.5 1.5,1.5M-1.5,1.5 1.5,-1.5" }));
    }
    for (const was of base.moved) {
      const [from, to] = [visible(was), visible(base.points.find((point) => point.id === was.id))];
      if (!from || !to) continue;
      line("ed-moved", from, to);
      mark(from, "ed-moved", shape("circle", { r: 1.6 }));
    }
    for (const { points, text } of base.close) {
      const [one, two] = points.map((id) => visible(base.points.find((point) => point.id === id)));
      if (!one || !two) continue;
      line("ed-close", one, two);
      const label = shape("text", { "font-size": 3, "text-anchor": "middle", y: -3.4 });
      label.textContent = text;
      mark([(one[0] + two[0]) / 2, (one[1] + two[1]) / 2], "ed-close", label);
    }
    for (const ghost of ghosts ?? []) {
      const at = visible(ghost);
      if (at) mark(at, "ed-ghost", shape("circle", { r: 2.5 }));
    }
  }

  // The point under a place, with the reach of a finger where fingers are used.
  hit(at, coarse) {
    const reach = (coarse ? 22 : 8) * this.mmInPixel;
    const found = [];
    for (const [id, node] of this.nodes) {
      const distance = Math.hypot(node.at[0] - at[0], node.at[1] - at[1]);
      const own = Math.max(reach, 2.6 / this.zoom);
      if (distance <= own) found.push([distance, id]);
    }
    found.sort((one, two) => one[0] - two[0]);
    return found.map(([, id]) => id);
  }
}

export function place(node, at, scale) {
  node.at = at;
  const where = `translate(${at[0].toFixed(2)} ${(-at[1]).toFixed(2)}) scale(${scale.toFixed(4)})`;
  if (node.where === where) return; // a drawing that stays is not laid out again
  node.where = where;
  node.setAttribute("transform", where);
}

function symbol(point, turned) {
  const node = shape("g", { class: `mp-map-point ed-point is-${point.origin}${turned ? " is-turned" : ""}` });
  node.dataset.id = point.id;
  node.append(shape("circle", { class: "ed-ring", r: 4 }));
  if (point.corner) {
    node.append(shape("rect", { class: "ed-corner", x: -1.7, y: -1.7, width: 3.4, height: 3.4 }));
    return node;
  }
  if (turned) {
    node.append(shape("circle", { class: "mp-map-point-number", r: 0.8 }));
    return node;
  }
  node.append(shape("circle", { class: "mp-map-point-ring", r: 2.5, "stroke-width": 0.55 }));
  const size = point.label.length < 3 ? 2.9 : 2.3;
  const label = shape("text", {
    class: "mp-map-point-number", y: (0.36 * size).toFixed(2), "font-size": size, "font-weight": 600,
    "text-anchor": "middle",
  });
  label.textContent = point.label;
  node.append(label);
  if (point.locked) node.append(shape("rect", { class: "ed-lock", x: 1.3, y: -3.2, width: 1.9, height: 1.9 }));
  else if (point.origin === "added") node.append(shape("path", { class: "ed-sign", d: "M2.3,-3.4v2.2M1.2,-2.3h2.2" }));
  else if (point.origin === "moved") node.append(shape("circle", { class: "ed-sign", cx: 2.4, cy: -2.4, r: 0.8 }));
  return node;
}

export class FaceMap {
  constructor(root, draft) {
    this.root = root;
    this.draft = draft;
    this.views = [...root.querySelectorAll(".mapboard svg.mp-map")].map((svg) => new View(svg, draft));
    this.large = this.views[0];
    this.frame = 0;
    draft.on("changed", () => this.redraw());
    draft.on("linked", () => this.redraw());
  }

  view(name) {
    return this.views.find((view) => view.name === name) ?? this.large;
  }

  of(target) {
    const svg = target.closest?.("svg.mp-map");
    return this.views.find((view) => view.svg === svg) ?? null;
  }

  // The outline of a zone as the server draws it now, in every view.
  drawZone(zone, drawings) {
    for (const view of this.views) {
      const old = view.svg.querySelector(`[data-zone="${zone}"]`);
      const html = drawings[view.name];
      if (old && html) old.outerHTML = html;
      else if (html) view.marks.insertAdjacentHTML("beforebegin", html);
      else if (html === "") old?.replaceChildren();
    }
  }

  redraw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      for (const view of this.views) view.draw();
      this.draft.emit("drawn");
    });
  }
}
