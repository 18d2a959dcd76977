"""The loader refuses what is uncited, misspelt, doubled or dangling, and names file and field."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest

from mesoplan.domain.errors import KnowledgeError
from mesoplan.knowledge.loader import load

SOURCE = """
- id: S1
  title: A source
  kind: paper
  quality: B
  read: abstract
"""
CITED = "basis: proposal, seen: recalled, sources: [S1], review: not yet reviewed"
NEEDLE = f"""
id: 30g-4
title: 30G, 4 mm
gauge: {{value: 30, unit: G, {CITED}}}
outer_diameter: {{value: 0.311, unit: mm, {CITED}}}
length: {{value: 4, unit: mm, {CITED}}}
shortest_inserted: {{value: 0.5, unit: mm, {CITED}}}
length_step: {{value: 0.5, unit: mm, {CITED}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a knowledge folder with one source and one needle."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "needles").mkdir()
    (tmp_path / "release.yaml").write_text('release: "1"')
    (tmp_path / "sources" / "all.yaml").write_text(SOURCE)
    (tmp_path / "needles" / "n.yaml").write_text(NEEDLE)
    return tmp_path


def test_what_is_whole_is_read(folder: Path) -> None:
    knowledge = load(folder)
    assert knowledge.release == "1"
    assert knowledge.needles["30g-4"].length.high == 4


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title: 30G, 4 mm", "titel: 30G", "unknown key “titel”; nearest: title"),
        (", sources: [S1]", "", "sources: is missing"),
        (", review: not yet reviewed", "", "review: is missing"),
        ("basis: proposal, ", "", "basis: is missing"),
        ("seen: recalled, ", "", "seen: is missing"),
        ("sources: [S1]", "sources: []", "sources"),
        ("sources: [S1]", "sources: [S9]", "“S9” is not in sources"),
        ("unit: mm", "unit: mmm", "unit"),
        ("value: 4", "value: [4, 2]", "runs from 4.0 down to 2.0"),
        ("id: 30g-4", "id: 30G 4", "id"),
        ("id: 30g-4", "id: 30g-4\nid: 30g-5", "key “id” stands twice"),
        ("review: not yet reviewed", "review: {by: Dr X}", "review"),
        ("review: not yet reviewed", "review: yes", "review"),
    ],
)
def test_a_typo_is_refused_with_file_and_field(folder: Path, old: str, new: str, says: str) -> None:
    file = folder / "needles" / "n.yaml"
    assert old in NEEDLE
    file.write_text(NEEDLE.replace(old, new))
    with pytest.raises(KnowledgeError, match=says) as caught:
        load(folder)
    assert caught.value.file.startswith("needles/n.yaml")


def test_the_same_id_in_two_files_is_refused(folder: Path) -> None:
    (folder / "needles" / "m.yaml").write_text(NEEDLE)
    with pytest.raises(KnowledgeError, match="stands twice, also in needles/m"):
        load(folder)


def test_a_folder_that_is_no_kind_is_refused(folder: Path) -> None:
    (folder / "potions").mkdir()
    (folder / "potions" / "p.yaml").write_text("id: p")
    with pytest.raises(KnowledgeError, match="no such kind; allowed folders"):
        load(folder)


def test_a_reviewed_value_names_who_and_when(folder: Path) -> None:
    file = folder / "needles" / "n.yaml"
    file.write_text(NEEDLE.replace("review: not yet reviewed", "review: {by: Dr X, on: 2026-11-23}", 1))
    assert load(folder).needles["30g-4"].gauge.reviewed
    assert not load(folder).needles["30g-4"].length.reviewed


def test_the_hash_changes_with_any_byte(folder: Path) -> None:
    before = load(folder).sha256
    (folder / "sources" / "all.yaml").write_text(SOURCE.replace("A source", "A sourcE"))
    assert load(folder).sha256 != before


def test_shipped_files_cut_short_are_refused(
    tmp_path: Path,
) -> None:
    shipped = resources.files("mesoplan.knowledge") / "data"
    with resources.as_file(shipped) as data:
        shutil.copytree(data, tmp_path / "data")
    whole = load(tmp_path / "data")
    assert whole.compounds
    for file in sorted((tmp_path / "data" / "compounds").glob("*.yaml"))[:5]:
        text = file.read_text()
        file.write_text(text[: len(text) // 2])
        with pytest.raises(KnowledgeError):
            load(tmp_path / "data")
        file.write_text(text)
