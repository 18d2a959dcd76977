// One tab stop for the whole line: Left and Right go from event to event in the order of days, Home and End to the ends,
// Enter opens. The words of the event under focus or pointer stand below the line.

const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

function ready(line) {
  const events = [...line.querySelectorAll("a")];
  const said = document.getElementById(line.dataset.timeline);
  const at = (step, from) => events[Math.min(events.length - 1, Math.max(0, from + step))];

  function show(event) {
    const words = event.target.closest("a")?.getAttribute("aria-label");
    if (words) said.textContent = words;
  }

  line.addEventListener("focusin", (event) => {
    for (const each of events) each.setAttribute("tabindex", each === event.target ? "0" : "-1");
    show(event);
  });
  line.addEventListener("pointerover", show);
  line.addEventListener("keydown", (event) => {
    const here = events.indexOf(event.target);
    if (here < 0 || !(event.key in KEYS) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    at(KEYS[event.key], here).focus();
  });
}

for (const line of document.querySelectorAll("[data-timeline]")) ready(line);
