// The map by keys alone: one tab stop, a list of points with the current one told by its place; a mode for moving.

import { facingView, nearestTowards, placeWords, seen } from "./geometry.js";
import { addAt, shiftOf } from "./pointer.js";
import { make } from "./tools.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export function bindKeys(editor) {
  const { root, draft, map, sync } = editor;
  const list = make("div", {
    id: "ed-list", class: "ed-list", role: "listbox", tabindex: "0", "aria-multiselectable": "true",
    "aria-describedby": "ed-keys",
  });
  const help = make(
    "p", { id: "ed-keys", class: "spoken" },
    "Arrows go to the next point, Space selects, M moves, A adds beside, X removes, Z takes back, Escape goes up.",
  );
  const frame = map.large.svg.parentElement;
  frame.classList.add("ed-frame");
  frame.append(list, help);
  editor.list = list;
  let moving = null;

  // -- The list

  let drawn = "";
  const optionId = (id) => `ed-point-${id}`;
  draft.on("drawn", () => {
    const now = draft.points.map((point) => [point.id, point.label, placeOf(point), point.origin, point.locked].join()).join("|");
    if (now !== drawn) {
      drawn = now;
      list.replaceChildren(...draft.points.map(option));
      list.setAttribute("aria-label", `Points of the plan, ${draft.points.length}`);
      list.hidden = !draft.points.length;
    }
    for (const node of list.children) {
      node.setAttribute("aria-selected", String(draft.selected.has(node.dataset.id)));
      node.classList.toggle("is-current", node.dataset.id === draft.current);
    }
    if (draft.byId.has(draft.current)) list.setAttribute("aria-activedescendant", optionId(draft.current));
    else list.removeAttribute("aria-activedescendant");
  });

  function option(point) {
    const state = [point.origin === "lattice" ? "" : point.origin, point.locked ? "locked" : ""].filter(Boolean);
    const name = [`Point ${point.label}`, draft.zone(point.zone)?.title ?? point.zone, placeOf(point), ...state].join(", ");
    return make("div", { role: "option", id: optionId(point.id), "data-id": point.id, "aria-selected": "false" }, name);
  }

  const placeOf = (point) => placeWords(point, draft.base.pupils_mm);

  // -- Moving by keys

  function startMove() {
    const ids = draft.subject().filter((id) => !draft.byId.get(id)?.locked);
    if (!ids.length) return editor.say("Nothing to move: the point is locked. Unlock it first.");
    if (!draft.selected.size) draft.select(ids);
    const view = map.view(viewOf(draft.byId.get(draft.current)));
    moving = { ids, view, dx: 0, dy: 0 };
    root.classList.add("is-moving");
    draft.setTool("move");
    return editor.say("Move: arrows 1.0 mm, with Shift 5.0, with Alt 0.1. Enter drops, Escape puts back.");
  }

  function moveBy([x, y], event) {
    const step = event.shiftKey ? 5 : event.altKey ? 0.1 : 1;
    moving.dx += x * step;
    moving.dy += y * step;
    draft.waiting = [...sync.queue.flatMap((entry) => entry.ops), ...shiftOf(moving.ids, moving.view, moving.dx, moving.dy)];
    draft.rebuild();
    draft.changed();
    const point = draft.byId.get(draft.current);
    if (point) editor.say(placeOf(point));
  }

  function endMove(drop) {
    const { ids, view, dx, dy } = moving;
    moving = null;
    root.classList.remove("is-moving");
    draft.setTool("select");
    if (drop && (dx || dy)) sync.push(shiftOf(ids, view, dx, dy));
    else draft.setWaiting(sync.queue.flatMap((entry) => entry.ops));
    editor.say(drop ? "Dropped." : "Put back.");
  }

  const viewOf = (point) => {
    if (!point) return map.large.name;
    const at = seen(point, map.large.name);
    return at && !at[3] ? map.large.name : facingView(point);
  };

  // -- Acts

  function go(direction) {
    const from = draft.byId.get(draft.current);
    if (!from) return;
    const next = nearestTowards(draft.points, from, viewOf(from), ...direction);
    if (!next) return;
    draft.current = next.id;
    draft.changed();
  }

  // Beside the current point: on the side with most room in its picture.
  function addBeside() {
    const from = draft.byId.get(draft.current);
    if (!from) return;
    const view = map.view(viewOf(from));
    const [x, y] = seen(from, view.name);
    const gap = (draft.zone(from.zone)?.spacing ?? 8) / 2;
    const others = draft.points.map((point) => seen(point, view.name)).filter(Boolean);
    let found = null;
    for (let turn = 0; turn < 8; turn += 1) {
      const at = [x + gap * Math.cos((turn * Math.PI) / 4), y + gap * Math.sin((turn * Math.PI) / 4)];
      if (!inZone(view, from.zone, at)) continue;
      const room = Math.min(...others.map((other) => Math.hypot(other[0] - at[0], other[1] - at[1])));
      if (!found || room > found.room + 0.01) found = { at, room };
    }
    if (found) addAt(editor, view, found.at);
    else editor.say("No room beside this point in its zone.");
  }

  function inZone(view, zone, [x, y]) {
    const paths = view.svg.querySelectorAll(`[data-zone="${zone}"] path`);
    if (!paths.length) return true;
    const at = new DOMPoint(x, -y);
    return [...paths].some((path) => path.isPointInFill(at));
  }

  function up() {
    if (draft.tool !== "select") return draft.setTool("select");
    return draft.select([]);
  }

  function openValues() {
    const point = draft.byId.get(draft.current);
    const field = point && document.getElementById(`id_volume_per_point_${point.zone}`);
    if (!field) return;
    field.closest("details").open = true;
    field.focus();
  }

  const PLAIN = {
    " ": () => draft.current && draft.select([draft.current], { toggle: true }),
    Enter: openValues,
    Escape: up,
    "+": () => editor.acts.zoom(1),
    "=": () => editor.acts.zoom(1),
    "-": () => editor.acts.zoom(-1),
    0: () => editor.acts.fit(),
    v: () => editor.acts.select(),
    r: () => editor.acts.box(),
    "[": () => editor.nextFinding?.(-1),
    "]": () => editor.nextFinding?.(1),
    Home: () => toEnd(0),
    End: () => toEnd(-1),
  };
  const EDITS = {
    m: startMove,
    a: addBeside,
    x: () => editor.acts.remove(),
    Delete: () => editor.acts.remove(),
    Backspace: () => editor.acts.remove(),
    z: (event) => (event.shiftKey ? editor.acts.redo() : editor.acts.undo()),
  };
  const toEnd = (index) => {
    draft.current = draft.points.at(index)?.id ?? null;
    draft.changed();
  };

  list.addEventListener("keydown", (event) => {
    const { key } = event;
    const name = key.length === 1 ? key.toLowerCase() : key;
    const command = event.ctrlKey || event.metaKey;
    let act = null;
    if (moving) {
      if (ARROWS[key] && !command) act = () => moveBy(ARROWS[key], event);
      else if (key === "Enter") act = () => endMove(true);
      else if (key === "Escape") act = () => endMove(false);
    } else if (command && name === "a") act = () => draft.select(draft.points.map((point) => point.id));
    else if (command && name === "z" && draft.editable) act = () => EDITS.z(event);
    else if (command || event.altKey) return;
    else if (ARROWS[key]) act = () => go(ARROWS[key]);
    else act = PLAIN[name] ?? (draft.editable ? EDITS[name] && (() => EDITS[name](event)) : null);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  list.addEventListener("blur", () => moving && endMove(true));
}
