// A number with its unit: steppers, arrow keys, either decimal sign, other units typed in full ("40 uL" -> 0.04 mL), as
// shell/numbers.py reads them again. Nothing here decides whether a value is allowed.

const FACTORS = {
  mL: { ul: 0.001, µl: 0.001, μl: 0.001, ml: 1, l: 1000 },
  mm: { mm: 1, cm: 10, µm: 0.001, μm: 0.001, um: 0.001 },
  mg: { mg: 1, g: 1000, µg: 0.001, μg: 0.001, ug: 0.001, microgram: 0.001 },
  "°": { "°": 1, deg: 1 },
};

export function read(text, unit) {
  const found = text.trim().match(/^([+\-−]?\d*[.,]?\d*)\s*([^\d\s.,]*)$/);
  if (!found || !/\d/.test(found[1])) return null;
  const number = Number(found[1].replace("−", "-").replace(",", "."));
  const typed = found[2].toLowerCase();
  if (!typed || typed === unit.toLowerCase()) return { number, converted: false };
  const factor = FACTORS[unit]?.[typed];
  return factor === undefined ? null : { number: number * factor, converted: factor !== 1 };
}

// With the decimal sign of the page's language, as shell/writing.py has it.
export function written(text) {
  return document.documentElement.lang === "en" ? text : text.replace(".", ",");
}

function decimals(step) {
  return (String(step).split(".")[1] || "").length;
}

export default function unitfield(element) {
  const input = element.querySelector("input");
  const said = element.querySelector("[data-said]");
  const { unit } = element.dataset;
  const step = Number(element.dataset.step);
  const min = element.dataset.min === "" ? -Infinity : Number(element.dataset.min);
  const max = element.dataset.max === "" ? Infinity : Number(element.dataset.max);
  const coarse = window.matchMedia("(pointer: coarse)");

  const write = (number) => {
    input.value = written(number.toFixed(decimals(step)));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const stepBy = (steps) => {
    const now = read(input.value, unit);
    if (!now && input.dataset.op) return; // mixed: no number to step from
    const from = now ? now.number : Number.isFinite(min) ? min : 0;
    // Steps land on the grid of the step; they stop at the ends of the range. Typed values are never changed so.
    const grid = Math.round(from / step + steps) * step;
    write(Math.min(max, Math.max(min, grid)));
  };

  for (const button of element.querySelectorAll("button[data-by]")) {
    button.hidden = false;
    button.tabIndex = coarse.matches ? 0 : -1;
    button.addEventListener("click", () => stepBy(Number(button.dataset.by)));
  }

  input.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!steps || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    stepBy(steps);
  });

  input.addEventListener("focus", () => input.select());

  input.addEventListener("blur", () => {
    const now = read(input.value, unit);
    if (!now?.converted) return;
    const typed = input.value.trim();
    write(now.number);
    said.textContent = said.dataset.said.replace("{typed}", typed).replace("{read}", `${input.value} ${unit}`);
  });
}
