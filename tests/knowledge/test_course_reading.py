"""Bad courses are refused with file, field and what is allowed: nothing of them becomes a silent number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mesoplan.domain.errors import InputError
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import baseline, goal_score, interval_days, read_course
from mesoplan.knowledge.loader import load

EXAMPLES = Path(__file__).parents[2] / "examples" / "courses"
GOOD = (EXAMPLES / "melasma-two-more.yaml").read_text(encoding="utf-8")
MASI_ITEMS = (EXAMPLES / "melasma-weekly-another-rater.yaml").read_text(encoding="utf-8")
BASELINE = "- {on: 2026-06-01, rater: Dr A. Moreau, mode: live, value: 9.6}"
SECOND = "- {on: 2026-06-29, rater: Dr A. Moreau, mode: live, value: 7.2}"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def problems(text: str, knowledge: Knowledge, today: date | None = None) -> dict[str, str]:
    """Field -> what is wrong with it."""
    with pytest.raises(InputError) as refused:
        read_course(text, "c.yaml", knowledge, today)
    assert refused.value.file == "c.yaml"
    return {problem.field: problem.text for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("before", "after", "field", "said"),
    [
        ("value: 7.2", "value: 30", "scores.2.value", "between 0 and 24"),
        ("value: 7.2", "value: -1", "scores.2.value", "between 0 and 24"),
        ("value: 7.2}", "value: 7.2, scale: masi}", "scores.2.scale", "none is converted into another"),
        (SECOND, SECOND.replace("live", "photo"), "scores.2.mode", "on the person and on photos differ"),
        (SECOND, SECOND.replace("value", "device: Mexameter, value"), "scores.2.device", "devices differ"),
        ("{on: 2026-06-29,", "{on: 2026-05-01,", "scores.2.on", "out of order"),
        ("{on: 2026-07-27,", "{on: 2026-08-27,", "scores.3.on", "lies after the day of the forecast"),
        ("{on: 2026-06-01,", "{on: 2025-06-01,", "scores.1.on", "no baseline of this course"),
        ("{on: 2026-06-29,", "{on: 2026-06-01,", "scores.2.on", "twice"),
        ("[2026-06-01, 2026-06-29]", "[2026-06-29, 2026-06-01]", "sessions.2", "out of order"),
        ("[2026-06-01, 2026-06-29]", "[2026-06-01, 2026-08-29]", "sessions.2", "under “planned”"),
        ("[2026-07-27]", "[2026-07-20]", "planned.1", "under “sessions”"),
        ("[2026-07-27]", "[2029-07-27]", "planned.1", "more than 730 days"),
        ("value: 9.6", "value: 0", "scores", "there is nothing to lower"),
        ("goal: {share: 0.5}", "goal: {score: 9.6}", "goal.score", "is reached already"),
        ("goal: {share: 0.5}", "goal: {score: 24}", "goal.score", "from 0 to below 24"),
        (f"{BASELINE}\n", "", "goal.share", "needs a score on or before the first session"),
        ("scale: mmasi", "scale: mmasl", "scale", "mmasi"),
        ("aim: melasma", "aim: melasm", "aim", "melasma"),
        ("acid-monthly", "acid-yearly", "treatment.protocol", "melasma-tranexamic-acid"),
        ("melasma-tranexamic-acid-monthly", "texture-hyaluronic-acid", "treatment.protocol", "is for the aim"),
        ("{protocol: melasma-tranexamic-acid-monthly}", "{compounds: [salt], route: injection}",
         "treatment.compounds.1", "is not one of the compounds"),
        ("{protocol: melasma-tranexamic-acid-monthly}", "{compounds: [tranexamic-acid], route: injection}",
         "interval_days", "must be said"),
        ("goal:", "colour: blue\ngoal:", "colour", "unknown key"),
        ("as_of: 2026-07-27", "as_of: 1826-07-27", "as_of", "must be between"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field_and_what_is_allowed(
    before: str, after: str, field: str, said: str, knowledge: Knowledge
) -> None:
    assert before in GOOD
    found = problems(GOOD.replace(before, after), knowledge)
    assert field in found
    assert said in found[field]


def test_a_course_of_tomorrow_is_refused(knowledge: Knowledge) -> None:
    assert "in the future" in problems(GOOD, knowledge, today=date(2026, 7, 26))["as_of"]


def test_items_of_the_masi_give_the_mmasi_and_a_missing_one_is_named(knowledge: Knowledge) -> None:
    course = read_course(MASI_ITEMS, "c.yaml", knowledge)
    # 0.3 x 3 x 2 + 2 x 0.3 x 4 x 3 + 0.1 x 2 x 2
    assert baseline(course, knowledge) == pytest.approx(9.4)
    found = problems(MASI_ITEMS.replace("chin: {a: 2, d: 2, h: 1}", "chin: {a: 2}"), knowledge)
    assert "nothing is summed in part" in found["scores.1.items.chin.d"]
    found = problems(MASI_ITEMS.replace("chin: {a: 2, d: 2, h: 1}", "chin: {a: 7, d: 2}"), knowledge)
    assert "7 is not a grade" in found["scores.1.items.chin.a"]


def test_a_zero_after_the_baseline_is_read_and_the_interval_comes_from_the_protocol(knowledge: Knowledge) -> None:
    course = read_course(GOOD.replace("value: 6.0", "value: 0"), "c.yaml", knowledge)
    assert goal_score(course, knowledge) == pytest.approx(4.8)
    assert interval_days(course, knowledge) == 28
