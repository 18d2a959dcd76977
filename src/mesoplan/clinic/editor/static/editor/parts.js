// Parts of the page that follow from the state: swapped in as the server renders them, shown as stale while a change
// is on its way. What somebody types in, and where focus and open folds are, stays.

import { make } from "./tools.js";

const SLOW = 300;
const STUCK = 2000;
const STALE = ["#follows-inner", "#plan-acts", ".alltotal"];

export function bindParts(editor) {
  const { root, draft, sync } = editor;
  const board = root.querySelector(".mapboard");
  const band = make("div", { class: "told ed-band", role: "status", hidden: true });
  const refusal = make("div", { class: "ed-refusal", role: "alert" });
  const undone = make("p", { class: "ed-note", role: "status" });
  const checking = make("p", { class: "ed-checking", role: "status", hidden: true });
  board.before(band, refusal);
  board.append(undone);
  root.querySelector(".follows").prepend(checking);
  const timers = [];
  let pending = null;

  // -- Stale figures

  draft.on("waiting", ({ count }) => {
    const stale = count > 0;
    for (const part of STALE) {
      for (const node of document.querySelectorAll(part)) {
        if (stale) node.setAttribute("aria-busy", "true");
        else node.removeAttribute("aria-busy");
        node.classList.toggle("is-stale", stale);
      }
    }
    if (!stale) {
      timers.splice(0).forEach(clearTimeout);
      checking.hidden = true;
    } else if (!timers.length) {
      timers.push(setTimeout(() => tell("Checking …"), SLOW), setTimeout(stuck, STUCK));
    }
  });

  const tell = (text) => {
    checking.textContent = text;
    checking.hidden = false;
  };
  const stuck = () => {
    const { length } = sync.queue;
    if (length) tell(`Figures are from ${sync.toldAt}, before your last ${length === 1 ? "change" : `${length} changes`}.`);
  };

  // -- The network

  draft.on("offline", ({ since, words, seconds, logIn, status }) => {
    const again = make("button", { type: "button", class: "button" }, "Try again");
    again.addEventListener("click", () => sync.tryAgain());
    const why = logIn ? "The log-in ran out." : status ? "The server did not answer as it should." : "No network.";
    const when = logIn ? "It is sent after the log-in." : `Tried again in ${seconds} s.`;
    band.replaceChildren(`${why} Not checked since ${since}. ${words} here. ${when} `, again);
    band.hidden = false;
  });
  draft.on("online", () => {
    band.hidden = true;
  });

  // -- Refusals

  draft.on("refused", ({ entry, status, text, clashes, ended, points }) => {
    if (entry.field) return;
    const lines = [make("p", {}, make("b", {}, text))];
    if (clashes?.length) lines.push(make("ul", {}, ...clashes.map((clash) => make("li", {}, clash))));
    const acts = make("p", { class: "row" });
    if (status === 409 && !ended && !["undo", "redo"].includes(entry.ops[0].op)) {
      const mine = make("button", { type: "button", class: "button" }, "Make my change again on theirs");
      mine.addEventListener("click", () => {
        refusal.replaceChildren();
        sync.push(entry.ops);
      });
      acts.append(mine);
    }
    if (ended) acts.append(make("a", { class: "button", href: window.location.pathname }, "Open the plan as it is now"));
    const close = make("button", { type: "button", class: "button" }, status === 409 && !ended ? "Take theirs" : "Close");
    close.addEventListener("click", () => refusal.replaceChildren());
    acts.append(close);
    lines.push(acts);
    refusal.replaceChildren(make("div", { class: "told stack" }, ...lines));
    if (points?.length) draft.link(points);
  });

  // -- What was done

  draft.on("note", ({ text, accepted }) => {
    if (!text) return;
    refusal.replaceChildren();
    undone.replaceChildren(text);
    if (accepted && draft.base.undo && accepted.ops[0].op !== "undo") {
      const back = make("button", { type: "button", class: "ed-link" }, "Undo");
      back.addEventListener("click", () => editor.acts.undo());
      undone.append(" ", back);
    }
  });

  // -- Swapped parts

  draft.on("told", ({ fragments }) => {
    if (!fragments) return;
    swap(document.getElementById("plan-acts"), fragments["plan-acts"], true);
    swap(document.getElementById("plan-bands"), fragments["plan-bands"]);
    swap(document.getElementById("set-inner"), fragments["set-inner"]);
    lists(fragments["where-lists"]);
    follows(fragments["follows-inner"]);
    draft.emit("swapped");
  });

  const lists = (html) => {
    if (last.get(board) === html) return;
    last.set(board, html);
    const part = parsed(html);
    part.querySelector(".mapboard")?.remove();
    const inner = document.getElementById("where-inner");
    const open = folds(inner);
    const table = part.querySelector("details");
    if (table && !table.querySelector("tbody tr")) lateTable(inner, table);
    const kept = focusIn(inner);
    for (const old of [...inner.children]) {
      if (!old.contains(board) && !old.matches(".ed-band, .ed-refusal") && old !== board) old.remove();
    }
    inner.append(...part.children);
    unfold(inner, open);
    kept();
  };

  // A table that came without rows keeps its old ones, and asks for its own when it is opened.
  const lateTable = (inner, fresh) => {
    const old = [...inner.querySelectorAll("details")].find((one) => nameOf(one) === nameOf(fresh));
    if (!old) return;
    fresh.replaceWith(old);
    old.querySelector(".aside").textContent = draft.base.points.length;
    if (old.dataset.late) return;
    old.dataset.late = "yes";
    old.addEventListener("toggle", async () => {
      const answer = await fetch(`${root.dataset.operations}?fragments`, { headers: { Accept: "application/json" } });
      if (answer.ok && !sync.busy) draft.adopt(await answer.json());
    }, { once: true });
  };

  // The list of findings stays as it is while somebody is in it; it follows when they leave.
  const follows = (html) => {
    const inner = document.getElementById("follows-inner");
    pending = html;
    if (inner.querySelector(".findings")?.matches(":hover, :focus-within")) {
      inner.addEventListener("pointerleave", () => setTimeout(late, 50), { once: true });
      inner.addEventListener("focusout", () => setTimeout(late, 50), { once: true });
      setTimeout(late, 1500);
      return;
    }
    late();
  };
  const late = () => {
    if (pending === null) return;
    const html = pending;
    pending = null;
    swap(document.getElementById("follows-inner"), html);
    draft.emit("findings");
  };

  // Sign waits for the figures, and says so.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#plan-acts a.main");
    if (!link || !sync.busy) return;
    event.preventDefault();
    editor.say("Sign waits for the figures.");
    tell("Sign waits for the figures …");
    const { href } = link;
    draft.addEventListener("settled", () => window.location.assign(href), { once: true });
  });
}

function parsed(html) {
  const part = document.createElement("template");
  part.innerHTML = html;
  return part.content;
}

const nameOf = (fold) => {
  const head = fold.querySelector("summary");
  return (head?.querySelector(".zname, h2") ?? head)?.textContent.trim();
};
const folds = (part) => new Map([...part.querySelectorAll("details")].map((fold) => [nameOf(fold), fold.open]));

function unfold(part, open) {
  for (const fold of part.querySelectorAll("details")) if (open.has(nameOf(fold))) fold.open = open.get(nameOf(fold));
}

// Focus, and what is being typed, come back to the same field.
function focusIn(part) {
  const at = document.activeElement;
  if (!at?.id || !part.contains(at)) return () => {};
  const { id, value, defaultValue, selectionStart } = at;
  const typed = value !== undefined && value !== defaultValue && at.dataset.sent !== value;
  return () => {
    const again = document.getElementById(id);
    if (!again) return part.closest("[tabindex]")?.focus();
    if (typed) again.value = value;
    again.focus({ preventScroll: true });
    if (typed && selectionStart !== null && again.setSelectionRange) again.setSelectionRange(selectionStart, selectionStart);
    return undefined;
  };
}

// What is rendered anew in every answer though nothing changed for a reader.
const sameFor = (html) => html.replace(/(name="(?:csrfmiddlewaretoken|version)" value=")[^"]*/g, "$1").replace(/Saved [^:<]*\d\d:\d\d/g, "");
const last = new Map();

function swap(part, html, whole = false) {
  if (!part || html === undefined) return;
  const same = sameFor(html);
  if (!whole && last.get(part) === same) return;
  last.set(part, same);
  const open = folds(part);
  const kept = focusIn(part);
  const top = part.scrollTop;
  const fresh = parsed(html);
  let now = part;
  if (whole) {
    now = fresh.firstElementChild;
    part.replaceWith(fresh);
  } else part.replaceChildren(fresh);
  unfold(now, open);
  now.scrollTop = top;
  now.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  kept();
}
