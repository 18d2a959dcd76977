"""The words of the command line, and how it says that a word is not one of them."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from mesoplan import __version__
from mesoplan.cli import clinic_fit, commands, forecasts
from mesoplan.domain.errors import InputError
from mesoplan.domain.quantities import Length, UnitError

CASE_HELP = "case, YAML or JSON; - reads standard input"
PLAN_HELP = "plan for this case, YAML or JSON; - reads standard input"
EXIT_CODES = "Exit codes: 0 done, 2 bad input, 3 nothing may be proposed, 1 a bug."
EXIT_CODES_OF_ZONES = "Exit codes: 0 done, 2 bad input, 3 the photo shows no face that can be measured, 1 a bug."
EXIT_CODES_OF_EXPOSURE = "Exit codes: 0 done, 2 bad input, 3 nothing of the plan could be computed, 1 a bug."
EXIT_CODES_OF_EVIDENCE = "Exit codes: 0 done, 2 bad input, 3 there is no figure to draw, 1 a bug."
EXIT_CODES_OF_FORECAST = "Exit codes: 0 done, 2 bad input, 3 no trial gives a forecast of this course, 1 a bug."
DOCUMENTS = ("case", "course", "plan", "evaluation", "exposure", "forecast", "proposals")
HIGHEST_PORT = 65535


class Parser(argparse.ArgumentParser):
    """A parser that names what was given and what is allowed, as every other error does."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            allowed = ", ".join(map(str, action.choices))
            raise argparse.ArgumentError(action, f"“{value}” is not known; allowed: {allowed}")

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and where help is; exit 2."""
        self.exit(2, f"{self.prog}: {message.removeprefix('argument ')} (try {self.prog} --help)\n")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a count; allowed: 1 or more")
    return int(text)


def _whole(text: str, low: int, high: int, what: str) -> int:
    if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(f"“{text}” is not {what}; allowed: {low} to {high}")
    return int(text)


def _days(text: str) -> int:
    return _whole(text, 1, 180, "a number of days")


def _further(text: str) -> int:
    return _whole(text, 0, 24, "a number of sessions")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"“{text}” is not a port; allowed: 1 to {HIGHEST_PORT}")
    return int(text)


def _file(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("needs the name of a file; an empty one was given")
    return text


def _millimetres(text: str) -> float:
    try:
        return Length.parse(text).value
    except UnitError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _hours(text: str) -> tuple[float, ...]:
    from mesoplan.planning.concentration_at_hours import hours_of

    try:
        return hours_of(text.split(","))
    except InputError as error:
        raise argparse.ArgumentTypeError(error.problems[0].text) from error


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = Parser(prog="mesoplan", description="Plan and check courses of mesotherapy.", epilog=EXIT_CODES)
    parser.add_argument("--version", action="version", version=f"mesoplan {__version__}")
    acts = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")
    _add_planning(acts)
    _add_forecast(acts)
    _add_zones(acts)
    _add_evidence(acts)
    _add_knowledge(acts)
    _add_schema(acts)
    _add_serve(acts)
    return parser


def _add(acts: Any, name: str, function: Any, summary: str, *, json: bool = True, **more: Any) -> Any:
    command = acts.add_parser(name, help=summary, description=summary, **more)
    command.set_defaults(function=function)
    if json:
        command.add_argument("--json", action="store_true", help="print JSON")
    return command


def _add_planning(acts: Any) -> None:
    screen = _add(acts, "screen", commands.screen, "Read every rule about the patient of a case.")
    screen.add_argument("case", type=_file, metavar="CASE", help=CASE_HELP)
    summary = "Propose plans for a case; say what was declined, and why."
    propose = _add(acts, "propose", commands.propose, summary, epilog=EXIT_CODES)
    propose.add_argument("case", type=_file, metavar="CASE", help=CASE_HELP)
    propose.add_argument(
        "--pdf", type=_file, metavar="FILE", help="write the first proposal as a plan sheet, marked as a draft"
    )
    propose.add_argument("--top", type=_count, metavar="N", help="only the first N proposals of each goal")
    evaluate = _add(acts, "evaluate", commands.evaluate, "Evaluate a plan: doses, depths, mixtures, findings.")
    evaluate.add_argument("case", type=_file, metavar="CASE", help=CASE_HELP)
    evaluate.add_argument("plan", type=_file, metavar="PLAN", help=PLAN_HELP)
    summary = "Say how evenly a plan reaches its layer, how long the skin holds it, and what the blood gets."
    exposure = _add(acts, "exposure", commands.exposure, summary, epilog=EXIT_CODES_OF_EXPOSURE)
    exposure.add_argument("case", type=_file, metavar="CASE", help=CASE_HELP)
    exposure.add_argument("plan", type=_file, metavar="PLAN", help=PLAN_HELP)
    exposure.add_argument(
        "--hours",
        type=_hours,
        default=(),
        metavar="HOURS",
        help="say what the layer holds so many hours after the injection, such as 0.5,2,8: 1 to 6, 0.05 to 168 h",
    )
    exposure.add_argument("--svg", type=_file, metavar="FILE", help="write the first map in the colours of coverage")
    exposure.add_argument("--pdf", type=_file, metavar="FILE", help="write the exposure sheet, marked as a draft")


def _add_forecast(acts: Any) -> None:
    summary = "Say how a course may go on: the chance to reach its goal by each session, with intervals."
    forecast = _add(acts, "forecast", forecasts.forecast, summary, epilog=EXIT_CODES_OF_FORECAST)
    forecast.add_argument("course", type=_file, metavar="COURSE", help="course, YAML or JSON; - reads standard input")
    forecast.add_argument("--svg", type=_file, metavar="FILE", help="write the chart as SVG")
    forecast.add_argument("--every", type=_days, metavar="DAYS", help="what if: days between the sessions to come")
    forecast.add_argument("--sessions", type=_further, metavar="N", help="what if: so many more sessions, 0 to 24")
    forecast.add_argument("--stop", action="store_true", help="what if: no further session")
    summary = "Say what a clinic's recorded courses show of it: its own effect and how far its raters err."
    fit = _add(acts, "fit", clinic_fit.fit, summary, epilog=EXIT_CODES_OF_FORECAST)
    fit.add_argument(
        "--clinic",
        type=_file,
        nargs="*",
        required=True,
        metavar="COURSES",
        help="files of courses, folders of them, or .jsonl with one course a line; none for those that the clinic of "
        "this machine has recorded",
    )
    fit.add_argument("--dask", action="store_true", help="run on Dask's scheduler (the extra “dask”)")


def _add_zones(acts: Any) -> None:
    summary = "Measure the zones of a face in a photo: areas with their error, and where the scale came from."
    zones = _add(acts, "zones", commands.zones, summary, epilog=EXIT_CODES_OF_ZONES)
    zones.add_argument("photo", type=_file, metavar="PHOTO", help="JPEG, PNG or WebP; - reads standard input")
    zones.add_argument(
        "--ipd", type=_millimetres, metavar="LENGTH", help="distance of the pupils as measured, such as “61 mm”"
    )
    zones.add_argument(
        "--sticker",
        type=_millimetres,
        metavar="LENGTH",
        help="side of the black square of an ArUco marker (4x4_50) on the face, such as “15 mm”; goes before --ipd",
    )
    zones.add_argument(
        "--card",
        action="store_true",
        help="find a ColorChecker of 24 patches in the photo, and give the colour of the skin by zone",
    )
    zones.add_argument("--overlay", type=_file, metavar="FILE", help="write the photo with the zones outlined, as PNG")
    zones.add_argument(
        "--also",
        type=_file,
        action="append",
        default=[],
        metavar="PHOTO",
        help="another photo of the same face, from the right or the left; up to two",
    )
    zones.add_argument(
        "--face",
        type=_file,
        metavar="FILE",
        help="write the face that these photos make together, for “patient.face” of a case",
    )


def _add_evidence(acts: Any) -> None:
    summary = "Show what the studies of an aim say: every arm, what they say together, and what speaks against it."
    evidence = _add(acts, "evidence", commands.evidence, summary, epilog=EXIT_CODES_OF_EVIDENCE)
    evidence.add_argument("aim", nargs="?", type=_file, metavar="AIM", help="such as melasma; all aims without it")
    evidence.add_argument(
        "--svg",
        type=_file,
        metavar="FILE",
        help="write the forest plot, or shares of patients where nothing else is",
    )


def _add_knowledge(acts: Any) -> None:
    summary = "Check, list or show the knowledge base."
    knowledge = acts.add_parser("knowledge", help=summary, description=summary)
    inner = knowledge.add_subparsers(dest="act", required=True, metavar="ACT", title="acts")
    check = _add(inner, "check", commands.knowledge_check, "Read every file; refuse what is not cited.")
    listing = _add(inner, "list", commands.knowledge_list, "List the entries of a kind.")
    listing.add_argument("kind", metavar="KIND", help="such as compounds, protocols, rules, zones, scales, sources")
    show = _add(inner, "show", commands.knowledge_show, "Show one entry with its sources.")
    show.add_argument("id", metavar="ID", help="id of an entry or of a presentation")
    for command in (check, listing, show):
        command.add_argument(
            "--data", type=_file, metavar="FOLDER", help="a folder of knowledge files instead of the shipped one"
        )


def _add_schema(acts: Any) -> None:
    summary = "Print the JSON Schema of a document."
    schema = _add(acts, "schema", commands.schema, summary, json=False)
    schema.add_argument("document", choices=DOCUMENTS, metavar="DOCUMENT", help=", ".join(DOCUMENTS))


def _add_serve(acts: Any) -> None:
    serve = _add(acts, "serve", commands.serve, "Serve the clinic in the browser, on this machine.", json=False)
    serve.add_argument("--demo", action="store_true", help="open a demo clinic with made-up people")
    serve.add_argument("--port", type=_port, default=8000, metavar="N", help="port to listen on (8000)")
