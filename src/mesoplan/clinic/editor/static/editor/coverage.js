// Coverage is worked out while its layer is shown or its panel is open, and again after each change.

import { draft, root } from "./page.js";

const panel = document.getElementById("exposure");
const layer = root.querySelector("[data-layer=coverage]");
const ask = () => {
  if (panel.open || layer.ariaPressed === "true") window.htmx.trigger(panel, "wanted");
};
panel.addEventListener("toggle", ask);
layer.addEventListener("click", () => setTimeout(ask));
draft.on("settled", ask);
ask();
