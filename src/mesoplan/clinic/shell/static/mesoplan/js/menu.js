// A <details> used as a menu closes on Escape and on a press outside it.

export default function menu(element) {
  document.addEventListener("pointerdown", (event) => {
    if (element.open && !element.contains(event.target)) element.open = false;
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !element.open) return;
    element.open = false;
    element.querySelector("summary").focus();
  });
}
