"""The command line and the JSON Schemas, read from the parser and the models themselves."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from mesoplan.cli.json_documents import DOCUMENTS, json_schema
from mesoplan.cli.parser import EXIT_CODES, build_parser
from scripts.reference_pages.markdown import cell, joined, page, section, table


def command_line() -> str:
    """Return the page of commands."""
    return page("Command line", EXIT_CODES, *(_command(one) for one in _commands(build_parser())))


def _commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield every command that does something; one that only leads to others is left out."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield parser
    for action in inner:
        for choice in action.choices.values():
            yield from _commands(choice)


def _command(parser: argparse.ArgumentParser) -> str:
    actions = [action for action in parser._actions if not isinstance(action, argparse._HelpAction)]
    actions.sort(key=lambda action: bool(action.option_strings))
    rows = [[f"`{_written(action)}`", cell(action.help or "")] for action in actions]
    usage = " ".join([parser.prog, *(_in_usage(action) for action in actions)])
    epilog = parser.epilog if parser.epilog and parser.epilog != EXIT_CODES else ""
    return section(
        f"`{usage}`", joined(parser.description or "", table(("Argument", "What it does"), rows), epilog), level=2
    )


def _written(action: argparse.Action) -> str:
    name = action.option_strings[-1] if action.option_strings else ""
    value = "" if action.nargs == 0 else str(action.metavar or action.dest)
    return " ".join(part for part in (name, value) if part)


def _in_usage(action: argparse.Action) -> str:
    return f"[{_written(action)}]" if action.option_strings else _written(action)


def schemas() -> dict[str, str]:
    """Return each JSON Schema by the name of its document."""
    return {name: json.dumps(json_schema(name), ensure_ascii=False, indent=2) + "\n" for name in DOCUMENTS}
