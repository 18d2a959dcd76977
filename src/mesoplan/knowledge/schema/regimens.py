"""What a regimen that the planner searches for keeps to, beside the protocol that it starts from."""

from __future__ import annotations

from mesoplan.knowledge.schema.citation import Entry, Figure


class RegimenLimits(Entry):
    """Coverage wanted; most punctures and least dose relative to the protocol's own scheme; most in a point of face."""

    coverage_wanted: Figure
    most_punctures: Figure
    least_dose: Figure
    most_volume_face: Figure
