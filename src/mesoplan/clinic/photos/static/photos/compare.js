const compare = document.querySelector('[data-mp="divide"]');
const range = compare.querySelector("[type=range]");
range.oninput = () => compare.style.setProperty("--divide", range.value / 100);
compare.classList.add("live");
compare.querySelector("[name=way]").checked = true;
