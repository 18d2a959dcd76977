// Binds each module to the elements that name it: data-mp="unitfield". Runs again over every part that htmx swaps in.

import dialog from "./dialog.js";
import keys from "./keys.js";
import menu from "./menu.js";
import passkey from "./passkey.js";
import rowkeys from "./rowkeys.js";
import session from "./session.js";
import showpassword from "./showpassword.js";
import swaps from "./swaps.js";
import tabs from "./tabs.js";
import unitfield from "./unitfield.js";

const modules = { dialog, menu, passkey, rowkeys, session, showpassword, tabs, unitfield };
const bound = new WeakSet();

function bind(root) {
  const named = [...root.querySelectorAll("[data-mp]")];
  if (root instanceof Element && root.matches("[data-mp]")) named.push(root);
  for (const element of named) {
    if (bound.has(element)) continue;
    bound.add(element);
    for (const name of element.dataset.mp.split(" ")) modules[name]?.(element, bind);
  }
}

bind(document);
document.addEventListener("htmx:load", (event) => bind(event.target));
keys();
swaps();
