"""What Lighthouse says of the main pages: performance and accessibility, of a demo clinic, logged in.

    .venv/bin/python benchmarks/lighthouse.py [--lighthouse PATH] [--form desktop|mobile]

Wanted: 95 and more in both. Lighthouse is a program for Node and no dependency of the project: it is taken from
`npx lighthouse`, or from the path that is given. Exits with 1 where a page has less.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from machine import load_text, machine

PROJECT = Path(__file__).resolve().parent.parent
WANTED = 95
TRIES = 4
CATEGORIES = ("performance", "accessibility")
sys.path.insert(0, str(PROJECT))


def main() -> None:
    """Print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lighthouse", default="", help="path of the program; else npx fetches it")
    parser.add_argument("--form", choices=["desktop", "mobile"], default="desktop")
    options = parser.parse_args()
    program = [options.lighthouse] if options.lighthouse else ["npx", "--yes", "lighthouse@12"]
    if shutil.which(program[0]) is None:
        raise SystemExit(f"{program[0]} was not found. Install Node, or name the program by --lighthouse.")
    print(machine(), load_text(), sep="; ")
    find = [sys.executable, str(PROJECT / "scripts/ensure_chromium.py"), "--find-only"]
    chromium = subprocess.run(find, capture_output=True, text=True, check=True).stdout.strip()
    from scripts.take_pictures import demo_clinic

    low = []
    with tempfile.TemporaryDirectory() as folder, demo_clinic(Path(folder) / "data") as address:
        places, cookie = _walked(address, chromium)
        for name, place in {"log-in": f"{address}/log-in", **places}.items():
            scores, why = _scores(program, chromium, place, "" if name == "log-in" else cookie, options.form, folder)
            low += [name for category in CATEGORIES if scores[category] < WANTED]
            said = ", ".join(f"{category} {scores[category]}" for category in CATEGORIES)
            print(f"{name:12} {said}{'; ' + '; '.join(why) if why else ''}", flush=True)
    print(f"wanted {WANTED} and more: {'all reach it' if not low else 'not met by ' + ', '.join(dict.fromkeys(low))}")
    raise SystemExit(1 if low else 0)


def _walked(address: str, chromium: str) -> tuple[dict[str, str], str]:
    """The address of each page after one walk, and the cookies of the person who walked."""
    from playwright.sync_api import sync_playwright

    from scripts.take_pictures import walk

    flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        places = walk(context.new_page())
        cookie = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
        browser.close()
    return {name: place if "://" in place else f"{address}{place}" for name, place in places.items()}, cookie


def _scores(
    program: list[str], chromium: str, place: str, cookie: str, form: str, folder: str
) -> tuple[dict[str, int], list[str]]:
    """The scores of one page, and what cost it most where one is low."""
    told = Path(folder) / "told.json"
    flags = ["--headless=new", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    command = [
        *program, place, "--quiet", "--output=json", f"--output-path={told}",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={' '.join(flags)}",
        f"--extra-headers={json.dumps({'Cookie': cookie} if cookie else {})}",
    ]  # fmt: skip
    if form == "desktop":
        command.append("--preset=desktop")
    environment = {**os.environ, "CHROME_PATH": chromium}
    for _ in range(TRIES):  # on a busy machine the browser's trace is lost now and then
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode == 0:
            break
    else:
        raise SystemExit(f"Lighthouse failed {TRIES} times for {place}: {done.stderr.strip()[-300:]}")
    report: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    scores = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
    why = [
        f"{audit['title']} {audit.get('displayValue', '')}".strip()
        for name in CATEGORIES
        if scores[name] < WANTED
        for ref in sorted(report["categories"][name]["auditRefs"], key=lambda one: -one["weight"])
        if ref["weight"] and (audit := report["audits"][ref["id"]])["score"] is not None and audit["score"] < 0.9
    ]
    return scores, why


if __name__ == "__main__":
    main()
