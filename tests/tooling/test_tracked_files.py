"""What git keeps names no machine and no registry, and holds no file of others."""

import re
from pathlib import Path

import pytest

from tests.tooling.tree import short, tracked_files

BINARY = {".npz", ".png", ".jpg", ".jpeg", ".pdf", ".ico", ".woff2", ".webp"}
LARGEST_BYTES = 1_500_000

REGISTRY_HOST = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|jsdelivr|unpkg|(?:deb|security|archive|packages)\.(?:debian|ubuntu)|conda|anaconda)"
    r"\.(?:org|com|net|io)\b"
)
MACHINE_PATH = re.compile(r"(?<![\w.})*-])/(?:work|root|tmp|opt|home|farm)(?=/\w|[\s\"'`]|$)", re.MULTILINE)


def text_of(path: Path) -> str:
    return "" if path.suffix in BINARY else path.read_text(encoding="utf-8")


def found_in_tracked_files(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{short(path)}:{text.count(chr(10), 0, hit.start()) + 1}: {hit.group()}"
        for path in tracked_files()
        for text in [text_of(path)]
        for hit in pattern.finditer(text)
    ]


def test_no_tracked_file_names_a_registry_host() -> None:
    assert found_in_tracked_files(REGISTRY_HOST) == []


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    assert found_in_tracked_files(MACHINE_PATH) == []


@pytest.mark.parametrize(
    "text",
    ["https://" + "pypi" + ".org/simple", "files." + "pythonhosted" + ".org", "deb." + "debian" + ".org"],
)
def test_a_registry_host_is_noticed(text: str) -> None:
    assert REGISTRY_HOST.search(text)


@pytest.mark.parametrize("folder", ["work", "root", "tmp", "opt"])
def test_a_path_of_one_machine_is_noticed(folder: str) -> None:
    assert MACHINE_PATH.search(f'open("/{folder}/case.yaml")')
    assert MACHINE_PATH.search(f"cd /{folder}\n")
    assert not MACHINE_PATH.search(f"https://clinic.example/{folder}/1")
    assert not MACHINE_PATH.search(f"face/{folder}/chin")


def test_no_tracked_file_is_a_model_or_larger_than_a_picture() -> None:
    heavy = {short(path): path.stat().st_size for path in tracked_files() if path.stat().st_size > LARGEST_BYTES}
    models = [short(path) for path in tracked_files() if path.suffix in {".task", ".tflite", ".onnx", ".whl"}]
    assert (heavy, models) == ({}, [])
