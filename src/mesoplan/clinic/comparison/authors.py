"""Who changed what differs, as far as the log of a draft tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mesoplan.domain.edit_log import Change, EditLog, Slot, Step
from mesoplan.planning.operations.changes import Key, key_of
from mesoplan.planning.operations.differences import Difference

PLACEMENT = "placement"


class Authors:
    """The last step about each part of a draft.

    A form saves without a step, so a step counts only while the part still is as the step left it.
    """

    def __init__(self, log: EditLog, *, draft_is_after: bool) -> None:
        self._draft_is_after = draft_is_after
        self._last: dict[Key, tuple[Step, Change]] = {}
        for step in log.steps:
            for change in step.changes:
                self._last[key_of(change)] = (step, change)

    def of(self, difference: Difference) -> tuple[str, ...]:
        """Who made a difference, each once, the latest first; empty where the log does not tell."""
        steps = {step.number: step.by for change in difference.changes for step in self._steps(change) if step.by}
        return tuple(dict.fromkeys(steps[number] for number in sorted(steps, reverse=True)))

    def _steps(self, change: Change) -> Iterator[Step]:
        key = key_of(change)
        found = self._last.get(key)
        if found is not None and _content(found[1].after) == self._in_draft(change):
            yield found[0]
        elif key[0] == PLACEMENT:
            yield from self._inside(key[1:])
        elif len(key) > 2 and (whole := self._last.get((PLACEMENT, *key[1:3]))):
            yield whole[0]

    def _inside(self, place: Iterable[str]) -> Iterator[Step]:
        """What was done inside a placement that differs as a whole."""
        named = tuple(place)
        yield from (step for key, (step, _change) in self._last.items() if len(key) > 2 and key[1:3] == named)

    def _in_draft(self, change: Change) -> Any:
        return _content(change.after if self._draft_is_after else change.before)


def _content(side: Any) -> Any:
    """A part without its place in the list."""
    return side.value if isinstance(side, Slot) else side
