"""Every colour pair that the pages use, computed again from the token file by the WCAG 2 formula, light and dark."""

import re
from pathlib import Path

import pytest

import mesoplan.clinic.shell as shell

CSS = Path(shell.__file__).parent / "static" / "mesoplan" / "css"
TOKEN = re.compile(r"--mp-([\w-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\);")
TOKENS = {name: (light, dark) for name, light, dark in TOKEN.findall((CSS / "tokens.css").read_text())}

# pair: contrast in light, in dark; text needs 4.5
TEXT = """
text/ground 14.6 16.3 · text/panel 16.4 14.5 · text/inset 13.8 12.9 · text/hover 12.9 10.8 · text2/ground 7.1 10.5 ·
text2/panel 8.0 9.4 · text2/inset 6.7 8.3 · text2/hover 6.3 7.0 · text2/map 7.5 10.1 · text2/accenttint 6.8 7.3 ·
text3/ground 5.1 7.4 · text3/panel 5.7 6.6 · text3/inset 4.8 5.9 · text3/map 5.4 7.1 · accent/panel 6.7 8.2 ·
accent/ground 6.0 9.2 · accentstrong/accenttint 8.4 8.5 · text/accenttint 13.9 11.4 · onaccent/accent 6.7 8.0 ·
link/panel 7.5 9.2 · link/ground 6.6 10.3 · link/infotint 6.3 8.2 · link/warntint 6.6 7.6 · link/waittint 6.3 8.2 ·
link/blocktint 6.3 8.4 · block/panel 7.9 8.3 · block/blocktint 6.8 7.6 · onblock/blocksolid 6.6 6.6 ·
text/blocktint 14.0 13.2 · wait/panel 8.3 9.0 · wait/waittint 6.9 8.0 · text/waittint 13.8 12.9 · warn/panel 8.1 10.4 ·
warn/warntint 7.2 8.6 · text/warntint 14.6 12.0 · info/panel 8.2 9.4 · info/infotint 7.0 8.4 · text/infotint 14.0 12.9 ·
done/panel 7.3 9.4 · done/donetint 6.2 8.0 · text/donetint 14.0 12.4 · onbar/bar 15.1 16.8 · onbar2/bar 9.5 10.5
"""
# edges, rings and lines on maps need 3
EDGES = """
edge/panel 3.8 5.0 · edge/ground 3.4 5.7 · edge/inset 3.2 4.5 · focus/panel 6.7 11.5 · focus/ground 5.9 12.9 ·
focus/inset 5.6 10.2 · focus/map 6.3 12.3 · accent/map 6.3 8.8 · accent/inset 5.6 7.3 · accent/accenttint 5.7 6.5 ·
blocksolid/panel 6.6 5.8 · danger/map 6.2 8.9 · warnedge/panel 4.4 6.0 · warnedge/warntint 3.9 5.0 · wait/map 7.8 9.6 ·
done/map 6.9 10.1 · ghost/map 4.2 6.3 · zone-1/map 6.3 8.8 · zone-2/map 5.6 8.3 · zone-3/map 6.8 8.2 ·
zone-4/map 6.5 7.9 · zone-5/map 6.1 8.3 · zone-6/map 5.8 10.0 · zone-7/map 5.9 9.4 · zone-8/map 6.0 8.6
"""


def rows(table: str, needed: float) -> list[tuple[str, str, float, float, float]]:
    cells = [cell.split() for cell in " ".join(table.split()).split(" · ")]
    return [(*pair.split("/"), float(light), float(dark), needed) for pair, light, dark in cells]  # type: ignore[misc]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("front", "back", "light", "dark", "needed"), rows(TEXT, 4.5) + rows(EDGES, 3.0))
def test_contrast(front: str, back: str, light: float, dark: float, needed: float) -> None:
    for look, expected in enumerate((light, dark)):
        measured = contrast(TOKENS[front][look], TOKENS[back][look])
        assert measured == pytest.approx(expected, abs=0.051)
        assert measured >= needed


def test_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("kind", ["warn", "info", "wait", "done"])
def test_letters_in_pins(kind: str) -> None:
    for look in (0, 1):
        assert contrast(TOKENS["panel"][look], TOKENS[kind][look]) >= 7.25


@pytest.mark.parametrize(("look", "falls"), [(0, True), (1, False)])
def test_the_heat_scale_goes_one_way(look: int, falls: bool) -> None:
    steps = [luminance(TOKENS[f"heat-{n}"][look]) for n in range(7)]
    assert steps == sorted(steps, reverse=falls)
    assert len(set(steps)) == 7


def test_colours_live_in_the_token_file_alone() -> None:
    for sheet in CSS.glob("*.css"):
        if sheet.name != "tokens.css":
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*\s*\{)|\brgb\(|\bhsl\(", sheet.read_text()), sheet.name


def test_every_token_that_a_sheet_uses_exists() -> None:
    declared = set(re.findall(r"(--mp-[\w-]+):", (CSS / "tokens.css").read_text()))
    for sheet in CSS.glob("*.css"):
        assert set(re.findall(r"var\((--mp-[\w-]+)", sheet.read_text())) <= declared, sheet.name


def test_sheets_mirror_in_right_to_left_languages() -> None:
    physical = re.compile(
        r"(?<![\w-])(margin|padding|border)-(left|right|top|bottom)\b|(?<![\w-])(left|right|float: left)\s*:"
    )
    for sheet in CSS.glob("*.css"):
        assert not physical.findall(sheet.read_text()), sheet.name
