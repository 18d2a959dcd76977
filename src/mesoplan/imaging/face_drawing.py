"""The map of the face as SVG, to scale: clay head, zones, excluded skin, danger, numbered points, scale bar.

One renderer for pages and print. The view box is in millimetres of the patient, so a length on the picture is
a length on the face as far as skin that faces the viewer goes; the scale bar says how large that is drawn.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape

import numpy as np

from mesoplan.domain.plan import Place
from mesoplan.imaging.danger import Region
from mesoplan.imaging.face_features import face_features
from mesoplan.imaging.face_landmarks import feature_rings
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_view import View, see_places, see_positions
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES
from mesoplan.imaging.head_shape import HeadPicture, head_picture
from mesoplan.imaging.kept_clear_drawing import KeptMarks, kept_on_face_svg
from mesoplan.imaging.map_labels import label_lines
from mesoplan.imaging.map_marks import SCALE_BAR_MM, hatch, numbered_point, scale_bar, visible_runs
from mesoplan.imaging.map_style import ZONE_STYLES, map_css, paint, zone_colour, zone_dash
from mesoplan.imaging.placement import FacePoints
from mesoplan.imaging.svg import element, number, path_data, smooth_line, smooth_path_data, text
from mesoplan.imaging.zone_edges import edge_runs
from mesoplan.kernels.mesh import Floats, border_loops

# Left, right, top and bottom of the picture, in the template's own size.
_FRAMES: dict[View, tuple[float, float, float, float]] = {
    View.FRONT: (-112.0, 112.0, 150.0, -122.0),
    View.RIGHT_OBLIQUE: (-132.0, 92.0, 150.0, -122.0),
    View.LEFT_OBLIQUE: (-92.0, 132.0, 150.0, -122.0),
}
_ROOM_FOR_LABELS_MM = 40.0
_CIRCLE_CORNERS = 48
_SIDE_LETTERS_UP_MM = 96.0
# What is shown around the mesh of a patient's own face: hair, ears and neck as far as the photo has them.
_BESIDE_MM, _HAIR_MM, _BELOW_MM = 24.0, 28.0, 16.0


@dataclass(frozen=True, eq=False)
class ZoneMarks:
    """One zone as it is drawn.

    Attributes
    ----------
    zone_id : str
    style : int
        1 to 8: colour and dash.
    label : str
        Name and count as they shall stand on the map; empty for none.
    points : FacePoints or None
    numbers : tuple of str
        The label of each point, in the order of `points`.
    outline : tuple of Place or None
        The edge as it was drawn for this patient; without it, that of the template.
    """

    zone_id: str
    style: int
    label: str = ""
    points: FacePoints | None = None
    numbers: tuple[str, ...] = ()
    outline: tuple[Place, ...] | None = None


@dataclass(frozen=True, eq=False)
class DangerMarks:
    """A danger structure as it is drawn.

    Attributes
    ----------
    region : Region
        With the largest reach that was measured.
    title : str
    show_reach : bool
    language : str or None
        Of the name, where that is not the page's.
    least_mm : float or None
        The smallest reach that was measured; drawn inside of the largest.
    is_under_points : bool
        Whether points of the plan lie over it; a page shows the others on demand.
    """

    region: Region
    title: str
    show_reach: bool = True
    language: str | None = None
    least_mm: float | None = None
    is_under_points: bool = True


@dataclass(frozen=True)
class MapWords:
    """The words on a map, in the reader's language."""

    title: str
    description: str = ""
    caption: str = ""
    right: str = "R"
    left: str = "L"


@dataclass(frozen=True, eq=False)
class FaceMap:
    """What is drawn, in every view the same.

    Attributes
    ----------
    face : FaceShape
    zones : the zones with their points
    excluded : ids of the zones that take no injection
    danger : danger structures
    kept : places that are kept clear
    coverage : view to what `coverage_drawing` draws of it
    """

    face: FaceShape
    zones: Sequence[ZoneMarks] = ()
    excluded: Sequence[str] = NO_INJECTION_ZONES
    danger: Sequence[DangerMarks] = field(default=())
    kept: Sequence[KeptMarks] = ()
    coverage: Mapping[View, str] = field(default_factory=dict)


def face_map_svg(
    view: View,
    face_map: FaceMap,
    words: MapWords,
    *,
    labels: bool = True,
    shading_href: str | None = None,
    embed_style: bool = False,
    uid: str = "map",
) -> str:
    """One view of the map.

    Parameters
    ----------
    view : View
    face_map : FaceMap
    words : MapWords
    labels : bool
        Whether zones are named beside the head.
    shading_href : str, optional
        Address of ``head_picture(view).shading_png``; by default the picture is carried inside of the SVG.
    embed_style : bool
        Carry the style sheet inside, for an SVG that stands alone on a themed page.
    uid : str
        Prefix of ids; must differ between two maps of one page.

    Returns
    -------
    str
        An ``svg`` element whose view box is in mm.
    """
    face = face_map.face
    frame = _frame(view, face, labels=labels)
    parts = [
        element("title", escape(words.title), id=f"{uid}-title"),
        element("desc", escape(words.description), id=f"{uid}-desc") if words.description else "",
        element("style", map_css()) if embed_style else "",
        element("defs", hatch(f"{uid}-hatch") + _frame_clip(f"{uid}-frame", frame)),
        element(
            "g",
            "".join(_ground(view, face, shading_href, uid)),
            clip_path=f"url(#{uid}-frame)",
        ),
        element("g", face_map.coverage.get(view, ""), id=f"{uid}-coverage", data_coverage=""),
        *(_excluded(view, zone_id, face, uid) for zone_id in face_map.excluded),
        *(_danger(view, marks, face) for marks in face_map.danger),
        *(zone_edge_svg(view, marks, face) for marks in face_map.zones),
        element("g", kept_on_face_svg(view, face_map.kept, face), data_kept=""),
        *(_points(view, marks, face) for marks in face_map.zones),
        *(label_lines(_labelled(view, face_map), frame.left, frame.right) if labels else ()),
        *_frame_words(view, words, frame, face),
    ]
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{number(frame.left)} {number(-frame.top)} {number(frame.width)} {number(frame.height)}",
        class_="mp-map mp-map-on-photo" if view in face.photos else "mp-map",
        role="img",
        aria_labelledby=f"{uid}-title {uid}-desc" if words.description else f"{uid}-title",
        font_family="Inter, system-ui, sans-serif",
        data_view=view.value,
    )


class _Frame(NamedTuple):
    """Borders of the picture in mm of the patient, y up."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


def _frame(view: View, face: FaceShape, *, labels: bool) -> _Frame:
    room = _ROOM_FOR_LABELS_MM if labels else 0.0
    if face.factor is not None:
        left, right, top, bottom = (edge * face.factor for edge in _FRAMES[view])
        room *= face.factor
    else:
        left, right, top, bottom = _own_frame(view, face)
    return _Frame(left - room, right + room, top, bottom)


def _own_frame(view: View, face: FaceShape) -> tuple[float, float, float, float]:
    """The face with some of what is around it, as far as the photo reaches."""
    seen = face.seen_mm(view)
    (left, bottom), (right, top) = seen[:, :2].min(axis=0).tolist(), seen[:, :2].max(axis=0).tolist()
    left, right = left - _BESIDE_MM, right + _BESIDE_MM
    top, bottom = top + _HAIR_MM, bottom - _BELOW_MM
    photo = face.photos.get(view)
    if photo is None:
        return left, right, top, bottom
    return (
        max(left, photo.left_mm),
        min(right, photo.left_mm + photo.width_mm),
        min(top, photo.top_mm),
        max(bottom, photo.top_mm - photo.height_mm),
    )


def _frame_clip(clip_id: str, frame: _Frame) -> str:
    box = element("rect", x=frame.left, y=-frame.top, width=frame.width, height=frame.height)
    return element("clipPath", box, id=clip_id)


def _ground(view: View, face: FaceShape, shading_href: str | None, uid: str) -> Iterator[str]:
    """What the map is drawn on: the photo, the drawn head, or the bare mesh of a patient's own face."""
    photo = face.photos.get(view)
    if photo is not None:
        place = {"x": photo.left_mm, "y": -photo.top_mm, "width": photo.width_mm, "height": photo.height_mm}
        yield element("image", href=photo.href, preserveAspectRatio="none", class_="mp-map-photo", **place)
    elif face.factor is not None:
        yield from _head(view, face.factor, head_picture(view), shading_href, uid)
    else:
        yield _bare(view, face)


def _bare(view: View, face: FaceShape) -> str:
    """The lines of eyes, nose and lips, and the edge of the mesh: nothing that was not measured."""
    parts = ""
    rings = [(True, loop) for loop in border_loops(load_face_template().triangles)]
    rings += [(closed, vertices) for name, closed, vertices in feature_rings() if name != "nasolabial-fold"]
    for closed, vertices in rings:
        curve = smooth_line(face.vertices_mm[vertices], closed=closed)
        for run, whole in visible_runs(see_positions(view, curve, face), closed=closed):
            parts += element("path", d=path_data(run, closed=whole), **paint("mp-map-feature"), stroke_width=0.5)
    return element("g", parts, class_="mp-map-head", aria_hidden="true")


def _head(view: View, factor: float, head: HeadPicture, shading_href: str | None, uid: str) -> Iterator[str]:
    """The schematic head with the features of the face; its millimetres are the template's, scaled here."""
    clay = paint("mp-map-clay") | {"stroke_width": 0.6}
    neck, skull = smooth_path_data(head.neck), smooth_path_data(head.head)
    ears = "".join(_ear(ear.border, ear.lines) for ear in head.ears)
    inner = element("clipPath", element("path", d=neck + skull), id=f"{uid}-skin")
    inner += element("path", d=neck, **clay)
    if view is View.FRONT:
        inner += ears
    inner += element("path", d=skull, **clay)
    left, top, width, height = head.box
    href = shading_href or "data:image/png;base64," + base64.b64encode(head.shading_png).decode("ascii")
    shading = {"href": href, "preserveAspectRatio": "none", "clip_path": f"url(#{uid}-skin)"}
    inner += element("image", x=left, y=-top, width=width, height=height, **shading)
    if view is not View.FRONT:
        inner += ears
    inner += face_features(view, uid)
    yield element("g", inner, transform=f"scale({factor:.5f})", class_="mp-map-head", aria_hidden="true")


def template_head(view: View, shading_href: str | None, uid: str) -> str:
    """Return the drawn head of the template by itself, in its own millimetres, for other drawings than a plan's map."""
    return "".join(_head(view, 1.0, head_picture(view), shading_href, uid))


def _ear(border: Floats, lines: tuple[Floats, ...]) -> str:
    parts = element("path", d=smooth_path_data(border), **paint("mp-map-clay"), stroke_width=0.6)
    for line in lines:
        curve = path_data(smooth_line(line, closed=False))
        parts += element("path", d=curve, **paint("mp-map-ear-line"), stroke_width=0.6, opacity=0.75)
    return parts


def _excluded(view: View, zone_id: str, face: FaceShape, uid: str) -> str:
    """Hatched skin with a thin dashed border; the hatch alone is lighter than any zone outline."""
    parts = ""
    for run, closed in edge_runs(view, zone_id, None, face):
        parts += element("path", d=path_data(run, closed=True), fill=f"url(#{uid}-hatch)", stroke="none")
        look = paint("mp-map-excluded") | {"stroke_width": 0.45, "stroke_dasharray": "1.6 1.2"}
        parts += element("path", d=path_data(run, closed=closed), **look)
    return element("g", parts, data_excluded=zone_id)


def zone_edge_svg(view: View, marks: ZoneMarks, face: FaceShape) -> str:
    """Return the edge of one zone as a group of the map's SVG, named by `data-zone`; empty where nothing is seen."""
    if not 1 <= marks.style <= ZONE_STYLES:
        raise ValueError(f"zone style {marks.style} is not 1 to {ZONE_STYLES}")
    colour, parts = zone_colour(marks.style), ""
    runs = edge_runs(view, marks.zone_id, marks.outline, face)
    for run, closed in runs:
        fill = {"class_": f"mp-map-zone-fill-{marks.style}", "fill": colour, "fill_opacity": 0.1}
        parts += element("path", d=path_data(run, closed=True), **fill)
        if view in face.photos:
            halo = paint("mp-map-halo") | {"fill": "none", "stroke_width": 2.0, "stroke_linejoin": "round"}
            parts += element("path", d=path_data(run, closed=closed), **halo, opacity=0.75)
        line = {"class_": f"mp-map-zone-{marks.style}", "fill": "none", "stroke": colour}
        parts += element(
            "path",
            d=path_data(run, closed=closed),
            **line,
            stroke_width=0.9,
            stroke_dasharray=zone_dash(marks.style),
            stroke_linejoin="round",
        )
    return element("g", parts, data_zone=marks.zone_id) if runs else ""


def _points(view: View, marks: ZoneMarks, face: FaceShape) -> str:
    if marks.points is None or len(marks.points) == 0:
        return ""
    seen = see_places(view, marks.points.triangles, marks.points.weights, face)
    numbers = marks.numbers or ("",) * len(marks.points)
    rows = zip(seen.xy_mm, seen.facing, seen.hidden, numbers, strict=True)
    shown = [numbered_point(x, y, label, facing) for (x, y), facing, hidden, label in rows if not hidden]
    return element("g", "".join(shown), data_points=marks.zone_id)


def _danger(view: View, marks: DangerMarks, face: FaceShape) -> str:
    line = marks.region.line_mm
    parts = _danger_circle(view, marks, face) if len(line) == 1 else _danger_line(view, marks, face)
    if not parts:
        return ""
    title = element("title", escape(marks.title), lang=marks.language)
    kind = {"data_danger": ""} if marks.is_under_points else {"data_structure": ""}
    return element("g", title + parts, **kind)


_DANGER_LINE = {"stroke_width": 0.6, "stroke_dasharray": "2 1.3"}


def _danger_circle(view: View, marks: DangerMarks, face: FaceShape) -> str:
    """The largest reach dashed and shaded; the smallest as a thin line inside of it."""
    centre = marks.region.line_mm[0]
    circle = _circle(view, centre, marks.region.reach_mm, face)
    if len(circle) == 0:
        return ""
    parts = element("path", d=path_data(circle, closed=True), **paint("mp-map-danger-reach"), opacity=0.08)
    if marks.least_mm:
        inner = path_data(_circle(view, centre, marks.least_mm, face), closed=True)
        parts += element("path", d=inner, **paint("mp-map-danger"), stroke_width=0.3)
    return parts + element("path", d=path_data(circle, closed=True), **paint("mp-map-danger"), **_DANGER_LINE)


def _danger_line(view: View, marks: DangerMarks, face: FaceShape) -> str:
    """The course dashed in the middle of a band as wide as the largest reach, darker as far as the smallest."""
    parts = ""
    for run, _ in visible_runs(see_positions(view, marks.region.line_mm, face), closed=False):
        for reach_mm in (marks.region.reach_mm, marks.least_mm) if marks.show_reach else ():
            band = paint("mp-map-danger-band") | {"stroke_linejoin": "round", "stroke_linecap": "round"}
            if reach_mm:
                parts += element("path", d=path_data(run), **band, stroke_width=2 * reach_mm, opacity=0.07)
        parts += element("path", d=path_data(run), **paint("mp-map-danger"), **_DANGER_LINE)
    return parts


def _circle(view: View, centre_mm: Floats, radius_mm: float, face: FaceShape) -> Floats:
    """A circle that lies on the skin, as it appears; empty where its centre is hidden."""
    seen = see_positions(view, centre_mm[None], face)
    if seen.hidden[0]:
        return np.zeros((0, 2))
    angle = np.arange(_CIRCLE_CORNERS) * (2 * np.pi / _CIRCLE_CORNERS)
    # Foreshortened across the midline only: the skin under these structures turns sideways more than up.
    shape = np.stack([np.cos(angle) * seen.facing[0], np.sin(angle)], axis=1)
    return np.asarray(seen.xy_mm[0] + radius_mm * shape)


def _labelled(view: View, face_map: FaceMap) -> list[tuple[str, int, Floats]]:
    """Label, style and the middle of what is seen of each zone that is named."""
    named = []
    for marks in face_map.zones:
        runs = edge_runs(view, marks.zone_id, marks.outline, face_map.face) if marks.label else []
        if runs:
            longest = max((run for run, _ in runs), key=len)
            named.append((marks.label, marks.style, longest))
    return named


def _side_letter_mm(view: View, face: FaceShape) -> float:
    """How far from the middle the letters of the sides stand: beside the head."""
    if face.factor is not None:
        return 97.0 * face.factor
    frame = _frame(view, face, labels=False)
    return min(-frame.left, frame.right) - 6.0


def _frame_words(view: View, words: MapWords, frame: _Frame, face: FaceShape) -> Iterator[str]:
    on_photo = view in face.photos
    if view is View.FRONT:
        high = _SIDE_LETTERS_UP_MM if face.factor is None else _SIDE_LETTERS_UP_MM * face.factor
        beside = _side_letter_mm(view, face)
        letter = {"font_size": 7.0, "font_weight": 600, "text_anchor": "middle"}
        for word, x in ((words.right, -beside), (words.left, beside)):
            if on_photo:
                yield text(word, x, high, **paint("mp-map-halo"), **letter, stroke_width=2.2, stroke_linejoin="round")
            yield text(word, x, high, **paint("mp-map-letter"), **letter)
    if words.caption:
        caption = paint("mp-map-caption") | {"font_size": 5.6, "font_weight": 600}
        yield text(words.caption, frame.left + 5.0, frame.top - 9.0, **caption)
    # Where the head leaves room: on the side that it looks to.
    beside = frame.right - SCALE_BAR_MM - 10.0 if view is View.RIGHT_OBLIQUE else frame.left + 6.0
    if on_photo:
        place = {"x": beside - 4.0, "y": -frame.bottom - 14.5, "width": SCALE_BAR_MM + 12.0, "height": 11.5, "rx": 1.5}
        box = element("rect", **place, **paint("mp-map-label-box"), opacity=0.8)
        yield element("g", box, class_="mp-map-scale-bar")
    yield scale_bar(beside, frame.bottom + 6.0)
