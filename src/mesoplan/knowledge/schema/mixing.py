"""Physical limits of an injectate, read by the mixture engine."""

from __future__ import annotations

from mesoplan.knowledge.schema.citation import Entry, Figure


class MixingLimits(Entry):
    """pH window, osmolarity window and distance, dead space, syringe step."""

    ph: Figure
    ph_distance: Figure
    osmolarity_floor: Figure
    osmolarity_target: Figure
    osmolarity_ceiling: Figure
    syringe_step: Figure
    dead_space: Figure
    use_within: Figure
    warn_actives_from: Figure
    max_actives: Figure
