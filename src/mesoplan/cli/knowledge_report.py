"""What `mesoplan knowledge` prints: a check of the whole, a list of a kind, one entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import yaml

from mesoplan.cli.wrapping import WIDTH, wrapped
from mesoplan.domain.case import Value
from mesoplan.domain.errors import KnowledgeError, Problem
from mesoplan.domain.writing import Language, range_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.cross_references import walk
from mesoplan.knowledge.kinds import KINDS
from mesoplan.knowledge.nearest import nearest
from mesoplan.knowledge.schema.citation import Cited
from mesoplan.knowledge.schema.protocols import Technique
from mesoplan.knowledge.schema.sources import Source
from mesoplan.planning.landing_words import layers_text
from mesoplan.planning.skin import skin_of_anyone
from mesoplan.planning.technique_landing import technique_landing


class Found(NamedTuple):
    """An entry with the kind under which it stands."""

    kind: str
    entry: Value


class Row(NamedTuple):
    """One line of a list."""

    id: str
    title: str


@dataclass(frozen=True)
class TitleCount:
    """How many titles there are to translate into a language, and how far that has come."""

    wanted: int
    translated: int
    reviewed: int


@dataclass(frozen=True)
class Count:
    """How much a knowledge base holds and how far it was checked."""

    release: str
    sha256: str
    entries: dict[str, int]
    values: int
    seen: int
    recalled: int
    reviewed: int
    basis: dict[str, int]
    titles: dict[str, TitleCount]

    def as_json(self) -> dict[str, Any]:
        """Return the count as plain data."""
        return asdict(self)


def cited_in(entry: Value) -> list[Cited]:
    """Return every cited value inside an entry, itself included."""
    return [model for _, model in walk(entry) if isinstance(model, Cited)]


def count(base: Knowledge) -> Count:
    """Count entries and cited values."""
    values = [value for kind in KINDS for entry in base.shelf(kind).values() for value in cited_in(entry)]
    return Count(
        release=base.release,
        sha256=base.sha256,
        entries={kind: len(base.shelf(kind)) for kind in KINDS},
        values=len(values),
        seen=sum(value.seen == "seen" for value in values),
        recalled=sum(value.seen == "recalled" for value in values),
        reviewed=sum(value.reviewed for value in values),
        basis=dict(sorted(Counter(value.basis.value for value in values).items())),
        titles={language.value: _titles(base, language) for language in Language if language is not Language.ENGLISH},
    )


def _titles(base: Knowledge, language: Language) -> TitleCount:
    wanted, translated = base.titles.wanted(), base.titles.translated[language]
    found = [translated[key] for key in wanted if key in translated]
    return TitleCount(len(wanted), len(found), sum(one.reviewed for one in found))


def check_text(counted: Count) -> str:
    """Return the count as text."""
    basis = ", ".join(f"{number} {name}" for name, number in counted.basis.items())
    return "\n".join([
        f"{counted.values} cited values in {sum(counted.entries.values())} entries: nothing is missing.",
        f"{counted.seen} seen on a page, {counted.recalled} recalled; {counted.reviewed} reviewed by a named person.",
        *wrapped(f"Basis: {basis}."),
        *(f"  {number:5d} {kind}" for kind, number in counted.entries.items()),
        "Titles translated, and reviewed by a named person:",
        *(
            f"  {one.translated:5d} of {one.wanted} in {language}, {one.reviewed} reviewed"
            for language, one in counted.titles.items()
        ),
        f"Release {counted.release}, sha256 {counted.sha256}",
    ])  # fmt: skip


def rows_of(base: Knowledge, kind: str) -> list[Row]:
    """Return id and title of every entry of a kind.

    Raises
    ------
    KnowledgeError
        If there is no such kind; it names those that there are.
    """
    if kind not in KINDS:
        text = f"“{kind}” is not a kind of entry; allowed: {', '.join(KINDS)}"
        raise KnowledgeError("knowledge list", [Problem("KIND", text)])
    return [Row(entry_id, getattr(entry, "title", "")) for entry_id, entry in base.shelf(kind).items()]


def list_text(rows: Sequence[Row]) -> str:
    """Return one line for each entry."""
    width = max((len(row.id) for row in rows), default=0)
    return "\n".join(f"{row.id:<{width}}  {row.title}" for row in rows)


def find(base: Knowledge, entry_id: str) -> list[Found]:
    """Return what has an id, in whichever kinds it stands; a presentation leads to its compound.

    Raises
    ------
    KnowledgeError
        If nothing has it; it names the nearest ids.
    """
    found = [Found(kind, base.shelf(kind)[entry_id]) for kind in KINDS if entry_id in base.shelf(kind)]
    if not found and entry_id in base.presentations:
        found = [Found("compounds", base.presentations[entry_id][0])]
    if not found:
        known = [one for kind in KINDS for one in base.shelf(kind)]
        text = f"no entry is called “{entry_id}”; nearest: {', '.join(nearest(entry_id, known))}"
        raise KnowledgeError("knowledge show", [Problem("ID", text)])
    return found


def entries_json(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Return each entry as plain data beside its kind; several where kinds share the id."""
    return [{"kind": one.kind, "entry": _plain(one.entry)} for one in found]


def _plain(entry: Value) -> dict[str, Any]:
    return entry.model_dump(mode="json", exclude_none=True)


def entries_text(found: Sequence[Found], base: Knowledge) -> str:
    """Return entries as they are written in the files, each with the sources that it names."""
    return "\n---\n".join(_entry_text(one, base) for one in found)


def _entry_text(found: Found, base: Knowledge) -> str:
    body = yaml.safe_dump(_plain(found.entry), allow_unicode=True, sort_keys=False, width=WIDTH)
    named = dict.fromkeys(source for value in cited_in(found.entry) for source in value.sources)
    sources = [line for one in named for line in _source_lines(base.sources[one])]
    landing = list(_landing_lines(found.entry, base)) if isinstance(found.entry, Technique) else []
    return "\n".join([f"# {found.kind}", body.rstrip("\n"), *sources, *landing])


SHOWN_ZONES = ("infraorbital-right", "forehead", "thigh-outer-right")
"""Thin, middling and thick skin, in which a technique is shown beside its published depth."""


def _landing_lines(technique: Technique, base: Knowledge) -> Iterator[str]:
    """Yield where a technique lands in the skin of anybody: the depth and the layer of its name set neither."""
    for zone in (base.zones[one] for one in SHOWN_ZONES if one in base.zones):
        skin = skin_of_anyone(zone)
        landing = technique_landing(technique, skin, base)
        needle = base.needles[landing.needle].title
        thick = range_text(*skin.total_mm, "mm", decimals=1)
        yield f"# Where it lands: {zone.title}, skin {thick} ({skin.text}), {needle}, free hand"
        for way in landing.ways:
            how = "published depth" if way.way == "published-depth" else "in to the hub"
            at = f"{way.angle_deg:.0f}° × {way.inserted_mm:.1f} mm = {way.depth_mm:.1f} mm"
            yield f"#   {how}, {at}: {layers_text(way.odds)}"


def _source_lines(source: Source) -> list[str]:
    where = f"doi.org/{source.doi}" if source.doi else source.url or ""
    text = f"# {source.id}: {source.title} [{source.kind}, quality {source.quality}, read: {source.read}] {where}"
    return [line if number == 0 else f"#   {line.strip()}" for number, line in enumerate(wrapped(text))]
