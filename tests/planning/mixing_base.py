"""A small knowledge base for tests of mixtures, written as text files and read by the loader.

Strengths, osmolarities and pH of the first four compounds are those of the formulary; the rest is made up for the test.
"""

from __future__ import annotations

from pathlib import Path

from mesoplan.domain.plan import Draw, Preparation
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load

CITED = "basis: label, seen: seen, sources: [src], review: not yet reviewed"

# id: role, dose unit, families, strength, container, pH, osmolarity, status in the US
COMPOUNDS = {
    "tranexamic-acid": ("active", "mg", "", "100 mg/mL", 10, "[6.5, 8.0]", 636, "licensed_other_use"),
    "ascorbic-acid": ("active", "mg", "", "500 mg/mL", 50, "[5.5, 7.0]", 5680, "licensed_other_use"),
    "glutathione": ("active", "mg", "", "200 mg/mL", 5, "[5.5, 7.0]", 1300, "unlicensed"),
    "aminophylline": ("active", "mg", "lipolytic", "25 mg/mL", 10, "[8.6, 9.0]", 114, "licensed_other_use"),
    "deoxycholic-acid": ("active", "mg", "cytolytic", "10 mg/mL", 2, "8.3", 300, "licensed_for_this_use"),
    "caffeine": ("active", "mg", "lipolytic", "20 mg/mL", 5, None, None, "unlicensed"),
    "lidocaine": ("anaesthetic", "mg", "local-anaesthetic", "10 mg/mL", 5, "[5.0, 7.0]", 314, "licensed_other_use"),
    "procaine": ("anaesthetic", "mg", "local-anaesthetic", "20 mg/mL", 2, "[3.5, 5.0]", 300, "licensed_other_use"),
    "vitamin-mix": ("active", "mL", "", None, 3, "[7.0, 7.6]", 300, "device"),
    "unknown-extract": ("active", "mg", "", None, 2, "[6.0, 7.0]", None, "unlicensed"),
    "enzyme": ("active", "U", "", "150 U/mL", 1, "7.0", "[280, 320]", "licensed_other_use"),
    "bicarbonate": ("buffer", "mg", "", "84 mg/mL", 10, "[7.5, 8.5]", 2000, "licensed_other_use"),
    "saline": ("diluent", "mL", "diluent", "9 mg/mL", 10, "[4.5, 7.0]", 308, "licensed_other_use"),
    "water": ("diluent", "mL", "diluent", None, 10, "[5, 7]", 0, "licensed_other_use"),
}  # fmt: skip

PAIRS = """
- {id: txa-saline, a: tranexamic-acid, b: saline, verdict: compatible}
- {id: aa-diluent, a: ascorbic-acid, b: diluent, verdict: compatible}
- {id: txa-aa, a: tranexamic-acid, b: ascorbic-acid, verdict: used_in_trial}
- {id: txa-gsh, a: glutathione, b: tranexamic-acid, verdict: used_in_trial}
- {id: txa-lidocaine, a: tranexamic-acid, b: lidocaine, verdict: compatible}
- {id: txa-bicarbonate, a: tranexamic-acid, b: bicarbonate, verdict: compatible}
- {id: lipolytic-anaesthetic, a: lipolytic, b: local-anaesthetic, verdict: incompatible, override: dermatologist}
- {id: caffeine-anaesthetic, a: caffeine, b: local-anaesthetic, verdict: compatible}
- {id: caffeine-procaine, a: procaine, b: caffeine, verdict: incompatible}
- {id: caffeine-txa-good, a: caffeine, b: tranexamic-acid, verdict: compatible}
- {id: caffeine-txa-bad, a: tranexamic-acid, b: caffeine, verdict: incompatible}
- {id: aminophylline-any, a: aminophylline, b: any, verdict: incompatible, override: dermatologist}
- {id: aminophylline-saline, a: aminophylline, b: saline, verdict: compatible}
- {id: aminophylline-gsh-trial, a: aminophylline, b: glutathione, verdict: used_in_trial}
- {id: deoxycholic-any, a: any, b: deoxycholic-acid, verdict: incompatible, override: never}
"""

JURISDICTIONS = """
- id: strict
  title: Strict
  max_actives_per_syringe: {value: 1, text: One active in a syringe., CITED}
  mixing_in_clinic: {allowed: false, text: Only a pharmacy mixes., CITED}
  immediate_use: {value: 1, text: Use within 1 h., CITED}
  prohibited: [{compounds: [deoxycholic-acid], text: Prohibited here., CITED}]
  duties: [{text: Keep the lot., CITED}]
- id: open
  title: Open
  max_actives_per_syringe: {value: 3, text: Three sterile products at most., CITED}
  mixing_in_clinic: {allowed: true, text: A physician may mix for one patient., CITED}
  immediate_use: {value: 4, text: Use within 4 h., CITED}
- id: pair
  title: Pair
  max_actives_per_syringe: {value: 2, text: Two at most., CITED}
  mixing_in_clinic: {allowed: true, text: A physician may mix., CITED}
- id: silent
  title: Silent
"""

CHECKS = {
    "mix-ph-range": ("block", "dermatologist"), "mix-ph-distance": ("warn", None),
    "mix-osmolarity-high": ("block", "dermatologist"), "mix-osmolarity-low": ("block", "dermatologist"),
    "mix-osmolarity-unknown": ("warn", None), "mix-single-active": ("warn", None),
    "mix-actives-many": ("block", "dermatologist"), "mix-not-in-clinic": ("block", "dermatologist"),
    "mix-pair-incompatible": ("block", "dermatologist"), "mix-pair-unknown": ("block", "dermatologist"),
    "mix-pair-trial-only": ("warn", None), "mix-volume-short": ("block", None), "mix-syringe-step": ("warn", None),
    "mix-syringe-capacity": ("block", "never"), "mix-beyond-use": ("info", None),
}  # fmt: skip

LIMITS = f"""
id: mixing-limits
title: Mixing limits
ph: {{value: [5, 8], unit: pH, {CITED}}}
ph_distance: {{value: 2.5, unit: pH, {CITED}}}
osmolarity_floor: {{value: 200, unit: mosm/L, {CITED}}}
osmolarity_target: {{value: [280, 350], unit: mosm/L, {CITED}}}
osmolarity_ceiling: {{value: 600, unit: mosm/L, {CITED}}}
syringe_step: {{value: 0.01, unit: mL, {CITED}}}
dead_space: {{value: 0.05, unit: mL, {CITED}}}
use_within: {{value: 1, unit: h, {CITED}}}
warn_actives_from: {{value: 2, unit: count, {CITED}}}
max_actives: {{value: 3, unit: count, {CITED}}}
"""


def _figure(value: object, unit: str) -> str:
    return f"{{value: {value}, unit: {unit}, {CITED}}}"


def _compound(name: str) -> str:
    role, dose, families, strength, container, ph, osmolarity, status = COMPOUNDS[name]
    lines = [
        f"id: {name}",
        f"title: {name.replace('-', ' ').capitalize()}",
        f"abbreviation: {name[:3].upper()}",
        "group: A group",
        f"families: [{families}]",
        f"role: {role}",
        f"amount_unit: {dose}",
        f"routes: [{{text: Injected., {CITED}}}]",
        f"status: {{us: {{status: {status}, text: As said., {CITED}}}}}",
        "presentations:",
        f"  - id: {name}-stock",
        f"    title: {name.replace('-', ' ').capitalize()} vial",
        f"    strength: {_figure(*strength.split()) if strength else 'null'}",
        f"    container: {_figure(container, 'mL')}",
    ]
    lines += [f"    ph: {_figure(ph, 'pH')}"] if ph is not None else []
    lines += [f"    osmolarity: {_figure(osmolarity, 'mosm/L')}"] if osmolarity is not None else []
    return "\n".join(lines)


def write_base(folder: Path, jurisdictions: str = JURISDICTIONS) -> Knowledge:
    """Write the files and return what the loader makes of them."""
    texts = {f"compounds/{name}.yaml": _compound(name) for name in COMPOUNDS}
    texts["release.yaml"] = 'release: "test"'
    texts["sources/src.yaml"] = "id: src\ntitle: A label\nkind: label\nquality: A\nread: not read"
    texts["mixing-limits/mixing-limits.yaml"] = LIMITS
    texts["jurisdictions/all.yaml"] = jurisdictions.replace("CITED", CITED)
    texts["pairs/all.yaml"] = PAIRS.strip().replace("}", ", title: A pair, text: As said., " + CITED + "}")
    texts["checks/mixing.yaml"] = "\n".join(
        f"- {{id: {name}, title: Check, severity: {severity}, override: {override or 'null'}, text: Check., {CITED}}}"
        for name, (severity, override) in CHECKS.items()
    )
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load(folder)


def preparation(syringe_ml: float = 1.0, syringes: int = 1, /, **drawn_ml: float) -> Preparation:
    """Return a preparation: `preparation(tranexamic_acid=0.04, saline=0.96)`."""
    draws = tuple(
        Draw(presentation=f"{name.replace('_', '-')}-stock", volume=Volume(ml)) for name, ml in drawn_ml.items()
    )
    return Preparation(id="prep", title="Preparation", draws=draws, syringe=Volume(syringe_ml), syringes=syringes)
