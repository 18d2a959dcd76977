"""The first of the two clicks to a source: from a figure on a page to what the knowledge base holds about it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mesoplan.clinic.evidence.reviews import Entry, entries_reviewed_here
from mesoplan.clinic.evidence.words import basis_words
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


def rules_reviewed_here(knowledge: Knowledge) -> frozenset[Entry]:
    """The rules that this clinic has confirmed as they stand; asked once for all findings of a page."""
    return entries_reviewed_here(RULE_KINDS, knowledge)


def link_to_finding(finding: Finding, knowledge: Knowledge, here: frozenset[Entry] | None = None) -> Link:
    """The rule behind a finding: its ground, how many sources, and whether anybody has reviewed it, or this clinic.

    `here` is what `rules_reviewed_here` says; without it, it is asked for this one link.
    """
    kind = next((kind for kind in RULE_KINDS if finding.rule in knowledge.shelf(kind)), None)
    if kind is None:
        return {"title": finding.rule}
    rule = knowledge.shelf(kind)[finding.rule]
    href, count = entry_link(kind, finding.rule), len(set(finding.sources))
    if not isinstance(rule, Cited):
        return {"title": ngettext("%(count)s source", "%(count)s sources", count) % {"count": count}, "href": href}
    standing, said = _standing(rule), {"ground": basis_words(rule.basis.value), "count": count}
    if standing["review"] and (kind, finding.rule) in (rules_reviewed_here(knowledge) if here is None else here):
        title = ngettext(
            "%(ground)s, %(count)s source, reviewed here", "%(ground)s, %(count)s sources, reviewed here", count
        )
        return {**standing, "title": title % said, "href": href, "review": ""}
    title = ngettext("%(ground)s, %(count)s source", "%(ground)s, %(count)s sources", count)
    return {"title": title % said, "href": href, **standing}


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
        return {"title": _("%(name)s (not in this release)") % {"name": source_id}}
    source = knowledge.sources[source_id]
    return {
        "title": _in_english(short_title(source)),
        "href": entry_link("sources", source_id),
        "seen": "recalled" if source.read == "not read" else "",
    }


def _in_english(title: str) -> str:
    """Titles of papers stay as they were printed; a page in another language says that this one is in English."""
    return title if get_language() == "en" else format_html('<span lang="en">{}</span>', title)


def _standing(cited: Cited) -> Link:
    return {
        "review": "" if cited.reviewed else "not yet reviewed",
        "seen": "recalled" if cited.seen == "recalled" else "",
    }
