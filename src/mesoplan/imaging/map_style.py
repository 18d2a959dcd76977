"""How the maps of skin look: one entry for each class, as plain attributes and as CSS with custom properties.

The attributes are the light theme, which is also what is printed. A page overrides them with :func:`map_css`,
whose colours are the custom properties of its theme.
"""

from __future__ import annotations

from typing import NamedTuple

ZONE_STYLES = 8
# Fallbacks are the light theme. No two neighbours in this list share both colour family and dash.
_ZONE_COLOURS = (
    "#0A6573",
    "#99500A",
    "#6243A8",
    "#9C2F69",
    "#2A5DA6",
    "#6E6200",
    "#3C6B28",
    "#56606A",
)
# Solid, 6-3, 2-3, 8-2-2-2 and again, in the proportion of a 2 px line drawn 0.9 mm wide.
_ZONE_DASHES = (None, "2.7 1.35", "0.9 1.35", "3.6 0.9 0.9 0.9", None, "3.6 0.9 0.9 0.9", "2.7 1.35", "0.9 1.35")


class Paint(NamedTuple):
    """Fill and stroke: a custom property with its fallback, or a plain value."""

    fill: tuple[str, str] | None = None
    stroke: tuple[str, str] | None = None


PAINTS: dict[str, Paint] = {
    "mp-map-clay": Paint(fill=("--mp-clay", "#E3E8EA"), stroke=("--mp-clay-line", "#7F8D94")),
    "mp-map-ear-line": Paint(stroke=("--mp-clay-line", "#7F8D94")),
    "mp-map-feature": Paint(stroke=("--mp-face-line", "#5B6970")),
    "mp-map-iris": Paint(fill=("--mp-clay-line", "#7F8D94"), stroke=("--mp-face-line", "#5B6970")),
    "mp-map-eye": Paint(fill=("--mp-eye", "#F4F6F7"), stroke=("--mp-face-line", "#5B6970")),
    "mp-map-brow": Paint(fill=("--mp-face-line", "#5B6970")),
    "mp-map-lips": Paint(fill=("--mp-face-line", "#5B6970")),
    "mp-map-skin": Paint(fill=("--mp-clay", "#E3E8EA")),
    "mp-map-hatch": Paint(stroke=("--mp-ghost", "#6B7A82")),
    "mp-map-excluded": Paint(stroke=("--mp-ghost", "#6B7A82")),
    "mp-map-kept": Paint(stroke=("--mp-text2", "#41535C")),
    "mp-map-covered": Paint(stroke=("--mp-text", "#13212A")),
    "mp-map-covered-halo": Paint(stroke=("--mp-panel", "#FFFFFF")),
    "mp-map-cold": Paint(fill=("--mp-panel", "#FFFFFF"), stroke=("--mp-text", "#13212A")),
    "mp-map-hot": Paint(fill=("--mp-text", "#13212A"), stroke=("--mp-panel", "#FFFFFF")),
    "mp-map-danger": Paint(stroke=("--mp-danger", "#B4212B")),
    "mp-map-danger-reach": Paint(fill=("--mp-danger", "#B4212B")),
    "mp-map-danger-band": Paint(stroke=("--mp-danger", "#B4212B")),
    "mp-map-point-ring": Paint(fill=("--mp-panel", "#FFFFFF"), stroke=("--mp-text", "#13212A")),
    "mp-map-point-number": Paint(fill=("--mp-text", "#13212A")),
    "mp-map-letter": Paint(fill=("--mp-text2", "#41535C")),
    "mp-map-caption": Paint(fill=("--mp-text2", "#41535C")),
    "mp-map-scale": Paint(stroke=("--mp-text", "#13212A")),
    "mp-map-scale-text": Paint(fill=("--mp-text", "#13212A")),
    "mp-map-margin": Paint(stroke=("--mp-ghost", "#6B7A82")),
    # What lies on a photo, of whatever colours, is set off against it.
    "mp-map-halo": Paint(stroke=("--mp-panel", "#FFFFFF")),
    "mp-map-label-box": Paint(fill=("--mp-panel", "#FFFFFF")),
}


def paint(class_: str) -> dict[str, object]:
    """Class and plain attributes of one kind of mark."""
    fill, stroke = PAINTS[class_]
    return {"class_": class_, "fill": fill[1] if fill else "none", "stroke": stroke[1] if stroke else "none"}


def zone_colour(style: int) -> str:
    """Colour of a zone style, 1 to 8, in the light theme."""
    return _ZONE_COLOURS[style - 1]


def zone_dash(style: int) -> str | None:
    """Dash pattern of a zone style, 1 to 8; none is solid."""
    return _ZONE_DASHES[style - 1]


def map_css() -> str:
    """The style sheet of a page with maps: every mark by the custom properties of the theme."""
    rules = []
    for class_, (fill, stroke) in PAINTS.items():
        parts = [f"{kind}:var({pair[0]},{pair[1]})" for kind, pair in (("fill", fill), ("stroke", stroke)) if pair]
        rules.append(f".{class_}{{{';'.join(parts)}}}")
    for style, colour in enumerate(_ZONE_COLOURS, start=1):
        variable = f"var(--mp-zone-{style},{colour})"
        rules.append(f".mp-map-zone-{style}{{stroke:{variable}}}")
        rules.append(f".mp-map-zone-fill-{style},.mp-map-zone-text-{style}{{fill:{variable}}}")
    return "\n".join(rules) + "\n"
