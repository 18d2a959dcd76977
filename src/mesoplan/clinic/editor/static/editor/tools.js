// The row of tools above the map and the foot below it: acts on the selection, layers, zoom, scale.

import { shiftOf } from "./pointer.js";

const BARS = [1, 2, 5, 10, 20, 50];
const LAYERS = [
  ["points", "Points"],
  ["zones", "Zones"],
  ["excluded", "No injection"],
  ["danger", "Danger"],
  ["changes", "Changes"],
];
const KEPT = "mp-editor-layers";

export function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

function button(words, key, act, more = {}) {
  const face = key ? [words, " ", make("kbd", { "aria-hidden": "true" }, key)] : [words];
  const node = make("button", { type: "button", class: "button ed-tool", ...more }, ...face);
  node.addEventListener("click", act);
  return node;
}

export function bindTools(editor) {
  const { root, draft, map, sync } = editor;
  const board = root.querySelector(".mapboard");
  const say = (text) => {
    document.getElementById("say").textContent = text;
  };
  const chosen = (op, more = {}) => {
    const points = draft.subject();
    if (!points.length) return say("Nothing is selected. Select a point first.");
    return sync.push([{ op, points, ...more }]);
  };
  editor.say = say;
  editor.acts = {
    select: () => draft.setTool("select"),
    move: () => draft.setTool(draft.tool === "move" ? "select" : "move"),
    add: () => draft.setTool(draft.tool === "add" ? "select" : "add"),
    box: () => draft.setTool(draft.tool === "box" ? "select" : "box"),
    remove: () => chosen("remove"),
    undo: () => draft.base.undo || sync.busy ? sync.push([{ op: "undo" }]) : say("Nothing is left to undo."),
    redo: () => draft.base.redo || sync.busy ? sync.push([{ op: "redo" }]) : say("Nothing is left to do again."),
    zone: () => {
      const point = draft.byId.get(draft.current);
      if (point) draft.select(draft.points.filter((one) => one.zone === point.zone).map((one) => one.id));
    },
    lock: () => {
      const points = draft.subject().map((id) => draft.byId.get(id)).filter(Boolean);
      if (points.length) chosen("lock", { locked: !points.every((point) => point.locked) });
    },
    zoom: (steps) => map.large.setZoom(map.large.zoom * 1.5 ** steps, middleOf(draft, map.large)),
    fit: () => map.views.forEach((view) => view.fit()),
  };
  const { acts } = editor;

  // -- Tools

  const tools = {
    select: button("Select", "V", acts.select),
    move: draft.editable && button("Move", "M", acts.move),
    add: draft.editable && button("Add", "A", acts.add),
    box: button("Box", "R", acts.box),
  };
  const remove = draft.editable && button("Remove", "X", acts.remove);
  const undo = draft.editable && button("Undo", "", acts.undo, { id: "ed-undo" });
  const redo = draft.editable && button("Redo", "", acts.redo, { id: "ed-redo" });
  const percent = make("span", { class: "ed-percent" }, "100 %");
  const zooms = make(
    "span", { class: "ed-group", role: "group", "aria-label": "Zoom" },
    button("−", "", () => acts.zoom(-1), { "aria-label": "Zoom out" }), percent,
    button("+", "", () => acts.zoom(1), { "aria-label": "Zoom in" }), button("Fit", "0", acts.fit),
  );
  const row = make("div", { class: "ed-tools", role: "toolbar", "aria-label": "Map tools" });
  row.append(...Object.values(tools).filter(Boolean), ...[remove, undo, redo].filter(Boolean), zooms);
  board.querySelector("header").after(row);

  // -- Foot

  const words = make("p", { class: "ed-words", id: "ed-words" }, "Nothing selected");
  const layers = make("div", { class: "ed-layers", role: "group", "aria-label": "Layers" });
  const bar = make("span", { class: "ed-scale", "aria-hidden": "true" }, make("i"), make("b"));
  const pad = make("div", { class: "ed-pad", role: "group", "aria-label": "Move by 1.0 mm" });
  for (const [face, label, dx, dy] of [
    ["←", "left on the picture", -1, 0], ["↑", "up", 0, 1], ["↓", "down", 0, -1], ["→", "right on the picture", 1, 0],
  ]) {
    pad.append(button(face, "", () => step(dx, dy), { "aria-label": `Move 1.0 mm ${label}` }));
  }
  const lock = button("Keep when lattice is renewed", "", acts.lock);
  const perhaps = draft.editable ? [make("span", { class: "ed-padword" }, "Move by 1.0 mm"), pad, lock] : [];
  const foot = make(
    "div", { class: "ed-foot" }, make("div", { class: "ed-line" }, layers, bar),
    make("div", { class: "ed-line" }, words, button("All in zone", "", acts.zone), ...perhaps),
  );
  board.querySelector(".legend").before(foot);

  function step(dx, dy) {
    const ids = draft.subject();
    if (ids.length) sync.push(shiftOf(ids, map.large, dx, dy), { wait: true });
  }

  // -- Layers, remembered for this browser

  const hidden = new Set(JSON.parse(localStorage.getItem(KEPT) ?? "[]"));
  for (const [name, label] of LAYERS) {
    const toggle = button(label, "", () => {
      if (!hidden.delete(name)) hidden.add(name);
      localStorage.setItem(KEPT, JSON.stringify([...hidden]));
      show();
    }, { "data-layer": name });
    toggle.classList.add("ed-layer");
    layers.append(toggle);
  }
  const show = () => {
    for (const toggle of layers.children) {
      const off = hidden.has(toggle.dataset.layer);
      toggle.setAttribute("aria-pressed", String(!off));
      board.classList.toggle(`hides-${toggle.dataset.layer}`, off);
    }
  };
  show();

  // -- What follows from the state

  const name = (node, word, what) => {
    node.setAttribute("aria-label", what ? `${word}: ${what}` : `${word}: nothing`);
    node.title = what ? `${word}: ${what}` : "";
    node.classList.toggle("is-idle", !what);
  };
  const follow = () => {
    for (const [key, node] of Object.entries(tools)) if (node) node.setAttribute("aria-pressed", String(draft.tool === key));
    board.dataset.tool = draft.tool;
    words.textContent = draft.words();
    const points = draft.subject().map((id) => draft.byId.get(id)).filter(Boolean);
    lock.textContent = points.length && points.every((point) => point.locked) ? "Unlock" : "Keep when lattice is renewed";
    if (!draft.editable) return;
    name(undo, "Undo", draft.base.undo);
    name(redo, "Redo", draft.base.redo);
  };
  draft.on("changed", follow);
  draft.on("tool", () => {
    const told = { add: "Add: tap the place of the new point.", move: "Move: tap the place, or use the arrows.", box: "Box: drag over the points." };
    say(told[draft.tool] ?? "");
  });

  const scale = () => {
    const view = map.large;
    percent.textContent = `${Math.round(view.zoom * 100)} %`;
    const pixel = view.mmInPixel;
    const length = [...BARS].reverse().find((mm) => mm / pixel <= 130) ?? 1;
    bar.firstChild.style.inlineSize = `${length / pixel}px`;
    bar.lastChild.textContent = `${length} mm`;
  };
  draft.on("zoomed", scale);
  new ResizeObserver(scale).observe(map.large.svg.parentElement);
}

function middleOf(draft, view) {
  const at = view.nodes.get(draft.current)?.at;
  return at && draft.selected.size ? at : null;
}
