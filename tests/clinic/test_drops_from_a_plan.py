"""From a zone of a plan to the page of drops: with what is planned there and whom the skin is of, and nobody's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from mesoplan.clinic.courses.models import Assessment
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import plan_address, started


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


def test_a_zone_of_a_plan_opens_the_page_with_its_values(
    browser_of: Callable[[str], Client], assessment: Assessment
) -> None:
    browser = browser_of("dermatologist")
    plan = started(browser, assessment)
    page = unescape(browser.get(plan_address(plan)).content.decode())
    address = re.findall(r'<a href="(/drops[^"]*)">Try other needles', page)[0]
    assert "pattern=triangular" in address
    assert "technique=" in address
    assert "Camille" not in address
    assert "Lef" not in address
    opened = browser.get(address)
    assert opened.status_code == 200
    assert f'value="{parse_qs(urlsplit(address).query)["length"][0]}"' in opened.content.decode()
    assert f"/drops?zone={plan.plan['placements'][0]['zone']}" in address or "zone=" not in address
