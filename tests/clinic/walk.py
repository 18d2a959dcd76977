"""Every page that links lead to, as somebody who clicks on everything would read them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

# Of each view so many pages are read: entries of the evidence differ from kind to kind, others do not.
PAGES_OF_A_VIEW = 3


@dataclass(frozen=True)
class Read:
    """One page as it was answered. `app` made it, also where the address led on to another."""

    address: str
    view: str
    app: str
    text: str


def walk(browser: Client, *starts: str) -> Iterator[Read]:
    waiting, seen, read = deque(starts), set(starts), Counter[str]()
    while waiting:
        address = waiting.popleft()
        view = resolve(urlsplit(address).path)
        if read[view.view_name] >= PAGES_OF_A_VIEW:
            continue
        read[view.view_name] += 1
        response = browser.get(address, follow=True)
        if not response["Content-Type"].startswith("text/html") or response.status_code >= 400:
            continue
        page = response.content.decode()
        made_by = resolve(response.request["PATH_INFO"])
        yield Read(address, made_by.view_name, made_by.func.__module__.split(".")[2], page)
        fresh = [found for found in _links(address, page) if found not in seen]
        seen.update(fresh)
        waiting.extend(dict.fromkeys(fresh))


def _links(address: str, page: str) -> Iterator[str]:
    for link in _Links(page).found:
        to = urlsplit(urljoin(address, link))
        if not to.netloc and to.path.startswith("/") and not to.path.startswith("/static/"):
            yield to.path + (f"?{to.query}" if to.query else "")


class _Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get("href") if tag == "a" else given.get("action") if given.get("method") != "post" else None
        if address:
            self.found.append(address)


def every_view(patterns: Iterable[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[str]:
    """The name of every address that the clinic answers."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            inner = f"{each.namespace}:" if each.namespace else ""
            yield from every_view(each.url_patterns, prefix + inner)
        elif each.name:
            yield prefix + each.name
