// What the editor says, in the reader's language: sentences come with the page, `{name}` is filled in here.

import { written } from "../mesoplan/js/unitfield.js";

const WORDS = JSON.parse(document.getElementById("ed-says")?.textContent ?? "{}");

export function says(name, values = {}) {
  const found = WORDS[name] ?? "";
  const text = Array.isArray(found) ? found[values.n === 1 ? 0 : 1] : found;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

export const number = (value, decimals) => written(value.toFixed(decimals));

export { say } from "../mesoplan/js/swaps.js";

export function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
