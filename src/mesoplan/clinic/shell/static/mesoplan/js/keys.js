// Keys of every page: "/" goes to the search field, "g t" to Today, "g p" to the patients. Never while somebody types.

const PLACES = { t: "/today", p: "/patients" };

function types(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

export default function keys() {
  let waiting = 0;
  document.addEventListener("keydown", (event) => {
    if (types(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const field = document.querySelector("main [type=search]") ?? document.querySelector("[type=search]");
      if (!field) return;
      event.preventDefault();
      field.focus();
    } else if (event.key === "g") {
      waiting = event.timeStamp;
    } else if (PLACES[event.key] && event.timeStamp - waiting < 1000) {
      window.location.assign(PLACES[event.key]);
    }
  });
}
