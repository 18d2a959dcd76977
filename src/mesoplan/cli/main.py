"""The command line. Exit 0 done, 2 bad input, 3 nothing may be proposed; a bug ends in a traceback and 1."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

# Pydantic looks through every installed package for plugins, on each start; none is used, and none may
# change how a case is checked. Read when pydantic is imported, so it stands before all other imports.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
# The matrices of a face are small: sharing one out to threads costs a hundred times what it saves once other work
# runs beside it. Read when numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from mesoplan.cli.parser import build_parser
from mesoplan.domain.errors import InputError

DONE, BAD_INPUT = 0, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = build_parser().parse_args(arguments)
    try:
        if options.command == "serve":
            return int(options.function(options))
        with _without_collecting():
            return int(options.function(options))
    except InputError as error:
        for problem in error.problems:
            print(f"{error.file}: {problem}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        # Whoever read the output has seen enough; what is left in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hold the garbage collector: a command ends within a second, and a sixth of that went into collecting."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


if __name__ == "__main__":
    sys.exit(main())
