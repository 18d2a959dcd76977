// Parts of the page that follow from the state: swapped in as the server renders them, shown as stale while a change
// is on its way. What somebody types in, and where focus and open folds are, stays.

import { ask, draft, editor, root, sync } from "./page.js";
import { make, say, says } from "./words.js";

const SLOW = 300;
const STUCK = 2000;
const STALE = "#follows-inner, #plan-acts, .alltotal";

const board = root.querySelector(".mapboard");
const band = board.querySelector(".ed-band");
const refusal = board.querySelector(".ed-refusal");
const note = board.querySelector(".ed-note");
const checking = root.querySelector(".ed-checking");
const timers = [];
let pending = null;
draft.on("waiting", ({ count: n }) => {
  for (const node of document.querySelectorAll(STALE)) {
    if (n) node.setAttribute("aria-busy", "true");
    else node.removeAttribute("aria-busy");
    node.classList.toggle("is-stale", n > 0);
  }
  if (!n) {
    timers.splice(0).forEach(clearTimeout);
    checking.hidden = true;
  } else if (!timers.length) {
    const stuck = () => sync.busy && tell(says("stuck", { at: sync.toldAt, n: sync.queue.length }));
    timers.push(setTimeout(() => tell(says("checking")), SLOW), setTimeout(stuck, STUCK));
  }
});

const tell = (text) => {
  checking.textContent = text;
  checking.hidden = false;
};
draft.on("offline", ({ why, ...when }) => {
  band.firstElementChild.textContent = `${says("waiting", { n: sync.queue.length })} ${says(why, when)}`;
  band.hidden = false;
});
draft.on("online", () => {
  band.hidden = true;
});
let refused = null;
draft.on("refused", ({ entry, text, lang = "", clashes, ended, points }) => {
  if (entry.field) return;
  refused = entry;
  Object.assign(refusal.querySelector("b"), { textContent: text, lang });
  refusal.querySelector("ul").replaceChildren(...(clashes ?? []).map((clash) => make("li", {}, clash)));
  refusal.querySelector("[data-act=mine]").hidden = !clashes || ["undo", "redo"].includes(entry.ops[0].op);
  refusal.querySelector("a").hidden = !ended;
  refusal.querySelector("[data-act=close]").textContent = says(clashes ? "takeTheirs" : "close");
  refusal.hidden = false;
  if (points?.length) draft.link(points);
});
editor.acts.close = () => {
  refusal.hidden = true;
};
editor.acts.mine = () => {
  refusal.hidden = true;
  sync.push(refused.ops);
};
draft.on("note", ({ text, accepted }) => {
  if (!text) return;
  refusal.hidden = true;
  note.replaceChildren(accepted ? make("span", { lang: "en" }, text) : text);
  if (!accepted || !draft.base.undo || accepted.ops[0].op === "undo") return;
  const label = says("undo", { what: draft.base.undo });
  note.append(" ", make("button", { type: "button", class: "ed-link", "data-act": "undo", "aria-label": label }, says("undoWord")));
});
draft.on("told", ({ fragments }) => {
  if (!fragments) return;
  for (const name of ["plan-acts", "where-lists"]) put(name, fragments[name], "outerHTML");
  for (const name of ["plan-bands", "set-inner"]) put(name, fragments[name]);
  follows(fragments["follows-inner"]);
  draft.emit("swapped");
});

// A table that came without rows is asked for when it is opened.
root.addEventListener("toggle", async ({ target }) => {
  if (!target.matches("[data-fold=points][open]") || target.querySelector("tbody tr") || !draft.points.length) return;
  const answer = await ask(`${root.dataset.operations}?fragments`);
  if (answer.ok && !sync.busy) draft.adopt(await answer.json());
}, true);

// The list of findings stays as it is while somebody is in it; it follows when they leave.
const follows = (html) => {
  const inner = document.getElementById("follows-inner");
  pending = html;
  if (!inner.querySelector(".findings")?.matches(":hover, :focus-within")) return late();
  inner.addEventListener("pointerleave", () => setTimeout(late, 50), { once: true });
  inner.addEventListener("focusout", () => setTimeout(late, 50), { once: true });
  return setTimeout(late, 1500);
};
const late = () => {
  if (pending === null) return;
  put("follows-inner", pending);
  pending = null;
  draft.emit("findings");
};

// Sign waits for the figures, and says so.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#plan-acts a.main");
  if (!link || !sync.busy) return;
  event.preventDefault();
  say(says("signWaits"));
  tell(says("signWaits"));
  const { href } = link;
  draft.addEventListener("settled", () => window.location.assign(href), { once: true });
});

// A fold is told from others by its zone or name.
const nameOf = ({ dataset }) => dataset.zonePanel ?? dataset.fold ?? "";

// Folds, focus and what is being typed are as they were before; nothing is measured, so the page is laid out once.
function keeping(part, act) {
  const open = new Map([...part.querySelectorAll("details")].map((fold) => [nameOf(fold), fold.open]));
  const at = part.contains(document.activeElement) ? document.activeElement : null;
  const typed = at?.defaultValue !== undefined && at.value !== at.defaultValue && at.dataset.sent !== at.value ? at.value : null;
  const caret = typed === null ? null : at.selectionStart;
  const now = act();
  for (const fold of now.querySelectorAll("details")) if (open.has(nameOf(fold))) fold.open = open.get(nameOf(fold));
  now.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  if (!at) return;
  const again = at.id && document.getElementById(at.id);
  if (!again) return void now.closest("[tabindex]")?.focus({ preventScroll: true });
  if (typed !== null) again.value = typed;
  again.focus({ preventScroll: true });
  if (caret !== null) again.setSelectionRange(caret, caret);
}

const last = new Map();

// What is rendered anew in every answer though nothing changed for a reader.
function isSame(name, html) {
  const same = html.replace(/(name="(?:csrfmiddlewaretoken|version)" value=")[^"]*/g, "$1");
  if (last.get(name) === same) return true;
  last.set(name, same);
  return false;
}

function put(name, html, how = "innerHTML") {
  const part = document.getElementById(name);
  if (!part || html === undefined || isSame(name, html)) return;
  keeping(part, () => {
    part[how] = html;
    return document.getElementById(name);
  });
}
