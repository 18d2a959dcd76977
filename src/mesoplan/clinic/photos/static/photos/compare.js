// The range moves the line between both photos; without script they stay side by side.
for (const compare of document.querySelectorAll('[data-mp="divide"]')) {
  const range = compare.querySelector("[type=range]");
  const move = () => compare.style.setProperty("--divide", range.value / 100);
  range.addEventListener("input", move);
  move();
  compare.classList.add("live");
  compare.querySelector("[name=way]").checked = true;
}
