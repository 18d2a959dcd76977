// From a search field: Down goes to the first row found, Up and Down go through the rows.

export default function rowkeys(input) {
  const results = document.querySelector(input.dataset.rows);
  const links = () => [...results.querySelectorAll("td.name a")];

  input.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    links()[0]?.focus();
  });

  results.addEventListener("keydown", (event) => {
    const all = links();
    const here = all.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (here < 0 || !step) return;
    event.preventDefault();
    (all[here + step] ?? (step < 0 ? input : all[here])).focus();
  });
}
