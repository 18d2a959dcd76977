"""What `mesoplan zones` prints and writes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mesoplan.cli.reading import write_whole
from mesoplan.cli.wrapping import wrapped
from mesoplan.domain.writing import FIXED_SPACE
from mesoplan.imaging.own_face import ViewsRefused
from mesoplan.imaging.photo_face import FaceRefused
from mesoplan.imaging.photo_overlay import overlay
from mesoplan.imaging.photo_scale import PhotoScaleSource
from mesoplan.imaging.photo_zones import MeasuredFace, NotAssessable, PhotoZone, outlines_px, photo_zones
from mesoplan.imaging.picture_reading import Picture, png_of
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.engine import ENGINE

HEADING, LEAST_COLUMN = "Zone", 20
CAUTION = (
    "Areas are along the skin. What they may be off by was measured on rendered faces of known size, not on people: "
    "the depth of a face is estimated from one picture. The forehead ends where the mesh ends, below most hairlines. "
    "Hair, hands and masks over the skin are not noticed, nor is a photo of a photo: look at the outlines."
)
_WHY = {
    NotAssessable.TURNED_AWAY: "turned away from the camera",
    NotAssessable.UNCERTAIN: "may be off by",
}


def write_overlay(name: str, picture: Picture, face: MeasuredFace) -> None:
    """Write the photo with the outlines of its zones."""
    write_whole(name, png_of(overlay(picture, face.photo, photo_zones(face))))


def zones_text(name: str, face: MeasuredFace, knowledge: Knowledge) -> str:
    """Return pose, scale and a line for each zone."""
    zones = photo_zones(face)
    titles = [knowledge.zones[zone.zone_id].title for zone in zones]
    column = max(LEAST_COLUMN, *map(len, titles)) + 2
    rows = [f"{title:{column}}{_area_text(zone)}" for title, zone in zip(titles, zones, strict=True)]
    return "\n".join([*_head(name, face), "", f"{HEADING:{column}}Area", *rows, "", *wrapped(CAUTION, hang=0)])


def _head(name: str, face: MeasuredFace) -> list[str]:
    pose, error = face.photo.pose, face.scale.relative_error
    turns = f"yaw {pose.yaw_deg:.0f}°, pitch {pose.pitch_deg:.0f}°, roll {pose.roll_deg:.0f}°".replace("-", "−")
    lines = [f"{name}: one face, {turns}.", f"Scale: {face.scale}. Lengths ± {error:.1%}, areas twice that and more."]
    if not face.photo.eyes_are_plausible:
        lines.append("The eyes are not those of most adults: a print, a painting or lenses may be the cause.")
    if not face.photo.is_front and face.scale.source is not PhotoScaleSource.STICKER:
        lines.append("From the side the pupils say little about the scale: put a sticker of known size on the face.")
    return [row for line in lines for row in wrapped(line)]


def _area_text(zone: PhotoZone) -> str:
    aside = "" if zone.takes_injection else ", takes no injection"
    if zone.not_assessable is None:
        return f"{zone.area_cm2:.1f} ± {zone.error_cm2:.1f}{FIXED_SPACE}cm²{aside}"
    why = _WHY[zone.not_assessable]
    if zone.not_assessable is NotAssessable.UNCERTAIN:
        why = f"{why} {zone.relative_error:.0%}"
    return f"not assessable: {why}{aside}"


def zones_json(picture: Picture, face: MeasuredFace, knowledge: Knowledge) -> dict[str, Any]:
    """Return what was measured and how, and each zone with its outline in pixels of the upright photo."""
    photo = face.photo
    return {
        **_source(picture),
        "knowledge": {"release": knowledge.release, "sha256": knowledge.sha256},
        "model_sha256": photo.model_sha256,
        "presence": round(photo.presence, 4),
        "pose": asdict(photo.pose),
        "expression": asdict(photo.expression),
        "quality": asdict(photo.quality),
        "eyes": {
            "pupils_px": round(photo.eyes.pupils_px, 2),
            "iris_px": round(photo.eyes.iris_px, 2),
            "pupils_per_iris": round(photo.eyes.pupils_per_iris, 3),
            "right_per_left": round(photo.eyes.right_per_left, 3),
            "plausible": photo.eyes_are_plausible,
        },
        "scale": {
            "source": face.scale.source.value,
            "known_mm": face.scale.known_mm,
            "mm_per_px": round(face.scale.mm_per_px, 5),
            "relative_error": round(face.scale.relative_error, 4),
        },
        "zones": [_zone_json(zone, face, knowledge) for zone in photo_zones(face)],
        "caution": CAUTION,
    }


def _zone_json(zone: PhotoZone, face: MeasuredFace, knowledge: Knowledge) -> dict[str, Any]:
    outlines = [
        [[round(x, 1), round(y, 1)] for x, y in loop.tolist()] for loop in outlines_px(zone.zone_id, face.photo)
    ]
    return {
        "zone": zone.zone_id,
        "title": knowledge.zones[zone.zone_id].title,
        "takes_injection": zone.takes_injection,
        "area_cm2": zone.area_cm2,
        "error_cm2": zone.error_cm2,
        "relative_error": zone.relative_error,
        "seen_share": zone.seen_share,
        "not_assessable": zone.not_assessable.value if zone.not_assessable else None,
        "outlines_px": outlines,
    }


def refusal_json(picture: Picture, refused: FaceRefused | ViewsRefused) -> dict[str, Any]:
    """Return why the photo is not measured."""
    return {**_source(picture), "refused": {"code": refused.code.value, "text": str(refused)}, "zones": []}


def _source(picture: Picture) -> dict[str, Any]:
    height, width = picture.rgb.shape[:2]
    return {"engine": ENGINE, "photo": {"sha256": picture.sha256, "width_px": width, "height_px": height}}
