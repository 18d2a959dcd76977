"""What make does before it does anything else."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ensure_chromium, set_up

LOOPS = set_up.KERNELS / "superposition.py"
CATALOG = Path("src/mesoplan/clinic/shell/locale/fr/LC_MESSAGES/django.po")


@pytest.fixture
def asked_of_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A checkout in a folder of its own, whose pip only notes what it was asked for."""
    made = (CATALOG.with_suffix(".mo"), CATALOG, set_up.FACE_MODEL)
    for path in (set_up.MAIN_LOCK, set_up.DEV_LOCK, *set_up.PROJECT_FILES, *made, LOOPS):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"{path}\n", encoding="utf-8")
    monkeypatch.setattr(set_up, "PROJECT", tmp_path)
    monkeypatch.setattr(set_up, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(set_up, "STAMP", tmp_path / ".venv/made-from.json")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    asked: list[str] = []
    monkeypatch.setattr(set_up, "_make_environment", lambda anew: asked.append("a new .venv") if anew else None)
    monkeypatch.setattr(set_up, "_pip", lambda *arguments: asked.append(arguments[-1]))
    monkeypatch.setattr(set_up, "_compile_catalogs", lambda: asked.append("catalogs"))
    return asked


def test_the_first_time_installs_the_lock_and_the_project(asked_of_pip: list[str]) -> None:
    set_up.set_up(dev=False)
    assert asked_of_pip == ["a new .venv", "requirements/main.txt", "."]


def test_the_second_time_installs_nothing(asked_of_pip: list[str]) -> None:
    set_up.set_up(dev=True)
    asked_of_pip.clear()
    set_up.set_up(dev=True)
    assert asked_of_pip == []


def test_serving_after_testing_installs_nothing(asked_of_pip: list[str]) -> None:
    set_up.set_up(dev=True)
    asked_of_pip.clear()
    set_up.set_up(dev=False)
    assert asked_of_pip == []


def test_testing_after_serving_installs_what_the_tests_need(asked_of_pip: list[str]) -> None:
    set_up.set_up(dev=False)
    asked_of_pip.clear()
    set_up.set_up(dev=True)
    assert asked_of_pip == ["requirements/dev.txt", "."]


@pytest.mark.parametrize(
    ("changed", "installed"),
    [
        ("requirements/main.txt", ["requirements/main.txt", "."]),
        ("pyproject.toml", ["."]),
        (str(CATALOG), ["catalogs"]),
    ],
)
def test_a_change_installs_what_it_touches(
    tmp_path: Path, asked_of_pip: list[str], changed: str, installed: list[str]
) -> None:
    set_up.set_up(dev=False)
    asked_of_pip.clear()
    (tmp_path / changed).write_text("changed\n", encoding="utf-8")
    set_up.set_up(dev=False)
    assert asked_of_pip == installed
    set_up.set_up(dev=False)
    assert asked_of_pip == installed


def test_a_checkout_that_was_moved_gets_a_new_environment(
    tmp_path: Path, asked_of_pip: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up.set_up(dev=False)
    asked_of_pip.clear()
    moved = tmp_path.with_name(tmp_path.name + "-moved")
    tmp_path.rename(moved)
    monkeypatch.setattr(set_up, "PROJECT", moved)
    monkeypatch.setattr(set_up, "ENVIRONMENT", moved / ".venv")
    monkeypatch.setattr(set_up, "STAMP", moved / ".venv/made-from.json")
    set_up.set_up(dev=False)
    assert asked_of_pip == ["a new .venv", "requirements/main.txt", "."]


def test_a_model_that_was_removed_is_fetched_again(tmp_path: Path, asked_of_pip: list[str]) -> None:
    set_up.set_up(dev=False)
    asked_of_pip.clear()
    (tmp_path / set_up.FACE_MODEL).unlink()
    set_up.set_up(dev=False)
    assert asked_of_pip == ["."]


def test_catalogs_that_were_never_compiled_are(tmp_path: Path, asked_of_pip: list[str]) -> None:
    set_up.set_up(dev=False)
    asked_of_pip.clear()
    (tmp_path / CATALOG).with_suffix(".mo").unlink()
    set_up.set_up(dev=False)
    assert asked_of_pip == ["catalogs"]


def test_machine_code_goes_with_the_kernels_that_it_was_made_from(tmp_path: Path, asked_of_pip: list[str]) -> None:
    set_up.set_up(dev=False)
    asked_of_pip.clear()
    folder = tmp_path / set_up.KERNELS / "__pycache__"
    folder.mkdir()
    index, code, other = (folder / f"superposition.{end}" for end in ("add-1.py311.nbi", "add-1.py311.1.nbc", "pyc"))
    for file in (index, code, other):
        file.write_bytes(b"made")
    set_up.set_up(dev=False)
    assert [file.exists() for file in (index, code, other)] == [True, True, True]
    (tmp_path / set_up.KERNELS / "row_vectors.py").write_text("changed\n", encoding="utf-8")
    set_up.set_up(dev=False)
    assert [file.exists() for file in (index, code, other)] == [False, False, True]
    assert asked_of_pip == []


def program(path: Path, does: str) -> None:
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def run_with_path(project: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHON", "MESOPLAN_CHROMIUM"}}
    environment = {**kept, "PATH": str(folder)}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_an_old_python_is_passed_over(project: Path, tmp_path: Path) -> None:
    program(tmp_path / "python3.11", "exit 1")
    program(tmp_path / "python3", "exit 0")
    found = run_with_path(project, tmp_path, "/bin/sh", "scripts/find_python.sh")
    assert (found.returncode, found.stdout.strip()) == (0, str(tmp_path / "python3"))


def test_no_python_is_said_plainly(project: Path, tmp_path: Path) -> None:
    program(tmp_path / "python3", "exit 1")
    found = run_with_path(project, tmp_path, "/bin/sh", "scripts/find_python.sh")
    assert found.returncode == 1
    assert "Mesoplan needs Python 3.11 or newer" in found.stderr


def test_chromium_is_found_on_the_path(project: Path, tmp_path: Path) -> None:
    program(tmp_path / "google-chrome", "exit 0")
    found = run_with_path(project, tmp_path, sys.executable, "scripts/ensure_chromium.py", "--find-only")
    assert (found.returncode, found.stdout.strip()) == (0, str(tmp_path / "google-chrome"))


def test_no_chromium_is_said_plainly(project: Path, tmp_path: Path) -> None:
    found = run_with_path(project, tmp_path, sys.executable, "scripts/ensure_chromium.py")
    assert found.returncode == 1
    assert "MESOPLAN_CHROMIUM" in found.stderr


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    monkeypatch.delenv("MESOPLAN_CHROMIUM", raising=False)
    monkeypatch.setattr(ensure_chromium, "NAMES", ("chromium-of-this-test",))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def test_a_missing_chromium_is_installed_for_root(empty_path: Path) -> None:
    # This apt-get notes what it was asked for and puts a program on the PATH.
    asked, chromium = empty_path / "asked", empty_path / "chromium-of-this-test"
    does = f'echo "$@" >> {asked}; case "$2" in install) cp /bin/true {chromium};; esac'
    program(empty_path / "apt-get", does)
    assert ensure_chromium.find() is None
    ensure_chromium.install()
    assert ensure_chromium.find() == str(chromium)
    assert asked.read_text(encoding="utf-8").splitlines() == [
        "-qq update",
        "-qq install -y --no-install-recommends chromium fonts-liberation libatomic1",
    ]


def test_an_install_that_fails_is_said_plainly(empty_path: Path) -> None:
    program(empty_path / "apt-get", "exit 100")
    with pytest.raises(ensure_chromium.NoChromium, match="apt-get update ended with 100"):
        ensure_chromium.install()


def test_nobody_but_root_installs(empty_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(empty_path / "apt-get", "exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(ensure_chromium.NoChromium, match="as root"):
        ensure_chromium.install()


def test_a_named_chromium_that_is_none_is_refused(empty_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESOPLAN_CHROMIUM", str(empty_path / "nothing"))
    with pytest.raises(ensure_chromium.NoChromium, match="which is no program"):
        ensure_chromium.find()
