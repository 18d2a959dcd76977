"""The register of parts: what each is, its template, and every state it can be in. Tests and
/settings/components read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import translation

from mesoplan.clinic.shell.parts import DoseBar, Interval, UnitField


@dataclass(frozen=True)
class State:
    label: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Component:
    """One part. `states` are drawn as they stand by `drawn`."""

    name: str
    template: str  # in _components/
    contract: str
    states: tuple[State, ...]

    def drawn(self) -> list[tuple[State, str]]:
        """In English, as the examples are: this page is for those who build pages."""
        with translation.override("en"):
            template = f"_components/{self.template}"
            return [(state, render_to_string(template, dict(state.context))) for state in self.states]


def _finding(severity: str, text: str, **more: Any) -> dict[str, Any]:
    return {"severity": severity, "text": text, "code": "example", "rule": "example", "sources": ["S1"], **more}


LABEL = {"title": "US label", "href": "#source", "review": "reviewed"}
PRACTICE = {"title": "practice rule", "href": "#source", "review": "not yet reviewed"}
RECALLED = {"title": "textbook", "review": "not yet reviewed", "seen": "recalled"}


class _ExampleForm(forms.Form):
    spacing = forms.CharField(label="Spacing", error_messages={"required": "Enter the spacing."})
    weight = forms.CharField(
        label="Weight", error_messages={"required": "Enter the weight. The anaesthetic limit depends on it."}
    )


_REFUSED = _ExampleForm({"spacing": "", "weight": ""})
_GOOD = _ExampleForm({"spacing": "10.0", "weight": "62"})

FINDING_CARD = Component(
    "Finding card",
    "finding_card.html",
    "An article named by severity and title; order in the page is order of weight; acts are links or buttons.",
    (
        State(
            "Block",
            {
                "id": "f-block",
                "finding": _finding("block", "A clot in the leg in 2019. This block cannot be overridden."),
                "title": "Tranexamic acid is blocked",
                "letter": "A",
                "sources": [LABEL],
            },
        ),
        State(
            "Wait",
            {
                "id": "f-wait",
                "finding": _finding("wait", "Peel on 16 Nov.", until="2026-11-30"),
                "title": "First session 27 Nov is too early",
                "acts": [{"words": "Move to 30 Nov", "href": "#move"}],
                "sources": [PRACTICE],
            },
        ),
        State(
            "Warn, new",
            {
                "id": "f-warn",
                "finding": _finding("warn", "30° × 2.0 mm reaches 1.0 mm; the dermis ends at 0.8–2.0 mm."),
                "title": "38 % of drops end in fat (24–55)",
                "letter": "B",
                "state": "new",
                "acts": [{"words": "Try 15°", "href": "#try"}, {"words": "Show", "href": "#show"}],
                "sources": [PRACTICE, RECALLED],
            },
        ),
        State(
            "Warn, reason given",
            {
                "id": "f-reason",
                "finding": _finding("warn", "The label warns of clots with a combined pill."),
                "title": "Tranexamic acid with a combined pill",
                "reason": {
                    "by": "Dr A. Moreau",
                    "at": datetime(2026, 11, 23, 13, 40, tzinfo=UTC),
                    "text": "Pill stopped on 1 Nov, told by the patient",
                },
                "sources": [LABEL],
            },
        ),
        State(
            "Note",
            {
                "id": "f-note",
                "finding": _finding("info", "Ceiling 2.0 mm; the tip is shallower in over 99 %."),
                "title": "2 points within 10 mm of the foramen",
                "letter": "C",
                "sources": [{"title": "3 cadaver series", "href": "#source"}],
            },
        ),
        State(
            "Settled",
            {
                "id": "f-settled",
                "finding": _finding("warn", "Spacing under 5 mm."),
                "title": "Points too close",
                "state": "settled",
            },
        ),
    ),
)

UNIT_FIELD = Component(
    "Unit field",
    "unit_field.html",
    "A native input described by unit, range and error. Up and Down one step, Page ten; typed values are kept.",
    (
        State("As proposed", {"unit_field": UnitField("spacing", "Spacing", "mm", "10.0", 0.5, 5, 20)}),
        State(
            "Changed",
            {
                "unit_field": UnitField(
                    "volume", "Volume per point", "mL", "0.04", 0.01, 0.01, 0.05, changed_from="0.05 mL"
                )
            },
        ),
        State(
            "Out of range, kept",
            {
                "unit_field": UnitField(
                    "volume2",
                    "Volume per point",
                    "mL",
                    "0.5",
                    0.01,
                    0.01,
                    0.05,
                    error="Volume per point must be within 0.01–0.05 mL. You wrote 0.5.",
                )
            },
        ),
        State("Mixed values", {"unit_field": UnitField("angle", "Angle", "°", "", 5, 5, 90, placeholder="mixed")}),
    ),
)

DOSE_BAR = Component(
    "Dose bar",
    "dose_bar.html",
    "A meter with its value in words. The limit stands at 86 % of the width; over it has an icon and a word.",
    (
        State("Below", {"dose": DoseBar("Tranexamic acid", 7.8, 20, "mg", "proposal", PRACTICE)}),
        State("Near (from 90 %)", {"dose": DoseBar("Volume per point", 0.046, 0.05, "mL", "review", LABEL)}),
        State("Over", {"dose": DoseBar("Lidocaine", 310, 300, "mg", "label", LABEL)}),
        State("No limit known", {"dose": DoseBar("Tranexamic acid, course of 6", 47, None, "mg")}),
    ),
)

INTERVAL = Component(
    "Interval figure",
    "interval.html",
    "Text, never a picture; the range stands in the same line and is read as “45 to 76”.",
    (
        State("Known", {"figure": Interval("61 %", "45", "76")}),
        State("Being computed", {"figure": Interval("61 %", "45", "76", stale=True)}),
        State("Unknown", {"figure": Interval(unknown="not assessable")}),
        State("Not applicable", {"figure": Interval(unknown="no injection")}),
    ),
)

THREE_WAY = Component(
    "Three-way answer",
    "three_way.html",
    "A radio group. Nothing chosen means Not asked, which is never taken for No.",
    (
        State("Not asked", {"question": "Pregnant or may be?", "name": "pregnancy", "answer": ""}),
        State("Yes", {"question": "Clot in leg or lung?", "name": "clots", "answer": "yes"}),
        State("No", {"question": "Breast-feeding?", "name": "lactation", "answer": "no"}),
    ),
)

STATE_CHIP = Component(
    "State chip",
    "state_chip.html",
    "An icon and the word of the workflow table; the colour follows the kind only.",
    (
        State("Draft", {"kind": "wait", "icon_name": "draft", "word": "Draft"}),
        State("Signed", {"kind": "done", "word": "Signed r5"}),
        State("Superseded", {"kind": "neutral", "word": "Superseded"}),
        State("Void", {"kind": "neutral", "icon_name": "void", "word": "Void"}),
        State("Warned", {"kind": "warn", "word": "2 warn"}),
        State("Blocked", {"kind": "block", "word": "1 block"}),
        State("Noted", {"kind": "info", "word": "3 notes"}),
    ),
)

BUTTON = Component(
    "Button",
    "button.html",
    "Never grey without a reason: it stays pressable and says what is missing, with a link there.",
    (
        State("Main act", {"words": "Sign revision 5", "kind": "main"}),
        State("Act", {"words": "Compare"}),
        State("Stop", {"words": "Stop session…", "kind": "stop"}),
        State("Link that looks like an act", {"words": "Print", "href": "#print"}),
        State(
            "Something is missing",
            {
                "words": "Sign…",
                "kind": "main",
                "id": "sign",
                "missing": "1 warning has no reason yet.",
                "missing_at": "#f-warn",
            },
        ),
    ),
)

_COLUMNS = ({"title": "Zone"}, {"title": "Points", "number": True}, {"title": "Area", "number": True})


def _row(*texts: str) -> list[dict[str, Any]]:
    return [
        {"column": column, "text": text, "unknown": "not measured"}
        for column, text in zip(_COLUMNS, texts, strict=True)
    ]


DATA_TABLE = Component(
    "Data table",
    "data_table.html",
    "A real table: numbers end-aligned, the row's link in its first cell; on a phone each row becomes labelled pairs.",
    (
        State(
            "With totals",
            {
                "table": {
                    "columns": _COLUMNS,
                    "rows": [_row("Forehead", "25", "35 ± 3 cm²"), _row("Right malar", "11", "19 ± 2 cm²")],
                    "totals": _row("All", "36", "54 ± 4 cm²"),
                }
            },
        ),
        State("A value unknown", {"table": {"columns": _COLUMNS, "rows": [_row("Chin", "4", "")]}}),
    ),
)

SOURCE_LINK = Component(
    "Source link",
    "source_link.html",
    "The first of the two clicks to a source. “Not reviewed” and “recalled, not seen” are printed.",
    (
        State("Reviewed", {"source": LABEL}),
        State("Not yet reviewed", {"source": PRACTICE}),
        State("Recalled, not seen", {"source": RECALLED}),
    ),
)

STEP_LIST = Component(
    "Step list",
    "step_list.html",
    "An ordered list; the current step carries aria-current, the state stands in words.",
    (
        State(
            "Half-way",
            {
                "steps": [
                    {"title": "Assess", "words": "23 Nov, Dr A. Moreau", "state": "done"},
                    {"title": "Plan", "words": "2 of 3 findings settled", "state": "now"},
                    {"title": "Sign", "words": "to do", "state": "next"},
                ]
            },
        ),
    ),
)

DIALOG = Component(
    "Dialog",
    "dialog.html",
    "A native dialog: its title asks, its acts are verbs, Esc closes, focus goes back to what opened it.",
    (
        State(
            "With a reason",
            {
                "id": "void-dialog",
                "action": "#void",
                "question": "Void this plan?",
                "text": "It stays on record with your reason and can no longer be signed.",
                "ask": "Why is it void?",
                "act": "Void plan",
                "back": "Keep it",
                "kind": "stop",
            },
        ),
    ),
)

EMPTY_STATE = Component(
    "Empty state",
    "empty_state.html",
    "One sentence that says what belongs here, and the act that starts it.",
    (
        State("With an act", {"text": "No photos yet.", "act": "Take the first set", "href": "#photos"}),
        State("Nothing to do", {"text": "Nothing waits for you."}),
    ),
)

FIELD = Component(
    "Field",
    "field.html",
    "Label, native control, hint, error. What was typed stays; the error says what to do.",
    (
        State("Filled", {"field": _GOOD["spacing"], "hint": "Between rows, in mm"}),
        State("To mend", {"field": _REFUSED["weight"]}),
    ),
)

ERRORS_SUMMARY = Component(
    "Things to mend",
    "errors_summary.html",
    "At the head of a refused form: how many, each in the same words as at its field, each a link there.",
    (State("Two", {"form": _REFUSED}),),
)

OVERTAKEN = Component(
    "Overtaken",
    "overtaken.html",
    "A colleague saved meanwhile: both versions, nothing overwritten, nothing lost.",
    (
        State(
            "Two differ",
            {
                "who": "Dr A. Moreau",
                "at": "14:31",
                "take_theirs": "#theirs",
                "version": 4,
                "rows": [
                    {"what": "Phone", "theirs": "06 39 98 14 27", "yours": "06 39 98 14 28"},
                    {"what": "Called", "theirs": "", "yours": "Cam"},
                ],
            },
        ),
    ),
)

COMPONENTS = (
    FINDING_CARD,
    UNIT_FIELD,
    DOSE_BAR,
    INTERVAL,
    THREE_WAY,
    STATE_CHIP,
    SOURCE_LINK,
    BUTTON,
    FIELD,
    ERRORS_SUMMARY,
    DATA_TABLE,
    STEP_LIST,
    DIALOG,
    OVERTAKEN,
    EMPTY_STATE,
)
