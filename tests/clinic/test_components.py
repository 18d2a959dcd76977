"""The register of parts: every template is in it, every state draws, and what must be said is said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import mesoplan.clinic.shell as shell
from mesoplan.clinic.shell.components import COMPONENTS
from mesoplan.clinic.shell.parts import DoseBar, UnitField

FOLDER = Path(shell.__file__).parent / "templates" / "_components"


def test_every_part_is_registered_once() -> None:
    registered = [component.template for component in COMPONENTS]
    assert sorted(registered) == sorted(path.name for path in FOLDER.glob("*.html"))


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.name)
def test_every_state_draws(component: Any) -> None:
    drawn = component.drawn()
    assert len(drawn) >= 1
    assert len({html for _, html in drawn}) == len(drawn)  # no two states look the same
    for _, html in drawn:
        assert html.strip()
        assert "None" not in html


def test_the_page_is_there_in_a_demo_only(browser_of: Callable[[str], Client], settings: Any) -> None:
    assert browser_of("nurse").get("/settings/components").status_code == 404
    settings.DEMO = True
    page = browser_of("nurse").get("/settings/components").content.decode()
    assert all(component.name in page for component in COMPONENTS)


@pytest.mark.parametrize(
    ("value", "limit", "state", "fill", "spoken"),
    [
        (7.8, 20, "below", 33.54, "7.8 of 20\u00a0mg, proposal"),
        (18, 20, "near", 77.4, "18 of 20\u00a0mg, proposal, near the limit"),
        (20, 20, "near", 86.0, "20 of 20\u00a0mg, proposal, near the limit"),
        (20.1, 20, "over", 86.43, "20.1 of 20\u00a0mg, proposal, over the limit"),
        (90, 20, "over", 100.0, "90 of 20\u00a0mg, proposal, over the limit"),
        (0, 0, "near", 0.0, "0 of 0\u00a0mg, proposal, near the limit"),
        (47, None, "open", 33.0, "47\u00a0mg, no limit known, proposal"),
    ],
)
def test_dose_beside_its_limit(value: float, limit: float | None, state: str, fill: float, spoken: str) -> None:
    bar = DoseBar("Tranexamic acid", value, limit, "mg", "proposal")
    assert (bar.state, bar.spoken) == (state, spoken)
    assert bar.fill == pytest.approx(fill, abs=0.01)


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.01, 0.05, "0.01–0.05\u00a0mL"),
        (None, 0.05, "up to 0.05\u00a0mL"),
        (0.01, None, "from 0.01\u00a0mL"),
        (None, None, ""),
    ],
)
def test_a_unit_field_tells_its_range(low: float | None, high: float | None, told: str) -> None:
    assert UnitField("v", "Volume", "mL", "0.04", 0.01, low, high).range_text == told
