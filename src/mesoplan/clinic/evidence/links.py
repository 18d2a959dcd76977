"""The first of the two clicks to a source: from a figure on a page to what the knowledge base holds about it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.urls import reverse

from mesoplan.clinic.evidence.reviews import is_reviewed_here
from mesoplan.domain.finding import Finding
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Cited
from mesoplan.knowledge.schema.sources import Source

Link = dict[str, str]
RULE_KINDS = ("rules", "checks", "pairs")
LONGEST_TITLE = 44


@cache
def entry_link(kind: str, entry_id: str) -> str:
    return reverse("evidence:entry", args=[kind, entry_id])


def link_to_finding(finding: Finding, knowledge: Knowledge) -> Link:
    """The rule behind a finding: its ground, how many sources, and whether anybody has reviewed it, or this clinic."""
    kind = next((kind for kind in RULE_KINDS if finding.rule in knowledge.shelf(kind)), None)
    if kind is None:
        return {"title": finding.rule}
    rule = knowledge.shelf(kind)[finding.rule]
    ground = f"{rule.basis.value}, " if isinstance(rule, Cited) else ""
    named = len(set(finding.sources))
    counted = f"{ground}{named} source{'' if named == 1 else 's'}"
    standing = _standing(rule) if isinstance(rule, Cited) else {}
    if standing.get("review") and is_reviewed_here(kind, finding.rule, knowledge):
        counted, standing["review"] = f"{counted}, reviewed here", ""
    return {"title": counted, "href": entry_link(kind, finding.rule), **standing}


def link_to_value(kind: str, entry_id: str, title: str, *, reviewed: bool = True) -> Link:
    return {"title": title, "href": entry_link(kind, entry_id), "review": "" if reviewed else "not yet reviewed"}


def links_to_sources(sources: Iterable[str], knowledge: Knowledge) -> list[Link]:
    """One link for each source, in the order given, each once."""
    return [_link_to_source(source, knowledge) for source in dict.fromkeys(sources)]


def short_title(source: Source) -> str:
    """The title, cut at a word, with the year: enough to know the source again."""
    title = source.title
    if len(title) > LONGEST_TITLE:
        title = title[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,:;") + " …"
    return f"{title} ({source.year})" if source.year and str(source.year) not in title else title


def _link_to_source(source_id: str, knowledge: Knowledge) -> Link:
    if source_id not in knowledge.sources:
        return {"title": f"{source_id} (not in this release)"}
    source = knowledge.sources[source_id]
    return {
        "title": short_title(source),
        "href": entry_link("sources", source_id),
        "seen": "recalled" if source.read == "not read" else "",
    }


def _standing(cited: Cited) -> Link:
    return {
        "review": "" if cited.reviewed else "not yet reviewed",
        "seen": "recalled" if cited.seen == "recalled" else "",
    }
