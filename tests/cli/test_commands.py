"""Each command and each exit code, on the examples; and the JSON that scripts of others rely on."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from mesoplan import __version__
from mesoplan.imaging.zone_corners import corners_of
from mesoplan.knowledge.kinds import KINDS
from tests.cli.conftest import EXAMPLES, PROJECT, Run, load_once

NAMES = sorted(file.stem for file in EXAMPLES.glob("*.yaml"))
DECLINED = [name for name in NAMES if name.startswith("declined-")]
PROPOSED = [name for name in NAMES if name not in DECLINED]

ANSWER = {"case", "knowledge", "engine", "screening"}
PROPOSALS = ANSWER | {"order", "proposals", "declined", "goals"}
PROPOSAL = {
    "id", "protocol", "title", "recipe", "placement", "schedule", "plan", "evaluation", "evidence", "why", "front",
}  # fmt: skip
FINDING = {"code", "severity", "text", "rule", "sources"}
FINDING_MAY_HAVE = {"until", "override", "asks", "subject"}


def check_findings(value: Any) -> int:
    """Assert the one shape of every finding inside `value`, and return how many there are."""
    if isinstance(value, list):
        return sum(check_findings(one) for one in value)
    if not isinstance(value, dict):
        return 0
    if {"code", "severity"} <= set(value):
        assert set(value) >= FINDING
        assert set(value) - FINDING <= FINDING_MAY_HAVE
        assert value["severity"] in ("block", "wait", "warn", "info")
        assert isinstance(value["sources"], list)
        assert value["sources"]
        assert "until" not in value or date.fromisoformat(value["until"])
        assert (value["severity"] == "block") == ("override" in value)
        return 1
    return sum(check_findings(one) for one in value.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_example_gives_its_exit_code_and_the_contracts_json(name: str, run: Run) -> None:
    answer = run("propose", EXAMPLES / f"{name}.yaml", "--json")
    assert answer.code == (3 if name in DECLINED else 0)
    found = json.loads(answer.out)
    assert set(found) == PROPOSALS
    assert set(found["knowledge"]) == {"release", "sha256"}
    assert found["engine"] == f"mesoplan {__version__}"
    assert bool(found["proposals"]) == (name in PROPOSED)
    for proposal in found["proposals"]:
        assert set(proposal) == PROPOSAL
        plan = proposal["plan"]
        assert proposal["recipe"] == {"preparations": plan["preparations"]}
        assert (proposal["placement"], proposal["schedule"]) == (plan["placements"], plan["schedule"])
        assert proposal["why"]
    for declined in found["declined"]:
        assert set(declined) == {"protocol", "goal", "title", "findings"}
    assert check_findings(found) > 0


@pytest.mark.parametrize("name", PROPOSED)
def test_a_proposed_plan_is_evaluated_to_what_the_proposal_said(name: str, run: Run) -> None:
    case = EXAMPLES / f"{name}.yaml"
    for proposal in json.loads(run("propose", case, "--json").out)["proposals"]:
        answer = run("evaluate", case, "-", "--json", stdin=json.dumps(proposal["plan"]))
        assert answer.code == 0
        assert json.loads(answer.out) == proposal["evaluation"]


@pytest.mark.parametrize("name", NAMES)
def test_the_text_fits_100_columns_and_its_first_line_tells_the_answer(name: str, run: Run) -> None:
    text = run("propose", EXAMPLES / f"{name}.yaml").out
    assert [line for line in text.splitlines() if len(line) > 100] == []
    assert ("none, because: " if name in DECLINED else "proposal") in text.splitlines()[0]


def test_the_trade_offs_stand_beside_the_plan_in_text_and_json(run: Run) -> None:
    case = EXAMPLES / "melasma.yaml"
    first = json.loads(run("propose", case, "--json", "--top", "1").out)["proposals"][0]
    (planned,) = (one for one in first["front"] if one["is_planned"])
    assert planned["punctures"] == first["evaluation"]["burden"]["punctures_per_session"]
    text = run("propose", case, "--top", "1").out
    rows = text.partition("  Trade-offs\n")[2].partition("  Why\n")[0].splitlines()
    assert len([row for row in rows if "–" in row]) == len(first["front"]) > 3
    assert sum("planned" in row for row in rows) == 1
    assert "predicts no effect" in " ".join(" ".join(rows).split())


def test_top_keeps_the_first_of_each_goal(run: Run) -> None:
    case = EXAMPLES / "melasma.yaml"
    everything = json.loads(run("propose", case, "--json").out)["proposals"]
    two = json.loads(run("propose", case, "--json", "--top", "2").out)["proposals"]
    assert len(everything) > 2
    assert two == everything[:2]


@pytest.mark.parametrize("name", ["melasma", "cellulite"])
def test_the_plan_sheet_is_a_draft_of_the_first_proposal(name: str, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "plan.pdf"
    case = EXAMPLES / f"{name}.yaml"
    answer = run("propose", case, "--json", "--top", "1", "--pdf", target)
    assert answer.code == 0
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(target.read_bytes())).pages]
    title = json.loads(answer.out)["proposals"][0]["title"]
    assert title in " ".join(pages[0].split())
    assert "Draft" in pages[0]
    assert "No map was drawn" not in pages[0]
    assert os.listdir(tmp_path) == ["plan.pdf"]


def test_no_sheet_is_written_where_nothing_is_proposed(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "plan.pdf"
    answer = run("propose", EXAMPLES / "declined-minor.yaml", "--json", "--pdf", target)
    assert answer.code == 3
    assert json.loads(answer.out)["proposals"] == []
    assert answer.err == f"{target}: not written, for nothing is proposed\n"
    assert not target.exists()


def test_screen_says_what_is_against_the_patient_and_what_was_not_asked(run: Run) -> None:
    answer = run("screen", EXAMPLES / "declined-not-asked.yaml", "--json")
    found = json.loads(answer.out)
    assert answer.code == 0
    assert set(found) == ANSWER
    assert check_findings(found["screening"]) == len(found["screening"]) > 0
    assert any(finding.get("asks") for finding in found["screening"])
    text = run("screen", EXAMPLES / "declined-not-asked.yaml").out
    assert "missing." in text.splitlines()[0]


def test_screen_says_how_many_rules_were_read_where_none_objects(run: Run) -> None:
    assert run("screen", EXAMPLES / "melasma.yaml").out.startswith("No rule of release ")


def test_places_kept_clear_and_lines_are_read_judged_and_named(run: Run) -> None:
    case = EXAMPLES / "melasma.yaml"
    plan = json.loads(run("propose", case, "--json", "--top", "1").out)["proposals"][0]["plan"]
    first = plan["placements"][0]
    first["pattern"] = "lines"
    plan["kept_clear"] = [{"id": "k1", "zone": first["zone"], "at": first["points"][0]["at"], "radius": "8 mm"}]
    text = " ".join(run("evaluate", case, "-", stdin=json.dumps(plan)).out.replace("\xa0", " ").split())
    assert "to a place that is kept clear: 1" in text
    assert "apart on parallel lines" in text
    assert "1 place, points keep off by 8.0 mm" in text
    plan["kept_clear"][0] |= {"zone": "thumb", "radius": "80 mm"}
    refused = run("evaluate", case, "-", stdin=json.dumps(plan))
    assert refused.code != 0
    assert "kept_clear.1.zone: “thumb”" in refused.err
    assert "kept_clear.1.radius: must be between 0.5 and 50 mm" in refused.err


def test_evaluate_says_what_stands_against_a_plan_first(run: Run) -> None:
    case = EXAMPLES / "melasma.yaml"
    plan = json.loads(run("propose", case, "--json", "--top", "1").out)["proposals"][0]["plan"]
    plan["placements"][0]["inserted"] = "4 mm"
    plan["placements"][0]["angle"] = "90 deg"
    answer = run("evaluate", case, "-", stdin=json.dumps(plan))
    assert answer.code == 0
    first = " ".join(answer.out.splitlines()[:2])
    assert "warning" in first or "block" in first
    assert [line for line in answer.out.splitlines() if len(line) > 100] == []


def test_evaluate_reads_a_zone_that_was_drawn_and_names_what_is_wrong_with_it(run: Run) -> None:
    case = EXAMPLES / "melasma.yaml"
    plan = json.loads(run("propose", case, "--json", "--top", "1").out)["proposals"][0]["plan"]
    number = [one["zone"] for one in plan["placements"]].index("chin") + 1
    chin = plan["placements"][number - 1]
    corners = [corner.model_dump() for corner in corners_of("chin", None)]
    chin.update(outline=corners, area_source="drawn", area="18.1 cm2")
    answer = run("evaluate", case, "-", stdin=json.dumps(plan))
    assert answer.code == 0
    assert "on 18\N{NO-BREAK SPACE}cm² (drawn)" in answer.out
    for changes, said in (
        ({"area": "30 cm2"}, f"placements.{number}.area: the outline encloses 18.05 cm2 on this face"),
        ({"outline": [corners[1], corners[0], *corners[2:]]}, f"placements.{number}.outline: The outline of Chin"),
        ({"outline": corners[:2]}, f"placements.{number}.outline"),
        ({"outline": [{"x_mm": 1, "y_mm": 2}] * 3}, f"placements.{number}.outline.1: zone “chin” takes a triangle"),
        ({"area_source": "measured"}, "the source of the area is “drawn” where an outline is given"),
    ):
        wrong = json.loads(json.dumps(plan))
        wrong["placements"][number - 1].update(changes)
        answer = run("evaluate", case, "-", stdin=json.dumps(wrong))
        assert answer.code == 2
        assert said in " ".join(answer.err.split())


@pytest.mark.parametrize("kind", KINDS)
def test_knowledge_lists_each_kind_and_shows_its_entries(kind: str, run: Run) -> None:
    ids = [row["id"] for row in json.loads(run("knowledge", "list", kind, "--json").out)]
    assert ids == list(load_once().shelf(kind))
    assert [line.split()[0] for line in run("knowledge", "list", kind).out.splitlines()] == ids
    for entry_id in ids[:1]:
        shown = json.loads(run("knowledge", "show", entry_id, "--json").out)
        assert (kind, entry_id) in [(one["kind"], one["entry"]["id"]) for one in shown]


def test_show_names_the_sources_and_finds_a_compound_by_its_presentation(run: Run) -> None:
    text = run("knowledge", "show", "tranexamic-acid").out
    assert text.startswith("# compounds\nid: tranexamic-acid\n")
    assert "\n# S73: " in text
    (found,) = json.loads(run("knowledge", "show", "deoxycholic-acid-10", "--json").out)
    assert found["entry"]["id"] == "deoxycholic-acid"


def test_check_counts_what_was_seen_recalled_and_reviewed(run: Run) -> None:
    found = json.loads(run("knowledge", "check", "--json").out)
    assert found["values"] == found["seen"] + found["recalled"] == sum(found["basis"].values())
    assert set(found["entries"]) == set(KINDS)
    text = run("knowledge", "check").out
    assert f"{found['values']} cited values" in text
    assert set(found["titles"]) == {"fr", "it", "es"}
    for language, count in found["titles"].items():
        said = f"{count['translated']} of {count['wanted']} in {language}, {count['reviewed']} reviewed"
        assert said in text


@pytest.mark.parametrize("document", ["case", "plan", "evaluation", "proposals"])
def test_the_schema_names_every_field_of_the_document(document: str, run: Run) -> None:
    schema = json.loads(run("schema", document).out)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    if document == "proposals":
        assert set(schema["properties"]) == PROPOSALS
        assert set(schema["$defs"]["ProposalDocument"]["properties"]) == PROPOSAL


def test_help_lists_the_schemas(run: Run) -> None:
    answer = run("schema", "--help")
    assert answer.code == 0
    assert "case, course, plan, evaluation, exposure, forecast, proposals" in " ".join(answer.out.split())


def test_serve_opens_the_demo_on_the_port_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from mesoplan.clinic import serve

    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(serve, "run", lambda **given: asked.append(given))
    assert run("serve", "--demo", "--port", "8123").code == 0
    assert asked == [{"demo": True, "port": 8123}]


def test_a_port_that_is_taken_is_bad_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from mesoplan.clinic import serve

    def taken(**_: Any) -> None:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(serve, "run", taken)
    answer = run("serve")
    assert (answer.code, answer.err) == (
        2,
        "serve: --port: port 8000 cannot be opened: Address already in use; name another\n",
    )


def test_a_bug_is_not_hidden(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from mesoplan.planning import screen

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(screen, "screen", broken)
    with pytest.raises(ZeroDivisionError):
        run("screen", EXAMPLES / "melasma.yaml")


def test_as_a_process_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mesoplan.cli.main"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path)

    version = run("--version")
    assert (version.returncode, version.stdout) == (0, f"mesoplan {__version__}\n")
    bad = run("screen", "none.yaml")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "Traceback" not in bad.stderr


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    command = f"'{sys.executable}' -m mesoplan.cli.main knowledge list sources | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=PROJECT)  # noqa: S602
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""
