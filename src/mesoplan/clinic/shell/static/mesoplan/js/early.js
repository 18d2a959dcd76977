// What somebody changed before the scripts were there is told to them as a change. An empty date is none: a browser
// empties one that it cannot read.

const first = (select) => select.querySelector("[selected]") ?? select.options[0];
const same = (input) => input.value === input.defaultValue || (input.type === "date" && !input.value);

export default function early(form) {
  for (const each of form.elements) {
    if (each.options ? first(each)?.selected : same(each) && each.checked === each.defaultChecked) continue;
    if (!each.matches("input:not([type=radio]), :checked, select, textarea")) continue;
    each.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
