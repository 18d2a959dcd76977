"""The figures of trials: to scale, whole, and the same for a file and a page."""

from __future__ import annotations

import re
from math import isclose, log
from xml.etree import ElementTree

import pytest

from mesoplan.documents.course_plot import courses_chart
from mesoplan.documents.forest_plot import Row, Section, SummaryRow, forest_plot, range_of, ratio_axis, signed
from mesoplan.documents.trial_figures import HIGH, LOW, TICKS, forest, name_of, shares
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load
from mesoplan.planning.trial_evidence import trial_evidence

AXIS = ratio_axis((-50, 0, 100), "Change", -75, 300)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def drawn(*rows: Row, summaries: tuple[SummaryRow, ...] = (), alone: bool = False) -> ElementTree.Element:
    plot = forest_plot(
        [Section("Arms", rows, summaries)], AXIS, name="Plot", columns=("a", "b", "c", "d"), legend="", alone=alone
    )
    return ElementTree.fromstring(plot)  # noqa: S314


def row(value: float, interval: tuple[float, float] | None = None, *, hollow: bool = False, href: str = "") -> Row:
    return Row("Study", "8", "20", "", value, interval, hollow=hollow, href=href)


def classes(plot: ElementTree.Element) -> list[str]:
    return [one.get("class", "") for one in plot.iter()]


def test_halving_is_as_far_from_no_change_as_doubling() -> None:
    assert isclose(AXIS.x(0) - AXIS.x(log(0.5)), AXIS.x(log(2)) - AXIS.x(0))


def test_a_mark_stands_at_its_value() -> None:
    mark = next(one for one in drawn(row(log(0.5), (-1, -0.4))).iter() if one.get("class") == "mark")
    middle = float(mark.get("x", "")) + float(mark.get("width", "")) / 2
    assert isclose(middle, AXIS.x(log(0.5)), abs_tol=0.02)


def test_a_doubtful_figure_is_hollow_and_one_without_error_has_no_line() -> None:
    assert "hollow" in classes(drawn(row(-0.5, (-0.6, -0.4), hollow=True)))
    assert "whisker" not in classes(drawn(row(-0.5)))


def test_an_interval_beyond_the_axis_ends_in_an_arrow() -> None:
    inside = classes(drawn(row(-0.5, (-0.6, -0.4)))).count("whisker")
    beyond = classes(drawn(row(-0.5, (-9.0, -0.4)))).count("whisker")
    assert beyond == inside + 1


def test_each_summary_has_its_range_for_a_new_clinic() -> None:
    told = SummaryRow("Together", "", -0.5, (-0.6, -0.4), (-0.9, 0.1), "A new clinic", "")
    assert {"diamond", "predicted"} <= set(classes(drawn(row(-0.5), summaries=(told,))))
    silent = SummaryRow("Together", "", -0.5, (-0.6, -0.4), None, "A new clinic", "too few")
    assert "predicted" not in classes(drawn(row(-0.5), summaries=(silent,)))


def test_a_row_leads_to_its_study_where_it_has_an_address() -> None:
    plot = drawn(row(-0.5, href="/evidence/trials/lee2006"))
    assert [one.get("href") for one in plot.iter("a")] == ["/evidence/trials/lee2006"]


def test_a_file_brings_its_colours_and_a_page_none() -> None:
    assert drawn(row(-0.5), alone=True).find("{http://www.w3.org/2000/svg}style") is not None
    assert drawn(row(-0.5)).find("style") is None


@pytest.mark.parametrize(("percent", "said"), [(-47.1, "−47\u00a0%"), (25, "+25\u00a0%"), (-0.2, "0\u00a0%")])
def test_a_change_has_its_sign(percent: float, said: str) -> None:
    assert signed(percent) == said


def test_a_range_is_read_with_minus_signs() -> None:
    assert range_of(-53, -41) == "−53 … −41\u00a0%"


@pytest.mark.parametrize("alone", [True, False])
def test_the_figures_of_every_aim_are_whole(knowledge: Knowledge, alone: bool) -> None:
    for aim in knowledge.aims:
        found = trial_evidence(aim, knowledge)
        for plot in (forest(found, alone=alone), shares(found, alone=alone)):
            if plot:
                ElementTree.fromstring(plot)  # noqa: S314
                assert not re.search(r"\b(nan|inf)\b", plot, re.IGNORECASE), aim


def test_every_arm_with_a_change_has_a_row_and_stands_where_it_fell(knowledge: Knowledge) -> None:
    found = trial_evidence("melasma", knowledge)
    plot = ElementTree.fromstring(forest(found, address=lambda study: f"#{study.id}"))  # noqa: S314
    rows = list(plot.iter("a"))
    assert len(rows) == len(found.effects)
    axis = ratio_axis(TICKS, "", LOW, HIGH)
    lee = next(one for one in rows if one.get("href") == "#lee2006")
    mark = next(one for one in lee.iter() if one.get("class") == "mark")
    assert isclose(float(mark.get("x", "")) + float(mark.get("width", "")) / 2, axis.x(log(7.57 / 13.22)), abs_tol=0.02)


def test_courses_name_those_of_their_group(knowledge: Knowledge) -> None:
    found = trial_evidence("melasma", knowledge)
    group = next(one.arm.group for one in found.courses if one.study.id == "lee2006")
    chart = courses_chart(found.courses, group, name="Courses", weeks="Weeks", named=lambda one: name_of(one.study))
    ElementTree.fromstring(chart)  # noqa: S314
    assert ">Lee 2006<" in chart
    assert ">Rafi<" not in chart
    assert not re.search(r"\b(nan|inf)\b", chart, re.IGNORECASE)
