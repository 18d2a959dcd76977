"""Tables of cases in words, one row a line, as YAML."""

from __future__ import annotations

from pathlib import Path

from mesoplan.knowledge.yaml_reading import read_text

HERE = Path(__file__).parent
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """Return the rows of a table, or of all tables in a folder; every value is text as written."""
    place = HERE / name
    files = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    found: list[Row] = []
    for file in files:
        found += [
            {key: str(value) for key, value in row.items()}
            for row in read_text(file.read_text(encoding="utf-8"), file.name)
        ]
    return found


def in_words(row: Row) -> str:
    """Return a row as the name of its test."""
    return " | ".join(row.values())
