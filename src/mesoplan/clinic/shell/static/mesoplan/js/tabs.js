// Parts of a panel as tabs: the links that lead to them on a page without script become a tab list. Parts that are
// swapped in later follow the tab that is chosen, which is remembered for this page.

export default function tabs(root) {
  let chosen = "";

  const bind = (holder) => {
    const list = holder.querySelector(".tabs");
    const links = [...list.querySelectorAll("a")];
    const part = (link) => holder.querySelector(`[data-part="${link.dataset.tab}"]`);
    const choose = (link, focus) => {
      chosen = link.dataset.tab;
      for (const each of links) {
        each.setAttribute("aria-selected", String(each === link));
        each.tabIndex = each === link ? 0 : -1;
        part(each).hidden = each !== link;
      }
      if (focus) link.focus();
    };
    list.setAttribute("role", "tablist");
    for (const link of links) {
      const own = part(link);
      link.setAttribute("role", "tab");
      link.setAttribute("aria-controls", own.id);
      own.setAttribute("role", "tabpanel");
      link.addEventListener("click", (event) => {
        event.preventDefault();
        choose(link);
      });
      link.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step && event.key !== " ") return;
        event.preventDefault();
        choose(step ? links[(links.indexOf(link) + step + links.length) % links.length] : link, true);
      });
    }
    const wrong = links.find((link) => part(link).querySelector("[aria-invalid]"));
    choose(wrong ?? links.find((link) => link.dataset.tab === chosen) ?? links[0]);
  };

  const all = () => {
    for (const holder of root.querySelectorAll("[data-tabs]:not([data-bound])")) {
      holder.dataset.bound = "yes";
      bind(holder);
    }
  };
  const open = (name) => root.querySelectorAll(`[data-tab="${name}"]`).forEach((link) => link.click());
  root.addEventListener("htmx:load", all);
  root.addEventListener("tab", ({ detail }) => open(detail));
  // A link to a field, as in the list of what is to be mended, opens the part that it stands in.
  document.addEventListener("click", ({ target }) => {
    const { hash } = target.closest?.("a[href^='#id_']") ?? {};
    if (hash) open(root.querySelector(hash)?.closest("[data-part]").dataset.part);
  });
  all();
}
