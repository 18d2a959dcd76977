"""The table of ideal lattices is of this code, agrees with the kernels, and never says what is no fraction."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.kernels.depot import MM3_PER_ML
from mesoplan.kernels.solutes import POROSITY, SkinLayers, solute
from mesoplan.planning.drop import depot_of
from mesoplan.planning.ideal_lattices import (
    PATTERNS,
    STEPS,
    TARGETS,
    Drops,
    NotInTable,
    _radius,
    drops_of,
    made_from,
    read_lattices,
    shipped_table,
)
from scripts.make_lattice_table import EPIDERMIS, PLACE, SHARPNESS, SPACING, TISSUE, lattices_of, node

FACE = SkinLayers(0.2, 1.5, 15.0)
SPACINGS = np.array([6.0, 8.0, 10.0, 12.0, 16.0])


def covered(volume_ml: float, spacing_mm: float, solute_id: str = "small-molecule", skin_mm: float = 1.5) -> float:
    """Coverage of the upper dermis at the middle of all ranges."""
    one = solute(solute_id)
    decay = one.clearance_per_h.middle / one.diffusivity_mm2_h.middle
    drops = drops_of([volume_ml], np.array([decay]), np.array([POROSITY.middle]))
    layers = SkinLayers(0.2, skin_mm, 15.0)
    found = read_lattices(shipped_table(), "upper-dermis", "triangular", layers, 0.6, drops, [spacing_mm])
    return float(found[0, 0])


def test_the_shipped_table_is_of_this_method() -> None:
    """If not: `python -m scripts.make_lattice_table`."""
    table = shipped_table()
    assert table.made_from == made_from()
    assert [tuple(axis) for axis in (table.place, table.epidermis, table.tissue, table.sharpness, table.spacing)] == [
        PLACE, EPIDERMIS, TISSUE, SHARPNESS, SPACING,
    ]  # fmt: skip


@pytest.mark.parametrize(("p", "e", "t", "k"), [(0, 1, 3, 8), (2, 0, 6, 12), (4, 2, 1, 9), (1, 3, 4, 15)])
def test_entries_are_what_the_kernels_give(p: int, e: int, t: int, k: int) -> None:
    again = node(PLACE[p], EPIDERMIS[e], TISSUE[t], SHARPNESS[k])
    held = shipped_table().values[:, :, p, e, t, k] / STEPS
    # Half a step of storing; a hair's breadth of a level may tip a sample on another machine.
    assert np.abs(again - held).max() <= 0.5 / STEPS + 0.002


@pytest.mark.parametrize(
    ("solute_id", "volume_ml", "spacing_mm", "skin_mm", "between"),
    [
        ("small-molecule", 0.05, 10, 1.5, (0.9, 1.0)),
        ("small-molecule", 0.05, 20, 1.5, (0.25, 0.45)),
        ("hyaluronic-acid", 0.02, 10, 1.5, (0.4, 0.65)),
        ("hyaluronic-acid", 0.02, 6, 1.5, (0.85, 1.0)),
        ("hyaluronic-acid", 0.02, 20, 1.5, (0.08, 0.2)),
        ("hyaluronic-acid", 0.02, 10, 3.0, (0.15, 0.4)),
    ],
)
def test_what_a_clinician_would_expect(
    solute_id: str, volume_ml: float, spacing_mm: float, skin_mm: float, between: tuple[float, float]
) -> None:
    low, high = between
    assert low <= covered(volume_ml, spacing_mm, solute_id, skin_mm) <= high


def test_read_off_between_nodes_it_is_near_the_kernels() -> None:
    """A few of the random cases of docs/validation/search.md, drawn anew by the same seed each time."""
    generator = np.random.default_rng(7)
    errors = []
    for number in range(8):
        layers = SkinLayers(generator.uniform(0.06, 0.22), generator.uniform(0.8, 3.2), 15.0)
        volume = float(np.exp(generator.uniform(math.log(0.01), math.log(0.1))))
        held = solute(("small-molecule", "hyaluronic-acid")[number % 2])
        spread = held.diffusivity_mm2_h.draws(1, generator)[0]
        decay = float(held.clearance_per_h.draws(1, generator)[0] / spread)
        porosity = float(POROSITY.draws(1, generator)[0])
        depth = layers.epidermis_mm + generator.uniform(0, 1) * (layers.skin_mm - layers.epidermis_mm)
        direct = lattices_of(layers, depot_of(layers, depth, volume, porosity), decay, SPACINGS)
        drops = Drops(np.array([volume * MM3_PER_ML / porosity]), np.array([decay]))
        for (t, target), (p, pattern) in product(enumerate(TARGETS), enumerate(PATTERNS)):
            read = read_lattices(shipped_table(), target, pattern, layers, depth, drops, SPACINGS)[0]
            errors.append(np.abs(read - direct[t, p]))
    assert np.mean(errors) < 0.012
    assert np.max(errors) < 0.10


@given(
    place=st.floats(0.0, 1.0),
    volume_ml=st.floats(0.001, 0.3),
    porosity=st.floats(0.2, 0.65),
    dermis=st.floats(0.3, 6.0),
)
def test_the_radius_is_that_of_the_depot(place: float, volume_ml: float, porosity: float, dermis: float) -> None:
    layers = SkinLayers(0.2, 0.2 + dermis, 15.0)
    depth = min(0.2 + place * dermis, layers.skin_mm)
    expected = depot_of(layers, depth, volume_ml, porosity).radius_mm
    tissue = np.array([volume_ml * MM3_PER_ML / porosity / dermis**3])
    assert _radius(tissue, (depth - 0.2) / dermis)[0] * dermis == pytest.approx(expected, rel=1e-6)


@settings(max_examples=100)
@given(
    target=st.sampled_from(TARGETS),
    pattern=st.sampled_from(PATTERNS),
    epidermis=st.floats(0.01, 0.5),
    dermis=st.floats(0.05, 20.0),
    share=st.floats(0.001, 1.0),
    tissue=st.floats(1e-3, 1e6),
    decay=st.floats(1e-4, 1e6),
    spacing=st.floats(0.01, 1e4),
)
def test_whatever_is_asked_the_answer_is_a_fraction(
    target: str,
    pattern: str,
    epidermis: float,
    dermis: float,
    share: float,
    tissue: float,
    decay: float,
    spacing: float,
) -> None:
    layers = SkinLayers(epidermis, epidermis + dermis, 15.0)
    drops = Drops(np.array([tissue]), np.array([decay]))
    found = read_lattices(shipped_table(), target, pattern, layers, share * layers.skin_mm, drops, [spacing])  # type: ignore[arg-type]
    assert found.shape == (1, 1)
    assert 0.0 <= found[0, 0] <= 1.0


@pytest.mark.parametrize(
    ("target", "depth_mm", "tissue", "decay", "spacing", "said"),
    [
        ("epidermis", 0.1, 50.0, 3.0, 10.0, "not for epidermis"),
        ("subcutis", 4.0, 50.0, 3.0, 10.0, "not for subcutis"),
        ("dermis", 1.6, 50.0, 3.0, 10.0, "below the skin of 1.50 mm"),
        ("dermis", 0.0, 50.0, 3.0, 10.0, "a tip in skin"),
        ("dermis", math.nan, 50.0, 3.0, 10.0, "a tip in skin"),
        ("dermis", 0.6, 0.0, 3.0, 10.0, "above 0"),
        ("dermis", 0.6, math.nan, 3.0, 10.0, "finite"),
        ("dermis", 0.6, 50.0, math.inf, 10.0, "finite"),
        ("dermis", 0.6, 50.0, 3.0, -1.0, "above 0"),
        ("dermis", 0.6, 50.0, 3.0, math.nan, "finite"),
    ],
)
def test_a_question_without_an_answer_is_refused_with_the_reason(
    target: str, depth_mm: float, tissue: float, decay: float, spacing: float, said: str
) -> None:
    drops = Drops(np.array([tissue]), np.array([decay]))
    with pytest.raises(ValueError, match=said):
        read_lattices(shipped_table(), target, "square", FACE, depth_mm, drops, [spacing])  # type: ignore[arg-type]


def test_what_cannot_be_in_the_table_is_told_from_what_is_no_number() -> None:
    drops = Drops(np.array([50.0]), np.array([3.0]))
    with pytest.raises(NotInTable):
        read_lattices(shipped_table(), "dermis", "square", FACE, 2.0, drops, [10.0])


def test_reading_needs_numpy_alone() -> None:
    code = (
        "import sys\n"
        "from mesoplan.planning.regimen_search import shared_draws\n"
        "from mesoplan.planning.ideal_lattices import shipped_table\n"
        "shipped_table(); shared_draws('small-molecule')\n"
        "print([one for one in ('scipy', 'numba') if one in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
