"""The leaflet says to one patient what this one plan means, for and against, and whom to call."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from mesoplan.documents.leaflet import WATCH_FOR
from mesoplan.documents.leaflet_blocks import ClinicContact, Leaflet, Listing, Paragraph, Table, texts_of
from mesoplan.documents.leaflet_evidence import MOST_IN_A_LIST, study_text
from mesoplan.documents.leaflet_plan import compounds_of
from mesoplan.documents.leaflet_wording import Voice, is_one
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.finding import Finding, Override, Severity, Subject
from mesoplan.domain.plan import OverrideReason, Plan
from mesoplan.domain.writing import Language, long_date_text, number_text
from mesoplan.knowledge.base import Knowledge, Shelf
from mesoplan.knowledge.schema.citation import Review
from mesoplan.knowledge.schema.leaflets import LeafletPart, LeafletText
from tests.documents.leaflet_examples import EXAMPLES, case, knowledge, leaflet_of, proposals, section, written

each_example = pytest.mark.parametrize("name", EXAMPLES)
each_language = pytest.mark.parametrize("language", Language)


def said(of: Leaflet, part: LeafletPart) -> list[str]:
    """Return what a section says, as written."""
    return [text.text for block in section(of, part).blocks for text in texts_of(block)]


def plan_of(name: str) -> Plan:
    return proposals(name)[0].plan


def with_findings(name: str, *findings: Finding) -> Evaluation:
    evaluation = proposals(name)[0].evaluation
    return evaluation.model_copy(update={"findings": (*evaluation.findings, *findings)})


def with_text(text_id: str, **changes: Any) -> Knowledge:
    """Return the knowledge base with one text of the leaflet changed, or left out where nothing is given."""
    entries: dict[str, LeafletText] = dict(knowledge().leaflets)
    changed = entries.pop(text_id).model_copy(update=changes)
    return replace(knowledge(), leaflets=Shelf("leaflets", {**entries, text_id: changed} if changes else entries))


def block_of(rule: str, override: Override, compound: str | None = None) -> Finding:
    return Finding(
        code=rule,
        rule=rule,
        severity=Severity.BLOCK,
        text="An objection.",
        sources=("S58",),
        override=override,
        subject=Subject(compound=compound),
    )


@each_example
@each_language
def test_every_section_is_there_in_its_order(name: str, language: Language) -> None:
    parts = [one.part for one in written(name, language).sections]
    assert parts == [part for part in LeafletPart if part.value not in ("notice", "frame", "names")]


@each_example
@each_language
def test_every_text_is_in_the_language_asked_and_has_all_its_figures(name: str, language: Language) -> None:
    found = written(name, language)
    assert found.missing_translations() == ()
    assert {text.language for text in found.texts()} == {language}
    assert [text.id for text in found.texts() if "{" in text.text or "}" in text.text] == []


@each_example
def test_every_text_carries_its_sources(name: str) -> None:
    for text in written(name).texts():
        assert text.sources, text.id
        assert [source for source in text.sources if source not in knowledge().sources] == []


@each_example
@each_language
def test_every_zone_stands_with_its_punctures_and_they_add_up(name: str, language: Language) -> None:
    plan = plan_of(name)
    table = next(one for one in section(written(name, language), LeafletPart.PLAN).blocks if isinstance(one, Table))
    assert [row.name.id for row in table.rows] == [f"zone-{placement.zone}" for placement in plan.placements]
    for row, placement in zip(table.rows, plan.placements, strict=True):
        assert row.says.text.startswith(f"{len(placement.points)}\u00a0")
    totals = next(
        text for text in said(written(name, language), LeafletPart.PLAN) if f" {plan.punctures()}\u00a0" in text
    )
    assert number_text(proposals(name)[0].evaluation.burden.punctures_in_course) in totals


@each_example
@each_language
def test_every_session_stands_with_its_day(name: str, language: Language) -> None:
    days = plan_of(name).schedule.sessions
    told = said(written(name, language), LeafletPart.PLAN)
    for number, day in enumerate(days, start=1):
        assert any(str(number) in text and text.endswith(long_date_text(day, language)) for text in told), day


def test_words_are_those_of_the_patients_own_places() -> None:
    told = said(written("melasma"), LeafletPart.PLAN)
    assert told[told.index("Right cheekbone") :][:2] == ["Right cheekbone", "12\u00a0punctures"]
    assert "Pommette droite" in said(written("melasma", Language.FRENCH), LeafletPart.PLAN)


def test_figures_have_the_decimal_sign_of_the_language() -> None:
    for language, figure in ((Language.ENGLISH, "3.6\u00a0mL"), (Language.FRENCH, "3,6\u00a0mL")):
        assert any(figure in text for text in said(written("melasma", language), LeafletPart.PLAN)), language


def test_one_is_singular_and_in_french_none_too() -> None:
    voices = {language: Voice(knowledge(), language, {}) for language in Language}
    assert voices[Language.ENGLISH].say("plan-points", points=1).text == "1\u00a0puncture"
    assert voices[Language.ITALIAN].say("plan-points", points=1).text == "1\u00a0puntura"
    assert voices[Language.SPANISH].say("plan-points", points=0).text == "0\u00a0pinchazos"
    assert voices[Language.FRENCH].say("plan-points", points=0).text == "0\u00a0piqûre"
    assert voices[Language.FRENCH].say("plan-points", points=1200).text == "1\u202f200\u00a0piqûres"
    assert is_one(0, Language.FRENCH)
    assert not is_one(0, Language.ENGLISH)


def test_two_mixtures_in_one_zone_are_counted_together() -> None:
    plan = plan_of("melasma")
    second = plan.preparations[0].model_copy(update={"id": "second"})
    again = plan.placements[0].model_copy(update={"preparation": "second"})
    twice = plan.model_copy(
        update={"preparations": (*plan.preparations, second), "placements": (*plan.placements, again)}
    )
    table = next(
        one for one in section(leaflet_of("melasma", plan=twice), LeafletPart.PLAN).blocks if isinstance(one, Table)
    )
    assert len(table.rows) == len(plan.placements)
    assert table.rows[0].says.text == f"{2 * len(again.points)}\u00a0punctures"


def test_what_is_used_outside_its_licence_is_said() -> None:
    table = section(written("melasma"), LeafletPart.LICENCE).blocks[0]
    assert isinstance(table, Table)
    assert [(row.name.id, row.says.id) for row in table.rows] == [("name-tranexamic-acid", "licence-other-use")]
    assert set(table.rows[0].says.sources) >= set(knowledge().compounds["tranexamic-acid"].status["us"].sources)
    assert "It has a licence for this use." in said(written("submental-fat"), LeafletPart.LICENCE)


def test_the_licence_is_that_of_the_patients_country() -> None:
    abroad = leaflet_of("submental-fat", case=case("submental-fat").model_copy(update={"jurisdiction": "fr"}))
    assert "The law forbids it for this aim. It must not be injected here." in said(abroad, LeafletPart.LICENCE)
    assert any("(HAS)" in text for text in said(abroad, LeafletPart.LICENCE))
    assert not any("(HAS)" in text for text in said(written("submental-fat"), LeafletPart.LICENCE))


def test_a_prohibition_found_by_the_evaluation_outweighs_the_licence() -> None:
    banned = with_findings("melasma", block_of("compound-prohibited", Override.NEVER, "tranexamic-acid"))
    assert "The law forbids it for this aim. It must not be injected here." in said(
        leaflet_of("melasma", evaluation=banned), LeafletPart.LICENCE
    )


@pytest.mark.parametrize(
    ("name", "lead", "figure"),
    [
        ("melasma", "For it:", "667 people"),
        ("melasma", "Against it:", "28\u00a0trials put together"),
        ("melasma", "Mixed, or no difference found:", "60\u00a0people"),
        ("cellulite", "Against it:", "One woman of 51"),
        ("submental-fat", "For it:", "7\u00a0of 10\u00a0treated"),
        ("submental-fat", "Against it:", "4\u00a0of 100\u00a0had a hurt nerve"),
    ],
)
def test_both_sides_of_the_evidence_are_told(name: str, lead: str, figure: str) -> None:
    lists = [one for one in section(written(name), LeafletPart.EVIDENCE).blocks if isinstance(one, Listing)]
    items = next(one.items for one in lists if one.lead.text == lead)
    assert any(figure.replace("\u00a0", " ") in item.text.replace("\u00a0", " ") for item in items)


@each_example
def test_no_study_is_left_unsaid(name: str) -> None:
    plan = plan_of(name)
    told = [one for one in section(written(name), LeafletPart.EVIDENCE).blocks if isinstance(one, Listing)]
    assert all(len(one.items) <= MOST_IN_A_LIST for one in told)
    lines = knowledge().protocols[plan.protocol or ""].evidence
    texts = {
        text.id
        for line in lines
        if (text := study_text(line, knowledge(), compounds_of(plan, knowledge()))) is not None
    }
    more = len(texts) - sum(len(one.items) for one in told)
    expected = {0: [], 1: ["1\u00a0more study is on record. Ask us for it."]}
    assert [text for text in said(written(name), LeafletPart.EVIDENCE) if "on record" in text] == expected.get(
        more, [f"{more}\u00a0more studies are on record. Ask us for them."]
    )


def test_the_weightiest_study_comes_first() -> None:
    lists = [one for one in section(written("melasma"), LeafletPart.EVIDENCE).blocks if isinstance(one, Listing)]
    assert [item.id for item in lists[0].items] == ["study-s112", "study-s116", "study-sharmar2017"]


def test_where_no_study_speaks_for_or_against_that_is_said() -> None:
    alone = proposals("fine-lines")
    hyaluronic = next(one for one in alone if one.protocol == "fine-lines-hyaluronic-acid")
    told = said(leaflet_of("fine-lines", plan=hyaluronic.plan, evaluation=hyaluronic.evaluation), LeafletPart.EVIDENCE)
    assert "We know of no study that speaks against it. That does not mean that it works." in told


def test_evidence_of_another_aim_stands_apart() -> None:
    name = "post-inflammatory-hyperpigmentation"
    lists = [one for one in section(written(name), LeafletPart.EVIDENCE).blocks if isinstance(one, Listing)]
    assert lists[-1].lead.id == "evidence-other-aim"
    assert [item.id for item in lists[-1].items] == ["study-lee2006"]
    assert "We know of no study that speaks for it." in said(written(name), LeafletPart.EVIDENCE)


def test_a_plan_by_hand_says_that_no_study_is_of_it() -> None:
    by_hand = plan_of("melasma").model_copy(update={"protocol": None})
    told = said(leaflet_of("melasma", plan=by_hand), LeafletPart.EVIDENCE)
    assert told[0] == "This plan was made for you by hand. We know of no study of exactly this plan."
    assert any("28 trials" in text.replace("\u00a0", " ") for text in told)


def test_harms_stand_with_their_figures() -> None:
    told = " ".join(said(written("submental-fat"), LeafletPart.FEEL)).replace("\u00a0", " ")
    for figure in ("87 had swelling", "72 bruises", "4 of 100 had a hurt nerve", "2 of 100 had trouble swallowing"):
        assert figure in told
    assert "of 60 people in one trial, 8 had redness" in " ".join(said(written("melasma"), LeafletPart.FEEL)).replace(
        "\u00a0", " "
    )


@pytest.mark.parametrize(
    ("name", "part", "text_id"),
    [
        ("melasma", LeafletPart.TELL, "tell-tranexamic-acid-clot"),
        ("melasma", LeafletPart.CALL, "call-clot"),
        ("melasma", LeafletPart.FEEL, "feel-rare-vessel"),
        ("melasma", LeafletPart.AFTER, "after-no-make-up"),
        ("cellulite", LeafletPart.TELL, "tell-xanthines"),
        ("cellulite", LeafletPart.CALL, "call-heart"),
        ("submental-fat", LeafletPart.TELL, "tell-deoxycholic-acid"),
        ("submental-fat", LeafletPart.CALL, "call-smile"),
    ],
)
def test_what_concerns_one_plan_is_told_there_and_not_elsewhere(name: str, part: LeafletPart, text_id: str) -> None:
    def told_in(example: str) -> bool:
        return text_id in {text.id for text in written(example).texts()}

    assert text_id in {text.id for block in section(written(name), part).blocks for text in texts_of(block)}
    assert not all(told_in(example) for example in EXAMPLES)


@each_example
@each_language
def test_it_says_until_which_day_to_watch(name: str, language: Language) -> None:
    last = plan_of(name).schedule.sessions[-1]
    assert timedelta(weeks=29) == WATCH_FOR
    until = long_date_text(last + timedelta(weeks=29), language)
    assert any(until in text for text in said(written(name, language), LeafletPart.WATCH))


def test_it_says_when_it_can_be_judged_as_far_as_the_plan_does() -> None:
    schedule = plan_of("melasma").schedule
    told = " ".join(said(written("melasma"), LeafletPart.JUDGE))
    assert schedule.first_judged_on is not None
    assert long_date_text(schedule.first_judged_on) in told
    open_end = schedule.model_copy(update={"first_judged_on": None, "review_on": None, "sessions": (date(2027, 1, 4),)})
    plan = plan_of("melasma").model_copy(update={"schedule": open_end})
    later = leaflet_of("melasma", plan=plan)
    assert [text.id for text in later.texts() if text.id in ("judge-first", "judge-review")] == []
    assert "1\u00a0session is planned:" in said(later, LeafletPart.PLAN)


def test_the_telephones_are_those_that_the_clinic_gives() -> None:
    call = section(written("melasma"), LeafletPart.CALL).blocks
    assert isinstance(call[0], Paragraph)
    assert call[0].manner == "urgent"
    assert "call 112 first" in call[0].sentences[0].text.replace("\u00a0", " ")
    assert "Telephone: 01 23 45 67 89" in said(written("melasma"), LeafletPart.CALL)
    assert "At night and at weekends: 01 23 45 67 00" in said(written("melasma"), LeafletPart.CONTACT)
    bare = leaflet_of("melasma", contact=ClinicContact(telephone="020 7946 0000"))
    assert said(bare, LeafletPart.CONTACT) == ["Telephone: 020 7946 0000"]
    assert any("call the emergency number first" in text for text in said(bare, LeafletPart.CALL))


def test_telephone_numbers_are_never_read_as_places_for_figures() -> None:
    odd = leaflet_of("melasma", contact=ClinicContact(telephone="{telephone} {0}"))
    assert said(odd, LeafletPart.CONTACT) == ["Telephone: {telephone} {0}"]


def test_the_alternatives_and_doing_nothing_are_told() -> None:
    told = {text.id for block in section(written("melasma"), LeafletPart.CHOICES).blocks for text in texts_of(block)}
    assert {"nothing-melasma", "other-sunscreen", "other-creams", "other-tablets"} <= told
    assert any("You may stop at any time" in text for text in said(written("melasma"), LeafletPart.STOP))


def test_an_unsettled_block_is_said_first() -> None:
    never = with_findings("melasma", block_of("zone-blocked", Override.NEVER))
    assert leaflet_of("melasma", evaluation=never).sections[0].part is LeafletPart.NOTICE
    open_question = with_findings("melasma", block_of("depth-cap-zone", Override.DERMATOLOGIST))
    assert leaflet_of("melasma", evaluation=open_question).sections[0].part is LeafletPart.NOTICE
    reason = OverrideReason(rule="depth-cap-zone", reason="Seen with ultrasound on the day of the assessment.")
    plan = plan_of("melasma").model_copy(update={"overrides": (reason,)})
    assert leaflet_of("melasma", plan=plan, evaluation=open_question).sections[0].part is LeafletPart.WHAT


def test_a_missing_translation_is_english_and_marked() -> None:
    wordings = knowledge().leaflets["call-clot"].wordings.model_copy(update={"fr": None})
    found = leaflet_of("melasma", language=Language.FRENCH, knowledge=with_text("call-clot", wordings=wordings))
    assert found.missing_translations() == ("call-clot",)
    clot = next(text for text in found.texts() if text.id == "call-clot")
    assert (clot.language, clot.text) == (Language.ENGLISH, "pain and swelling in one leg, or pain in the chest")
    assert found.not_translated.text == "non traduit"


def test_figures_in_an_untranslated_text_are_written_in_english_too() -> None:
    wordings = knowledge().leaflets["watch-until"].wordings.model_copy(update={"es": None})
    found = leaflet_of("melasma", language=Language.SPANISH, knowledge=with_text("watch-until", wordings=wordings))
    assert any("until 17\u00a0August\u00a02027." in text for text in said(found, LeafletPart.WATCH))


def test_a_product_without_a_text_is_named_and_asked_about() -> None:
    found = leaflet_of("melasma", language=Language.ITALIAN, knowledge=with_text("product-tranexamic-acid"))
    assert found.missing_translations() == ("tranexamic-acid",)
    assert any(text.startswith("Non abbiamo ancora un testo chiaro") for text in said(found, LeafletPart.PLAN))


def test_that_nobody_reviewed_the_wording_is_printed_until_somebody_did() -> None:
    assert [text.id for text in written("melasma").remarks] == ["frame-sources", "frame-not-reviewed"]
    assert knowledge().release in written("melasma").remarks[0].text
    review = Review(by="Dr A. Moreau", on=date(2026, 12, 1))
    entries = {}
    for text_id, text in knowledge().leaflets.items():
        wordings = text.wordings.model_copy(update={"en": text.wordings.en.model_copy(update={"review": review})})
        entries[text_id] = text.model_copy(update={"review": review, "wordings": wordings})
    checked = replace(knowledge(), leaflets=Shelf("leaflets", entries))
    assert [text.id for text in leaflet_of("melasma", knowledge=checked).remarks] == ["frame-sources"]
    french = leaflet_of("melasma", knowledge=checked, language=Language.FRENCH)
    assert [text.id for text in french.remarks] == ["frame-sources", "frame-not-reviewed"]


def test_the_leaflet_says_where_the_number_of_sessions_comes_from() -> None:
    for name in ("melasma", "submental-fat"):
        assert "The number of sessions is taken from a study." in said(written(name), LeafletPart.PLAN)
    assert any("not from a study" in text for text in said(written("cellulite"), LeafletPart.PLAN))
    schedule = plan_of("melasma").schedule
    longer = schedule.model_copy(update={"sessions": (*schedule.sessions, schedule.sessions[-1] + timedelta(days=28))})
    plan = plan_of("melasma").model_copy(update={"schedule": longer})
    assert not any(
        "The number of sessions" in text for text in said(leaflet_of("melasma", plan=plan), LeafletPart.PLAN)
    )
