"""Vector instructions for runs of neighbouring numbers, for the compiled loops of :mod:`superposition` and its like.

A compiler that unrolls a short run over two arrays must assume that they overlap, and then adds one number after the
other. These operations are written as vectors of 16 numbers (LLVM's, so any machine's: it splits them as it needs),
all of which are read before any is written. Numba puts them in line; outside of compiled code they cannot be called.

Arrays are one-dimensional float32 and are not checked for their ends. Numbers of lanes are known at compile time.
Numba keeps machine code by the file of the loop that calls, so the set-up discards it when any kernel has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from mesoplan.kernels.lanes import CACHE_LINE_BYTES, LANE_BLOCK, lanes_for, solutes_in_block

_VECTOR = ir.VectorType(ir.FloatType(), LANE_BLOCK)
_COUNTS = ir.VectorType(ir.IntType(32), LANE_BLOCK)
_INT = ir.IntType(64)
_FUSED = ("contract",)


def in_line(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Make an operation that compiled loops call without the first argument, and Numba puts in line."""
    return cast("Callable[..., Any]", intrinsic(prefer_literal=True)(operation))


def _known(*sizes: Any) -> bool:
    return all(isinstance(size, types.IntegerLiteral) for size in sizes)


def _data(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    return context.make_array(kind)(context, builder, array).data


def _vector_at(builder: Any, data: Any, index: Any, kind: ir.VectorType = _VECTOR) -> Any:
    return builder.bitcast(builder.gep(data, [index]), kind.as_pointer())


def _read(builder: Any, data: Any, index: Any) -> Any:
    return builder.load(_vector_at(builder, data, index), align=4)


def _repeated(builder: Any, number: Any) -> Any:
    unset = ir.Constant(_VECTOR, ir.Undefined)
    first = builder.insert_element(unset, number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, unset, ir.Constant(_COUNTS, None))


def _weighted(builder: Any, weights: Sequence[Any], vectors: Sequence[Any], start: Any = None) -> Any:
    """Sum of vectors by weights, multiplied and added in one step where the machine can."""
    total = start
    for weight, vector in zip(weights, vectors, strict=True):
        product = builder.fmul(weight, vector, flags=_FUSED)
        total = product if total is None else builder.fadd(product, total, flags=_FUSED)
    return total


@in_line
def add_between_rows(typing, target, to, table, row, near, far, lanes):  # type: ignore[no-untyped-def]
    """Add `near` times a row of the table and `far` times the next one to `lanes` numbers of the target.

    `to` and `row` are where the run starts in the target and in the table.
    """
    if not _known(lanes):
        return None
    count = lanes.literal_value

    def write(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        into, rows = (_data(context, builder, signature.args[i], values[i]) for i in (0, 2))
        weights = [_repeated(builder, value) for value in values[4:6]]
        for lane in range(0, count, LANE_BLOCK):
            place = _vector_at(builder, into, builder.add(values[1], _INT(lane)))
            both = [_read(builder, rows, builder.add(values[3], _INT(lane + step))) for step in (0, count)]
            builder.store(_weighted(builder, weights, both, builder.load(place, align=4)), place, align=4)
        return context.get_dummy_value()

    return types.void(target, types.int64, table, types.int64, types.float32, types.float32, lanes), write


@in_line
def write_columns(typing, target, to, amounts, at, profiles, columns, solutes, modes, depths):  # type: ignore[no-untyped-def]
    """Write neighbouring columns, all depths of all solutes: amounts of modes times their profiles.

    Lanes of a column, and weights of its amounts, are padded to a multiple of 16.
    """
    sizes = (columns, solutes, modes, depths)
    if not _known(*sizes):
        return None
    count, kinds, each, deep = (size.literal_value for size in sizes)
    lanes, weights = lanes_for(kinds * deep), lanes_for(kinds * each)

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        into, held, shapes = (_data(context, builder, signature.args[i], args[i]) for i in (0, 2, 4))

        def amount(column: int, solute: int, mode: int) -> Any:
            place = builder.add(args[3], _INT(column * weights + solute * each + mode))
            return _repeated(builder, builder.load(builder.gep(held, [place])))

        here = [
            [[amount(column, solute, mode) for mode in range(each)] for solute in range(kinds)]
            for column in range(count)
        ]
        row = 0
        for block in range(lanes // LANE_BLOCK):
            inside = solutes_in_block(block, kinds, deep)
            vectors = [_read(builder, shapes, _INT((row + mode) * LANE_BLOCK)) for mode in range(len(inside) * each)]
            row += len(inside) * each
            for column in range(count):
                parts = [one for solute in inside for one in here[column][solute]]
                place = builder.add(args[1], _INT(column * lanes + block * LANE_BLOCK))
                builder.store(_weighted(builder, parts, vectors), _vector_at(builder, into, place), align=4)
        return context.get_dummy_value()

    return types.void(target, types.int64, amounts, types.int64, profiles, *sizes), write


@in_line
def stream_columns(typing, target, to, source, columns, lanes):  # type: ignore[no-untyped-def]
    """Copy columns from the start of the source past the caches: what is only written need not be read first.

    The target starts on a line of the cache. Other threads see what was written after :func:`settle_streams`.
    """
    if not _known(lanes):
        return None
    count = lanes.literal_value

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        into, rows = (_data(context, builder, signature.args[i], args[i]) for i in (0, 2))
        streamed = builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)])
        with cgutils.for_range(builder, args[3]) as loop:
            for lane in range(0, count, LANE_BLOCK):
                at = builder.add(builder.mul(loop.index, _INT(count)), _INT(lane))
                place = _vector_at(builder, into, builder.add(args[1], at))
                stored = builder.store(_read(builder, rows, at), place, align=CACHE_LINE_BYTES)
                stored.set_metadata("nontemporal", streamed)
        return context.get_dummy_value()

    return types.void(target, types.int64, source, types.int64, lanes), write


@in_line
def settle_streams(typing):  # type: ignore[no-untyped-def]
    """Wait until what was streamed can be seen by other threads."""

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return types.void(), write


@in_line
def count_reached_in_row(typing, counts, to, values, row, levels, at, lanes):  # type: ignore[no-untyped-def]
    """Add 1 to each of `lanes` counts (int32) whose value is at least its level; NaN reaches nothing."""
    if not _known(lanes):
        return None
    count = lanes.literal_value

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        into, here, wanted = (_data(context, builder, signature.args[i], args[i]) for i in (0, 2, 4))
        for lane in range(0, count, LANE_BLOCK):
            place = _vector_at(builder, into, builder.add(args[1], _INT(lane)), _COUNTS)
            value = _read(builder, here, builder.add(args[3], _INT(lane)))
            level = _read(builder, wanted, builder.add(args[5], _INT(lane)))
            reached = builder.zext(builder.fcmp_ordered(">=", value, level), _COUNTS)
            builder.store(builder.add(builder.load(place, align=4), reached), place, align=4)
        return context.get_dummy_value()

    return types.void(counts, types.int64, values, types.int64, levels, types.int64, lanes), write


@in_line
def count_gained_in_row(typing, counts, to, values, at, table, rows, weights, levels, lanes):  # type: ignore[no-untyped-def]
    """Add to counts (int32) 1 for each lane that reaches its level only with a change, take 1 from each that loses it.

    The change is the table's row that starts at the first of `rows` and the one after it, by the first two weights,
    less the same of the second. Both are worked out alike, so that a move to where a point is changes nothing.
    """
    if not _known(lanes):
        return None
    count = lanes.literal_value

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        into, here, kernel, wanted = (_data(context, builder, signature.args[i], args[i]) for i in (0, 2, 4, 7))
        starts = [builder.extract_value(args[5], [i]) for i in range(2)]
        parts = [_repeated(builder, builder.extract_value(args[6], [i])) for i in range(4)]
        for lane in range(0, count, LANE_BLOCK):
            now = _read(builder, here, builder.add(args[3], _INT(lane)))
            level = _read(builder, wanted, _INT(lane))
            gained, lost = (
                _weighted(
                    builder, pair, [_read(builder, kernel, builder.add(at, _INT(lane + step))) for step in (0, count)]
                )
                for at, pair in zip(starts, (parts[:2], parts[2:]), strict=True)
            )
            then = builder.fadd(now, builder.fsub(gained, lost))
            gains, had = (builder.zext(builder.fcmp_ordered(">=", one, level), _COUNTS) for one in (then, now))
            place = _vector_at(builder, into, builder.add(args[1], _INT(lane)), _COUNTS)
            changed = builder.sub(builder.add(builder.load(place, align=4), gains), had)
            builder.store(changed, place, align=4)
        return context.get_dummy_value()

    pair, four = (types.Tuple([one] * n) for one, n in ((types.int64, 2), (types.float32, 4)))  # type: ignore[no-untyped-call]
    return types.void(counts, types.int64, values, types.int64, table, pair, four, levels, lanes), write
