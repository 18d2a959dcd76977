"""The page as it answers: questions of this case, screening at each change, scores, groups, picks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client

from mesoplan.clinic.assessments import picks
from mesoplan.clinic.assessments.draft import Document, case_of
from mesoplan.clinic.assessments.questions import terms_of
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.knowledge_base import current
from mesoplan.clinic.patients.models import Patient

from .assessing import MELASMA, send, send_one, send_whole, stored, version_of

MASI = {
    "forehead": (3, 2, 2),
    "malar_right": (4, 3, 2),
    "malar_left": (4, 3, 2),
    "chin": (2, 2, 1),
}


@pytest.fixture
def client(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("dermatologist")


def draft(aim: str, *zones: str, sex: str = "female") -> Document:
    return {"goals": [{"aim": aim, "zones": list(zones)}], "patient": {"sex": sex}, "jurisdiction": "fr"}


# aim, zones, sex, asked, not asked
@pytest.mark.parametrize(
    ("aim", "zone", "sex", "asked", "not_asked"),
    [
        ("melasma", "malar-right", "female", "venous-thromboembolism", "allergy-fish"),
        ("melasma", "malar-right", "female", "pregnancy", "lymphoedema-limb"),
        ("melasma", "malar-right", "female", "g6pd-deficiency", "arrhythmia"),
        ("melasma", "malar-right", "male", "keloid", "pregnancy"),
        ("melasma", "malar-right", "male", "thrombophilia", "combined-contraceptive"),
        ("fine-lines", "malar-right", "female", "allergy-fish", "venous-thromboembolism"),
        ("cellulite", "thigh-outer-right", "female", "arrhythmia", "allergy-fish"),
        ("cellulite", "thigh-outer-right", "female", "varicose-veins-area", "iron-overload"),
        ("submental-fat", "submental", "female", "dysphagia", "iron-overload"),
    ],
)
def test_only_what_a_rule_could_read_is_asked(aim: str, zone: str, sex: str, asked: str, not_asked: str) -> None:
    terms = {term.id for term in terms_of(draft(aim, zone, sex=sex), current())}
    assert asked in terms
    assert not_asked not in terms


def test_without_an_aim_the_questions_of_the_patient_are_asked() -> None:
    terms = {term.id for term in terms_of({"goals": [], "patient": {}, "jurisdiction": "fr"}, current())}
    assert {"pregnancy", "keloid", "anticoagulant"} <= terms
    assert "venous-thromboembolism" not in terms


def test_unknown_pregnancy_says_at_once_that_it_blocks(client: Client, patient: Patient) -> None:
    page = client.get(f"/patients/{patient.ref}/assess").content.decode()
    row = re.search(r'id="q-pregnancy".*?</fieldset>', page, re.DOTALL)
    assert row is not None
    assert "Not asked: blocks every plan" in row.group()
    assert 'id="id_answer.pregnancy.open" value="" checked' in row.group()
    assert "/evidence/rules/screen-pregnancy" in row.group()


def test_screening_follows_each_answer(client: Client, patient: Patient) -> None:
    said = send(client, patient, **MELASMA).content.decode()
    assert '<a href="#q-pregnancy">Pregnancy</a>' in said
    said = send(client, patient, answer__pregnancy="yes").content.decode()
    assert 'id="finding-screen-pregnancy"' in said
    assert "New block: " in said
    assert "Pregnant: yes" in said
    said = send(client, patient, answer__pregnancy="no").content.decode()
    assert "finding-screen-pregnancy" not in said
    assert '<a href="#q-pregnancy">Pregnancy</a>' not in said


def test_a_wait_names_the_first_date(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA, answer__peelXsuperficial="yes")
    said = send(client, patient, words__peelXsuperficial="glycolic").content.decode()
    assert "Date not known" in said
    said = send(client, patient, on__peelXsuperficial=stored(patient)["as_of"]).content.decode()
    assert "Earliest date: <b>" in said
    assert "/evidence/rules/wait-peel-superficial" in said


def test_findings_stand_in_one_order(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA, answer__pregnancy="yes", phototype="V")
    page = client.get(f"/patients/{patient.ref}/assess").content.decode()
    order = re.findall(r'<article class="finding (\w+)', page)
    assert order == sorted(order, key=["block", "wait", "warn", "info"].index)
    assert set(order) >= {"block", "wait", "warn"}


# -- Findings by scale -------------------------------------------------------------------------------------------------


def score_masi(client: Client, patient: Patient) -> str:
    said = ""
    for region, grades in MASI.items():
        for item, grade in zip("adh", grades, strict=True):
            said = send_one(client, patient, f"score.masi.{region}.{item}", str(grade)).content.decode()
    return said


def test_no_score_until_complete(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    send(client, patient, score__masi__forehead__a="3")
    said = send(client, patient, score__masi__forehead__d="2").content.decode()
    assert "Forehead: H missing." in said
    assert "0.3 × (2 + ?) × 3" in said
    assert "– not complete" in said
    assert "of 48" not in said


def test_masi_and_mmasi_with_this_patients_figures(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    said = score_masi(client, patient)
    assert "<b>16.2</b>" in said
    assert "<b>9.4</b>" in said
    assert "0.3 × (2 + 2) × 3 + 0.3 × (3 + 2) × 4 + 0.3 × (3 + 2) × 4 + 0.1 × (2 + 1) × 2" in said
    record = stored(patient)["scores"]
    assert [one["scale"] for one in record] == ["masi"]
    assert (record[0]["rater"], record[0]["mode"]) == ("Dr Alma Weiss", "live")


def test_whoever_scores_is_the_rater_and_looking_again_changes_nothing(
    client: Client, browser_of: Callable[[str], Client], patient: Patient
) -> None:
    send(client, patient, **MELASMA, score__masi__forehead__a="3")
    nurse = browser_of("nurse")
    send(nurse, patient, score__masi__forehead__a="3")
    assert stored(patient)["scores"][0]["rater"] == "Dr Alma Weiss"
    send(nurse, patient, score__masi__forehead__a="2")
    assert stored(patient)["scores"][0]["rater"] == "Bruno Sala"


def test_live_or_photo_and_clear(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA, score__masi__forehead__a="3")
    send(client, patient, mode__masi="photo")
    assert stored(patient)["scores"][0]["mode"] == "photo"
    send(client, patient, act="clear:masi")
    assert stored(patient)["scores"] == []


@pytest.mark.parametrize(
    ("aim", "scales"),
    [
        ("melasma", ["masi", "melasqol", "dlqi"]),
        ("cellulite", ["cellulite-severity-scale", "cr-pcss", "nurnberger-muller"]),
        ("submental-fat", ["submental-fat-rating"]),
        ("hydration", []),
    ],
)
def test_scales_follow_from_the_aim(aim: str, scales: list[str], client: Client, patient: Patient) -> None:
    send(client, patient, goal__0__aim=aim)
    page = client.get(f"/patients/{patient.ref}/assess").content.decode()
    assert re.findall(r'data-scale="([\w-]+)"', page) == scales


# -- Groups ------------------------------------------------------------------------------------------------------------


def test_no_to_the_open_questions_of_a_group_and_undo(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA, answer__allergyXsulphite="yes")
    said = unescape(send(client, patient, act="no:allergy").content.decode())
    answers = stored(patient)["answers"]
    assert "allergy-sulphite" not in answers
    assert set(answers.values()) == {"no"}
    assert all(current().terms[term].kind == "allergy" for term in answers)
    assert f"{len(answers)} answered No together." in said
    entry = AuditEntry.objects.get(act="answer_open_questions")
    assert entry.who_name == "Dr Alma Weiss"
    assert entry.after is not None
    assert set(entry.after.values()) == {"no"}
    undo = re.search(r'value="(undo:[^"]+)"', said)
    assert undo is not None
    send(client, patient, act=undo.group(1))
    assert stored(patient)["answers"] == {}
    assert AuditEntry.objects.filter(act="take_back_answers").exists()


def test_undo_leaves_what_was_changed_since(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    send(client, patient, act="no:allergy")
    send(client, patient, answer__allergyXsulphite="yes")
    send(client, patient, act="undo:allergy-sulphite allergy-glutathione")
    assert stored(patient)["allergies"] == [{"id": "allergy-sulphite"}]


def test_the_audit_holds_what_differs_and_not_the_whole_case(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    send(client, patient, weight="62")
    send(client, patient, weight="64")
    entry = AuditEntry.objects.filter(act="save_assessment").order_by("-number").first()
    assert entry is not None
    assert (entry.before, entry.after) == ({"patient.weight": "62 kg"}, {"patient.weight": "64 kg"})


def test_nothing_changed_writes_nothing(client: Client, patient: Patient) -> None:
    send(client, patient, weight="62")
    version = version_of(patient)
    send(client, patient, weight="62")
    assert version_of(patient) == version


# -- Picks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("clopi", "antiplatelet"),
        ("the pill", "combined-contraceptive"),
        ("B01AF02", "atc:B01AF02"),
        ("atc: b01af02", "atc:B01AF02"),
        ("snomed:77386006", "snomed:77386006"),
        ("Lidocaine", "allergy-amide-anaesthetic"),
        ("favism", "g6pd-deficiency"),
    ],
)
def test_found_by_name_synonym_or_code(query: str, found: str) -> None:
    assert found in [pick.id for pick in picks.found(query, {}, current())]


@pytest.mark.parametrize("query", ["", "a", "zzzz", "hello world"])
def test_not_found(query: str) -> None:
    assert picks.found(query, {}, current()) == []


def test_a_code_that_no_rule_reads_is_listed_and_said(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    said = send(client, patient, act="pick:atc:C09AA05").content.decode()
    assert "no rule reads this code" in said
    assert "No term of the knowledge base means this code" in said
    answer = send(client, patient, act="pick:loinc:1")
    assert answer.status_code == 422


# -- The document ------------------------------------------------------------------------------------------------------


def test_the_document_is_a_case_once_it_has_a_goal(client: Client, patient: Patient) -> None:
    said = send(client, patient, weight="62").content.decode()
    assert "Choose an aim and its zones." in said
    send(client, patient, **MELASMA)
    score_masi(client, patient)
    case, problems = case_of(stored(patient), current())
    assert problems == ()
    assert case is not None
    assessment = Assessment.objects.get()
    assert case.id == f"p{patient.pk}-a{assessment.pk}"
    assert case.patient.birth_date == date(1985, 5, 4)
    assert case.jurisdiction == "unknown"


def test_the_clinics_jurisdiction_is_the_default(client: Client, patient: Patient, settings: object) -> None:
    settings.JURISDICTION = "fr"  # type: ignore[attr-defined]
    send(client, patient, weight="62")
    assert stored(patient)["jurisdiction"] == "fr"


def test_proposing_needs_no_answers_and_goes_on_to_the_room_of_plans(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    whole = {"goal.0.aim": "melasma", "goal.0.zones": ["malar-right"], "weight": "62"}
    answer = send_whole(client, patient, whole, act="propose")
    assert answer.status_code == 307
    assert answer.headers["Location"] == f"/assessments/{Assessment.objects.get().pk}/propose"
    assert stored(patient)["patient"]["weight"] == "62 kg"


def test_without_script_the_find_button_leads_to_what_was_found(client: Client, patient: Patient) -> None:
    answer = send_whole(client, patient, {"find": "clopidogrel", "weight": "62"}, act="find")
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Prescribed antiplatelet" in page
    assert stored(patient)["patient"]["weight"] == "62 kg"
