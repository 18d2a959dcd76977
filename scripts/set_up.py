"""Make the virtual environment .venv and install exactly what the lock files say.

Needs nothing but Python 3.11. Does nothing when nothing changed: a stamp in the environment holds the digests
of the files that it was made from.

    python3.11 scripts/set_up.py         what running Mesoplan needs
    python3.11 scripts/set_up.py --dev   what its tests and checks need too
"""

import argparse
import fcntl
import hashlib
import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"
STAMP = ENVIRONMENT / "made-from.json"
MAIN_LOCK = Path("requirements/main.txt")
DEV_LOCK = Path("requirements/dev.txt")
FACE_MODEL = Path("src/mesoplan/imaging/data/face_landmarker_v2.task")
KERNELS = Path("src/mesoplan/kernels")
CATALOGS = "src/mesoplan/clinic/*/locale/*/LC_MESSAGES/django.po"
COMPILER = Path("build_hooks/catalogs.py")
# Whatever decides how the project itself is installed.
PROJECT_FILES = (
    Path("pyproject.toml"),
    Path("src/mesoplan/__init__.py"),
    Path("build_hooks/backend.py"),
    Path("build_hooks/catalogs.py"),
    Path("build_hooks/face_model.py"),
)


class SetUpFailed(Exception):
    """The set-up cannot go on; the message says why and what to do."""


def set_up(dev: bool) -> None:
    with _one_at_a_time():
        made_from = _read_stamp()
        # dev.txt holds all of main.txt: an environment for development stays one when only running is asked for.
        lock = DEV_LOCK if dev or made_from.get("lock") == str(DEV_LOCK) else MAIN_LOCK
        catalogs = sorted(path.relative_to(PROJECT) for path in PROJECT.glob(CATALOGS))
        wanted = {
            "place": str(PROJECT),
            "lock": str(lock),
            "packages": _digest(lock),
            "project": _digest(*PROJECT_FILES),
            "catalogs": _digest(*catalogs),
            "kernels": _digest(*sorted((PROJECT / KERNELS).glob("*.py"))),
        }
        if any(made_from.get(part) != wanted[part] for part in ("place", "lock", "packages")):
            # An environment knows where it lies: one that was moved is made anew.
            _make_environment(anew=made_from.get("place") != wanted["place"])
            _install_locked(lock)
        installed = ("place", "lock", "packages", "project")
        if any(made_from.get(part) != wanted[part] for part in installed) or not (PROJECT / FACE_MODEL).is_file():
            _install_project()  # compiles the catalogs too
        elif made_from.get("catalogs") != wanted["catalogs"] or not all(
            (PROJECT / path).with_suffix(".mo").is_file() for path in catalogs
        ):
            _compile_catalogs()
        if made_from.get("kernels") != wanted["kernels"]:
            _discard_machine_code()
        if made_from != wanted:
            STAMP.write_text(json.dumps(wanted, indent=2), encoding="utf-8")


def _make_environment(anew: bool) -> None:
    python = ENVIRONMENT / "bin/python"
    if not anew and python.exists() and _runs(python):
        return
    print("Making the virtual environment .venv", flush=True)
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    except subprocess.CalledProcessError as error:
        raise SetUpFailed(
            "Python could not make a virtual environment with pip in it. On Debian and Ubuntu, "
            "install the package python3-venv and run make again."
        ) from error


def _runs(python: Path) -> bool:
    # An environment whose Python was removed or replaced is made again.
    check = [str(python), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


def _install_locked(lock: Path) -> None:
    print(f"Installing what {lock} lists", flush=True)
    _pip("install", "--require-hashes", "--no-deps", "--only-binary=:all:", "-r", str(lock))


def _install_project() -> None:
    print("Installing mesoplan itself, editable", flush=True)
    _pip("install", "--no-deps", "--no-build-isolation", "--editable", ".")


def _compile_catalogs() -> None:
    done = subprocess.run([str(ENVIRONMENT / "bin/python"), str(PROJECT / COMPILER)], cwd=PROJECT, check=False)
    if done.returncode != 0:
        raise SetUpFailed("A catalog of a language could not be read; the message above names it.")


def _discard_machine_code() -> None:
    # Numba looks at the file of a loop alone, not at those of what it puts in line: a changed one would not count.
    for kept in (PROJECT / KERNELS / "__pycache__").glob("*.nb[ic]"):
        kept.unlink(missing_ok=True)


def _pip(*arguments: str) -> None:
    command = [str(ENVIRONMENT / "bin/python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, *arguments], cwd=PROJECT, check=False)
    if done.returncode != 0:
        raise SetUpFailed("pip could not install; its message is above. Nothing else was changed.")


def _read_stamp() -> dict[str, str]:
    if not (ENVIRONMENT / "bin/python").exists() or not STAMP.exists():
        return {}
    stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    return stamp


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update((PROJECT / path).read_bytes())
    return digest.hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (PROJECT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    parser = argparse.ArgumentParser(description="Make .venv and install what the lock files say.")
    parser.add_argument("--dev", action="store_true", help="install what the tests and checks need too")
    try:
        set_up(parser.parse_args().dev)
    except SetUpFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
