// Findings and points point at each other: one letter on the card and on a pin, one outline on both.

import { facingView, seen } from "./geometry.js";
import { shape } from "./map.js";
import { make } from "./tools.js";

const SETTLED = 5000;
const WORDS = { block: "block", wait: "wait", warn: "warning", info: "note" };

export function bindFindings(editor) {
  const { draft, map, root } = editor;
  let known = new Map(draft.base.findings.map((finding) => [finding.key, finding]));
  let at = -1;

  const card = (finding) => document.getElementById(finding.id);

  // -- Cards

  function dress() {
    for (const finding of draft.base.findings) {
      const node = card(finding);
      if (!node || node.dataset.dressed) continue;
      node.dataset.dressed = finding.key;
      const head = node.querySelector("header");
      if (!finding.letter) continue;
      const where = `Marked ${finding.letter} on the map`;
      head.append(make("span", { class: "letter", title: where }, make("span", { class: "spoken" }, `${where}: `), finding.letter));
      const show = make("button", { type: "button", class: "ed-link ed-show" }, "Show");
      show.append(make("span", { class: "spoken" }, ` ${finding.letter} on the map`));
      show.addEventListener("click", () => reveal(finding));
      let foot = node.querySelector("footer");
      if (!foot) {
        foot = make("footer");
        node.append(foot);
      }
      foot.prepend(show);
      for (const [on, off] of [["pointerenter", "pointerleave"], ["focusin", "focusout"]]) {
        node.addEventListener(on, () => draft.link(finding.points));
        node.addEventListener(off, () => draft.link([]));
      }
    }
  }

  function reveal(finding) {
    const points = finding.points.map((id) => draft.byId.get(id)).filter(Boolean);
    if (!points.length) return;
    draft.select(points.map((point) => point.id));
    map.view(facingView(points[0])).frame(points);
    editor.list.focus({ preventScroll: true });
    map.large.svg.scrollIntoView({ block: "nearest" });
  }

  editor.nextFinding = (step) => {
    const marked = draft.base.findings.filter((finding) => finding.letter);
    if (!marked.length) return;
    at = (at + step + marked.length) % marked.length;
    draft.select(marked[at].points.filter((id) => draft.byId.has(id)));
    editor.say(`${marked[at].letter}, ${WORDS[marked[at].severity]}: ${marked[at].text}`);
  };

  // -- What is new, what is settled

  function compare() {
    const now = new Map(draft.base.findings.map((finding) => [finding.key, finding]));
    const fresh = [...now.values()].filter((finding) => !known.has(finding.key));
    const settled = [...known.values()].filter((finding) => !now.has(finding.key));
    for (const finding of fresh) {
      card(finding)?.querySelector("header")?.append(make("span", { class: "fresh" }), make("span", { class: "spoken" }, "new"));
    }
    for (const finding of settled) keepForNow(finding);
    const block = fresh.find((finding) => finding.severity === "block");
    const first = block ?? fresh[0];
    if (first) {
      const more = fresh.length > 1 ? ` And ${fresh.length - 1} more.` : "";
      editor.say(`1 new ${WORDS[first.severity]}: ${first.text}${more}`);
    } else if (settled.length) {
      editor.say(`Settled: ${settled[0].text}`);
    }
    known = now;
  }

  function keepForNow(finding) {
    const list = root.querySelector(".findings");
    if (!list) return;
    const gone = make("p", { class: "ed-settled" }, make("s", {}, finding.text), " ", make("b", {}, "settled"));
    list.append(gone);
    setTimeout(() => gone.remove(), SETTLED);
  }

  // -- Pins

  function pin() {
    for (const view of map.views) {
      view.pins.replaceChildren();
      const taken = [];
      for (const finding of draft.base.findings) {
        if (!finding.letter) continue;
        const place = middle(finding, view);
        if (!place) continue;
        while (taken.some((other) => Math.hypot(other[0] - place[0], other[1] - place[1]) < 6)) place[0] += 6.5;
        taken.push([...place]);
        const letter = shape("text", { "text-anchor": "middle", y: -4.6, "font-size": 3.6, "font-weight": 700 });
        letter.textContent = finding.letter;
        const node = shape("g", { class: `ed-pin ${finding.severity}` },
          shape("path", { d: "M0,0 L-2,-3 A3.1,3.1 0 1 1 2,-3 Z" }), letter);
        node.at = [place[0], place[1] + 2];
        node.addEventListener("pointerenter", () => linked(finding, true));
        node.addEventListener("pointerleave", () => linked(finding, false));
        view.pins.append(node);
      }
      view.rescale();
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
    for (const finding of draft.base.findings) {
      card(finding)?.classList.toggle("is-linked", Boolean(id) && finding.points.includes(id));
    }
  });
  draft.on("findings", () => {
    dress();
    compare();
    pin();
  });
  draft.on("told", () => pin());
  dress();
  requestAnimationFrame(pin);
}
