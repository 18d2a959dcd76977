"""The command line: one function for each command. Exit 0 done, 2 bad input, 3 nothing may be proposed or refused."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from mesoplan import __version__
from mesoplan.cli import commands
from mesoplan.domain.errors import InputError

DONE, BUG, BAD_INPUT, NOTHING = 0, 1, 2, 3


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(prog="mesoplan", description="Plan and check courses of mesotherapy.")
    parser.add_argument("--version", action="version", version=f"mesoplan {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, function: Callable[[argparse.Namespace], int], summary: str
    ) -> argparse.ArgumentParser:
        sub = subparsers.add_parser(name, help=summary, description=summary)
        sub.set_defaults(function=function)
        sub.add_argument("--json", action="store_true", help="print JSON")
        return sub

    screen = command("screen", commands.screen, "Read every rule about the patient of a case.")
    screen.add_argument("case", metavar="CASE", help="YAML or JSON file, or - for standard input")
    propose = command(
        "propose", commands.propose, "Propose plans for a case, and say what was declined and why."
    )
    propose.add_argument("case", metavar="CASE", help="YAML or JSON file, or - for standard input")
    propose.add_argument(
        "--top", type=_count, metavar="N", help="print only the first N proposals of each goal"
    )
    propose.add_argument("--pdf", metavar="FILE", help="write the first proposal as a plan sheet")
    evaluate = command(
        "evaluate", commands.evaluate, "Evaluate a plan for a case: doses, landing, mixture, findings."
    )
    evaluate.add_argument("case", metavar="CASE", help="YAML or JSON file")
    evaluate.add_argument("plan", metavar="PLAN", help="YAML or JSON file, or - for standard input")
    knowledge = command("knowledge", commands.knowledge, "Check, list or show the knowledge base.")
    knowledge.add_argument("act", choices=("check", "list", "show"))
    knowledge.add_argument("name", nargs="?", metavar="KIND or ID")
    knowledge.add_argument(
        "--data", metavar="FOLDER", help="a folder of knowledge files instead of the shipped one"
    )
    schema = command("schema", commands.schema, "Print the JSON Schema of a document.")
    schema.add_argument("document", choices=sorted(commands.DOCUMENTS))
    serve = command("serve", commands.serve, "Serve the clinic in the browser.")
    serve.add_argument("--demo", action="store_true", help="fill an empty clinic with a demo clinic")
    serve.add_argument("--port", type=int, default=8000)
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a count of 1 or more")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = build_parser().parse_args(arguments)
    try:
        return int(options.function(options))
    except InputError as error:
        for problem in error.problems:
            print(f"{error.file}: {problem}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


if __name__ == "__main__":
    sys.exit(main())
