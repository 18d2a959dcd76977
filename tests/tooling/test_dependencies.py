"""What the code imports is declared: nothing works only because another package happens to bring it."""

import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.tooling.declared import declared_to_develop, declared_to_run, normal_name
from tests.tooling.tree import PACKAGE, PROJECT, imported_packages, python_files, short, syntax_tree

# A benchmark is run by its file name, so it finds its neighbours by theirs.
NEIGHBOURS = {path.stem for path in (PROJECT / "benchmarks").glob("*.py")}
# What figures are measured beside; each is put into an environment of its own by hand, and a benchmark says where one
# is absent.
PEERS = {
    "exposure_peers": ("fipy", "netgen", "ngsolve", "pde"),
    "forecast_peers": ("distributed", "jax", "numpyro", "pymc", "pytensor"),
}
# The extra “fit” has a lock of its own: no other script needs its compiler of arrays, and nothing that is served does.
FIT_ONLY = {
    f"scripts/population/{name}.py: {package}" for name in ("model", "sampling") for package in ("jax", "numpyro")
}
OURS = {"mesoplan", "tests", "scripts", "build_hooks", "benchmarks"} | NEIGHBOURS


def undeclared(files: list[Path], declared: set[str]) -> list[str]:
    shipped_by = packages_distributions()
    return [
        f"{short(path)}: {package}"
        for path in files
        for package in sorted(imported_packages(syntax_tree(path)) - OURS - sys.stdlib_module_names)
        if not declared & {normal_name(name) for name in shipped_by.get(package, [])}
    ]


def test_the_package_imports_what_it_declares() -> None:
    assert undeclared(python_files(PACKAGE), declared_to_run()) == []


def test_tests_and_scripts_import_what_is_declared_for_them() -> None:
    others = [path for path in python_files() if not path.is_relative_to(PACKAGE)]
    missing = undeclared(others, declared_to_run() | declared_to_develop())
    beside = {f"benchmarks/{file}.py: {peer}" for file, peers in PEERS.items() for peer in peers}
    assert [one for one in missing if one not in beside | FIT_ONLY] == []


def test_an_undeclared_import_is_noticed() -> None:
    # pytest is there while tests run, and not where the package is served.
    assert undeclared([Path(__file__)], declared_to_run()) == []
    conftest = PROJECT / "tests/conftest.py"
    assert undeclared([conftest], declared_to_run()) == [
        "tests/conftest.py: hypothesis",
        "tests/conftest.py: playwright",
        "tests/conftest.py: pytest",
    ]
