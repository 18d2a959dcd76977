// The points of the draft in every view of the face, and on every flat patch: drawn here on the server's own drawing.
// Symbols keep their size at any zoom, distances do not.

import { seen } from "./geometry.js";

const SVG = "http://www.w3.org/2000/svg";
const TURNED = 0.35;
const COARSE = window.matchMedia("(pointer: coarse)");
export const ZOOMS = [0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8];

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
    const box = svg.viewBox.baseVal;
    this.whole = { x: box.x, y: box.y, width: box.width, height: box.height };
    this.box = { ...this.whole };
    for (const old of svg.querySelectorAll(".mp-map-point, [data-points]")) old.remove();
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
    const xs = places.map((at) => at[0]);
    const ys = places.map((at) => -at[1]);
    const width = Math.max(Math.max(...xs) - Math.min(...xs) + 30, this.whole.width / 4);
    const height = (width * this.whole.height) / this.whole.width;
    const tall = Math.max(Math.max(...ys) - Math.min(...ys) + 30, height);
    const wide = (tall * this.whole.width) / this.whole.height;
    const [x, y] = [(Math.max(...xs) + Math.min(...xs)) / 2, (Math.max(...ys) + Math.min(...ys)) / 2];
    this.setBox({ x: x - wide / 2, y: y - tall / 2, width: wide, height: tall });
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
    this.draft.emit("zoomed", { view: this });
  }

  draw() {
    const { draft } = this;
    const scale = 1 / this.zoom;
    const left = new Set(this.nodes.keys());
    for (const point of draft.points) {
      const at = seen(point, this.name);
      if (!at || at[3]) continue;
      left.delete(point.id);
      const turned = at[2] < TURNED;
      const look = `${point.label}|${turned}|${point.origin}|${point.locked}`;
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
    for (const zone of this.draft.base.zones) {
      const own = this.draft.points.filter((point) => point.zone === zone.id).length;
      for (const label of this.svg.querySelectorAll(`.mp-map-zone-text-${zone.style}`)) {
        if (label.textContent.startsWith(`${zone.title} · `)) label.textContent = `${zone.title} · ${own}`;
      }
    }
  }

  // Where points were taken away, and the lattice that would come.
  drawMarks(scale) {
    this.marks.replaceChildren();
    for (const gone of this.draft.base.removed) {
      const at = seen(gone, this.name);
      if (!at || at[3]) continue;
      const cross = shape(
        "g",
        { class: "ed-removed" },
        shape("circle", { r: 2.1 }),
        shape("path", { d: "M-1.5,-1.5 1.5,1.5M-1.5,1.5 1.5,-1.5" }),
      );
      place(cross, at, scale);
      this.marks.append(cross);
    }
    for (const ghost of this.draft.ghosts ?? []) {
      const at = seen(ghost, this.name);
      if (!at || at[3]) continue;
      const ring = shape("g", { class: "ed-ghost" }, shape("circle", { r: 2.5 }));
      place(ring, at, scale);
      this.marks.append(ring);
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

function place(node, at, scale) {
  node.at = at;
  node.setAttribute("transform", `translate(${at[0].toFixed(2)} ${(-at[1]).toFixed(2)}) scale(${scale.toFixed(4)})`);
}

function symbol(point, turned) {
  const node = shape("g", { class: `mp-map-point ed-point is-${point.origin}${turned ? " is-turned" : ""}` });
  node.dataset.id = point.id;
  node.append(shape("circle", { class: "ed-ring", r: 4 }));
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

  get coarse() {
    return COARSE.matches;
  }

  view(name) {
    return this.views.find((view) => view.name === name) ?? this.large;
  }

  of(target) {
    const svg = target.closest?.("svg.mp-map");
    return this.views.find((view) => view.svg === svg) ?? null;
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
