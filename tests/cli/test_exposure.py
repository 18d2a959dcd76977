"""`mesoplan exposure`: what it prints, the map that it writes, its exit codes, and where kernels are kept."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mesoplan.cli.kernel_folder import kernel_folder
from mesoplan.domain.exposure import Exposure
from tests.cli.conftest import EXAMPLES, Run
from tests.documents.test_plan_sheet import pages_of, squeezed
from tests.planning.hand_made import plan_by_hand

CASE = EXAMPLES / "melasma.yaml"
PLAN = plan_by_hand({"tranexamic-acid-100": 0.4, "sodium-chloride-0.9": 9.6}, points=6, area_cm2=12.0)
NOTHING = PLAN.model_copy(update={"placements": (PLAN.placements[0].model_copy(update={"points": ()}),)})


@pytest.fixture(autouse=True)
def _own_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(_caches(tmp_path_factory)))


def _caches(made: pytest.TempPathFactory) -> Path:
    """One folder for all tests of this file: kernels are made once."""
    return made.getbasetemp() / "caches"


def _plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.json"
    file.write_text(PLAN.model_dump_json(), encoding="utf-8")
    return file


def test_a_block_for_each_zone_with_what_the_intervals_are_over(run: Run, tmp_path: Path) -> None:
    answer = run("exposure", CASE, _plan(tmp_path))
    text = " ".join(answer.out.replace("\xa0", " ").split())
    assert answer.code == 0
    assert "it predicts no effect" in text
    assert "Abdomen, Tranexamic acid, 6 points" in text
    assert ") of the dermis" in text
    assert "gets at least 50 % of its mean" in text
    assert "half is left after" in text
    assert "no toxic level was found in a source" in text
    assert "clearance of tranexamic-acid: 0.2–3.4 1/h (derived;" in text


def test_json_is_the_document_that_the_schema_describes(run: Run, tmp_path: Path) -> None:
    answer = run("exposure", CASE, _plan(tmp_path), "--json")
    read = Exposure.model_validate_json(answer.out)
    assert read.zones[0].figures is not None
    schema = json.loads(run("schema", "exposure").out)
    assert set(schema["properties"]) == set(json.loads(answer.out))


def test_the_map_is_one_drawing_with_the_colours(run: Run, tmp_path: Path) -> None:
    drawn = tmp_path / "map.svg"
    assert run("exposure", CASE, _plan(tmp_path), "--svg", drawn).code == 0
    assert drawn.read_text(encoding="utf-8").startswith("<svg")
    assert 'data-covered="abdomen"' in drawn.read_text(encoding="utf-8")


def test_the_sheet_is_a_draft_with_the_figures_that_are_printed(run: Run, tmp_path: Path) -> None:
    written = tmp_path / "sheet.pdf"
    answer = run("exposure", CASE, _plan(tmp_path), "--pdf", written)
    assert answer.code == 0
    (page,) = pages_of(written.read_bytes())
    covered = next(line for line in answer.out.splitlines() if " of the dermis, " in line)
    assert squeezed(covered.split(" of the dermis, ")[0]) in page
    assert squeezed("Case melasma") in page
    assert "DRAFT" in page


def test_a_sheet_of_nothing_computed_says_why_and_the_code_is_3(run: Run, tmp_path: Path) -> None:
    written = tmp_path / "sheet.pdf"
    assert run("exposure", CASE, "-", "--pdf", written, stdin=NOTHING.model_dump_json()).code == 3
    assert squeezed("not computed: no point of the zone carries it") in pages_of(written.read_bytes())[0]


def test_where_nothing_can_be_computed_it_says_why_and_exits_with_3(run: Run) -> None:
    answer = run("exposure", CASE, "-", stdin=NOTHING.model_dump_json())
    assert answer.code == 3
    assert "not computed: no point of the zone carries it" in answer.out


def test_bad_input_exits_with_2(run: Run, tmp_path: Path) -> None:
    assert run("exposure", "-", "-").code == 2
    assert run("exposure", CASE, tmp_path / "none.json").code == 2
    assert run("exposure", CASE, _plan(tmp_path), "--svg", tmp_path / "no" / "such.svg").code == 2
    assert run("exposure", CASE, _plan(tmp_path), "--pdf", tmp_path / "no" / "such.pdf").code == 2


def test_a_folder_that_cannot_be_made_is_none(tmp_path: Path) -> None:
    (tmp_path / "kernels").write_text("in the way", encoding="utf-8")
    assert kernel_folder(tmp_path) is None
    assert kernel_folder(tmp_path / "caches") == tmp_path / "caches" / "kernels"


def test_hours_give_a_table_in_each_zone(run: Run, tmp_path: Path) -> None:
    answer = run("exposure", CASE, _plan(tmp_path), "--hours", "8,0.5,168")
    lines = answer.out.replace("\xa0", " ").splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("  after"))
    assert [line.split("  ")[1] for line in lines[head + 1 : head + 4]] == ["0.5 h", "8 h", "168 h"]
    assert re.fullmatch(r"  0.5 h( +[\d.]+ \([\d.]+–[\d.]+\)){3}  +\d+  +[\d.]+", lines[head + 1])
    assert lines[head + 3].split()[:4] == ["168", "h", "<0.0001", "<0.01"]
    assert lines[head + 3].endswith(("%", ")", "<0.01"))  # nothing is left of which a place could hold most
    assert max(map(len, lines)) <= 100
    assert "For the middle of the ranges only:" in " ".join(answer.out.split())


def test_without_hours_nothing_is_said_of_them(run: Run, tmp_path: Path) -> None:
    bare = run("exposure", CASE, _plan(tmp_path)).out
    asked = run("exposure", CASE, _plan(tmp_path), "--hours", "2").out.splitlines()
    assert "hours" not in bare
    assert set(bare.splitlines()) < set(asked)


def test_hours_are_in_the_document(run: Run, tmp_path: Path) -> None:
    read = Exposure.model_validate_json(run("exposure", CASE, _plan(tmp_path), "--hours", "0.5,2", "--json").out)
    (zone,) = read.zones
    assert [one.hours for one in zone.at_hours] == [0.5, 2.0]
    assert zone.at_hours[0].mean is not None
    assert zone.at_hours[0].mean.middle > zone.at_hours[1].mean.middle  # type: ignore[union-attr]
    schema = json.loads(run("schema", "exposure").out)
    assert set(schema["$defs"]["HourFigures"]["properties"]) == set(zone.at_hours[0].model_dump())


@pytest.mark.parametrize("hours", ["0", "-2", "nan", "soon", "", "0.5,", "1e9", "1,2,3,4,5,6,7"])
def test_bad_hours_are_refused_by_name(run: Run, tmp_path: Path, hours: str) -> None:
    answer = run("exposure", CASE, _plan(tmp_path), f"--hours={hours}")
    assert answer.code == 2
    assert "--hours: " in answer.err
    assert "allowed: " in answer.err
    assert answer.out == ""
