"""The kinds of entries, the folder each lives in, and the model that checks it."""

from __future__ import annotations

from mesoplan.domain.case import Value
from mesoplan.knowledge.schema.compounds import Compound
from mesoplan.knowledge.schema.leaflets import LeafletText
from mesoplan.knowledge.schema.mixing import MixingLimits
from mesoplan.knowledge.schema.protocols import Aim, HandTolerance, Instrument, Needle, Protocol, Technique
from mesoplan.knowledge.schema.regimens import RegimenLimits
from mesoplan.knowledge.schema.rules import Check, Jurisdiction, PairRule, Rule, Term
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.knowledge.schema.sources import Source
from mesoplan.knowledge.schema.trials import Study
from mesoplan.knowledge.schema.zones import DangerStructure, Zone

KINDS: dict[str, type[Value]] = {
    "aims": Aim,
    "checks": Check,
    "compounds": Compound,
    "danger-structures": DangerStructure,
    "hand-tolerances": HandTolerance,
    "instruments": Instrument,
    "jurisdictions": Jurisdiction,
    "leaflets": LeafletText,
    "mixing-limits": MixingLimits,
    "needles": Needle,
    "pairs": PairRule,
    "protocols": Protocol,
    "regimen-limits": RegimenLimits,
    "rules": Rule,
    "scales": Scale,
    "sources": Source,
    "techniques": Technique,
    "terms": Term,
    "trials": Study,
    "zones": Zone,
}
"""Folder name (= name of the kind on the command line) -> model. One file holds one entry or a list of entries."""

READ_WHEN_ASKED = frozenset({"trials"})
"""Kinds that no plan needs, half of all files: they are part of the release's hash at once and are read, checked and
refused when somebody first asks for them."""
