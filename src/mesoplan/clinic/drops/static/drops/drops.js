// A slider and its number follow each other; pictures are asked for every 80 ms, the last place always.
import { read, written } from "../mesoplan/js/unitfield.js";

let waiting = 0;

document.addEventListener("input", ({ target }) => {
  const form = target.closest("#setting");
  if (!form || !target.matches("[data-slider] input, [type=radio]")) return;
  const pair = target.closest("[data-slider]");
  const [typed, slid] = pair?.querySelectorAll("input") ?? [];
  if (target === slid) typed.value = written(Number(slid.value).toFixed(pair.dataset.slider));
  else if (slid) slid.value = read(typed.value, pair.dataset.unit)?.number ?? slid.value;
  waiting ||= setTimeout(() => {
    waiting = 0;
    form.dispatchEvent(new Event("moved"));
  }, 80);
});

document.addEventListener("htmx:afterRequest", () => {
  for (const said of document.querySelectorAll("#setting .mend[id]"))
    document.getElementById(said.id.slice(6))?.setAttribute("aria-invalid", said.childElementCount > 0);
});
