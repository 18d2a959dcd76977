"""Bad input ends with exit code 2 and prints nothing but errors, which name file, field, value and what is allowed."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from mesoplan.knowledge.yaml_reading import read_text
from tests.cli.conftest import EXAMPLES, Run

MELASMA = (EXAMPLES / "melasma.yaml").read_text(encoding="utf-8")

# What is changed in the example, what it becomes, and what the error says.
CASES = [
    ("weight: 62 kg", "weight: 62", "patient.weight: needs a number with a unit", "allowed units: kg, lb"),
    ("weight: 62 kg", "weight: 62 mL", "patient.weight: unit “mL”", "kg, lb"),
    ("weight: 62 kg", "weight: -62 kg", "patient.weight: must be between 20 and 350 kg", "given: -62 kg"),
    ("weight: 62 kg", "weigth: 62 kg", "patient.weigth: unknown key", "nearest: weight"),
    ("face_width: 138 mm", "face_width: 138 cm", "patient.face_width: must be between 90 and 190 mm", "given: 1380 mm"),
    ("birth_date: 1985-05-04", "birth_date: 1825-05-04", "patient.birth_date: must be between 0 and 115", "given: 201"),
    ("birth_date: 1985-05-04", "birth_date: 2026-12-01", "patient.birth_date: 2026-12-01 lies after", "2026-11-20"),
    ("birth_date: 1985-05-04", "birth_date: 4.5.1985", "patient.birth_date: must be a date", "4.5.1985"),
    ("as_of: 2026-11-20", "as_of: 2026-11-24", "as_of: 2026-11-24 lies in the future", "today is 2026-11-23"),
    ("start: 2026-12-01", "start: 2026-11-01", "start: 2026-11-01 lies before", "2026-11-20"),
    ("sex: female", "sex: f", "patient.sex: is not one of: 'female' or 'male'", "given: 'f'"),
    ("phototype: III", "phototype: VII", "patient.phototype: is not one of", "given: 'VII'"),
    ("jurisdiction: us", "jurisdiction: usa", "jurisdiction: “usa” is not one of", "allowed: ca, fr, it"),
    ("aim: melasma", "aim: melasm", "goals.1.aim: “melasm” is not one of the aims", "allowed: cellulite"),
    ("  - chin\n", "  - chinn\n", "goals.1.zones.4: “chinn” is not one of the zones", "nearest: chin"),
    ("  - chin\n", "  - forehead\n", "goals.1: zone named twice: forehead", "forehead"),
    ("  asthma: no", "  asthmma: no", "answers.asthmma: “asthmma” is not one of the terms", "nearest: asthma"),
    ("  asthma: no", "  asthma: perhaps", "answers.asthma: is not one of: 'yes' or 'no'", "given: 'perhaps'"),
    ("  asthma: no", "  asthma: no\n  asthma: yes", "key “asthma” stands twice", "line "),
    ("scale: masi", "scale: mmasi", "scores.1.scale: is computed from the items of “masi”", "allowed: masi"),
    ("      a: 2", "      a: 9", "scores.1.items.chin.a: 9 is not a grade", "allowed: 0, 1, 2, 3, 4, 5, 6"),
    ("answers:", "conditions: [{id: 'icd11:XY'}]\nanswers:", "“icd11:XY” is not a code", "allowed: such as snomed:"),
    ("answers:", "conditions: [{id: melasmaa}]\nanswers:", "conditions.1.id: “melasmaa” is not one of", "nearest: "),
    ("answers:", "areas: {chin: 0 cm2}\nanswers:", "areas.chin: must be between 0.5 and 4000 cm²", "given: 0 cm²"),
    ("answers:", "answers: [", "is the file complete?", "line "),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said", "also"), CASES, ids=[f"{one[1][:40]}" for one in CASES])
def test_a_case_with_one_thing_wrong(old: str, new: str, said: str, also: str, run: Run, tmp_path: Path) -> None:
    assert old in MELASMA
    file = tmp_path / "case.yaml"
    file.write_text(MELASMA.replace(old, new, 1), encoding="utf-8")
    answer = run("propose", file, "--json", "--pdf", tmp_path / "plan.pdf")
    assert (answer.code, answer.out) == (2, "")
    assert all(line.startswith(f"{file}: ") for line in answer.err.splitlines())
    assert said in answer.err
    assert also in answer.err
    assert os.listdir(tmp_path) == ["case.yaml"]


def test_everything_wrong_is_said_at_once(run: Run) -> None:
    text = MELASMA.replace("62 kg", "900 kg").replace("aim: melasma", "aim: x").replace("  - chin\n", "  - y\n")
    err = run("screen", "-", stdin=text).err
    assert [line.split(": ")[1] for line in err.splitlines()] == ["patient.weight", "goals.1.aim", "goals.1.zones.4"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"# only a comment\n", "the file is empty"),
        (b"melasma", "must be a mapping of field to value (given: 'melasma')"),
        (b"- a\n- b\n", "must be a mapping of field to value"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not a text file"),
        (b"id: \xff\xfe", "is not UTF-8 text"),
        (b"id: a\n\tas_of: b", "line 2"),
        (b"id: !!python/object:os.system x", "line 1"),
        (b"[" * 100_000, "nests deeper than 100 levels"),
        (b"a" * 10_000_000, "the most is 8 MB"),
        (MELASMA[:900].encode(), "is the file complete?"),
    ],
    ids=["empty", "comment", "word", "list", "picture", "latin-1", "tab", "tag", "brackets", "10 MB", "cut short"],
)
def test_what_is_no_case_at_all(content: bytes, said: str, run: Run) -> None:
    answer = run("screen", "-", stdin=content)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("-: ")
    assert said in answer.err


def test_a_byte_order_mark_is_no_mistake(run: Run) -> None:
    assert run("screen", "-", stdin=b"\xef\xbb\xbf" + MELASMA.encode()).code == 0


def test_json_is_read_as_yaml_is(run: Run) -> None:
    as_json = json.dumps(read_text(MELASMA, "melasma.yaml"))
    assert run("screen", "-", stdin=as_json).code == 0


def test_a_folder_and_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert run("screen", tmp_path).err == f"{tmp_path}: cannot be read: Is a directory\n"
    missing = tmp_path / "none.yaml"
    answer = run("screen", missing)
    assert (answer.code, answer.err) == (2, f"{missing}: cannot be read: No such file or directory\n")


def test_standard_input_can_be_read_once(run: Run) -> None:
    answer = run("evaluate", "-", "-", stdin=MELASMA)
    assert answer.code == 2
    assert "standard input holds one document" in answer.err


# What is changed in the plan that was proposed, and what the error says.
PLANS = [
    (lambda plan: plan.update(case="other"), "case: the plan is for case “other”, this is case “melasma”"),
    (lambda plan: plan.update(goal="beauty"), "goal: “beauty” is not one of the aims; allowed: "),
    (lambda plan: plan.update(tilte="x"), "tilte: unknown key “tilte”; nearest: title"),
    (lambda plan: plan.pop("schedule"), "schedule: is missing"),
    (lambda plan: plan["preparations"][0]["draws"][0].update(volume="-1 mL"), "given: -1 mL"),
    (lambda plan: plan["preparations"][0]["draws"][0].update(presentation="txa"), "presentations; nearest: "),
    (lambda plan: plan["placements"][0].update(volume_per_point="50 mg"), "unit “mg” is not one of: mL, ml, uL"),
    (lambda plan: plan["placements"][0].update(zone="malar-left"), "zone named twice for one preparation: malar-left"),
    (lambda plan: plan["placements"][0].update(angle="120 deg"), "must be between 0 and 90 deg (given: 120 deg)"),
    (lambda plan: plan["placements"][0]["points"].append(plan["placements"][0]["points"][0]), "point id used twice"),
    (lambda plan: plan["schedule"]["sessions"].reverse(), "session dates must be in order and differ"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), PLANS, ids=[said[:40] for _, said in PLANS])
def test_a_plan_with_one_thing_wrong(change, said: str, run: Run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    case = EXAMPLES / "melasma.yaml"
    plan = json.loads(run("propose", case, "--json", "--top", "1").out)["proposals"][0]["plan"]
    change(plan)
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    answer = run("evaluate", case, file, "--json")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"{file}: ")
    assert said in answer.err


# Words that are no command, kind, document, count or port.
WORDS = [
    (["predict", "course.yaml"], "“predict” is not known; allowed: screen, propose, evaluate"),
    (["zones"], "required: PHOTO"),
    (["zones", "nowhere.jpg"], "nowhere.jpg: cannot be read: No such file"),
    (["backup"], "“backup” is not known"),
    ([], "required: COMMAND"),
    (["propose"], "required: CASE"),
    (["propose", ""], "CASE: needs the name of a file"),
    (["propose", "c.yaml", "--pdf", ""], "--pdf: needs the name of a file"),
    (["propose", "c.yaml", "--top", "0"], "--top: “0” is not a count; allowed: 1 or more"),
    (["propose", "c.yaml", "--top", "two"], "--top: “two” is not a count"),
    (["propose", "c.yaml", "--draft"], "--draft"),
    (["schema", "session"], "“session” is not known; allowed: case, course, plan, evaluation"),
    (["serve", "--port", "99999"], "--port: “99999” is not a port; allowed: 1 to 65535"),
    (["knowledge", "list", "compound"], "“compound” is not a kind of entry; allowed: aims, "),
    (["knowledge", "list"], "required: KIND"),
    (["knowledge", "show", "tranexamic-acd"], "no entry is called “tranexamic-acd”; nearest: tranexamic-acid"),
    (["knowledge", "check", "--data", "nowhere"], "nowhere: is not a folder of knowledge files"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), WORDS, ids=[" ".join(words) or "none" for words, _ in WORDS])
def test_a_word_that_is_not_known(arguments: list[str], said: str, run: Run) -> None:
    answer = run(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_a_sheet_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "no" / "plan.pdf"
    answer = run("propose", EXAMPLES / "melasma.yaml", "--top", "1", "--pdf", target)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"{target}: cannot be written: No such file or directory\n"


def test_a_knowledge_file_with_a_typo_names_file_and_field(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(EXAMPLES.parent / "src/mesoplan/knowledge/data", data)
    file = data / "needles" / "30g-4.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("gauge:", "guage:"), encoding="utf-8")
    answer = run("knowledge", "check", "--data", data)
    assert (answer.code, answer.out) == (2, "")
    assert "needles/30g-4.yaml (30g-4): guage: unknown key “guage”; nearest: gauge" in answer.err
