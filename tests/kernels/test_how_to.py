"""The page on using the kernels alone prints what it says it prints."""

import doctest
from pathlib import Path

PAGE = "docs/how-to/use-the-kernels.md"


def test_the_page_prints_what_it_says(project: Path) -> None:
    found = doctest.testfile(str(project / PAGE), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted > 30
    assert found.failed == 0
