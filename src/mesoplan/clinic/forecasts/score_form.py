"""What the form of a score sends, read field by field. What does not fit says why, and everything typed stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments.draft import score_record
from mesoplan.clinic.assessments.fields import Hand, Unfit, put
from mesoplan.clinic.assessments.page import Mend
from mesoplan.clinic.assessments.scoring_sheet import CHANGE, ScoreLine, Sheet, sheet_of
from mesoplan.clinic.forecasts.checks import same_person
from mesoplan.clinic.forecasts.course_scores import Scored
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.clinic.shell.writing import date_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.knowledge.scoring import score
from mesoplan.workflow import Act, may

LONGEST_NAME = 120
EXAMPLE = date(2026, 11, 30)


@dataclass(frozen=True)
class Visit:
    """What a score is held against: the scale, today, the first session, who may have scored, and the last score."""

    scale: Scale
    today: date
    born: date
    first_session: date | None
    by: User
    people: tuple[User, ...]
    last: Scored | None = None


@dataclass
class ScoreForm:
    """One scale of one visit as it is typed. `mends` says what to mend, by the name of the field."""

    visit: Visit
    knowledge: Knowledge
    day: str
    mode: str
    rater: str
    document: dict[str, Any] = field(default_factory=dict)
    mends: dict[str, Mend] = field(default_factory=dict)

    @cached_property
    def sheet(self) -> Sheet:
        last = self.visit.last
        earlier = {"scores": [{"scale": last.scale, "items": last.items}]} if last else None
        return sheet_of(self.visit.scale.id, self.document, self.knowledge, earlier)

    @property
    def lines(self) -> Sequence[ScoreLine]:
        return self.sheet.lines

    @property
    def items(self) -> Mapping[str, Mapping[str, int]]:
        record = score_record(self.document, self.visit.scale.id)
        return dict(record["items"]) if record else {}

    @property
    def on(self) -> date:
        return date.fromisoformat(self.day)

    @property
    def rater_person(self) -> User | None:
        return next((one for one in self.visit.people if same_person(one.printed_name, self.rater)), None)


def blank(visit: Visit, knowledge: Knowledge) -> ScoreForm:
    """Today, by whoever is logged in, judged as the last time."""
    mode = visit.last.mode if visit.last else Score.Mode.LIVE.value
    return ScoreForm(visit, knowledge, visit.today.isoformat(), mode, visit.by.printed_name)


def typed(visit: Visit, knowledge: Knowledge, sent: QueryDict) -> ScoreForm:
    """What was sent, with what is to be mended before it can be kept."""
    form = _read(visit, knowledge, sent)
    form.mends |= {name: Mend(text, ()) for name, text in _problems(form).items()}
    return form


def half_typed(visit: Visit, knowledge: Knowledge, sent: QueryDict) -> ScoreForm:
    """The same while it is being filled: what is still missing is no mistake yet."""
    return _read(visit, knowledge, sent)


def _read(visit: Visit, knowledge: Knowledge, sent: QueryDict) -> ScoreForm:
    day, mode, rater = (sent.get(name, "").strip() for name in ("day", "mode", "rater"))
    form = ScoreForm(visit, knowledge, day, mode, rater)
    hand = Hand(knowledge, visit.today, rater)
    for name in sorted(name for name in sent if name.startswith(f"score.{visit.scale.id}.")):
        try:
            put(form.document, name, sent.getlist(name), hand)
        except Unfit as unfit:
            form.mends[name] = Mend(str(unfit), tuple(sent.getlist(name)))
    return form


def _problems(form: ScoreForm) -> dict[str, str]:
    found = {
        "day": _about_day(form),
        "mode": "" if form.mode in Score.Mode.values else _("Say whether it was scored live or on a photo."),
        "rater": _about_rater(form),
    }
    if not form.mends:
        found |= _about_items(form)
    return {name: text for name, text in found.items() if text}


def _about_day(form: ScoreForm) -> str:
    visit = form.visit
    try:
        day = date.fromisoformat(form.day)
    except ValueError:
        told = _("Enter the day on which it was scored, such as %(example)s.")
        wrote = _("The day must be a day of the calendar, such as %(example)s. You wrote %(typed)s.")
        return (wrote if form.day else told) % {"example": date_text(EXAMPLE), "typed": form.day}
    if day > visit.today:
        told = _("The day must be today, %(today)s, or earlier. You wrote %(typed)s.")
        return told % {"today": date_text(visit.today), "typed": date_text(day)}
    if day < visit.born:
        told = _("The day lies before the birth of this patient, %(born)s. You wrote %(typed)s.")
        return told % {"born": date_text(visit.born), "typed": date_text(day)}
    if visit.scale.kind == CHANGE and (visit.first_session is None or day <= visit.first_session):
        told = _("%(scale)s judges a change, so it is scored on a day after the first session. You wrote %(typed)s.")
        return told % {"scale": short_title(visit.scale), "typed": date_text(day)}
    return ""


def _about_rater(form: ScoreForm) -> str:
    if not form.rater:
        return _("Enter who scored. Scores of one person are compared more closely than those of two.")
    if len(form.rater) > LONGEST_NAME:
        told = _("The name must have at most %(most)s characters. You wrote %(count)s.")
        return told % {"most": LONGEST_NAME, "count": len(form.rater)}
    return ""


def _about_items(form: ScoreForm) -> dict[str, str]:
    """A score is kept whole: what is missing is said at the first place that lacks it."""
    missing = score(form.visit.scale, form.items).missing
    if not missing:
        return {}
    first = missing[0]
    told = _("A score is kept when nothing is missing. %(missing)s")
    return {f"score.{form.visit.scale.id}.{first.region}.{first.item}": told % {"missing": form.sheet.lines[0].missing}}


def short_title(scale: Scale) -> str:
    """ "MASI" of "MASI, melasma area and severity index"."""
    return title_of("scales", scale.id).partition(",")[0]


def who_may_score() -> tuple[User, ...]:
    """People with an account here whose role scores, by name."""
    rows = User.objects.filter(is_active=True).order_by("printed_name")
    return tuple(one for one in rows if may(Act.RECORD_SCORE, one.workflow_role))
