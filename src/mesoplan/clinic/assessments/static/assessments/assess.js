// The assessment page: each changed field saves by itself; what could not be saved is kept; scores by keys. Without it
// the page has one Save button.

import early from "../mesoplan/js/early.js";
import { say } from "../mesoplan/js/swaps.js";

const form = document.getElementById("assess");
const unsaved = new Set(); // names of fields to be sent
const held = new Set(); // dates whose year is still being typed
let sending = [];
let busy = false;
let waiting = null; // the button of a submit that waits until the last change is saved

const PAGE_ACTS = ["sign", "propose"];

// A whole page follows these.
function leaves(button) {
  return button.name === "version" || (button.name === "act" && PAGE_ACTS.includes(button.value));
}

// While a year is typed, a browser takes 0002, 0020 and 0202 for dates: they wait until the field is left.
function stillTyped(field) {
  return field.type === "date" && field === document.activeElement && Number(field.value.slice(0, 4)) < 1900;
}

document.addEventListener(
  "change",
  (event) => {
    const { target } = event;
    if (target.form !== form || !target.name || target.name === "find") return;
    if (stillTyped(target)) {
      event.stopImmediatePropagation();
      held.add(target);
    } else {
      held.delete(target);
      unsaved.add(target.name);
    }
  },
  true,
);

form.addEventListener("focusout", ({ target }) => {
  if (held.delete(target)) setTimeout(() => target.dispatchEvent(new Event("change", { bubbles: true })));
});

document.addEventListener(
  "submit",
  (event) => {
    const button = event.submitter;
    if (event.target !== form || !button || !leaves(button)) return;
    event.stopImmediatePropagation();
    if (!busy) return;
    event.preventDefault();
    waiting = button;
  },
  true,
);

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, formData, triggeringEvent } = event.detail;
  if (elt !== form) return;
  const button = triggeringEvent?.submitter;
  formData.delete("act");
  if (button?.name === "act" && button.value !== "save") formData.set("act", button.value);
  if (!unsaved.size && !formData.has("act")) {
    event.preventDefault();
    return;
  }
  sending = [...unsaved];
  unsaved.clear(); // what changes while this is under way goes with the next
  formData.delete("changed");
  for (const name of sending) formData.append("changed", name);
  for (const field of form.querySelectorAll("[aria-invalid=true]")) formData.append("marked", field.name);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt === form) busy = true;
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== form) return;
  busy = false;
  if (![200, 422].includes(event.detail.xhr?.status)) for (const name of sending) unsaved.add(name);
  sending = [];
  showCopies();
  if (waiting) {
    setTimeout((button) => form.requestSubmit(button), 0, waiting);
    waiting = null;
  }
});

// Scores by keys: a digit enters the grade and goes on, R copies right to left.

function enter(item, grade) {
  const radio = item.querySelector(`input[value="${grade}"]`);
  if (!radio?.checked) radio?.click();
  return radio;
}

function goOn(item) {
  const items = [...item.closest(".sheet").querySelectorAll(".item")];
  const next = items[items.indexOf(item) + 1];
  (next?.querySelector(":checked") ?? next?.querySelector("input") ?? item.querySelector(":checked"))?.focus();
}

function copySides(sheet) {
  let copied = 0;
  for (const right of sheet.querySelectorAll('.item[data-region$="_right"]')) {
    const region = right.dataset.region.replace(/_right$/, "_left");
    const left = sheet.querySelector(`.item[data-region="${region}"][data-item="${right.dataset.item}"]`);
    const grade = right.querySelector(":checked")?.value;
    if (left && grade !== undefined && enter(left, grade)) copied += 1;
  }
  const { copies, none } = sheet.querySelector("[data-copies]").dataset;
  say(copied ? copies.replace("{count}", copied) : none);
}

form.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const item = event.target.closest(".item");
  if (!item) return;
  if (/^[0-9]$/.test(event.key) && enter(item, event.key)) {
    event.preventDefault();
    goOn(item);
  } else if (event.key.toLowerCase() === "r" && item.closest(".sheet").querySelector("[data-copies]")) {
    event.preventDefault();
    copySides(item.closest(".sheet"));
  }
});

// A press on a drawn zone is one on its box, which style shows on the drawing.
form.addEventListener("click", ({ target }) => {
  const { zone } = target.dataset;
  if (zone) target.closest(".zones").querySelector(`[value="${zone}"]`).click();
  const button = target.closest("[data-copies]");
  if (button) copySides(button.closest(".sheet"));
});

function showCopies() {
  for (const button of form.querySelectorAll("[data-copies]")) button.hidden = false;
}

// A link to a question opens its group.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  place?.closest("details")?.setAttribute("open", "");
  place?.querySelector?.("input:checked, input, select")?.focus();
});

showCopies();
document.getElementById("tomend")?.focus();
window.addEventListener("load", () => early(form));
