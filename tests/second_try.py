"""A browser test that fails is tried once more, in CI alone, and the end of the run says which ones needed it.

A browser has a clock of its own: on a machine that does other things as well, what a page does within five seconds may
take six. What fails twice fails. Nothing else is tried again, and on a developer's machine nothing is.
"""

from __future__ import annotations

import os

import pytest
from _pytest.runner import runtestprotocol

NEEDED = "needed a second try"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a browser test as any other; if it failed, once more, of which the second run counts."""
    if os.environ.get("CI", "") in ("", "0", "false") or not item.get_closest_marker("browser"):
        return None
    hooks = item.ihook
    hooks.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if any(one.failed for one in reports):
        why = next(one.longreprtext for one in reports if one.failed)
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        for one in reports:
            one.user_properties.append((NEEDED, why))
    for one in reports:
        hooks.pytest_runtest_logreport(report=one)
    hooks.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every test that passed at the second try only, with what the first one said."""
    again = [
        (report.nodeid, dict(report.user_properties)[NEEDED])
        for report in terminalreporter.stats.get("passed", [])
        if report.when == "call" and NEEDED in dict(report.user_properties)
    ]
    for nodeid, why in again:
        terminalreporter.write_line(f"SECOND TRY {nodeid}: {str(why).strip().splitlines()[-1]}")
