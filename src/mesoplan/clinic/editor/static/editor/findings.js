// Findings and points point at each other: one letter on the card and on a pin, one outline on both.

import { facingView, seen } from "./geometry.js";
import { place, shape } from "./map.js";
import { draft, editor, map, root } from "./page.js";
import { make, say, says } from "./words.js";

const SETTLED = 5000;

const byKey = () => new Map(draft.base.findings.map((finding) => [finding.key, finding]));
const card = (finding) => document.getElementById(finding.id);
const panel = root.querySelector(".follows");
let known = byKey();
let at = -1;
const over = (event) => {
  const id = event.target.closest?.(".finding")?.id;
  const finding = draft.base.findings.find((one) => one.id === id && one.letter);
  draft.link(finding?.points ?? []);
};
for (const name of ["pointerover", "focusin"]) panel.addEventListener(name, over);
for (const name of ["pointerleave", "focusout"]) panel.addEventListener(name, () => draft.link([]));

editor.reveal = (id) => {
  const points = draft.base.findings.find((one) => one.id === id).points.map((point) => draft.byId.get(point)).filter(Boolean);
  if (!points.length) return;
  draft.select(points.map((point) => point.id));
  map.view(facingView(points[0])).frame(points);
  editor.list.focus({ preventScroll: true });
  map.large.svg.scrollIntoView({ block: "nearest" });
};

editor.nextFinding = (step) => {
  const marked = draft.base.findings.filter((finding) => finding.letter);
  if (!marked.length) return;
  at = (at + step + marked.length) % marked.length;
  draft.select(marked[at].points.filter((id) => draft.byId.has(id)));
  say(`${marked[at].letter}. ${says(marked[at].severity, marked[at])}`);
};
function compare() {
  const now = byKey();
  const fresh = [...now.values()].filter((finding) => !known.has(finding.key));
  const settled = [...known.values()].filter((finding) => !now.has(finding.key));
  for (const finding of fresh) {
    card(finding)?.querySelector("header, summary")?.append(make("span", { class: "fresh" }), make("span", { class: "spoken" }, says("new")));
  }
  for (const { text } of settled) {
    const gone = make("p", { class: "ed-settled" }, make("s", {}, text), " ", make("b", {}, says("settled")));
    root.querySelector(".findings")?.append(gone);
    setTimeout(() => gone.remove(), SETTLED);
  }
  const first = fresh.find((finding) => finding.severity === "block") ?? fresh[0];
  if (first) say(`${says("new")}. ${says(first.severity, first)}${fresh.length > 1 ? ` + ${fresh.length - 1}` : ""}`);
  else if (settled.length) say(says("isSettled", settled[0]));
  known = now;
}

function pin() {
  for (const view of map.views) {
    view.pins.replaceChildren();
    const taken = [];
    for (const finding of draft.base.findings) {
      if (!finding.letter) continue;
      const where = middle(finding, view);
      if (!where) continue;
      while (taken.some((other) => Math.hypot(other[0] - where[0], other[1] - where[1]) < 6)) where[0] += 6.5;
      taken.push([...where]);
      const letter = shape("text", { "text-anchor": "middle", y: -4.6, "font-size": 3.6, "font-weight": 700 });
      letter.textContent = finding.letter;
      const node = shape("g", { class: `ed-pin ${finding.severity}` },
        shape("path", { d: "M0,0 L-2,-3 A3.1,3.1 0 1 1 2,-3 Z" }), letter);
      place(node, [where[0], where[1] + 2], 1 / view.zoom);
      node.addEventListener("pointerenter", () => linked(finding, true));
      node.addEventListener("pointerleave", () => linked(finding, false));
      view.pins.append(node);
    }
  }
}

function linked(finding, on) {
  card(finding)?.classList.toggle("is-linked", on);
  draft.link(on ? finding.points : []);
}

function middle(finding, view) {
  const places = finding.points.map((id) => draft.byId.get(id)).filter(Boolean)
    .map((point) => seen(point, view.name)).filter((one) => one && !one[3]);
  if (!places.length) return null;
  const top = Math.max(...places.map((one) => one[1]));
  return [places.reduce((sum, one) => sum + one[0], 0) / places.length, top];
}

draft.on("hovered", ({ id }) => {
  for (const finding of draft.base.findings) card(finding)?.classList.toggle("is-linked", finding.points.includes(id));
});
draft.on("findings", () => {
  compare();
  pin();
});
requestAnimationFrame(pin);
