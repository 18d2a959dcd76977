"""The files of the checkout that git keeps, and the syntax trees of its Python files."""

import ast
import shutil
import subprocess
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "src/mesoplan"
# What lies beside the tracked files where there is no git to ask.
MADE_HERE = {".git", ".venv", "build", "dist", "var", "__pycache__", ".hypothesis"}
MADE_SUFFIXES = ("_cache", ".egg-info", ".venv.lock", ".task", ".sqlite3")


@cache
def tracked_files() -> tuple[Path, ...]:
    if shutil.which("git") is None or not (PROJECT / ".git").exists():
        return tuple(path for path in PROJECT.rglob("*") if path.is_file() and not _made_here(path))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
    paths = (PROJECT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def _made_here(path: Path) -> bool:
    parts = path.relative_to(PROJECT).parts
    return any(part in MADE_HERE or part.endswith(MADE_SUFFIXES) for part in parts)


def python_files(*folders: Path) -> list[Path]:
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and (not folders or any(path.is_relative_to(folder) for folder in folders))
    ]


def syntax_tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def short(path: Path) -> str:
    """The path as a reader of a failed test wants it."""
    return path.relative_to(PROJECT).as_posix()


def imported_packages(tree: ast.Module) -> set[str]:
    """The top names of all that a module imports, inside functions too."""
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    from_ = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in plain | from_} - {""}
