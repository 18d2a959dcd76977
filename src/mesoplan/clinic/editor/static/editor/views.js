// Any view can be the large one: its caption is a button.

import { draft, editor, map, root } from "./page.js";
import { say, says } from "./words.js";

editor.acts.large = (button) => {
  const figure = button.closest("figure");
  for (const each of root.querySelectorAll(".views figure")) each.classList.toggle("is-large", each === figure);
  map.large = map.of(figure.querySelector("svg"));
  figure.classList.add("ed-frame");
  figure.append(editor.list);
  draft.emit("zoomed");
  draft.changed();
  say(says("isLarge", { view: button.textContent }));
};
