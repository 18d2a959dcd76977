// "Show" beside a password field. The button is hidden without script, because it could do nothing.

export default function showpassword(element) {
  const input = element.querySelector("input");
  const button = element.querySelector("button");
  const show = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.textContent = shown ? show : button.dataset.hide;
  });
}
