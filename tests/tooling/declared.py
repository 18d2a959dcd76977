"""What pyproject.toml says that the project needs."""

import re
import tomllib

from tests.tooling.tree import PROJECT

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))

FITS = ("fit", "dask")
"""Extras that are installed by hand, from a lock of their own."""


def normal_name(requirement: str) -> str:
    """`Django>=5.2,<5.3` is `django`, as every index writes it."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def declared_to_run() -> set[str]:
    return {normal_name(requirement) for requirement in PYPROJECT["project"]["dependencies"]}


def declared_to_develop() -> set[str]:
    """Everything that the development set-up installs: the groups, and the optional extras, which its lock holds."""
    extras = {name: given for name, given in PYPROJECT["project"]["optional-dependencies"].items() if name not in FITS}
    groups = (*PYPROJECT["dependency-groups"].values(), *extras.values())
    return {normal_name(entry) for group in groups for entry in group if isinstance(entry, str)}


def declared_to_fit() -> set[str]:
    """What only the population fit needs, or a fit on a cluster."""
    extras = PYPROJECT["project"]["optional-dependencies"]
    return {normal_name(entry) for name in FITS for entry in extras[name]}
