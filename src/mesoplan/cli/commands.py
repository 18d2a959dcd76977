"""The commands. Each reads its files, calls one function of the core, and prints."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from mesoplan.domain.case import Case
from mesoplan.domain.errors import InputError, KnowledgeError, Problem
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.plan import Plan
from mesoplan.domain.proposal import Proposals
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import read_case
from mesoplan.knowledge.loader import load

DOCUMENTS: dict[str, type[Case] | type[Plan] | type[Evaluation] | type[Proposals]] = {
    "case": Case,
    "plan": Plan,
    "evaluation": Evaluation,
    "proposals": Proposals,
}
DONE, NOTHING = 0, 3


def _text_of(name: str) -> str:
    """Return the text of a file, or of standard input for "-"."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(name, [Problem("", error.strerror or str(error))]) from error
    except UnicodeDecodeError as error:
        raise InputError(
            name, [Problem("", f"is not UTF-8 text ({error.reason} at byte {error.start})")]
        ) from error


def _case(name: str, knowledge: Knowledge) -> Case:
    return read_case(_text_of(name), name, knowledge, today=datetime.now().astimezone().date())


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def screen(options: argparse.Namespace) -> int:
    """`mesoplan screen CASE`."""
    from mesoplan.cli.report import findings_text
    from mesoplan.planning.screen import screen as screen_case

    knowledge = load()
    case = _case(options.case, knowledge)
    findings = screen_case(case, knowledge)
    if options.json:
        _print_json({
            "knowledge": {"release": knowledge.release, "sha256": knowledge.sha256},
            "case": case.id,
            "findings": [finding.model_dump(mode="json", exclude_defaults=True) for finding in findings],
        })  # fmt: skip
    else:
        print(findings_text(findings, len(knowledge.rules), knowledge.release))
    return DONE


def propose(options: argparse.Namespace) -> int:
    """`mesoplan propose CASE`; exit 3 where nothing may be proposed."""
    from mesoplan.cli.report import proposals_json, proposals_text
    from mesoplan.planning.propose import propose as propose_plans

    knowledge = load()
    case = _case(options.case, knowledge)
    answer = propose_plans(case, knowledge, top=options.top)
    if options.pdf and answer.proposals:
        from mesoplan.cli.sheet import write_sheet

        write_sheet(options.pdf, case, answer.proposals[0], knowledge)
    if options.json:
        _print_json(proposals_json(answer))
    else:
        print(proposals_text(answer, knowledge))
    return DONE if answer.proposals else NOTHING


def evaluate(options: argparse.Namespace) -> int:
    """`mesoplan evaluate CASE PLAN`."""
    from mesoplan.cli.report import evaluation_text
    from mesoplan.knowledge.plan_reading import read_plan
    from mesoplan.planning.evaluate import evaluate as evaluate_plan

    knowledge = load()
    case = _case(options.case, knowledge)
    plan = read_plan(_text_of(options.plan), options.plan, case, knowledge)
    evaluation = evaluate_plan(case, plan, knowledge)
    if options.json:
        _print_json(evaluation.model_dump(mode="json", exclude_defaults=False))
    else:
        print(evaluation_text(evaluation, plan, knowledge))
    return DONE


def knowledge(options: argparse.Namespace) -> int:
    """`mesoplan knowledge check | list KIND | show ID`."""
    from mesoplan.cli import knowledge_report

    base = load(Path(options.data) if options.data else None)
    if options.act == "check":
        return knowledge_report.check(base, as_json=options.json)
    if options.name is None:
        wanted = "a kind" if options.act == "list" else "an id"
        raise KnowledgeError("knowledge", [Problem(options.act, f"needs {wanted}")])
    report = knowledge_report.list_kind if options.act == "list" else knowledge_report.show
    return report(base, options.name, as_json=options.json)


def schema(options: argparse.Namespace) -> int:
    """`mesoplan schema case | plan | evaluation | proposals`."""
    _print_json(DOCUMENTS[options.document].model_json_schema())
    return DONE


def serve(options: argparse.Namespace) -> int:
    """`mesoplan serve [--demo] [--port N]`."""
    from mesoplan.clinic.serve import run

    run(demo=options.demo, port=options.port)
    return DONE
