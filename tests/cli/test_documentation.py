"""What the documents say is true: the reference is up to date, links lead somewhere, commands are ones that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from mesoplan.cli.parser import build_parser
from mesoplan.knowledge.base import Knowledge
from scripts.make_reference import FOLDER, out_of_date, reference, write
from tests.cli.conftest import PROJECT, Run, load_once
from tests.tooling.tree import tracked_files

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SHELL_BLOCK = re.compile(r"```(?:sh|bash|console)?\n(.*?)```", re.DOTALL)
HOW_TO = PROJECT / "docs" / "how-to"
PAGES = sorted(path for path in tracked_files() if path.suffix == ".md")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_once()


def test_the_reference_is_up_to_date(knowledge: Knowledge) -> None:
    assert out_of_date(reference(knowledge), FOLDER) == [], "Write it again: make reference"


def test_the_reference_names_every_entry(knowledge: Knowledge) -> None:
    pages = reference(knowledge)
    for page, kinds in {
        "screening-rules.md": ["rules"],
        "checks.md": ["checks"],
        "pairs.md": ["pairs"],
        "terms.md": ["terms"],
        "compounds.md": ["compounds"],
        "protocols.md": ["aims", "protocols"],
        "zones.md": ["zones", "danger-structures"],
        "scales.md": ["scales"],
        "instruments.md": ["techniques", "needles"],
        "jurisdictions.md": ["jurisdictions"],
    }.items():
        ids = [one for kind in kinds for one in knowledge.shelf(kind)]
        assert [one for one in ids if f"`{one}`" not in pages[page]] == []
    assert [one for one in knowledge.sources if f'<a id="source-{one.lower()}"></a>' not in pages["sources.md"]] == []


def test_no_two_sources_share_a_place(knowledge: Knowledge) -> None:
    assert len({one.lower() for one in knowledge.sources}) == len(knowledge.sources)


def test_a_page_that_is_changed_missing_or_left_over_is_noticed(tmp_path: Path) -> None:
    write({"a.md": "one", "schema/b.json": "{}"}, tmp_path)
    assert out_of_date({"a.md": "one", "schema/b.json": "{}"}, tmp_path) == []
    assert out_of_date({"a.md": "two", "c.md": "new"}, tmp_path) == ["a.md", "c.md", "schema/b.json"]
    write({"a.md": "two"}, tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.md"]


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(PROJECT)) for page in PAGES])
def test_every_link_inside_the_project_leads_to_a_file(page: Path) -> None:
    targets = {target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target}
    broken = []
    for target in targets:
        name, _, place = target.partition("#")
        file = (page.parent / name) if name else page
        if not file.exists() or (
            place.startswith("source-") and f'id="{place}"' not in file.read_text(encoding="utf-8")
        ):
            broken.append(target)
    assert broken == []


def commands() -> list[tuple[str, str]]:
    """Return every line of a shell block that calls mesoplan, with its page."""
    found = []
    for page in PAGES:
        for block in SHELL_BLOCK.findall(page.read_text(encoding="utf-8")):
            for line in block.splitlines():
                command = line.split("#")[0].strip().removeprefix("$ ").removeprefix(".venv/bin/")
                if command.startswith("mesoplan "):
                    found.append((str(page.relative_to(PROJECT)), command))
    return found


@pytest.mark.parametrize(("page", "command"), commands(), ids=[f"{page}: {command}" for page, command in commands()])
def test_every_command_that_is_shown_can_be_typed(page: str, command: str) -> None:
    words = shlex.split(re.split(r"\s[|>]", command)[0])[1:]
    options = build_parser().parse_args(words)
    for name in ("case", "plan"):
        given = getattr(options, name, None)
        if isinstance(given, str) and given.startswith("examples/"):
            assert (PROJECT / given).is_file()


def block(page: str, language: str) -> str:
    """Return the first block of a language on a page."""
    found = re.search(rf"```{language}\n(.*?)```", (HOW_TO / page).read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_case_that_the_how_to_shows_is_read(run: Run) -> None:
    answer = run("screen", "-", "--json", stdin=block("write-a-case-file.md", "yaml"))
    assert (answer.code, answer.err) == (0, "")


def test_the_library_is_used_as_the_how_to_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(PROJECT)
    exec(block("run-on-another-machine.md", "python"), {})  # noqa: S102 - the text of our own page
    assert "Tranexamic acid 4 mg/mL, every 4 weeks, 3 sessions 72" in capsys.readouterr().out
