// What somebody changed before the scripts were there is told to them as a change.

const first = (select) => select.querySelector("[selected]") ?? select.options[0];

export default function early(form) {
  for (const each of form.elements) {
    const was = each.options ? first(each)?.selected : each.value === each.defaultValue && each.checked === each.defaultChecked;
    if (was || !each.matches("input:not([type=radio]), :checked, select, textarea")) continue;
    each.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
