from pathlib import Path

from mesoplan.workflow.reference import reference_page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "workflow.md"


def test_the_printed_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_page(), (
        "Write it again: python -m mesoplan.workflow.reference docs/reference/workflow.md"
    )


def test_the_page_shows_every_move_and_every_act() -> None:
    page = reference_page()
    assert "signed --> superseded: replace" in page
    assert "| sign a plan (`sign_plan`) | may | – | – | – | – | – |" in page
