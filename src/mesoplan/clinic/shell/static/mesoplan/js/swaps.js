// What htmx leaves to us: spoken results, a part that takes long says so, a lost network is told and can be tried again.

const SLOW = 300;
const STUCK = 5000;

export function say(text) {
  const region = document.getElementById("say");
  if (region) region.textContent = region.dataset[text] ?? text;
}

export default function swaps() {
  const timers = new WeakMap();

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target, requestConfig } = event.detail;
    if (requestConfig.headers["X-Unattended"]) {
      // Nothing moves under somebody's hand.
      if (document.querySelector("[open], main td :focus")) event.preventDefault();
      return;
    }
    target.setAttribute("aria-busy", "true");
    timers.set(target, [
      setTimeout(() => say("slow"), SLOW),
      setTimeout(() => say("stuck"), STUCK),
    ]);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const { target } = event.detail;
    target.removeAttribute("aria-busy");
    (timers.get(target) ?? []).forEach(clearTimeout);
    say("");
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const spoken = event.detail.target.querySelector?.("[data-say]");
    if (spoken) say(spoken.textContent.trim());
  });

  document.addEventListener("htmx:sendError", () => {
    document.getElementById("offline").hidden = false;
  });
  document.addEventListener("htmx:afterOnLoad", () => {
    document.getElementById("offline").hidden = true;
  });
}
