"""Find Chromium, or install it where that may be done; print the path of the program.

    scripts/ensure_chromium.py             find it, else install it (as root on a machine with apt-get)
    scripts/ensure_chromium.py --find-only find it, else say what to do

MESOPLAN_CHROMIUM names the program outright. Ends with 1, and the reason, when there is none.
"""

import argparse
import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A bare machine lacks two more: a font, without which pages are drawn without letters, and a library that the
# driver of the browser tests is linked with.
PACKAGES = ("chromium", "fonts-liberation", "libatomic1")


class NoChromium(Exception):
    """There is no Chromium to run the browser tests with; the message says what to do."""


def find() -> str | None:
    named = os.environ.get("MESOPLAN_CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise NoChromium(f"MESOPLAN_CHROMIUM names {named}, which is no program that can be run.")
        return found
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise NoChromium(
            "The browser tests need Chromium or Chrome, and none is on the PATH. Install one "
            "(on Debian: apt-get install chromium, as root), or set MESOPLAN_CHROMIUM to its path."
        )
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        print("Chromium is missing: apt-get", *arguments, file=sys.stderr, flush=True)
        done = subprocess.run(
            ["apt-get", "-qq", *arguments],
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            check=False,
        )
        if done.returncode != 0:
            raise NoChromium(f"apt-get {arguments[0]} ended with {done.returncode}; its message is above.")


def main() -> int:
    parser = argparse.ArgumentParser(description="Find or install Chromium and print its path.")
    parser.add_argument("--find-only", action="store_true", help="never install anything")
    find_only = parser.parse_args().find_only
    try:
        path = find()
        if path is None and not find_only:
            install()
            path = find()
        if path is None:
            raise NoChromium(
                "The browser tests need Chromium or Chrome, and none is on the PATH. "
                "Run make chromium, or set MESOPLAN_CHROMIUM to its path."
            )
    except NoChromium as reason:
        print(reason, file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
