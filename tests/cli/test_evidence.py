"""`mesoplan evidence`: the table, JSON, the figure, and each exit code."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Run


def test_without_an_aim_every_aim_is_listed(run: Run) -> None:
    done = run("evidence")
    assert done.code == 0
    assert "melasma" in done.out
    assert "52 studies" in done.out


def test_an_aim_shows_arms_summaries_and_what_speaks_against(run: Run) -> None:
    said = run("evidence", "melasma").out
    for words in (
        "Lee 2006, MASI", "−43\u00a0% (−45 … −40\u00a0%)", "A new clinic must expect (95 %)", "(negative)",
        "Published summaries contradict one another; none is chosen here.",
    ):  # fmt: skip
        assert words in said


def test_lines_fit_the_terminal(run: Run) -> None:
    assert max(len(line) for line in run("evidence", "melasma").out.splitlines()) <= 100


def test_json_holds_every_arm_with_its_sources(run: Run) -> None:
    told = json.loads(run("evidence", "melasma", "--json").out)
    assert set(told) == {
        "knowledge", "aim", "studies", "changes", "summaries", "shares", "background",
        "published_summaries_contradict", "without_figures",
    }  # fmt: skip
    lee = next(one for one in told["changes"] if one["study"] == "lee2006")
    assert lee["sources"] == ["lee2006"]
    assert lee["week"] == 12
    assert lee["percent_interval"][0] < lee["percent"] < lee["percent_interval"][1]


def test_the_figure_is_written(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "forest.svg"
    assert run("evidence", "melasma", "--svg", str(file)).code == 0
    assert ElementTree.parse(file).getroot().tag.endswith("svg")  # noqa: S314


def test_shares_are_drawn_where_there_is_no_change(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "shares.svg"
    assert run("evidence", "submental-fat", "--svg", str(file)).code == 0
    assert "Humphrey 2016" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("evidence", "melasm"), "“melasm” is not in aims"),
        (("evidence", "--svg", "x.svg"), "name it before the option"),
        (("evidence", "melasma", "--svg", "/made/up/x.svg"), "cannot be written"),
    ],
)
def test_bad_input_is_refused(run: Run, arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert says in done.err


@pytest.mark.parametrize(("act", "said"), [("list", "karrabi2021"), ("show", "txa-id-4")])
def test_the_knowledge_commands_know_trials(run: Run, act: str, said: str) -> None:
    done = run("knowledge", act, "trials" if act == "list" else "karrabi2021")
    assert done.code == 0
    assert said in done.out
