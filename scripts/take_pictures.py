"""Take the pictures of the README and of every page, from a demo clinic that is made for it and thrown away.

`docs/pictures/` gets the few that the README shows; with --all a folder gets each page at desk, tablet and phone
width, light and dark. The sheet is drawn by pdftoppm, which Debian has in poppler-utils.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.photo_walk import photo_walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROJECT = Path(__file__).resolve().parent.parent
SIZES = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
LOOKS = ("light", "dark")
PATIENT, UNDER_TREATMENT = "4 May 1985", "16 Jan 1988"
WAIT_S = 60


@contextmanager
def demo_clinic(folder: Path) -> Iterator[str]:
    """Serve a new demo clinic and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mesoplan.cli.main", "serve", "--demo", "--port", str(port)]
    environment = {**os.environ, "MESOPLAN_DATA": str(folder)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/log-in")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(address: str) -> None:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5)  # noqa: S310
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise SystemExit(f"the demo clinic did not answer within {WAIT_S} s")


def _log_in(page: Page, who: str = "Dr A. Moreau") -> None:
    page.goto("/log-in")
    page.get_by_role("button", name=who).click()
    page.wait_for_url("**/today")


def walk(page: Page) -> dict[str, str]:
    """Go once from the log-in to a draft and return the address of each page on the way."""
    _log_in(page)
    places = {"today": "/today", "patients": "/patients", "evidence": "/evidence"}
    _open_patient(page, PATIENT)
    places["patient"] = page.url
    places["assessment"] = f"{page.url}/assess"
    page.goto(places["assessment"])
    page.get_by_role("button", name="Propose plans").click()
    page.wait_for_url("**/proposals")
    places["proposals"] = page.url
    page.get_by_role("button", name="Start a plan from this").first.click()
    page.wait_for_url("**/plans/*")
    places["plan"] = page.url
    places["sign"] = f"{page.url}/sign"
    places["compound"] = "/evidence/compounds/tranexamic-acid"
    places["drops"] = "/drops"
    places["forecast"] = _forecast_under_way(page)
    places["trials"] = "/evidence/aims/melasma/trials"
    return places


def _open_patient(page: Page, born: str) -> None:
    page.goto("/patients")
    page.get_by_role("row").filter(has_text=born).get_by_role("link").first.click()
    page.wait_for_url("**/patients/P*")


def _forecast_under_way(page: Page) -> str:
    """The forecast of the course that has scores already, where it says most."""
    _open_patient(page, UNDER_TREATMENT)
    page.get_by_role("link", name="Forecast").first.click()
    page.wait_for_url("**/forecast")
    return page.url


def more_places(places: dict[str, str]) -> dict[str, str]:
    """The pages that a dermatologist sees beside those of the walk."""
    return {
        "search": "/patients?q=le",
        "nobody": "/patients?q=zzzz",
        "new-patient": "/patients/new",
        "edit-patient": f"{places['patient']}/edit",
        "compare": places["proposals"].replace("/proposals", "/compare"),
        "leaflet": f"{places['plan']}/leaflet",
        "leaflet-fr": f"{places['plan']}/leaflet?language=fr",
        "evidence-search": "/evidence?q=tranexamic",
        "zone": "/evidence/zones/malar-right",
        "source": "/evidence/sources/S01",
        "study": "/evidence/trials/karrabi2021",
        "forecast-first-visit": places["proposals"].replace("/proposals", "/forecast"),
        "new-score": places["proposals"].replace("/proposals", "/scores/new"),
        "keys": "/me/keys",
        "new-app": "/me/keys/app/new",
        "components": "/settings/components",
        "drops-compared": "/drops?angle=20&length=1.5&spacing=8&pin=",
        "missing": "/patients/P00000",
    }


MANAGER = {
    "manager-today": "/today",
    "settings": "/settings",
    "people": "/settings/people",
    "new-person": "/settings/people/new",
    "audit": "/audit",
}
WHOLE = {"components"}
"""Pages that are taken to their end, not only what a window shows."""


def sign(page: Page, plan: str) -> str:
    """Sign the plan and return the address of its sheet."""
    page.goto(f"{plan}/sign")
    for reason in page.locator("textarea").all():
        reason.fill("Discussed with the patient today; she accepts it and will report.")
    page.get_by_label("Password again").fill("mesoplan demo")
    page.get_by_role("button", name=re.compile("^Sign revision")).click()
    page.wait_for_url(re.compile(r"/plans/\d+$"))
    return f"{page.url}/sheet.pdf"


def _take(
    browser: Browser, address: str, state: Path, places: dict[str, str], shots: list[tuple[str, str, str]], into: Path
) -> None:
    for name, size, look in shots:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=address,
            storage_state=str(state),
            viewport={"width": width, "height": height},
            color_scheme="dark" if look == "dark" else "light",
        )
        page = context.new_page()
        page.goto(places[name])
        page.wait_for_load_state("networkidle")
        if page.locator("#plan-editor").count():
            page.wait_for_selector("#plan-editor.is-live .ed-point")
        page.screenshot(path=into / f"{name}-{size}-{look}.png", full_page=name in WHOLE)
        context.close()


def _every(browser: Browser, address: str, state: Path, places: dict[str, str], into: Path) -> None:
    if not state.exists():
        state.write_text('{"cookies": [], "origins": []}', encoding="utf-8")
    _take(
        browser,
        address,
        state,
        places,
        [(name, size, look) for name in places for size in SIZES for look in LOOKS],
        into,
    )


def _languages(browser: Browser, address: str, page: Page, places: dict[str, str], into: Path) -> None:
    """The pages of the walk in the other languages, as a desk shows them."""
    for language in ("fr", "it", "es"):
        context = browser.new_context(
            base_url=address, viewport={"width": 1440, "height": 900}, storage_state=page.context.storage_state()
        )
        other = context.new_page()
        other.goto("/today")
        other.locator("details.person summary").click()
        other.locator(f"form[action='/language'] button[value={language}]").first.click()
        other.wait_for_load_state()
        for name, place in places.items():
            other.goto(place)
            other.wait_for_load_state("networkidle")
            other.screenshot(path=into / f"{name}-{language}.png")
        other.locator("details.person summary").click()
        other.locator("form[action='/language'] button[value=en]").first.click()
        other.wait_for_load_state()
        context.close()


def _log_in_anew(page: Page, who: str) -> None:
    page.context.clear_cookies()
    _log_in(page, who)


def _sheet(pdf: bytes, into: Path) -> None:
    if shutil.which("pdftoppm") is None:
        print("no pdftoppm here: install poppler-utils to draw the sheet", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sheet.pdf"
        file.write_bytes(pdf)
        command = ["pdftoppm", "-png", "-r", "80", "-f", "1", "-l", "1", "-singlefile", str(file), str(into / "sheet")]
        subprocess.run(command, check=True)


SHOWN = ("assessment", "proposals", "plan", "sign", "drops", "forecast", "trials")
README = [(name, "desk", "light") for name in SHOWN]
README_PHOTO = [(name, "desk", "light") for name in ("photo-set", "plan-on-photo")]


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page, width and look, into this folder")
    options = parser.parse_args()
    into = options.all or PROJECT / "docs" / "pictures"
    into.mkdir(parents=True, exist_ok=True)
    find = [sys.executable, str(PROJECT / "scripts" / "ensure_chromium.py"), "--find-only"]
    chromium = subprocess.run(find, capture_output=True, text=True, check=True).stdout.strip()
    from playwright.sync_api import sync_playwright

    flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with tempfile.TemporaryDirectory() as folder, demo_clinic(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        places = walk(page)
        state = Path(folder) / "state.json"
        context.storage_state(path=state)
        every = [(name, size, look) for name in places for size in SIZES for look in LOOKS]
        _take(browser, address, state, places, every if options.all else README, into)
        if options.all:
            _every(browser, address, state, more_places(places), into)
            _languages(browser, address, page, places, into)
        on_photo = photo_walk(page, places["patient"])
        if options.all:
            _every(browser, address, state, on_photo, into)
        else:
            _take(browser, address, state, on_photo, README_PHOTO, into)
        sheet = sign(page, places["plan"])
        if options.all:
            _every(browser, address, state, {"signed": places["plan"], "patient-signed": places["patient"]}, into)
            _log_in_anew(page, "M. Garnier")
            context.storage_state(path=state)
            _every(browser, address, state, MANAGER, into)
            _every(browser, address, Path(folder) / "nobody.json", {"log-in": "/log-in"}, into)
            _log_in_anew(page, "Dr A. Moreau")
        _sheet(page.request.get(sheet).body(), into)
        browser.close()
    print(f"{len(list(into.glob('*.png')))} pictures in {into.name}")


if __name__ == "__main__":
    main()
