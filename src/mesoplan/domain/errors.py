"""What may go wrong outside the program: bad material. It names the file and the field; everything else is a bug."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place of a file."""

    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.field}: {self.text}" if self.field else self.text


class InputError(ValueError):
    """A file or form that cannot be read as what it should be, with every problem found."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))


class KnowledgeError(InputError):
    """A knowledge file that the loader refuses."""
