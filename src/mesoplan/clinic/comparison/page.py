"""What the page of a comparison shows: figures, differences with what each does, findings, doses, maps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.comparison.sides import Read
from mesoplan.clinic.courses.figures import DoseLine, counts, dose_lines, finding_cards
from mesoplan.clinic.courses.maps import face_map
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.plan import Plan
from mesoplan.domain.quantities import Volume
from mesoplan.domain.writing import date_text, number_text, volume_text
from mesoplan.imaging.face_drawing import MapWords, face_map_svg
from mesoplan.imaging.face_view import View
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.operations.differences import Difference, differences
from mesoplan.planning.operations.effects import effect, effect_of, effect_text

Context = dict[str, Any]
NOT_ALONE = "cannot be told alone: other differences depend on it"
NOTHING = "nothing that is computed differs"
SHOWN_POINTS = 6


@dataclass(frozen=True)
class Row:
    """One difference: what, before, now, where, and what it does on its own."""

    what: str
    before: str
    now: str
    where: str
    effect: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    label: str
    before: str
    now: str

    @property
    def differs(self) -> bool:
        return self.before != self.now


def comparison_of(before: Read, after: Read, knowledge: Knowledge) -> Context:
    """Everything below the choice of the two."""
    earlier = before.content.model_copy(update={"case": after.case.id})
    found = differences(earlier, after.content, after.case, knowledge)
    whole = effect(before.evaluation, after.evaluation)
    doses = list(_doses(before.evaluation, after.evaluation, knowledge))
    return {
        "rows": [_row(one, after, knowledge) for one in found],
        "figures": _figures(before, after),
        "case_differs": before.case.model_dump(exclude={"id"}) != after.case.model_dump(exclude={"id"}),
        "releases": _releases(before.evaluation, after.evaluation),
        "groups": [
            {"title": title, "cards": _cards(name, findings, knowledge)}
            for name, title, findings in (
                ("new", "New", whole.new),
                ("gone", "Gone", whole.settled),
                ("changed", "Says something else", whole.changed),
            )
        ],
        "doses": [one for one in doses if one.differs],
        "same_doses": [one for one in doses if not one.differs],
        "maps": [_front(side, read) for side, read in (("before", before), ("now", after))],
    }


def _row(difference: Difference, after: Read, knowledge: Knowledge) -> Row:
    found = effect_of(difference, after.content, after.evaluation, after.case, knowledge)
    lines = (NOT_ALONE,) if found is None else effect_text(found, knowledge) or (NOTHING,)
    return Row(difference.what, difference.before, difference.now, _where(difference, knowledge), lines)


def _where(difference: Difference, knowledge: Knowledge) -> str:
    """Zone and points; the ids of many points are left to the map."""
    if difference.zone is None:
        return "whole plan"
    title = knowledge.zones[difference.zone].title
    if not difference.points:
        return title
    named = ", ".join(difference.points[:SHOWN_POINTS])
    rest = len(difference.points) - SHOWN_POINTS
    return f"{title}, no. {named}" + (f" and {rest} more" if rest > 0 else "")


def _figures(before: Read, after: Read) -> list[Figure]:
    sides = (_side_figures(before), _side_figures(after))
    return [Figure(label, sides[0][label], sides[1][label]) for label in sides[0]]


def _side_figures(read: Read) -> dict[str, str]:
    burden, schedule = read.evaluation.burden, read.content.schedule
    found = ", ".join(one["words"] for one in counts(read.evaluation.findings))
    return {
        "Punctures in a session": str(burden.punctures_per_session),
        "Injected in a session": volume_text(Volume(burden.injected_ml_per_session)),
        "Sessions": f"{burden.sessions} over {number_text(burden.weeks)} weeks",
        "First session": date_text(schedule.sessions[0]),
        "Findings": found or "no rule objects",
    }


def _releases(before: Evaluation, after: Evaluation) -> tuple[str, str] | None:
    """The two releases, where what was found rests on different ones."""
    same = (before.knowledge_sha256, before.engine) == (after.knowledge_sha256, after.engine)
    return None if same else (before.knowledge_release, after.knowledge_release)


def _cards(name: str, findings: tuple[Any, ...], knowledge: Knowledge) -> list[Context]:
    return [{**card, "id": f"{name}-{card['id']}"} for card in finding_cards(findings, knowledge)]


@dataclass(frozen=True)
class DosePair:
    """One dose on both sides; None where the compound is not given."""

    compound: str
    label: str
    before: DoseLine | None
    now: DoseLine | None

    @property
    def differs(self) -> bool:
        return self.before != self.now

    @property
    def sides(self) -> tuple[tuple[str, DoseLine | None], ...]:
        return ("Before", self.before), ("Now", self.now)


def _doses(before: Evaluation, after: Evaluation, knowledge: Knowledge) -> Iterator[DosePair]:
    earlier, later = (dict(dose_lines(one, knowledge)) for one in (before, after))
    for compound in dict.fromkeys([*later, *earlier]):
        was, now = (_by_measure(one.get(compound, [])) for one in (earlier, later))
        for measure in dict.fromkeys([*now, *was]):
            yield DosePair(compound, measure, was.get(measure), now.get(measure))


def _by_measure(lines: list[DoseLine]) -> dict[str, DoseLine]:
    """The zone that receives most may be another on the other side: it is the same measure all the same."""
    return {line.label.partition(", at most in ")[0]: line for line in lines}


@dataclass(frozen=True)
class Front:
    """The front of the face with the points of one side; no drawing for a plan that leaves the face alone."""

    side: str
    title: str
    svg: str


def _front(side: str, read: Read) -> Front:
    title = {"before": "Before", "now": "Now"}[side]
    return Front(side, title, _drawn(side, title, read.content.model_dump_json(), read.case.model_dump_json()))


@lru_cache(maxsize=64)
def _drawn(side: str, title: str, plan_json: str, case_json: str) -> str:
    """Remembered, because two plans are looked at more often than they change."""
    plan, case = Plan.model_validate_json(plan_json), Case.model_validate_json(case_json)
    face = face_map(plan, case, knowledge_base.current())
    if face is None:
        return ""
    words = MapWords(
        title=f"{title}: face map, front",
        description="To scale. R and L are the patient's. Hatched: no injection. Dashed: danger structure.",
    )
    href = reverse("courses:head", args=[View.FRONT.value])
    return face_map_svg(View.FRONT, face, words, labels=True, shading_href=href, uid=f"map-{side}")
