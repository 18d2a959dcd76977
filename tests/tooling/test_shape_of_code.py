"""Python files are short and named for what they hold."""

from pathlib import Path

from tests.tooling.tree import python_files, short

MOST_LINES = 500
SAYS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "managers",
    "manager",
    "services",
    "service",
    "misc",
    "common",
}


def too_long(files: list[Path]) -> dict[str, int]:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    return {path.name: lines for path, lines in lengths.items() if lines > MOST_LINES}


def says_nothing(path: Path) -> bool:
    words = {word for part in path.with_suffix("").parts for word in part.lower().split("_")}
    return bool(words & SAYS_NOTHING)


def test_no_python_file_is_over_five_hundred_lines() -> None:
    # Nobody writes a migration by hand, and nobody reads one from end to end.
    written = [path for path in python_files() if path.parent.name != "migrations"]
    assert too_long(written) == {}


def test_a_file_of_more_lines_is_noticed(tmp_path: Path) -> None:
    long, short_enough = tmp_path / "long.py", tmp_path / "short.py"
    long.write_text("x = 1\n" * (MOST_LINES + 1), encoding="utf-8")
    short_enough.write_text("x = 1\n" * MOST_LINES, encoding="utf-8")
    assert too_long([long, short_enough]) == {"long.py": MOST_LINES + 1}


def test_every_module_is_named_for_what_it_holds() -> None:
    assert [short(path) for path in python_files() if says_nothing(Path(short(path)))] == []


def test_a_name_that_says_nothing_is_noticed() -> None:
    assert says_nothing(Path("src/mesoplan/clinic/utils.py"))
    assert says_nothing(Path("src/mesoplan/clinic/stock_manager/lots.py"))
    assert not says_nothing(Path("src/mesoplan/clinic/stock/lots.py"))
