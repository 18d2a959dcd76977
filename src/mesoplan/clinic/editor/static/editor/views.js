// Any view can be the large one: its caption is a button that changes places with the large view.

import { make } from "./tools.js";

const TITLES = { front: "Front", "right-oblique": "Right oblique", "left-oblique": "Left oblique" };

export function bindViews({ root, draft, map, say }) {
  const large = root.querySelector("figure.front");
  const sides = [...root.querySelectorAll(".sides figure")];
  if (!large || !sides.length) return;
  const named = make("p", { class: "ed-large", "aria-hidden": "true" });
  large.append(named);

  const title = () => {
    named.textContent = TITLES[map.large.name] ?? "";
    for (const side of sides) {
      const { view } = side.querySelector("svg").dataset;
      side.querySelector("button").replaceChildren(TITLES[view], make("span", { class: "spoken" }, ": make it the large view"));
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
      draft.emit("zoomed", { view: small });
      draft.changed();
      say(`${TITLES[small.name]} is the large view.`);
    });
    side.querySelector("figcaption").replaceChildren(button);
  }
  title();
}
