// The outline of a zone, shaped: its corners stand where the points stood, and are moved, added and removed like them.

import { displaced, seen } from "./geometry.js";
import { ask, draft, editor, map, root, sync } from "./page.js";
import { say, says } from "./words.js";

const STILL = { right_mm: 0, up_mm: 0, along: "front" };

// The operation that follows when some corners are moved by millimetres. They stay where they were put until the
// server has them on the skin; what is moved again meanwhile adds up.
draft.reshaped = (ids, to) => {
  draft.corners = draft.corners.map((corner) => {
    if (!ids.includes(corner.id)) return corner;
    const before = corner.to?.along === to.along ? corner.to : STILL;
    const sum = { ...to, right_mm: before.right_mm + to.right_mm, up_mm: before.up_mm + to.up_mm };
    return { ...displaced(corner, to.along, to.right_mm, to.up_mm), to: sum };
  });
  draft.rebuild();
  return whole(draft.corners);
};
const whole = (corners) => [
  { op: "reshape-zone", zone: draft.outline, corners: corners.map(({ at, to }) => ({ at, ...(to ?? STILL) })) },
];

const take = ({ zone, corners, drawings }) => {
  map.drawZone(zone, drawings);
  if (zone !== draft.outline) return;
  const title = { zone, corner: true, origin: "lattice", locked: false };
  draft.corners = corners.map((corner, index) => ({ ...corner, ...title, id: `corner-${index + 1}`, label: String(index + 1) }));
  draft.rebuild();
  draft.changed();
};

const leave = () => {
  if (!draft.outline) return;
  draft.outline = null;
  draft.select([]);
  draft.rebuild();
  draft.changed();
};

editor.shape = async () => {
  if (draft.outline) return draft.setTool("select");
  const open = root.dataset.zone;
  const zone = draft.byId.get([...draft.selected][0])?.zone ?? (draft.zone(open) ? open : draft.byId.get(draft.current)?.zone);
  if (!zone) return say(says("selectZone"));
  const answer = await ask(`${root.dataset.operations}?outline=${zone}`);
  if (!answer.ok) return say(says("noNetwork"));
  draft.selected.clear();
  draft.outline = zone;
  take((await answer.json()).outline);
  return draft.setTool("shape");
};
draft.on("tool", () => draft.tool !== "shape" && draft.tool !== "move" && leave());
draft.on("told", ({ outline }) => outline && take(outline));

editor.resetOutline = () => {
  sync.push([{ op: "reshape-zone", zone: draft.outline, corners: null }]);
  editor.list.focus({ preventScroll: true });
};

editor.removeCorners = () => {
  const gone = draft.subject();
  const left = draft.corners.filter((corner) => !gone.includes(corner.id));
  if (left.length < 3) return say(says("fewest"));
  draft.selected.clear();
  return sync.push(whole(left));
};

// A new corner between two others: on the edge that is nearest to the place that was tapped.
editor.splitEdge = (view, [x, y]) => {
  const ends = draft.corners.map((corner) => seen(corner, view.name));
  let best = null;
  ends.forEach((one, index) => {
    const two = ends[(index + 1) % ends.length];
    if (!one || !two) return;
    const [dx, dy] = [two[0] - one[0], two[1] - one[1]];
    const along = Math.min(1, Math.max(0, ((x - one[0]) * dx + (y - one[1]) * dy) / (dx * dx + dy * dy || 1)));
    const far = Math.hypot(one[0] + along * dx - x, one[1] + along * dy - y);
    if (!best || far < best.far) best = { far, index, by: [x - one[0], y - one[1]] };
  });
  if (!best) return;
  const [right_mm, up_mm] = best.by;
  const fresh = { at: draft.corners[best.index].at, to: { right_mm, up_mm, along: view.along } };
  sync.push(whole(draft.corners.toSpliced(best.index + 1, 0, fresh)));
};
