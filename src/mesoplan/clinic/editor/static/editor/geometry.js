// The head turned as the server turns it: x to the right of the picture, y up, z towards the viewer; millimetres.

import { number, says } from "./words.js";

const LEAST_FACING = 0.3;
let turns = {};

// How the head is turned in each view, as rows of a rotation: fixed on the template, on photos as it was turned there.
export function setTurns(told) {
  turns = told;
}

const turned = (view, [x, y, z]) => turns[view].map(([a, b, c]) => a * x + b * y + c * z);
const turnedBack = (view, [x, y, z]) => turns[view][0].map((a, at) => a * x + turns[view][1][at] * y + turns[view][2][at] * z);

// Where a point is seen in every view after a move in one of them, taking the skin around it for flat. The server's
// answer puts it on the skin itself.
export function displaced(point, along, dx, dy) {
  if (point.flat) return { ...point, flat: [point.flat[0] + dx, point.flat[1] + dy] };
  const normal = turned(along, point.normal);
  const dz = -(normal[0] * dx + normal[1] * dy) / Math.max(normal[2], LEAST_FACING);
  const moved = turnedBack(along, [dx, dy, dz]);
  const views = {};
  for (const [name, [x, y, facing, hidden]] of Object.entries(point.views)) {
    const [mx, my] = turned(name, moved);
    views[name] = [x + mx, y + my, facing, hidden];
  }
  return { ...point, views };
}

// x, y, facing, hidden in a view; null where the point is not drawn there at all.
export function seen(point, view) {
  if (point.flat) return view === point.zone ? [...point.flat, 1, false] : null;
  return point.views?.[view] ?? null;
}

// The view in which a point faces the viewer most.
export function facingView(point) {
  if (point.flat) return point.zone;
  return Object.keys(point.views).reduce((best, view) => (point.views[view][2] > point.views[best][2] + 0.05 ? view : best), "front");
}

// "27 mm right of the midline, 31 mm below the pupils": the patient's own right; on a patch that of the drawing.
export function placeWords(point, pupils) {
  const [x, y] = point.flat ?? point.views.front;
  const right = point.flat ? x > 0 : x < 0;
  const up = point.flat ? y : y - pupils;
  const mm = (value) => number(Math.abs(value), Math.abs(value) < 10 && value % 1 ? 1 : 0);
  const name = `${right ? "right" : "left"}Of${point.flat ? "Centre" : "Midline"}${up < 0 ? "Below" : ""}`;
  return says(name, { x: mm(x), y: mm(up) });
}

// The nearest point in a direction: ahead counts fully, beside less.
export function nearestTowards(points, from, view, dx, dy) {
  const [fx, fy] = seen(from, view) ?? [0, 0];
  let found = null;
  let least = Infinity;
  for (const point of points) {
    const at = seen(point, view);
    if (!at || point.id === from.id) continue;
    const ahead = (at[0] - fx) * dx + (at[1] - fy) * dy;
    const beside = Math.abs((at[0] - fx) * dy - (at[1] - fy) * dx);
    if (ahead <= 0.3 || beside > ahead * 2.5) continue;
    const cost = ahead + beside * 1.5;
    if (cost < least) [least, found] = [cost, point];
  }
  return found;
}
