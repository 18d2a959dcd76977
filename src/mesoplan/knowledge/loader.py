"""Read the knowledge base from its text files; refuse what is uncited, unknown or inconsistent, with file and field."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from mesoplan.domain.errors import KnowledgeError, Problem
from mesoplan.knowledge.base import Knowledge, Shelf
from mesoplan.knowledge.cross_references import dangling, pair_problems
from mesoplan.knowledge.kinds import KINDS, READ_WHEN_ASKED
from mesoplan.knowledge.schema.titles import TitleFile
from mesoplan.knowledge.schema.trials import Study
from mesoplan.knowledge.validation import build
from mesoplan.knowledge.yaml_reading import read_text

RELEASE_FILE = "release.yaml"
TITLES = "titles"
AT_ONCE = tuple(kind for kind in KINDS if kind not in READ_WHEN_ASKED)


def packaged_data() -> Traversable:
    """Return the folder of the data that is shipped with the package."""
    return resources.files("mesoplan.knowledge") / "data"


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{prefix}{item.name}"
        if item.is_dir():
            yield from _files(item, f"{name}/")
        elif name.endswith(".yaml"):
            yield name, item


def _read_files(folder: Traversable) -> tuple[dict[str, str], str]:
    """Return the texts by name and the hash of all of them."""
    digest = hashlib.sha256()
    texts = {}
    for name, item in _files(folder):
        raw = item.read_bytes()
        digest.update(name.encode() + b"\0" + hashlib.sha256(raw).digest())
        try:
            texts[name] = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise KnowledgeError(name, [Problem("", f"is not UTF-8 text: {error}")]) from error
    return texts, digest.hexdigest()


def _entries(name: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (place, plain entry) of one file, which holds one entry or a list of them."""
    try:
        data = read_text(text, name)
    except ValueError as error:
        raise KnowledgeError(name, list(getattr(error, "problems", [Problem("", str(error))]))) from error
    for index, entry in enumerate(data if isinstance(data, list) else [data]):
        if not isinstance(entry, dict):
            raise KnowledgeError(name, [Problem(f"entry {index + 1}", "must be a mapping of field to value")])
        yield f"{name} ({entry.get('id', f'entry {index + 1}')})", entry


def _load_kind(kind: str, texts: dict[str, str], places: dict[tuple[str, str], str]) -> Shelf[Any]:
    entries: dict[str, Any] = {}
    for name, text in texts.items():
        if name.split("/")[0] != kind:
            continue
        for place, raw in _entries(name, text):
            entry: Any = build(KINDS[kind], raw, place, KnowledgeError)
            if entry.id in entries:
                problem = Problem("id", f"“{entry.id}” stands twice, also in {places[kind, entry.id]}")
                raise KnowledgeError(place, [problem])
            entries[entry.id] = entry
            places[kind, entry.id] = place
    return Shelf(kind, entries)


def _check_folders(texts: dict[str, str]) -> None:
    for name in texts:
        folder = name.split("/")[0]
        if name != RELEASE_FILE and folder not in (*KINDS, TITLES):
            raise KnowledgeError(name, [Problem("", f"no such kind; allowed folders: {', '.join((*KINDS, TITLES))}")])


def _release(texts: dict[str, str]) -> str:
    data = read_text(texts.get(RELEASE_FILE, ""), RELEASE_FILE)
    if not isinstance(data, dict) or not isinstance(data.get("release"), str):
        raise KnowledgeError(RELEASE_FILE, [Problem("release", "is missing; write it as text, such as “2026.11”")])
    return str(data["release"])


def _title_files(texts: dict[str, str]) -> tuple[tuple[str, TitleFile], ...]:
    return tuple(
        (name, build(TitleFile, entry, name, KnowledgeError))
        for name, text in texts.items()
        if name.split("/")[0] == TITLES
        for _, entry in _entries(name, text)
    )


def _check_presentations(knowledge: Knowledge, places: dict[tuple[str, str], str]) -> None:
    seen: dict[str, str] = {}
    for compound in knowledge.compounds.values():
        for presentation in compound.presentations:
            if presentation.id in seen:
                text = f"presentation “{presentation.id}” stands twice, also in {seen[presentation.id]}"
                raise KnowledgeError(places["compounds", compound.id], [Problem("presentations", text)])
            seen[presentation.id] = compound.id


def _check_entries(entries: Shelf[Any], knowledge: Knowledge, places: dict[tuple[str, str], str]) -> None:
    for entry_id, entry in entries.items():
        problems = dangling(knowledge, entry)
        if problems:
            raise KnowledgeError(places[entries.kind, entry_id], problems)


def _check_references(knowledge: Knowledge, places: dict[tuple[str, str], str]) -> None:
    for kind in AT_ONCE:
        _check_entries(knowledge.shelf(kind), knowledge, places)
    for pair_id, problem in pair_problems(knowledge):
        raise KnowledgeError(places["pairs", pair_id], [problem])


def _trials_later(texts: dict[str, str]) -> Callable[[Knowledge], Shelf[Study]]:
    """Return what reads the studies when somebody asks for them, as strictly as everything else."""

    def read(knowledge: Knowledge) -> Shelf[Study]:
        places: dict[tuple[str, str], str] = {}
        studies = _load_kind("trials", texts, places)
        _check_entries(studies, knowledge, places)
        return studies

    return read


def load(folder: Path | Traversable | None = None) -> Knowledge:
    """Return the knowledge base in `folder`, or the one shipped with the package.

    Raises
    ------
    KnowledgeError
        Naming file and field: an unknown key, a missing citation, a duplicate or dangling id. For the kinds that are
        read when asked for, it comes then.
    """
    texts, sha256 = _read_files(folder or packaged_data())
    _check_folders(texts)
    places: dict[tuple[str, str], str] = {}
    shelves = {kind.replace("-", "_"): _load_kind(kind, texts, places) for kind in AT_ONCE}
    knowledge = Knowledge(
        release=_release(texts),
        sha256=sha256,
        **shelves,
        title_files=_title_files(texts),
        read_trials=_trials_later(texts),
    )
    _check_presentations(knowledge, places)
    _check_references(knowledge, places)
    knowledge.titles.wanted()  # put together here, so that a title of nothing is refused
    return knowledge
