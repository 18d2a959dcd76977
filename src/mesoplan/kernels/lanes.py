"""How values of all depths and solutes lie side by side: "lanes", padded to whole vectors of the processor.

The lanes of one column of skin, or of one row of a kernel's table, are all depths of the first solute, then all of the
second, and so on, then zeros up to a multiple of 16.
"""

from __future__ import annotations

LANE_BLOCK = 16
CACHE_LINE_BYTES = 64


def lanes_for(values: int) -> int:
    """Return how many lanes hold so many values."""
    return -(-values // LANE_BLOCK) * LANE_BLOCK


def solutes_in_block(block: int, solutes: int, depths: int) -> list[int]:
    """Return which solutes have depths among the 16 lanes of a block."""
    first, end = block * LANE_BLOCK, (block + 1) * LANE_BLOCK
    return [solute for solute in range(solutes) if solute * depths < end and (solute + 1) * depths > first]
