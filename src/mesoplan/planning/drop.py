"""From a plan's words to what the kernels take: solute, layers of this skin, the layer that counts, and the depot.

The skin is taken at the middle of its range, the layer that is aimed at as `planning.landing` names it, and the depot
as this module's rules say:

- A tip in the dermis or above has its depot between epidermis and fat. The epidermis is too thin and too tight to hold
  a drop, so a tip that ends in it counts as one at the top of the dermis; what leaks out over the skin is not known.
- A tip below the skin has its depot in the fat, from the skin downwards.
- Where the ball does not fit between these borders it is a wheal of the same volume (`kernels.depot`).
- The fat is taken as `FAT_MM` deep everywhere, deeper than any needle of the knowledge base reaches. What lies below
  it in a thin place, such as the muscles of the face, is not modelled.

Refused, with the reason: a tip at the surface or below the modelled fat, a volume of 0, skin that is not thicker than
its epidermis, and compounds of which nobody can tell how they spread.
"""

from __future__ import annotations

from mesoplan.kernels.depot import Depot, injected_depot
from mesoplan.kernels.solutes import SOLUTES, SkinLayers
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Compound, CompoundRole
from mesoplan.knowledge.schema.protocols import TargetLayer
from mesoplan.planning.skin import EPIDERMIS_WHERE_UNKNOWN_MM, Skin

COVERAGE_SHARE = 0.5
"""Covered is what gets at least this share of the mean exposure of the plan's layer there (basis: proposal)."""

DEPTH_SLICES = 16
"""Slices of equal thickness in which a layer is looked at; whoever takes as many shares the kernels on the disk."""

FAT_MM = 15.0
SMALL_MOLECULE = "small-molecule"
MOST_G_PER_MOL = 500.0
"""Molar mass up to which a compound counts as a small molecule (basis: proposal)."""

WITHOUT_TRANSPORT = {
    "autologous": "platelets and cells do not spread as a solute does",
    "cytolytic": "detergents form micelles and bind to membranes, which is not modelled",
    "enzyme": "enzymes change the tissue that they spread in, which is not modelled",
    "growth-factor": "proteins and vesicles of many sizes",
    "lysis-method": "a method, not a solute",
    "multidose": "its content is not known",
    "multivitamin-mix": "a mixture of substances of very different sizes",
    "neurotoxin": "it binds where it is injected",
    "oil": "an oil does not spread in water",
    "plant-extract": "a mixture of substances of different sizes",
    "polynucleotides": "a gel of long chains of which no spread or clearance was found",
    "suspension": "particles do not spread as a solute does",
}
"""Families of compounds of which nobody can tell how they spread, and why."""


def solute_of(compound_id: str, knowledge: Knowledge) -> str:
    """Return the id in `kernels.solutes.SOLUTES` that stands for a compound.

    A compound that is not there by its own name counts as a small molecule where its molar mass is known and at most
    500 g/mol. Raises ValueError with the reason where its spread in skin cannot be told.
    """
    if compound_id in SOLUTES:
        return compound_id
    compound = knowledge.compounds[compound_id]
    reason = _no_transport(compound)
    if reason is not None:
        raise ValueError(f"how {compound.title} spreads in skin cannot be told: {reason}")
    return SMALL_MOLECULE


def _no_transport(compound: Compound) -> str | None:
    """Return why the spread of a compound cannot be told, None where it is a small molecule."""
    if compound.role is CompoundRole.DILUENT:
        return "a diluent only carries the others"
    for family in compound.families:
        if family in WITHOUT_TRANSPORT:
            return WITHOUT_TRANSPORT[family]
    mass = compound.physico_chemistry.molar_mass
    if mass is None:
        return "its molar mass is not known"
    if mass.high > MOST_G_PER_MOL:
        return f"its molar mass is above {MOST_G_PER_MOL:g} g/mol, and no range of its own was found"
    return None


def skin_layers(skin: Skin) -> SkinLayers:
    """Return the layers of a skin at the middle of its ranges, over fat that no needle passes.

    Raises ValueError where the skin is not thicker than its epidermis.
    """
    epidermis = sum(skin.epidermis_mm or EPIDERMIS_WHERE_UNKNOWN_MM) / 2
    total = sum(skin.total_mm) / 2
    if not 0 < epidermis < total:
        raise ValueError(f"skin of {total:.3g} mm is not thicker than its epidermis of {epidermis:.3g} mm")
    # Rounded, so that one skin gives one set of kernels whatever the sum's last digits are.
    return SkinLayers(round(epidermis, 4), round(total, 4), FAT_MM)


def target_window(target: TargetLayer, layers: SkinLayers) -> tuple[float, float]:
    """Return the depths [mm] of the layer whose coverage is counted; borders as `planning.landing` takes them."""
    epidermis, skin = layers.epidermis_mm, layers.skin_mm
    dermis = skin - epidermis
    windows = {
        "epidermis": (0.0, epidermis + 0.25 * dermis),
        "upper-dermis": (epidermis, epidermis + 0.6 * dermis),
        "dermis": (epidermis, skin),
        "subcutis": (skin + 0.5, skin + 6.0),
    }
    return windows[target]


def depot_of(layers: SkinLayers, depth_mm: float, volume_ml: float, porosity: float) -> Depot:
    """Return the depot of a volume [mL] set down with the tip at a depth [mm], by the rules of this module.

    Raises ValueError, with the reason, for a tip at the surface or below the modelled fat, and a volume or porosity
    that makes no depot.
    """
    deepest = layers.skin_mm + layers.fat_mm
    if not depth_mm > 0:
        raise ValueError(f"a tip at {depth_mm:g} mm is not in the skin")
    if not depth_mm < deepest:
        raise ValueError(
            f"a tip at {depth_mm:.3g} mm lies below the {deepest:.3g} mm of skin and fat that are modelled"
        )
    if depth_mm > layers.skin_mm:
        return injected_depot(volume_ml, depth_mm, porosity, layer_top_mm=layers.skin_mm, layer_bottom_mm=deepest)
    return injected_depot(
        volume_ml,
        max(depth_mm, layers.epidermis_mm),
        porosity,
        layer_top_mm=layers.epidermis_mm,
        layer_bottom_mm=layers.skin_mm,
    )
