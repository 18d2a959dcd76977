"""Pieces of Markdown: tables, links to sources, and how far a value was checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mesoplan.domain.writing import date_text, unit_text
from mesoplan.knowledge.schema.citation import Cited, Figure, Review, Statement
from mesoplan.knowledge.schema.compounds import Blocked
from mesoplan.knowledge.schema.zones import ZoneBlock

NOTHING = "–"


def page(title: str, *parts: str) -> str:
    """Return a page: title and parts with a line between them."""
    return "\n\n".join([f"# {title}", *(part for part in parts if part)]) + "\n"


def cell(text: str) -> str:
    """Return text that cannot end a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;") or NOTHING


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; nothing where there are no rows. Cells are ready to print."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines]) if lines else ""


def bullets(lines: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {line}" for line in lines)


def anchor(source_id: str) -> str:
    """Return the name of a source's place on the page of sources."""
    return f"source-{source_id.lower()}"


def links(sources: Iterable[str]) -> str:
    """Return sources as links to the page that lists them."""
    return ", ".join(f"[{one}](sources.md#{anchor(one)})" for one in dict.fromkeys(sources)) or NOTHING


def checked(cited: Cited) -> str:
    """Return basis, whether it was seen, and who reviewed it: “label, seen, not yet reviewed”."""
    review = cited.review
    who = f"reviewed by {review.by}, {date_text(review.on)}" if isinstance(review, Review) else review
    return f"{cited.basis.value}, {cited.seen}, {who}"


def citation(cited: Cited) -> str:
    """Return how far a value was checked, with its sources."""
    return f"({checked(cited)}; {links(cited.sources)})"


def block(what: str, blocked: Blocked | ZoneBlock) -> str:
    """Return why something is blocked, and who may override that."""
    return f"**{what}** (override: {blocked.override.value}). {cell(blocked.text)} {citation(blocked)}"


def figure(value: Figure | None) -> str:
    """Return a figure with its citation; that none is known is said."""
    return f"{written(value)} {citation(value)}" if value else "not known"


def written(value: Figure) -> str:
    """Return a figure with its unit, as people write it."""
    return value.written().replace(f" {value.unit}", f" {unit_text(value.unit)}").strip()


def statements(values: Iterable[Statement]) -> str:
    """Return statements as a list, each with its citation."""
    return bullets(f"{cell(one.text)} {citation(one)}" for one in values)


def section(title: str, body: str, level: int = 3) -> str:
    """Return a heading with its text; nothing where there is no text."""
    return f"{'#' * level} {title}\n\n{body}" if body else ""


def joined(*parts: str) -> str:
    """Return the parts that hold something, with a line between them."""
    return "\n\n".join(part for part in parts if part)


def names(ids: Iterable[str]) -> str:
    """Return ids as code, or that there is none."""
    return ", ".join(f"`{one}`" for one in ids) or NOTHING
