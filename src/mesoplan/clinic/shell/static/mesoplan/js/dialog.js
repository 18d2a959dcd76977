// Opens a native dialog by a button that names it in data-opens, and gives focus back to that button. Without script
// the button is a link to a page that asks the same.

export default function dialog(element) {
  let opener = null;

  document.addEventListener("click", (event) => {
    const button = event.target.closest(`[data-opens="${element.id}"]`);
    if (!button || !element.isConnected) return;
    event.preventDefault();
    opener = button;
    element.showModal();
    element.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
  });

  element.addEventListener("click", (event) => {
    if (event.target.closest("[data-closes]")) element.close();
  });

  element.addEventListener("close", () => opener?.focus());
}
