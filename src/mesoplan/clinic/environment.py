"""Typed readers of the environment. A wrong value stops the start and names the variable and what is
allowed."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Collection, Mapping
from importlib import resources
from pathlib import Path

import platformdirs


class WrongSetting(Exception):
    """An environment variable has a value that cannot be read."""


def flag(name: str, default: bool, environ: Mapping[str, str] = os.environ) -> bool:
    """`1`, `true`, `yes` or `0`, `false`, `no`; unset or empty is `default`."""
    text = environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes"}:
        return True
    if text in {"0", "false", "no"}:
        return False
    raise WrongSetting(f"{name} must be 1 or 0 (or true, false, yes, no). It is {text!r}.")


def words(name: str, default: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Comma-separated list."""
    return [word.strip() for word in environ.get(name, default).split(",") if word.strip()]


def one_of(name: str, default: str, allowed: Collection[str], environ: Mapping[str, str] = os.environ) -> str:
    """One of `allowed`; unset or empty is `default`."""
    text = environ.get(name, "").strip() or default
    if text not in allowed:
        raise WrongSetting(f"{name} must be one of {', '.join(sorted(allowed))}. It is {text!r}.")
    return text


def jurisdictions() -> set[str]:
    """The jurisdictions of the knowledge base, by the names of their files."""
    folder = resources.files("mesoplan.knowledge") / "data" / "jurisdictions"
    return {file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml")}


def data_directory(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the clinic keeps its database and secret: `MESOPLAN_DATA`, else `var/` of a checkout, else the
    user's own."""
    given = environ.get("MESOPLAN_DATA", "").strip()
    if given:
        return Path(given).expanduser().resolve()
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "pyproject.toml").is_file() and (checkout / "src" / "mesoplan").is_dir():
        return checkout / "var"
    return Path(platformdirs.user_data_dir("mesoplan", appauthor=False))


def secret_key(directory: Path, environ: Mapping[str, str] = os.environ) -> str:
    """`MESOPLAN_SECRET_KEY`, else a key made once and kept readable by its owner only."""
    given = environ.get("MESOPLAN_SECRET_KEY", "").strip()
    if given:
        return given
    directory.mkdir(parents=True, exist_ok=True)
    kept = directory / "secret_key"
    if not kept.exists():
        made = kept.with_suffix(f".{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(made, kept)  # two servers starting at once agree on the first key
        made.unlink()
    return kept.read_text(encoding="ascii").strip()
