"""What all tests share: how Hypothesis searches, and the one browser of a test run."""

import gc
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from build_hooks import catalogs

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# As the command line and the pages have it; workers are started after this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

PROJECT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "") not in ("", "0", "false")

# In CI the same examples every time: a change must not fail for what another one broke.
settings.register_profile("here", deadline=None, max_examples=60)
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if IN_CI else "here")

CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Two pages behind the address bar, and a process held ready, cost half of each new context and nobody looks at them.
# Of two switches of this name only the last counts, so those that Playwright leaves out are named again.
LEFT_OUT = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess"]
LEFT_OUT_BY_PLAYWRIGHT = [
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
CHROMIUM_FLAGS.append("--disable-features=" + ",".join(LEFT_OUT + LEFT_OUT_BY_PLAYWRIGHT))


def pytest_configure() -> None:
    """The pages are tested with the catalogs as they are now, however the tests were started."""
    catalogs.ensure(PROJECT)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: nobody looks through it for garbage, and later not at each few
    hundred new values. That was a third of collecting the tests, and a twentieth of running them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 10, 10)
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m "not browser"` leaves out what needs Chromium. In CI alone, such a test has a second try, and the end of the
    run names it (RERUN): a browser has a clock of its own, and on a machine that does other things as well, what a page
    does within five seconds may take six. What fails twice fails."""
    for item in items:
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker("browser")
            if IN_CI:
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of Chromium. Without one the test is skipped and says why; in CI it fails."""
    command = [sys.executable, str(PROJECT / "scripts/ensure_chromium.py"), "--find-only"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode == 0:
        return found.stdout.strip()
    if IN_CI:
        pytest.fail(found.stderr.strip(), pytrace=False)
    pytest.skip(found.stderr.strip())


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> "Iterator[Browser]":
    """Headless Chromium, started once; a test opens its own context in it."""
    from playwright.sync_api import sync_playwright  # slow to import, and most tests need no browser

    # Chromium's sandbox cannot start for root.
    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for code that must not block.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        chromium = playwright.chromium.launch(executable_path=chromium_path, headless=True, args=flags)
        yield chromium
        chromium.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
