// The end of a session: two minutes before it a dialog asks and one tap extends; then the log-in page is shown over the
// page, through all its steps, and what was pending is sent afterwards. Nothing typed is lost: the page never leaves.

const WARN = 120;
const JSON_ONLY = { Accept: "application/json" };
let current = null;

// For modules that talk to the server themselves: true when the same person is logged in again.
export function askLogIn() {
  return current ? current.ask() : Promise.resolve(false);
}

// True when an answer says that the session is over.
export function isLoggedOut(response) {
  return response.headers.get("X-Logged-Out") === "1";
}

function clock(seconds) {
  const at = new Date(Date.now() + seconds * 1000);
  return at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

// Names that stand on the page already are not used twice in the dialog.
function apart(part) {
  for (const each of part.querySelectorAll("[id]")) each.id = `again-${each.id}`;
  for (const name of ["for", "aria-describedby", "aria-controls", "aria-labelledby"]) {
    for (const each of part.querySelectorAll(`[${name}]`)) {
      each.setAttribute(name, each.getAttribute(name).split(" ").map((id) => `again-${id}`).join(" "));
    }
  }
}

function renew(token) {
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}

export default function session(element, bind) {
  const { address, logIn, who, email } = element.dataset;
  const ending = document.getElementById("session-ending");
  const again = document.getElementById("log-in-again");
  const place = again.querySelector("[data-place]");
  const said = again.querySelector("[data-told]");
  let endsAt = 0;
  let warned = false;
  let timer = 0;
  let waiting = null;
  let settle = null;
  let turn = 0; // a late answer to a question asked before would take away what was typed since
  const pending = new Map(); // what waits for the log-in, by the form or button that sent it: the last one counts

  const left = () => Math.round((endsAt - Date.now()) / 1000);

  const tell = (text) => {
    said.textContent = text;
    said.hidden = !text;
  };

  const arm = (seconds) => {
    endsAt = Date.now() + seconds * 1000;
    warned = false;
    if (ending.open && seconds > WARN) ending.close();
    wait();
  };

  const wait = () => {
    clearTimeout(timer);
    const seconds = left() - (warned ? 0 : WARN);
    timer = setTimeout(look, Math.max(0.2, Math.min(seconds, 600)) * 1000);
  };

  // Another window may have been used since: the server is asked before anybody is troubled.
  const look = async () => {
    if (waiting || left() > WARN) return waiting ? undefined : wait();
    if (warned && left() > 0) return wait();
    let now = null;
    try {
      now = await (await fetch(address, { headers: { ...JSON_ONLY, "X-Unattended": "1" } })).json();
    } catch {
      timer = setTimeout(look, 5000);
      return undefined;
    }
    if (now.ends_in > WARN) return arm(now.ends_in);
    endsAt = Date.now() + now.ends_in * 1000;
    if (now.ends_in <= 0) {
      if (ending.open) ending.close();
      return void ask();
    }
    if (!warned) warn(now);
    return wait();
  };

  const warn = (now) => {
    warned = true;
    for (const at of ending.querySelectorAll("[data-at]")) at.textContent = clock(now.ends_in);
    ending.querySelector("[data-idle]").hidden = !now.extendable;
    ending.querySelector("[data-last]").hidden = now.extendable;
    ending.querySelector("[data-extends]").hidden = !now.extendable;
    if (!ending.open) ending.showModal();
    ending.querySelector(now.extendable ? "[data-extends]" : "[data-closes]").focus();
  };

  const extend = async () => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    try {
      const answer = await fetch(address, { method: "POST", headers: { ...JSON_ONLY, "X-CSRFToken": token } });
      const now = await answer.json();
      ending.close();
      if (now.ends_in > 0) arm(now.ends_in);
      else ask();
    } catch {
      document.getElementById("offline").hidden = false; // the dialog stays: another tap tries again
    }
  };

  const ask = () => {
    waiting ??= new Promise((resolve) => {
      settle = resolve;
    });
    if (!again.open) {
      tell("");
      again.showModal();
      begin();
    }
    return waiting;
  };

  const begin = () => step(fetch(`${logIn}?next=${encodeURIComponent(address)}`));

  const step = async (request) => {
    const own = ++turn;
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await request;
      const arrived = new URL(answer.url).pathname === address;
      const held = await (arrived ? answer.json() : answer.text());
      if (own !== turn) return;
      if (arrived) arrive(held);
      else show(held);
    } catch {
      if (own !== turn) return;
      tell(said.dataset.unanswered);
    }
    place.removeAttribute("aria-busy");
  };

  const show = (page) => {
    const part = new DOMParser().parseFromString(page, "text/html").querySelector("[data-part=log-in]");
    if (!part) return tell(said.dataset.unreadable);
    for (const each of part.querySelectorAll("[data-page-only]")) each.remove();
    apart(part);
    place.replaceChildren(document.adoptNode(part));
    const name = place.querySelector("input[name=login]");
    if (name && !name.value) name.value = email;
    bind(place);
    (place.querySelector("[aria-invalid=true]") ?? place.querySelector("[type=password], [name=code]"))?.focus();
    return undefined;
  };

  const arrive = (now) => {
    if (!now.ends_in) return begin();
    renew(now.token);
    if (String(now.who) !== who) {
      place.replaceChildren();
      return tell(said.dataset.another);
    }
    waiting = null;
    arm(now.ends_in);
    again.close();
    settle(true);
    for (const send of pending.values()) send();
    return pending.clear();
  };

  place.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    tell("");
    const form = event.target;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    step(fetch(form.action, { method: "POST", body }));
  });

  again.addEventListener("close", () => place.replaceChildren());
  ending.querySelector("[data-extends]").addEventListener("click", extend);

  // A form without htmx: known to be too late, it waits here for the log-in.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || place.contains(form) || form.method !== "post" || (left() > 0 && !waiting)) return;
    event.preventDefault();
    const { submitter } = event;
    pending.set(form, () => form.requestSubmit(submitter));
    ask();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.getResponseHeader("X-Logged-Out") !== "1") return;
    event.detail.shouldSwap = false;
    const { verb, path, elt, target, formData } = requestConfig;
    pending.set(elt, () => {
      const fresh = document.querySelector("input[name=csrfmiddlewaretoken]");
      if (formData.has("csrfmiddlewaretoken") && fresh) formData.set("csrfmiddlewaretoken", fresh.value);
      window.htmx.ajax(verb, path, { source: elt.isConnected ? elt : document.body, target, values: formData });
    });
    ask();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const seconds = event.detail.xhr?.getResponseHeader("X-Session-Ends-In");
    if (seconds && !waiting) arm(Number(seconds));
  });

  // A tablet that slept, a page taken out of the back-forward cache: the clock went on meanwhile.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) look();
  });

  current = { ask };
  arm(Number(element.dataset.endsIn));
}
