"""The commands. Each reads its files, calls one function of the core, and prints.

What only some commands need is imported inside them: a command starts in a fraction of a second.
"""

from __future__ import annotations

import argparse
import errno
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from mesoplan.cli.reading import STANDARD_INPUT, case_of, picture_of, text_of
from mesoplan.domain.errors import InputError, Problem
from mesoplan.knowledge.loader import load

if TYPE_CHECKING:
    from mesoplan.domain.case import Case
    from mesoplan.domain.plan import Plan
    from mesoplan.knowledge.base import Knowledge

DONE, NOTHING = 0, 3


def print_json(value: Any) -> None:
    """Print JSON text; letters stay letters."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_document(document: BaseModel) -> None:
    """Print a document as JSON."""
    print_json(document.model_dump(mode="json"))


def screen(options: argparse.Namespace) -> int:
    """`mesoplan screen CASE`."""
    from mesoplan.planning.screen import screen as screen_case

    knowledge = load()
    case = case_of(options.case, knowledge)
    findings = screen_case(case, knowledge)
    if options.json:
        from mesoplan.cli.json_documents import screening_document

        print_document(screening_document(case, findings, knowledge))
    else:
        from mesoplan.cli.finding_text import screening_text

        print(screening_text(findings, len(knowledge.rules), knowledge.release))
    return DONE


def propose(options: argparse.Namespace) -> int:
    """`mesoplan propose CASE`; exit 3 where nothing may be proposed."""
    from mesoplan.planning.propose import propose as propose_plans

    knowledge = load()
    case = case_of(options.case, knowledge)
    answer = propose_plans(case, knowledge, top=options.top)
    if options.pdf and answer.proposals:
        from mesoplan.cli.sheet import write_sheet

        write_sheet(options.pdf, case, answer.proposals[0], knowledge)
    if options.json:
        from mesoplan.cli.json_documents import proposals_document

        print_document(proposals_document(answer))
    else:
        from mesoplan.cli.proposals_text import proposals_text

        print(proposals_text(answer, knowledge))
    if options.pdf and not answer.proposals:
        print(f"{options.pdf}: not written, for nothing is proposed", file=sys.stderr)
    return DONE if answer.proposals else NOTHING


def evaluate(options: argparse.Namespace) -> int:
    """`mesoplan evaluate CASE PLAN`."""
    from mesoplan.planning.evaluate import evaluate as evaluate_plan

    case, plan, knowledge = _case_and_plan(options)
    evaluation = evaluate_plan(case, plan, knowledge)
    if options.json:
        from mesoplan.cli.json_documents import evaluation_document

        print_document(evaluation_document(evaluation))
    else:
        from mesoplan.cli.plan_text import evaluation_text

        print(evaluation_text(evaluation, plan, knowledge))
    return DONE


def _case_and_plan(options: argparse.Namespace) -> tuple[Case, Plan, Knowledge]:
    """Return the two documents that were named, read and checked."""
    from mesoplan.knowledge.plan_reading import read_plan
    from mesoplan.planning.outlines import outline_problems

    if options.case == options.plan == STANDARD_INPUT:
        raise InputError(STANDARD_INPUT, [Problem("", "standard input holds one document; name a file for the other")])
    knowledge = load()
    case = case_of(options.case, knowledge)
    plan = read_plan(text_of(options.plan), options.plan, case, knowledge)
    problems = list(outline_problems(plan, case, knowledge))
    if problems:
        raise InputError(options.plan, problems)
    return case, plan, knowledge


def exposure(options: argparse.Namespace) -> int:
    """`mesoplan exposure CASE PLAN`; exit 3 where nothing of the plan could be computed."""
    from mesoplan.cli.kernel_folder import kernel_folder
    from mesoplan.planning.plan_exposure import plan_exposure

    case, plan, knowledge = _case_and_plan(options)
    folder = kernel_folder()
    found = plan_exposure(plan, case, knowledge, folder, hours=options.hours)
    if options.svg:
        from mesoplan.cli.exposure_map import write_map

        write_map(options.svg, found, plan, case, knowledge, folder)
    if options.pdf:
        from mesoplan.cli.exposure_sheet import write_exposure_sheet

        write_exposure_sheet(options.pdf, found, plan, case, knowledge, folder)
    if options.json:
        print_document(found)
    else:
        from mesoplan.cli.exposure_text import exposure_text

        print(exposure_text(found, plan, knowledge))
    return DONE if any(one.figures is not None for one in found.zones) else NOTHING


def zones(options: argparse.Namespace) -> int:
    """`mesoplan zones PHOTO`; exit 3 where the photo shows no face that can be measured."""
    from mesoplan.cli import photo_zones as photo
    from mesoplan.cli import skin_colours
    from mesoplan.cli.own_face import face_record, together_text, write_face
    from mesoplan.imaging.face_scale import ImplausibleMeasure
    from mesoplan.imaging.own_face import ViewsRefused
    from mesoplan.imaging.photo_face import FaceRefused
    from mesoplan.imaging.photo_zones import measure_face

    picture = picture_of(options.photo)
    if options.overlay:
        _keep_photo(options.photo, Path(options.overlay))
    measures = {"sticker_mm": options.sticker, "interpupillary_mm": options.ipd}
    try:
        face = measure_face(picture, **measures)
        whole = face_record(face, options.also, measures) if options.also or options.face else None
    except ImplausibleMeasure as error:
        raise InputError("zones", [Problem("", str(error))]) from error
    except (FaceRefused, ViewsRefused) as refused:
        if options.json:
            print_json(photo.refusal_json(picture, refused))
        print(f"{options.photo}: {refused}", file=sys.stderr)
        return NOTHING
    knowledge = load()
    if options.face and whole:
        write_face(options.face, whole)
    if options.overlay:
        photo.write_overlay(options.overlay, picture, face)
    card = skin_colours.card_in(picture) if options.card else None
    if options.json:
        colours = skin_colours.colours_json(picture, face, card)
        told = {"colour": colours, "face": whole.model_dump(mode="json") if whole else None}
        print_json({**photo.zones_json(picture, face, knowledge), **told})
    else:
        print(photo.zones_text(options.photo, face, knowledge))
        if whole:
            print(f"\n{together_text(whole, knowledge)}")
        print(f"\n{skin_colours.colours_text(picture, face, card, knowledge)}")
    return DONE


def _keep_photo(photo: str, overlay: Path) -> None:
    """Refuse to write over the photo: it is the record, and what is drawn on it is not to take its place."""
    if photo != STANDARD_INPUT and overlay.exists() and overlay.samefile(photo):
        raise InputError(str(overlay), [Problem("--overlay", "is the photo itself; name another file")])


def evidence(options: argparse.Namespace) -> int:
    """`mesoplan evidence [AIM]`; exit 3 where a figure is asked for and no study of the aim has one to draw."""
    from mesoplan.cli import evidence_text as shown
    from mesoplan.planning.trial_evidence import trial_evidence

    knowledge = load()
    if options.aim is None:
        if options.svg:
            raise InputError("evidence", [Problem("--svg", "draws one aim; name it before the option")])
        if options.json:
            print_json(shown.aims_json(knowledge))
        else:
            print(shown.aims_text(knowledge))
        return DONE
    found = trial_evidence(options.aim, knowledge)
    drawn = shown.write_figure(options.svg, found) if options.svg else True
    if options.json:
        print_json(shown.evidence_json(found, knowledge))
    else:
        print(shown.evidence_text(found, knowledge))
    if not drawn:
        print(f"{options.svg}: not written, for no study of this aim has a figure to draw", file=sys.stderr)
    return DONE if drawn else NOTHING


def knowledge_check(options: argparse.Namespace) -> int:
    """`mesoplan knowledge check`. The loader has already refused what is wrong."""
    from mesoplan.cli.knowledge_report import check_text, count

    counted = count(load(_folder(options)))
    if options.json:
        print_json(counted.as_json())
    else:
        print(check_text(counted))
    return DONE


def knowledge_list(options: argparse.Namespace) -> int:
    """`mesoplan knowledge list KIND`."""
    from mesoplan.cli.knowledge_report import list_text, rows_of

    rows = rows_of(load(_folder(options)), options.kind)
    if options.json:
        print_json([{"id": row.id, "title": row.title} for row in rows])
    else:
        print(list_text(rows))
    return DONE


def knowledge_show(options: argparse.Namespace) -> int:
    """`mesoplan knowledge show ID`."""
    from mesoplan.cli.knowledge_report import entries_json, entries_text, find

    base = load(_folder(options))
    found = find(base, options.id)
    if options.json:
        print_json(entries_json(found))
    else:
        print(entries_text(found, base))
    return DONE


def _folder(options: argparse.Namespace) -> Path | None:
    """Return the folder of knowledge files that was named, if any."""
    if options.data is None:
        return None
    folder = Path(options.data)
    if not folder.is_dir():
        raise InputError(options.data, [Problem("", "is not a folder of knowledge files")])
    return folder


def schema(options: argparse.Namespace) -> int:
    """`mesoplan schema case | course | plan | evaluation | exposure | forecast | proposals`."""
    from mesoplan.cli.json_documents import json_schema

    print_json(json_schema(options.document))
    return DONE


def serve(options: argparse.Namespace) -> int:
    """`mesoplan serve [--demo] [--port N]`."""
    from mesoplan.clinic.serve import run

    try:
        run(demo=options.demo, port=options.port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        text = f"port {options.port} cannot be opened: {error.strerror}; name another"
        raise InputError("serve", [Problem("--port", text)]) from error
    return DONE
