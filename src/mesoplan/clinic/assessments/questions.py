"""Which questions a rule could read for this case, and how they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from mesoplan.clinic.assessments.draft import Document, Entry, aims_of, answer_of, chosen_zones, codes_meaning, entry_of
from mesoplan.clinic.shell.vocabulary import title_in, title_of
from mesoplan.clinic.shell.writing import reader_language
from mesoplan.domain.finding import Severity
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.rules import AppliesTo, Condition, Rule, Term

GROUPS = {
    "condition": gettext_lazy("Conditions"),
    "circumstance": gettext_lazy("Circumstances"),
    "allergy": gettext_lazy("Allergies"),
    "medication": gettext_lazy("Medicines"),
    "procedure": gettext_lazy("Procedures and earlier events"),
}


@dataclass(frozen=True)
class Question:
    """One term with its answer. `blocks` names the rule that blocks while this is not asked."""

    term: Term
    answer: str
    entry: Entry | None
    codes: tuple[str, ...]
    blocks: str
    asks_where: bool

    @property
    def title(self) -> str:
        return title_of("terms", self.term.id)

    @property
    def ask(self) -> str:
        """What the patient is asked."""
        return title_of("terms", self.term.id, "question")

    @property
    def untranslated(self) -> bool:
        return title_in("terms", self.term.id).language is not reader_language()

    @property
    def buttons(self) -> tuple[str, str]:
        """What the three buttons of the answer are drawn from."""
        return self.term.id, self.answer

    @property
    def open(self) -> bool:
        return not self.answer

    @property
    def has_more(self) -> bool:
        """Whether a yes has date, place or words beside it."""
        return self.entry is not None


@dataclass(frozen=True)
class Group:
    """The questions of one kind."""

    kind: str
    title: str
    questions: tuple[Question, ...]

    @property
    def yes(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.answer == "yes")

    @property
    def no(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.answer == "no")

    @property
    def unasked(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.open)

    @property
    def open_terms(self) -> tuple[str, ...]:
        return tuple(question.term.id for question in self.unasked)


def groups(document: Document, knowledge: Knowledge, blocking: Mapping[str, str]) -> list[Group]:
    """Every question of the case by kind: first those that can block every plan, then as the knowledge base has them.

    `blocking` says which rule blocks now for want of an answer.
    """
    placed, heavy = _placed(knowledge), _blocking(knowledge)
    asked = [_question(term, document, knowledge, blocking, placed) for term in terms_of(document, knowledge)]
    asked.sort(key=lambda question: question.term.id not in heavy)
    return [
        Group(kind, str(title), of_kind)
        for kind, title in GROUPS.items()
        if (of_kind := tuple(question for question in asked if question.term.kind == kind))
    ]


def terms_of(document: Document, knowledge: Knowledge) -> tuple[Term, ...]:
    """The terms that a rule could read: rules of the patient that fit the zones, and rules of what the protocols of the
    chosen aims hold."""
    aims, zones = aims_of(document), chosen_zones(document)
    read = _terms_read(knowledge, aims, zones, document.get("jurisdiction", "unknown"))
    sex = document.get("patient", {}).get("sex")
    return tuple(term for term in read if term.sex is None or sex is None or term.sex == sex)


def _terms_read(
    knowledge: Knowledge, aims: tuple[str, ...], zones: tuple[str, ...], jurisdiction: str
) -> tuple[Term, ...]:
    reach = _reach(knowledge, aims)
    regions: set[str] = {knowledge.zones[zone].region for zone in zones}
    read = {
        term
        for rule in knowledge.rules.values()
        if _could_speak(rule.applies_to, reach, set(zones), regions, set(aims), jurisdiction)
        for term in terms_in(rule.when)
    }
    return tuple(term for term in knowledge.terms.values() if term.id in read)


@dataclass(frozen=True)
class _Reach:
    compounds: frozenset[str]
    families: frozenset[str]
    techniques: frozenset[str]


def _reach(knowledge: Knowledge, aims: tuple[str, ...]) -> _Reach:
    protocols = [protocol for protocol in knowledge.protocols.values() if protocol.aim in aims]
    mixtures = [mixture for protocol in protocols for mixture in protocol.mixtures]
    compounds = {ingredient.compound for mixture in mixtures for ingredient in mixture.ingredients}
    compounds |= {knowledge.presentations[mixture.diluent][0].id for mixture in mixtures if mixture.diluent}
    families = {family for compound in compounds for family in knowledge.compounds[compound].families}
    return _Reach(frozenset(compounds), frozenset(families), frozenset(protocol.technique for protocol in protocols))


def _could_speak(
    applies: AppliesTo, reach: _Reach, zones: set[str], regions: set[str], aims: set[str], jurisdiction: str
) -> bool:
    """What is not chosen yet excludes nothing."""
    substances = set(applies.compounds) | set(applies.families)
    return (
        (not substances or bool(substances & (reach.compounds | reach.families)))
        and (not applies.techniques or bool(set(applies.techniques) & reach.techniques))
        and (not applies.aims or not aims or bool(set(applies.aims) & aims))
        and (not applies.zones or not zones or bool(set(applies.zones) & zones))
        and (not applies.regions or not regions or bool(set(applies.regions) & regions))
        and (not applies.jurisdictions or jurisdiction in (*applies.jurisdictions, "unknown"))
    )


def terms_in(condition: Condition) -> Iterator[str]:
    """Every term that a condition reads."""
    if condition.term is not None:
        yield condition.term
    if condition.within_days is not None:
        yield condition.within_days.term
    for part in (*(condition.all or ()), *(condition.any or ())):
        yield from terms_in(part)
    if condition.no is not None:
        yield from terms_in(condition.no)


def _question(
    term: Term, document: Document, knowledge: Knowledge, blocking: Mapping[str, str], placed: frozenset[str]
) -> Question:
    return Question(
        term=term,
        answer=answer_of(document, term.id, knowledge),
        entry=entry_of(document, term.id),
        codes=codes_meaning(document, term.id, knowledge),
        blocks=blocking.get(term.id, ""),
        asks_where=term.id in placed,
    )


def _blocking(knowledge: Knowledge) -> frozenset[str]:
    """Terms on which a block of every plan hangs."""
    return frozenset(
        term
        for rule in knowledge.rules.values()
        if rule.severity is Severity.BLOCK and _of_every_plan(rule)
        for term in terms_in(rule.when)
    )


def _of_every_plan(rule: Rule) -> bool:
    applies = rule.applies_to
    return applies.patient_only and not (applies.aims or applies.zones or applies.regions or applies.jurisdictions)


def _placed(knowledge: Knowledge) -> frozenset[str]:
    """Terms of which a rule asks where they happened."""
    return frozenset(term for rule in knowledge.rules.values() for term in _terms_by_region(rule.when))


def _terms_by_region(condition: Condition) -> Iterator[str]:
    if condition.within_days is not None and condition.within_days.same_region:
        yield condition.within_days.term
    for part in (*(condition.all or ()), *(condition.any or ())):
        yield from _terms_by_region(part)
    if condition.no is not None:
        yield from _terms_by_region(condition.no)
