// Any view can be the large one: its caption is a button that changes places with the large view.

import { draft, map, root } from "./page.js";
import { make, say, says } from "./words.js";

const large = root.querySelector("figure.front");
const sides = [...root.querySelectorAll(".sides figure")];
const named = make("p", { class: "ed-large", "aria-hidden": "true" });
large?.append(named);

const title = () => {
  named.textContent = says(map.large.name);
  for (const side of sides) {
    const view = says(side.querySelector("svg").dataset.view);
    const button = side.querySelector("button");
    button.textContent = view;
    button.setAttribute("aria-label", says("large", { view }));
  }
};

for (const side of sides) {
  const button = make("button", { type: "button", class: "ed-link" });
  button.addEventListener("click", () => {
    const small = map.view(side.querySelector("svg").dataset.view);
    const big = map.large;
    const mark = document.createComment("");
    small.svg.replaceWith(mark);
    big.svg.replaceWith(small.svg);
    mark.replaceWith(big.svg);
    map.large = small;
    title();
    draft.emit("zoomed");
    draft.changed();
    say(says("isLarge", { view: says(small.name) }));
  });
  side.querySelector("figcaption").replaceChildren(button);
}
if (large) title();
