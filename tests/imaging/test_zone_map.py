"""The drawings on which zones are chosen: every zone that can take injection lies on one, on its own side."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mesoplan.imaging.zone_map import Figure, FigureWords, figure_svg, figures_for, regions_of
from mesoplan.knowledge.loader import load

WORDS = FigureWords("R", "L", "Back")
STYLE = "src/mesoplan/clinic/assessments/static/assessments/zone_maps.css"


def test_every_zone_that_takes_injection_is_drawn_and_no_other() -> None:
    drawn = {zone for figure in Figure for zone in regions_of(figure)}
    assert drawn == {zone.id for zone in load().zones.values() if zone.blocked is None}


def test_every_zone_that_is_drawn_shows_that_it_is_chosen(project: Path) -> None:
    style = (project / STYLE).read_text("utf-8")
    for zone in {zone for figure in Figure for zone in regions_of(figure)}:
        assert f'.zones:has([value="{zone}"]:checked) [data-zone="{zone}"]' in style


def middle_x(shape: str) -> float:
    xs = [float(x) for x in re.findall(r"(-?[\d.]+),-?[\d.]+", shape)]
    return (min(xs) + max(xs)) / 2


@pytest.mark.parametrize("figure", Figure)
def test_right_and_left_are_the_patients_and_mirror_each_other(figure: Figure) -> None:
    regions = regions_of(figure)
    way = 1 if figure is Figure.BACK else -1
    pairs = [zone for zone in regions if zone.endswith("-right")]
    assert pairs
    for zone in pairs:
        right = middle_x(regions[zone])
        assert right * way > 0
        assert middle_x(regions[zone.replace("-right", "-left")]) == pytest.approx(-right, abs=0.6)
    for zone in set(regions) - set(pairs) - {zone.replace("-right", "-left") for zone in pairs}:
        assert abs(middle_x(regions[zone])) < 0.6


@pytest.mark.parametrize(
    ("zones", "figures"),
    [
        ({"forehead"}, [Figure.HEAD]),
        ({"submental", "neck-front"}, [Figure.HEAD]),
        ({"abdomen"}, [Figure.FRONT]),
        ({"buttock-left"}, [Figure.BACK]),
        ({"malar-left", "decolletage", "hand-left"}, list(Figure)),
        ({"lips", "soles"}, []),
        (set(), []),
    ],
)
def test_no_more_is_drawn_than_is_needed(zones: set[str], figures: list[Figure]) -> None:
    assert figures_for(frozenset(zones)) == figures


def test_only_what_can_be_chosen_is_a_region_and_names_are_escaped() -> None:
    svg = figure_svg(Figure.FRONT, {"abdomen": "<b>Abdomen</b>", "chin": "Chin"}, WORDS, uid="one")
    assert re.findall(r'data-zone="([\w-]+)"', svg) == ["abdomen"]
    assert "&lt;b&gt;Abdomen" in svg
    assert "<b>" not in svg
    assert 'aria-hidden="true"' in svg
    assert " style=" not in svg


def test_a_body_is_shown_no_farther_down_than_its_zones() -> None:
    bust, whole = (
        figure_svg(Figure.FRONT, {zone: zone}, WORDS, uid="one") for zone in ("decolletage", "thigh-front-left")
    )
    heights = [float(re.search(r'viewBox="\S+ \S+ \S+ (\S+)"', svg)[1]) for svg in (bust, whole)]  # type: ignore[index]
    assert heights[0] < 0.6 * heights[1]


def test_ids_of_two_drawings_of_a_page_differ() -> None:
    ids = [set(re.findall(r' id="([^"]+)"', figure_svg(Figure.BACK, {}, WORDS, uid=uid))) for uid in ("one", "two")]
    assert ids[0]
    assert not ids[0] & ids[1]
