// From a search field: Down goes to the first row found, Up and Down go through the rows.

export default function rowkeys(input) {
  const results = document.querySelector(input.dataset.rows);
  const go = (event) => {
    const all = [input, ...results.querySelectorAll("td.name a")];
    const next = all[all.indexOf(event.target) + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? NaN)];
    if (!next || !all.includes(event.target)) return;
    event.preventDefault();
    next.focus();
  };
  input.addEventListener("keydown", go);
  results.addEventListener("keydown", go);
}
