"""Groups of treatments and priors of the population model, apart from the sampler: read without it too."""

from __future__ import annotations

import math

RATING_SD = 0.15
"""Between the same rater's 0.13 and another's 0.20: trials seldom say who scored."""
MISFIT_SD = 0.05
"""What an abstract's rounding and its inferred weeks add to a mean."""
SPREAD_SD = 0.35
"""How far patients' spread differs between studies (log)."""
NEVER = 1e4
"""Weeks; for arms that are treated to their last score."""
BY_NEEDLE = (
    "injected-tranexamic-acid",
    "injected-glutathione",
    "needled-tranexamic-acid",
    "needled-other",
    "driven-in",
)
"""Groups that are partly pooled."""
NEEDLE_ALONE, ORAL, TOPICAL, CONTROL = "needle-alone", "oral-tranexamic-acid", "topical", "control"
GROUPS = (*BY_NEEDLE, NEEDLE_ALONE, ORAL, TOPICAL, CONTROL)
OTHER = (ORAL, TOPICAL)
PATIENT_SD = {"background": 0.10, "log_k": 0.30, "log_t_off": 0.40}
"""Between patients, by assumption: no arm tells them apart."""
PRIORS: dict[str, tuple[float, float]] = {
    "background": (0.20, 0.08),
    "background_between_studies": (0.0, 0.12),
    "asymptote": (0.85, 0.30),
    "between_treatments": (0.0, 0.25),
    "needle_alone": (0.30, 0.25),
    "between_clinics": (0.0, 0.30),
    "between_arms": (0.0, 0.15),
    "between_other_arms": (0.0, 0.50),
    "oral": (0.85, 0.50),
    "topical": (0.85, 0.50),
    "between_patients": (0.30, 0.10),
    "log_k": (math.log(0.06), 0.41),
    "log_k_between_arms": (0.0, 0.25),
    "log_k_other": (math.log(0.06), 0.60),
    "log_k_between_other_arms": (0.0, 0.60),
    "log_t_off": (math.log(14.0), 0.53),
    "log_t_off_oral": (math.log(7.5), 0.24),
    "interval": (0.05, 0.10),
}
"""Mean and SD; half-normal where the mean is 0 and the parameter is a spread."""
