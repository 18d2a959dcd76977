"""Trials: what the loader refuses, and the table of known arms as a clinician reads it."""

from __future__ import annotations

from math import isclose
from pathlib import Path

import pytest

from mesoplan.domain.errors import KnowledgeError
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load
from mesoplan.knowledge.schema.trials import Arm, Flag, Observation

CITED = "basis: trial, seen: seen, sources: [S1], review: not yet reviewed"
SOURCE = "- {id: S1, title: A source, kind: paper, quality: B, read: abstract}"
AIM = f"""
id: melasma
title: Melasma
summary: {{text: It fades., {CITED}}}
score_with: []
timeline: []
"""
STUDY = f"""
id: made-up
title: "Made up 2020: a study"
basis: trial
seen: seen
sources: [S1]
review: not yet reviewed
aims: [melasma]
condition: melasma
design: single-arm
design_in_words: One group
blinded: open
measures:
  - {{id: masi, title: MASI, kind: severity, better: lower}}
arms:
  - id: one
    title: One
    role: active
    group: injected-tranexamic-acid
    n: 20
    basis: trial
    seen: seen
    sources: [S1]
    review: not yet reviewed
    regimen: {{given: an injection, route: intradermal}}
    observations:
      - {{measure: masi, week: 0, mean: 10, sd: 3, {CITED}}}
      - {{measure: masi, week: 8, mean: 6, sd: 3, {CITED}}}
"""
BASELINE = f"{{measure: masi, week: 0, mean: 10, sd: 3, {CITED}}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a knowledge folder with one study."""
    for kind, text in (("sources", SOURCE), ("aims", AIM), ("trials", STUDY)):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "one.yaml").write_text(text)
    (tmp_path / "release.yaml").write_text('release: "1"')
    return tmp_path


def with_observation(said: str) -> str:
    return STUDY.replace(BASELINE, f"{{measure: masi, {said}, {CITED}}}")


def with_bands(counts: str) -> str:
    return with_observation(f"week: 4, bands: [{counts}]")


def test_what_is_whole_is_read(folder: Path) -> None:
    study = load(folder).trials["made-up"]
    assert study.arm("one").observations[1].mean == 6
    assert study.counted


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (STUDY.replace(", sources: [S1]", "", 1), "arms.1.observations.1.sources: is missing"),
        (STUDY.replace("basis: trial, ", "", 1), "arms.1.observations.1.basis: is missing"),
        (STUDY.replace("seen: seen, ", "", 1), "arms.1.observations.1.seen: is missing"),
        (STUDY.replace("    sources: [S1]\n", "", 1), "arms.1.sources: is missing"),
        (STUDY.replace("\nsources: [S1]", ""), "sources: is missing"),
        (STUDY.replace("sources: [S1], review", "sources: [S9], review", 1), "“S9” is not in sources"),
        (STUDY.replace("aims: [melasma]", "aims: [melasmo]"), "“melasmo” is not in aims"),
        (STUDY.replace("route: intradermal", "route: intradermal, compounds: [made-up-acid]"), "is not in compounds"),
        (STUDY.replace("better: lower", "better: lower, scale: maso"), "“maso” is not in scales"),
        (STUDY.replace("measure: masi, week: 8", "measure: mmasi, week: 8"), "“mmasi” is not in measures"),
        (STUDY.replace("week: 8, mean: 6", "week: 0, mean: 6"), "masi stands twice"),
        (STUDY.replace("group: injected-tranexamic-acid", "group: injected"), "group: is not one of"),
        (STUDY.replace("role: active", "role: control"), "says of which kind the control arm is"),
        (STUDY.replace("role: active", "role: active\n    control: saline"), "only of a control arm"),
        (STUDY.replace("n: 20", "n: 0"), "n: must be 1 or more"),
        (STUDY.replace("n: 20", "n: 20\n    flags: [assumed-split]"), "says how under “derived”"),
        (STUDY.replace("design: single-arm", "design: meta-analysis"), "is not counted beside the trials"),
        (STUDY[: STUDY.index("arms:")], "a study has arms"),
        (with_observation("week: 0"), "has no figure"),
        (with_observation("mean: 10"), "needs a week"),
        (with_observation("week: -1, mean: 10"), "week: must be 0 or more"),
        (with_observation("week: 0, sd: 3, median: 4"), "sd without mean"),
        (with_observation("week: 0, mean: 10, sd: 0"), "sd: must be more than 0"),
        (with_observation("week: 0, mean: 1e999"), "mean: must be a finite number"),
        (with_observation("week: 0, percent_change: -40"), "a change in per cent and its basis belong together"),
        (with_observation("week: 0, percent_change: -140, percent_basis: not stated"), "must be -100 or more"),
        (with_observation("week: 4, mean: 9, flags: [inferred-week]"), "says how under “derived”"),
        (with_observation("week: 4, responders: [{definition: better}]"), "must have a count or a percentage"),
        (with_observation("week: 4, responders: [{definition: better, percent: 104}]"), "must be 100 or less"),
        (with_bands("{definition: good, count: 9}, {definition: poor, count: 9}"), "the bands hold 18 patients"),
        (with_bands("{definition: good, percent: 60}, {definition: poor, percent: 50}"), "the bands add up to 110 %"),
    ],
)
def test_what_is_uncited_or_cannot_be_is_refused_with_its_place(folder: Path, text: str, says: str) -> None:
    (folder / "trials" / "one.yaml").write_text(text)
    with pytest.raises(KnowledgeError) as refused:
        _ = load(folder).trials
    assert says in str(refused.value)
    assert "trials/one.yaml" in str(refused.value)


def test_a_plan_does_not_wait_for_the_trials_but_the_hash_holds_them(folder: Path) -> None:
    before = load(folder)
    (folder / "trials" / "one.yaml").write_text(STUDY.replace("mean: 6", "mean: 5"))
    assert load(folder).sha256 != before.sha256
    (folder / "trials" / "one.yaml").write_text("nonsense: 1")
    assert load(folder).aims["melasma"].title == "Melasma"


def test_a_count_needs_its_whole(folder: Path) -> None:
    counted = with_observation("week: 4, responders: [{definition: better, count: 4}]").replace("    n: 20\n", "")
    (folder / "trials" / "one.yaml").write_text(counted)
    with pytest.raises(KnowledgeError, match="a count needs the number of patients"):
        _ = load(folder).trials


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def seen(arm: Arm, measure: str, week: float) -> Observation:
    return next(one for one in arm.observations if (one.measure, one.week) == (measure, week))


KNOWN = [
    # study, arm, patients, interval in days, sessions, measure: (week, mean, SD) ...
    ("lee2006", "txa-id-4", 85, 7, 12, "masi", [(0, 13.22, 3.02), (8, 9.02, 2.62), (12, 7.57, 2.54)]),
    ("karrabi2021", "txa-id-4", 27, 28, 3, "mmasi", [(0, 10.43, 2.69), (8, 7.03, 3.19), (16, 5.52, 2.55)]),
    ("karrabi2021", "cyst-5", 27, None, None, "mmasi", [(0, 11.68, 2.7), (8, 8.48, 2.34), (16, 6.32, 2.11)]),
    (
        "farshi2020", "mn-alone", 20, 28, 4, "dermacatch-difference",
        [(0, 43.7, 20.12), (8, 34.5, 16.26), (16, 28.05, 13.79)],
    ),
    ("ijd120-21-2022", "placebo-po", 8, None, None, "mmasi", [(0, 12.21, 4.32), (12, 7.75, 5.64), (24, 7.78, 6.05)]),
    ("mekawy2021", "txa-mn-4", 30, 14, 6, "mmasi", [(0, 3.43, 1.84), (12, 1.59, 1.51)]),
    ("hq-mn-txa2026", "hq4", 52, None, None, "hemi-masi", [(0, 5.96, 2.53), (12, 3.41, 2.05)]),
]  # fmt: skip


@pytest.mark.parametrize(("study", "arm", "patients", "interval", "sessions", "measure", "course"), KNOWN)
def test_known_arms_stand_as_they_were_printed(
    knowledge: Knowledge,
    study: str,
    arm: str,
    patients: int,
    interval: float | None,
    sessions: int | None,
    measure: str,
    course: list[tuple[float, float, float]],
) -> None:
    found = knowledge.trials[study].arm(arm)
    assert (found.n, found.regimen.interval_days, found.regimen.sessions) == (patients, interval, sessions)
    for week, mean, sd in course:
        one = seen(found, measure, week)
        assert (one.mean, one.sd) == (mean, sd)


def test_what_was_inferred_says_so_and_how(knowledge: Knowledge) -> None:
    one = seen(knowledge.trials["karrabi2021"].arm("txa-id-4"), "mmasi", 16)
    assert Flag.INFERRED_WEEK in one.flags
    assert "third visit" in (one.derived or "")


def test_a_study_that_found_nothing_has_words_and_no_zero(knowledge: Knowledge) -> None:
    for study in ("amin2006", "eldomyati2012", "park2008"):
        found = knowledge.trials[study]
        assert not any(arm.observations for arm in found.arms)
        assert [one.direction for one in found.outcomes] == ["negative"]


def test_what_was_only_quoted_says_so(knowledge: Knowledge) -> None:
    for study in ("badran2021", "moftah2013", "yang2026", "poh41117156", "healio-sunscreen2020"):
        figures = [one for arm in knowledge.trials[study].arms for one in arm.observations]
        assert figures
        assert all(Flag.SECONDARY_SOURCE in one.flags for one in figures)


def test_a_printed_share_is_that_of_its_patients(knowledge: Knowledge) -> None:
    for study in knowledge.trials.values():
        for arm in study.arms:
            for one in arm.observations:
                for share in (*one.responders, *one.bands):
                    patients = one.n or arm.n
                    if share.count is not None and share.percent is not None and patients:
                        assert isclose(100 * share.count / patients, share.percent, abs_tol=0.06), (study.id, arm.id)


def test_sessions_fit_their_schedule(knowledge: Knowledge) -> None:
    for study in knowledge.trials.values():
        for arm in study.arms:
            given = arm.regimen
            most = given.sessions[1] if isinstance(given.sessions, tuple) else given.sessions
            if given.session_weeks:
                assert len(given.session_weeks) == most, study.id
                assert list(given.session_weeks) == sorted(given.session_weeks), study.id
            for one in arm.observations:
                done = one.sessions[1] if isinstance(one.sessions, tuple) else one.sessions
                assert done is None or most is None or done <= most, (study.id, arm.id)


def test_what_pools_or_repeats_others_is_not_counted_beside_them(knowledge: Knowledge) -> None:
    for study in knowledge.trials.values():
        repeats = study.design in ("meta-analysis", "post-hoc", "extension")
        assert study.counted != repeats, study.id
