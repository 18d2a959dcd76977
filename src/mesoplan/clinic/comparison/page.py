"""What the page of a comparison shows: figures, differences with what each does, findings, doses, maps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.comparison.authors import Authors
from mesoplan.clinic.comparison.sides import Read
from mesoplan.clinic.courses.figure_words import MEASURE_WORDS
from mesoplan.clinic.courses.figures import DoseLine, counts, dose_lines, finding_cards
from mesoplan.clinic.courses.maps import face_map, side_letters
from mesoplan.clinic.evidence.links import rules_reviewed_here
from mesoplan.clinic.evidence.reviews import Entry
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.clinic.shell.writing import date_text, number_text, volume_text
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation, Measure
from mesoplan.domain.plan import Plan
from mesoplan.domain.quantities import Volume
from mesoplan.imaging.face_drawing import MapWords, face_map_svg
from mesoplan.imaging.face_view import View
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.operations.differences import Difference, differences
from mesoplan.planning.operations.effects import Effect, effect, effect_of, effect_text

Context = dict[str, Any]
NOT_ALONE = gettext_lazy("cannot be told alone: other differences depend on it")
NOTHING = gettext_lazy("nothing that is computed differs")
SIDES = {"before": gettext_lazy("Before"), "now": gettext_lazy("Now")}
SHOWN_POINTS = 6


@dataclass(frozen=True)
class Row:
    """One difference: what, before, now, where, what it does on its own, and who made it where that is known."""

    what: str
    before: str
    now: str
    where: str
    effect: tuple[str, ...]
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    label: Promise
    before: str
    now: str

    @property
    def differs(self) -> bool:
        return self.before != self.now


def comparison_of(before: Read, after: Read, knowledge: Knowledge, authors: Authors | None = None) -> Context:
    """Everything below the choice of the two.

    What a later release has dropped cannot be drawn or put into words: then that is said, and figures, findings and
    doses are shown as they were computed.
    """
    dropped = list(dict.fromkeys([*before.dropped, *after.dropped]))
    return {
        "dropped": [title_of(kind, entry_id, knowledge) for kind, entry_id in dropped],
        "release": knowledge.release,
        **_computed(before, after, knowledge),
        **({} if dropped else _drawn_up(before, after, knowledge, authors)),
    }


def _drawn_up(before: Read, after: Read, knowledge: Knowledge, authors: Authors | None) -> Context:
    earlier = before.content.model_copy(update={"case": after.case.id})
    found = differences(earlier, after.content, after.case, knowledge)
    return {
        "rows": [_row(one, after, knowledge, authors) for one in found],
        "by_whom": authors is not None,
        "maps": [_front(side, read) for side, read in (("before", before), ("now", after))],
    }


def _computed(before: Read, after: Read, knowledge: Knowledge) -> Context:
    whole = effect(before.evaluation, after.evaluation)
    doses = list(_doses(before.evaluation, after.evaluation, knowledge))
    here = rules_reviewed_here(knowledge)
    return {
        "figures": _figures(before, after),
        "case_differs": before.case.model_dump(exclude={"id"}) != after.case.model_dump(exclude={"id"}),
        "releases": _releases(before.evaluation, after.evaluation),
        "groups": [
            {"title": title, "cards": _cards(name, findings, knowledge, here)}
            for name, title, findings in (
                ("new", _("New"), whole.new),
                ("gone", _("Gone"), whole.settled),
                ("changed", _("Says something else"), whole.changed),
            )
        ],
        "doses": [one for one in doses if one.differs],
        "same_doses": [one for one in doses if not one.differs],
    }


def _row(difference: Difference, after: Read, knowledge: Knowledge, authors: Authors | None) -> Row:
    found = effect_of(difference, after.content, after.evaluation, after.case, knowledge)
    return Row(
        what=english(difference.what),
        before=english(difference.before),
        now=english(difference.now),
        where=_where(difference, knowledge),
        effect=_effect_lines(found, knowledge),
        by=authors.of(difference) if authors else (),
    )


def _effect_lines(found: Effect | None, knowledge: Knowledge) -> tuple[str, ...]:
    if found is None:
        return (str(NOT_ALONE),)
    return tuple(english(line) for line in effect_text(found, knowledge)) or (str(NOTHING),)


def _where(difference: Difference, knowledge: Knowledge) -> str:
    """Zone and points; the ids of many points are left to the map."""
    if difference.zone is None:
        return _("whole plan")
    title = title_of("zones", difference.zone, knowledge)
    if not difference.points:
        return title
    rest = len(difference.points) - SHOWN_POINTS
    said = {"zone": title, "points": ", ".join(difference.points[:SHOWN_POINTS]), "rest": rest}
    if rest <= 0:
        return _("%(zone)s, no. %(points)s") % said
    words = ngettext("%(zone)s, no. %(points)s and %(rest)s more", "%(zone)s, no. %(points)s and %(rest)s more", rest)
    return words % said


def _figures(before: Read, after: Read) -> list[Figure]:
    sides = (_side_figures(before), _side_figures(after))
    return [Figure(label, sides[0][label], sides[1][label]) for label in sides[0]]


PUNCTURES = gettext_lazy("Punctures in a session")
INJECTED = gettext_lazy("Injected in a session")
SESSIONS = gettext_lazy("Sessions")
FIRST_SESSION = gettext_lazy("First session")
FINDINGS = gettext_lazy("Findings")


def _side_figures(read: Read) -> dict[Promise, str]:
    burden, schedule = read.evaluation.burden, read.content.schedule
    found = ", ".join(one["words"] for one in counts(read.evaluation.findings))
    sessions = _("%(count)s over %(weeks)s weeks") % {"count": burden.sessions, "weeks": number_text(burden.weeks)}
    return {
        PUNCTURES: str(burden.punctures_per_session),
        INJECTED: volume_text(Volume(burden.injected_ml_per_session)),
        SESSIONS: sessions,
        FIRST_SESSION: date_text(schedule.sessions[0]),
        FINDINGS: found or _("no rule objects"),
    }


def _releases(before: Evaluation, after: Evaluation) -> tuple[str, str] | None:
    """The two releases, where what was found rests on different ones."""
    same = (before.knowledge_sha256, before.engine) == (after.knowledge_sha256, after.engine)
    return None if same else (before.knowledge_release, after.knowledge_release)


def _cards(name: str, findings: tuple[Any, ...], knowledge: Knowledge, here: frozenset[Entry]) -> list[Context]:
    return [{**card, "id": f"{name}-{card['id']}"} for card in finding_cards(findings, knowledge, here=here)]


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
    def sides(self) -> tuple[tuple[Promise, DoseLine | None], ...]:
        return (SIDES["before"], self.before), (SIDES["now"], self.now)


def _doses(before: Evaluation, after: Evaluation, knowledge: Knowledge) -> Iterator[DosePair]:
    earlier, later = (dict(dose_lines(one, knowledge)) for one in (before, after))
    for compound in dict.fromkeys([*later, *earlier]):
        was, now = (_by_measure(one.get(compound, [])) for one in (earlier, later))
        for measure in dict.fromkeys([*now, *was]):
            yield DosePair(compound, str(MEASURE_WORDS[measure]), was.get(measure), now.get(measure))


def _by_measure(lines: list[DoseLine]) -> dict[Measure, DoseLine]:
    """The zone that receives most may be another on the other side: it is the same measure all the same."""
    return {line.measure: line for line in lines}


@dataclass(frozen=True)
class Front:
    """The front of the face with the points of one side; no drawing for a plan that leaves the face alone."""

    side: str
    title: Promise
    svg: str


def _front(side: str, read: Read) -> Front:
    document = (read.content.model_dump_json(), read.case.model_dump_json())
    return Front(side, SIDES[side], _drawn(side, get_language() or "", *document))


@lru_cache(maxsize=64)
def _drawn(side: str, language: str, plan_json: str, case_json: str) -> str:
    """Remembered for each language, because two plans are looked at more often than they change."""
    plan, case = Plan.model_validate_json(plan_json), Case.model_validate_json(case_json)
    face = face_map(plan, case, knowledge_base.current())
    if face is None:
        return ""
    words = MapWords(
        title=_("Before: face map, front") if side == "before" else _("Now: face map, front"),
        description=_("To scale. R and L are the patient's. Hatched: no injection. Dashed: danger structure."),
        **side_letters(),
    )
    href = reverse("courses:head", args=[View.FRONT.value])
    return face_map_svg(View.FRONT, face, words, labels=True, shading_href=href, uid=f"map-{side}")
