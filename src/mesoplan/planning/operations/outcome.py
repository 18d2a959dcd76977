"""What one operation comes to: the plan, and the words for it in the list of undo and at the foot of the map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from mesoplan.domain.edits import Stopped
from mesoplan.domain.plan import Plan
from mesoplan.domain.writing import count_text

Verb = Literal[
    "move", "add", "remove", "lock", "unlock", "set", "renew", "reshape", "reset", "make up", "put", "keep", "open"
]
PAST: dict[Verb, str] = {
    "move": "Moved", "add": "Added", "remove": "Removed", "lock": "Locked", "unlock": "Unlocked", "set": "Set",
    "renew": "Renewed", "reshape": "Reshaped", "reset": "Reset", "make up": "Made up", "put": "Put", "keep": "Kept",
    "open": "Opened",
}  # fmt: skip
_MOST_NAMED = 3


@dataclass(frozen=True)
class Outcome:
    """One operation done.

    Attributes
    ----------
    plan : Plan
        Not yet checked as a whole.
    verb, what : str
        Together the name of a step: “renew” “the lattice of Forehead”. Without `what` the verb is about `points`.
    value : str
        Added to `what` once it is done: “to 0.04 mL”.
    points : tuple of str
        Points that the verb is about.
    remarks : tuple of str
        Sentences to be said.
    stopped : tuple of Stopped
    """

    plan: Plan
    verb: Verb
    what: str = ""
    value: str = ""
    points: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    stopped: tuple[Stopped, ...] = ()


@dataclass(frozen=True)
class Words:
    """A step in words: “move 3 points”, and “Moved 3 points.”."""

    name: str
    done: str


def words_of(outcomes: Sequence[Outcome]) -> Words:
    """Return the name of a batch and the sentence that says it is done; the same act on points is counted together."""
    parts = [part for group in _grouped(outcomes) for part in group]
    names, done = [name for name, _ in parts], [said for _, said in parts]
    more = len(parts) - _MOST_NAMED
    if more > 0:
        rest = count_text(more, "other change", "other changes")
        names, done = [*names[:_MOST_NAMED], rest], [*done[:_MOST_NAMED], rest]
    return Words(_listed(names), f"{_listed([done[0], *(_small(one) for one in done[1:])])}.")


def _grouped(outcomes: Iterable[Outcome]) -> Iterable[list[tuple[str, str]]]:
    for (verb, on_points), group in groupby(outcomes, key=lambda one: (one.verb, not one.what)):
        if on_points:
            count = len({point for one in group for point in one.points})
            what = count_text(count, "point", "points")
            yield [(f"{verb} {what}", f"{PAST[verb]} {what}")]
        else:
            yield [(f"{verb} {one.what}", f"{PAST[verb]} {one.what}{one.value and f' {one.value}'}") for one in group]


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
