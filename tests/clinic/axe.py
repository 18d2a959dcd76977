"""What axe finds on a page. Only what breaks a rule is asked for: to list what keeps to them takes as long again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Style sheets are fetched a second time for one rule only, which is an experiment and does not run.
BROKEN_RULES_ONLY = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}


def found_by_axe(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """One line for each rule that the page breaks, with the first places; without `rules`, all rules are read."""
    script = pytest.importorskip("axe_playwright_python.base").AXE_SCRIPT
    if not page.evaluate("'axe' in window"):
        page.evaluate(script)
    options: dict[str, Any] = BROKEN_RULES_ONLY | ({"runOnly": list(rules)} if rules else {})
    broken = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
    return [f"{rule['id']}: {' | '.join(node['html'][:200] for node in rule['nodes'][:3])}" for rule in broken]
