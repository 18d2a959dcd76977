"""The same case, plan and knowledge give the same answer on any day and any machine."""

import ast
import sys

import pytest

from tests.tooling.core_purity import impurities
from tests.tooling.tree import PACKAGE, imported_packages, python_files, short, syntax_tree

CORE = ("domain", "kernels", "knowledge", "imaging", "planning", "workflow", "documents", "fhir")
# llvmlite is what Numba is made of; vectors are written in it.
KERNELS_MAY_IMPORT = {"numpy", "numba", "llvmlite", "scipy", "mesoplan"} | sys.stdlib_module_names


def test_the_core_touches_no_clock_no_chance_no_network_no_environment() -> None:
    files = python_files(*(PACKAGE / room for room in CORE))
    assert files
    assert [f"{short(path)}:{what}" for path in files for what in impurities(syntax_tree(path))] == []


@pytest.mark.parametrize(
    ("source", "touched"),
    [
        ("from datetime import date\nstart = date.today()", "datetime.date.today"),
        ("import datetime as dt\nstart = dt.datetime.now(dt.UTC)", "datetime.datetime.now"),
        ("from datetime import date\nmake = Field(default_factory=date.today)", "datetime.date.today"),
        ("import time\nt = time.time()", "time.time"),
        ("from time import time as clock\nt = clock()", "time.time"),
        ("import random\nx = random.random()", "random.random"),
        ("from random import shuffle\nshuffle(points)", "random.shuffle"),
        ("import numpy as np\nx = np.random.normal()", "numpy.random.normal"),
        ("import numpy as np\nr = np.random.default_rng()", "numpy.random.default_rng without a seed"),
        ("from uuid import uuid4\nx = uuid4()", "uuid.uuid4"),
        ("import os\nx = os.environ['HOME']", "os.environ"),
        ("from urllib import request", "urllib.request"),
        ("import socket", "socket"),
        ("def f():\n    global seen", "global seen"),
    ],
)
def test_a_touch_is_noticed(source: str, touched: str) -> None:
    assert touched in [what.split(": ", 1)[1] for what in impurities(ast.parse(source))]


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date\nstart = date(2026, 11, 30)",
        "import numpy as np\nr = np.random.default_rng(7)",
        "import random\nr = random.Random(7)",
        "today = case.today\nday = plan.time.time",
        "from urllib.parse import quote\nx = quote('a b')",
    ],
)
def test_what_is_given_by_the_caller_is_let_through(source: str) -> None:
    assert list(impurities(ast.parse(source))) == []


def test_kernels_import_numbers_only() -> None:
    others = {
        short(path): foreign
        for path in python_files(PACKAGE / "kernels")
        if (foreign := imported_packages(syntax_tree(path)) - KERNELS_MAY_IMPORT)
    }
    assert others == {}


def test_a_foreign_import_in_a_kernel_is_noticed() -> None:
    tree = ast.parse("import numpy as np\nfrom pydantic import BaseModel\nimport math")
    assert imported_packages(tree) - KERNELS_MAY_IMPORT == {"pydantic"}
