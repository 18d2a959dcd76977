"""Operations that are refused: which one, why, and what is allowed. Each message is shown as it stands."""

from __future__ import annotations

from dataclasses import dataclass


class CannotDo(ValueError):
    """One operation that has no meaning for this plan.

    Attributes
    ----------
    allowed : tuple of str
        What could be named instead; empty where the sentence says it.
    points : tuple of str
        Points that are the reason.
    """

    def __init__(self, text: str, *, allowed: tuple[str, ...] = (), points: tuple[str, ...] = ()) -> None:
        self.text = text
        self.allowed = allowed
        self.points = points
        super().__init__(text)


class OperationRefused(ValueError):
    """One operation of a batch was refused, so none was applied.

    Attributes
    ----------
    index : int
        Of the operation in its batch, from 0.
    op : str
        Its kind, such as “move”.
    text : str
        What is wrong, without the place in the batch.
    """

    def __init__(self, index: int, count: int, op: str, why: CannotDo) -> None:
        self.index = index
        self.count = count
        self.op = op
        self.text = why.text
        self.allowed = why.allowed
        self.points = why.points
        which = f"Change {index + 1} of {count}, so none was made: " if count > 1 else ""
        super().__init__(which + why.text)


class BatchRefused(ValueError):
    """A batch that does not follow on what was received from its page."""

    def __init__(self, text: str, *, expected: int) -> None:
        self.expected = expected
        super().__init__(text)


@dataclass(frozen=True)
class Clash:
    """One thing that two people set.

    Attributes
    ----------
    what : str
        Such as “Volume per point of Forehead”.
    yours, theirs : str
        What this person set, and what stands now.
    by, name : str
        Who set what stands, and in which step.
    """

    what: str
    yours: str
    theirs: str
    by: str
    name: str

    def __str__(self) -> str:
        step = f" by {self.by}, “{self.name}”" if self.by else ""
        return f"{self.what}: yours {self.yours}, now {self.theirs}{step}."


class ChangedSince(ValueError):
    """Somebody else changed the same thing; both values are in the message, and nothing was overwritten."""

    def __init__(self, text: str, clashes: tuple[Clash, ...]) -> None:
        self.clashes = clashes
        shown = [str(clash) for clash in clashes[:3]]
        more = [f"And {len(clashes) - 3} more."] if len(clashes) > 3 else []
        super().__init__(" ".join([text, *shown, *more]))
