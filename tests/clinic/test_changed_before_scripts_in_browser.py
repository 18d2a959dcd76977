"""What is changed on a page before its scripts have come is saved once they are there, as any other change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.courses.models import Assessment, Plan
from tests.clinic.live_editor import OpenPlan, case, field, open_plan, plan, value_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)


class Held:
    """The scripts of the next page, which come when they are let go."""

    def __init__(self, page: Page) -> None:
        self.routes: list[Route] = []
        self.going = False
        page.route("**/*.js", self.take)

    def take(self, route: Route) -> None:
        if self.going:
            route.continue_()
        else:
            self.routes.append(route)

    def let_go(self) -> None:
        self.going = True
        for route in self.routes:
            route.continue_()


def test_a_value_of_the_plan(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    held = Held(page)
    page.goto(page.url, wait_until="commit")
    field(page, "angle").fill("25")
    page.locator("h1").click(force=True)
    held.let_go()
    page.wait_for_selector("#plan-editor.is-live")
    expect(page.locator(".ed-note")).to_contain_text("25")
    assert value_of(plan, "angle") == 25
    assert value_of(plan, "angle", "malar-left") != 25
    plan.refresh_from_db()
    assert plan.version == 2, "one change and nothing else"


def test_an_answer_of_the_assessment(browser: Browser, live_server: Any, browser_of: Any, patient: Any) -> None:
    from playwright.sync_api import expect

    client = browser_of("dermatologist")
    context = browser.new_context(base_url=live_server.url)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    held = Held(page)
    page.goto(f"/patients/{patient.ref}/assess", wait_until="commit")
    page.get_by_label("Aim").select_option(label="Melasma")
    held.let_go()
    expect(page.locator("input[value='malar-right']").first).to_be_attached()
    context.close()
    assert Assessment.objects.get().case["goals"][0]["aim"] == "melasma"
