"""Scores from their items: the formula shown is the formula computed, and nothing is summed in part."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mesoplan.domain.errors import InputError, Problem
from mesoplan.knowledge.schema.scales import Item, Scale, ScaleRegion

Items = Mapping[str, Mapping[str, int]]
"""What was scored: region id -> item id -> grade."""

_DECIMALS = 6
"""Weights are given in tenths or hundredths; rounding here only removes the noise of binary floats."""


@dataclass(frozen=True)
class MissingItem:
    """An item that was not scored in one region."""

    region: str
    item: str
    text: str


@dataclass(frozen=True)
class ScoreResult:
    """A score, or the items it still lacks. `value` is None as long as anything is missing."""

    value: float | None
    missing: tuple[MissingItem, ...] = ()


def score(scale: Scale, items: Items) -> ScoreResult:
    """Return the value of a scale: the sum over its regions of weight x formula.

    Parameters
    ----------
    scale : Scale
        Entry of the knowledge base.
    items : mapping
        Region id -> item id -> grade. A scale that is computed from another's items (`items_of`) leaves those it does
        not use aside.

    Raises
    ------
    InputError
        For an unknown region or item, or a grade that the item does not have. Names region and item.
    """
    _refuse_what_is_not_of_the_scale(scale, items)
    missing = tuple(_missing(scale, items))
    if missing:
        return ScoreResult(None, missing)
    formula = _parse(scale.formula)
    total = sum(region.weight * _value(formula, items[region.id]) for region in scale.regions)
    return ScoreResult(round(total, _DECIMALS))


def formula_with_figures(scale: Scale, items: Items) -> str:
    """Return the formula with the grades put in, "0.3 × (3 + 2) × 4 + …"; a grade not yet given is shown as "?"."""
    _refuse_what_is_not_of_the_scale(scale, items)
    formula = _parse(scale.formula)
    return " + ".join(_written_region(region, formula, items.get(region.id, {})) for region in scale.regions)


def names_in(formula: str) -> frozenset[str]:
    """Return the item ids that a formula reads."""
    return frozenset(node.id for node in ast.walk(_parse(formula)) if isinstance(node, ast.Name))


def _parse(formula: str) -> ast.expr:
    tree = ast.parse(formula, mode="eval").body
    for node in ast.walk(tree):
        if not isinstance(node, ast.BinOp | ast.Add | ast.Mult | ast.Name | ast.Constant | ast.Load):
            raise ValueError(f"“{formula}” holds more than sums, products, names and numbers")
    return tree


def _value(node: ast.expr, grades: Mapping[str, int]) -> float:
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, grades), _value(node.right, grades)
        return left + right if isinstance(node.op, ast.Add) else left * right
    if isinstance(node, ast.Name):
        return grades[node.id]
    return _number(node)


def _number(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    raise ValueError(f"{ast.unparse(node)} is not a number")


def _written_region(region: ScaleRegion, formula: ast.expr, grades: Mapping[str, int]) -> str:
    def grade(name: str) -> str:
        return str(grades.get(name, "?"))

    if region.weight == 1:
        return _written(formula, grade)
    return f"{region.weight:g} × {_factor(formula, grade)}"


def _written(node: ast.expr, grade: Callable[[str], str]) -> str:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return f"{_written(node.left, grade)} + {_written(node.right, grade)}"
    if isinstance(node, ast.BinOp):
        return f"{_factor(node.left, grade)} × {_factor(node.right, grade)}"
    return grade(node.id) if isinstance(node, ast.Name) else f"{_number(node):g}"


def _factor(node: ast.expr, grade: Callable[[str], str]) -> str:
    text = _written(node, grade)
    return f"({text})" if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else text


def _missing(scale: Scale, items: Items) -> Iterator[MissingItem]:
    for region in scale.regions:
        given = items.get(region.id, {})
        for item in scale.items:
            if item.id not in given:
                yield MissingItem(region.id, item.id, f"{region.title}: {item.title}")


def _refuse_what_is_not_of_the_scale(scale: Scale, items: Items) -> None:
    problems = list(_problems(scale, items))
    if problems:
        raise InputError(f"score {scale.id}", problems)


def _problems(scale: Scale, items: Items) -> Iterator[Problem]:
    regions = [region.id for region in scale.regions]
    known = {item.id: item for item in scale.items}
    for region, grades in items.items():
        if region not in regions:
            yield Problem(region, f"is not a region of {scale.title}; allowed: {', '.join(regions)}")
            continue
        for name, given in grades.items():
            if name in known:
                yield from _grade_problems(f"{region}.{name}", known[name], given)
            elif scale.items_of is None:
                yield Problem(f"{region}.{name}", f"is not an item of {scale.title}; allowed: {', '.join(known)}")


def _grade_problems(field: str, item: Item, given: int) -> Iterator[Problem]:
    allowed = [grade.score for grade in item.grades]
    if given not in allowed:
        text = f"{given} is not a grade of “{item.title}”; allowed: {', '.join(map(str, allowed))}"
        yield Problem(field, text)
