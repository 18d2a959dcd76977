"""Find what the pure core must not touch: clock, chance, network, environment and changing globals."""

import ast
from collections.abc import Iterator

CLOCK = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.sleep",
    "time.monotonic",
    "time.perf_counter",
}
CHANCE = {"os.urandom", "uuid.uuid1", "uuid.uuid4"}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getcwd", "pathlib.Path.cwd", "pathlib.Path.home"}
# numpy.random.X and random.X share one hidden state; a Generator made from a seed does not.
CHANCE_MODULES = ("random.", "numpy.random.", "secrets.")
GIVEN_A_SEED = {
    "numpy.random.default_rng",
    "numpy.random.Generator",
    "numpy.random.SeedSequence",
    "numpy.random.PCG64",
    "random.Random",
}
NETWORK = {"socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "requests", "httpx", "aiohttp"}


def impurities(tree: ast.Module) -> Iterator[str]:
    """Say for each impure place its line and what it touches."""
    names = _imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield f"{node.lineno}: global {', '.join(node.names)}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (f"{node.lineno}: {module}" for module in _modules(node) if _is_network(module))
        elif isinstance(node, ast.Call) and not node.args and not node.keywords:
            if (called := _full_name(node.func, names)) in GIVEN_A_SEED:
                yield f"{node.lineno}: {called} without a seed"
        elif isinstance(node, ast.Attribute | ast.Name):
            touched = _full_name(node, names)
            if touched is not None and _is_impure(touched):
                yield f"{node.lineno}: {touched}"


def _is_impure(name: str) -> bool:
    if name in CLOCK | CHANCE | ENVIRONMENT:
        return True
    return name.startswith(CHANCE_MODULES) and name not in GIVEN_A_SEED


def _is_network(module: str) -> bool:
    return any(module == banned or module.startswith(banned + ".") for banned in NETWORK)


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    module = node.module or ""
    return [module, *(f"{module}.{alias.name}" for alias in node.names)] if not node.level else []


def _imported_names(tree: ast.Module) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _full_name(node: ast.expr, names: dict[str, str]) -> str | None:
    """`dt.today` after `from datetime import date as dt` is `datetime.date.today`."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _full_name(node.value, names)
        return None if owner is None else f"{owner}.{node.attr}"
    return None
