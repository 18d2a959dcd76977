"""Commands run in this process, on a day on which no example lies in the future."""

from __future__ import annotations

import functools
import io
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from mesoplan.cli import commands, forecasts, reading
from mesoplan.cli.main import main
from mesoplan.knowledge.loader import load

PROJECT = Path(__file__).parents[2]
EXAMPLES = PROJECT / "examples"
load_once = functools.cache(load)


class Answer(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Answer]


class Stream:
    """Standard input with bytes, as the program reads it."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `mesoplan` with arguments; `stdin` is what stands on standard input."""
    monkeypatch.setattr(commands, "load", load_once)
    monkeypatch.setattr(forecasts, "load", load_once)
    monkeypatch.setattr(reading, "today", lambda: date(2026, 11, 23))

    def _run(*arguments: str | Path, stdin: str | bytes = b"") -> Answer:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", Stream(raw))
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Answer(code, out, err)

    return _run
