// Changes go to the server one batch at a time. What waits is kept for this tab, so that a reload, a lost network or a
// log-in loses nothing; a batch that was heard already is not done twice.

import { askLogIn, isLoggedOut } from "../mesoplan/js/session.js";
import { says } from "./words.js";

const AGAIN = [2, 5, 15];
const SETTLE = 120;

const isAlone = (entry) => ["undo", "redo"].includes(entry.ops[0].op);

function token() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
}

export class Sync {
  constructor(root, draft) {
    this.draft = draft;
    this.address = root.dataset.operations;
    this.store = `mp-editor-${this.address}-${root.dataset.person}`;
    this.fresh();
    this.queue = [];
    this.flying = null;
    this.tries = 0;
    this.timer = 0;
    this.ended = false;
    this.toldAt = draft.base.at;
    window.addEventListener("online", () => this.tryAgain());
  }

  fresh() {
    this.client = crypto.randomUUID?.() ?? `p-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    this.seq = 0;
  }

  // What a reload found waiting is sent as it was.
  resume() {
    const kept = JSON.parse(sessionStorage.getItem(this.store) ?? "null");
    if (!kept?.queue?.length) return;
    Object.assign(this, { client: kept.client, seq: kept.seq, queue: kept.queue });
    this.draft.emit("note", { text: says("reloaded", { n: kept.queue.length }) });
    this.refresh();
    this.send();
  }

  // What an answer has to bring beyond the figures: the table of points is long and comes only while it is open.
  wanted() {
    const table = Boolean(document.querySelector("[data-fold=points][open]"));
    return { table, ...(this.draft.outline && { outline: this.draft.outline }) };
  }

  keep() {
    if (!this.queue.length) sessionStorage.removeItem(this.store);
    else sessionStorage.setItem(this.store, JSON.stringify({ client: this.client, seq: this.seq, queue: this.queue }));
  }

  get busy() {
    return this.queue.length > 0;
  }

  // `field` is the id of the field that a change came from, for what is said of it.
  push(ops, { field = null, wait = false } = {}) {
    if (this.ended || !this.draft.editable) return;
    const last = this.queue[this.queue.length - 1];
    if (!last || last.sent || isAlone(last) || !joined(last, ops)) this.queue.push({ ops, field });
    this.keep();
    this.refresh();
    clearTimeout(this.settling);
    if (wait) this.settling = setTimeout(() => this.send(), SETTLE);
    else this.send();
  }

  refresh() {
    this.draft.setWaiting(this.queue.flatMap((entry) => entry.ops));
    this.draft.emit("waiting", { count: this.queue.length });
  }

  async send() {
    const entry = this.queue[0];
    if (!entry || this.flying || this.timer || this.ended) return;
    if (!entry.sent) {
      this.seq += 1;
      entry.sent = { seq: this.seq, version: this.draft.base.version, base: this.draft.base.number };
      this.keep();
    }
    this.flying = entry;
    let answer = null;
    let told = null;
    try {
      answer = await fetch(this.address, {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ ...entry.sent, client: this.client, ops: entry.ops, ...this.wanted() }),
      });
      if (answer.headers.get("Content-Type")?.includes("json")) told = await answer.json();
    } catch {
      answer = null;
    }
    this.flying = null;
    this.take(entry, answer, told);
  }

  take(entry, answer, told) {
    if (answer && isLoggedOut(answer)) return void this.logIn();
    if (!answer || answer.status >= 500 || (!told && answer.status !== 413)) return this.later(answer);
    this.tries = 0;
    this.draft.emit("online");
    if (answer.ok) return this.accepted(entry, told);
    return this.refused(entry, answer.status, told ?? { text: says("tooLong") });
  }

  accepted(entry, told) {
    this.drop(entry);
    this.toldAt = told.at;
    this.draft.waiting = this.queue.flatMap((each) => each.ops);
    this.draft.adopt(told);
    if (told.added?.length && told.added.length < 50) this.draft.select(told.added);
    this.draft.emit("waiting", { count: this.queue.length });
    this.draft.emit("note", { text: told.note, accepted: entry });
    if (!this.queue.length) this.draft.emit("settled");
    this.send();
  }

  refused(entry, status, told) {
    if (told.expected) {
      // Another window of this session used these numbers: this page counts anew, nothing was applied.
      this.fresh();
      delete entry.sent;
      this.keep();
      return void this.send();
    }
    this.drop(entry);
    if (told.ended) this.ended = true;
    if (told.state) this.draft.adopt(told.state);
    this.refresh();
    this.draft.emit("refused", { entry, status, ...told });
    if (!this.queue.length) this.draft.emit("settled");
    this.send();
  }

  drop(entry) {
    this.queue = this.queue.filter((each) => each !== entry);
    this.keep();
  }

  later(answer) {
    const seconds = AGAIN[Math.min(this.tries, AGAIN.length - 1)];
    this.tries += 1;
    this.draft.emit("offline", { why: answer ? "noServer" : "noNetwork", at: this.toldAt, seconds });
    this.timer = setTimeout(() => this.tryAgain(), seconds * 1000);
  }

  tryAgain() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.send();
  }

  async logIn() {
    this.draft.emit("offline", { why: "loggedOut", at: this.toldAt });
    if (await askLogIn()) {
      this.draft.emit("online");
      this.send();
    }
  }
}

// Steps of one hand become one change: arrow keys on the same points, a stepper on the same field.
function joined(entry, ops) {
  const [one, two] = [entry.ops[0], ops[0]];
  if (entry.ops.length !== 1 || ops.length !== 1 || one.op !== two.op) return false;
  if (one.op === "shift" && one.along === two.along && String(one.points) === String(two.points)) {
    one.right_mm = Number((one.right_mm + two.right_mm).toFixed(3));
    one.up_mm = Number((one.up_mm + two.up_mm).toFixed(3));
    return true;
  }
  if (one.op === "set" && one.field === two.field && JSON.stringify(one.scope) === JSON.stringify(two.scope)) {
    Object.assign(one, two);
    return true;
  }
  return false;
}
