"""The sources that a sheet cites, numbered as they are first cited, and how far each was checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Cited, Entry

NOT_REVIEWED = "not yet reviewed"
RECALLED = "recalled"
LONGEST_ADDRESS = 44


def cited_rule(knowledge: Knowledge, rule: str) -> Cited | None:
    """Return the entry behind a finding: a screening rule, a computed check or a pair; None if it is none of them."""
    for shelf in (knowledge.rules, knowledge.checks, knowledge.pairs):
        if rule in shelf:
            return shelf[rule]
    return None


def standing(cited: Cited | None) -> str:
    """Return basis and state of a citation in words: “label, recalled, not yet reviewed”."""
    if cited is None:
        return ""
    words = [cited.basis.value]
    if cited.seen == "recalled":
        words.append(RECALLED)
    words.append("reviewed" if cited.reviewed else NOT_REVIEWED)
    return ", ".join(words)


class Citations:
    """The numbered list of sources of one sheet."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._numbers: dict[str, int] = {}
        self._unreviewed: set[str] = set()

    def cite(self, sources: Iterable[str], *, reviewed: bool = False) -> str:
        """Return the keys of sources, such as “[1] [4]”; each new one gets the next number.

        A source counts as reviewed here only where every value that cites it says so.
        """
        keys = []
        for source in dict.fromkeys(sources):
            number = self._numbers.setdefault(source, len(self._numbers) + 1)
            keys.append(f"[{number}]")
            if not reviewed:
                self._unreviewed.add(source)
        return " ".join(keys)

    def cite_entry(self, cited: Cited) -> str:
        """Return the keys of a citation of the knowledge base and remember how far it was checked."""
        return self.cite(cited.sources, reviewed=cited.reviewed)

    def listed(self) -> list[dict[str, str]]:
        """Return every cited source in the order of its number, ready to print."""
        return [self._line(source, number) for source, number in self._numbers.items()]

    def _line(self, source_id: str, number: int) -> dict[str, str]:
        if source_id not in self._knowledge.sources:
            return {"number": str(number), "title": source_id, "where": "", "link": "", "marks": "not in this release"}
        source = self._knowledge.sources[source_id]
        marks = [f"{RECALLED}, not read"] if source.read == "not read" else []
        if source_id in self._unreviewed and not self._none_is_reviewed():
            marks.append(NOT_REVIEWED)
        year = f" ({source.year})" if source.year else ""
        url = source.url or ""
        where = f"doi.org/{source.doi}" if source.doi else _short(url)
        link = f"https://doi.org/{source.doi}" if source.doi else url
        title = source.title + year
        return {"number": str(number), "title": title, "where": where, "link": link, "marks": "; ".join(marks)}

    def _none_is_reviewed(self) -> bool:
        return self._unreviewed == set(self._numbers)

    def standing_of_all(self) -> str:
        """Return what holds of every source of the sheet, said once: that none is reviewed yet; empty otherwise."""
        return "none reviewed yet" if self._numbers and self._none_is_reviewed() else ""


def _short(url: str) -> str:
    """Return an address as it is printed: whole if short, else its host; the link of the PDF holds it all."""
    bare = url.removeprefix("https://").removeprefix("http://").removesuffix("/")
    return bare if len(bare) <= LONGEST_ADDRESS else bare.split("/")[0] + "/…"


def title_of(entries: Mapping[str, Entry], entry_id: str) -> str:
    """Return the title of an entry, or its id in words where this release has none of that name."""
    return entries[entry_id].title if entry_id in entries else entry_id.replace("-", " ").capitalize()
