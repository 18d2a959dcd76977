"""Is the population posterior as wide as the world? Each study in turn is forecast by a fit that has not seen it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.response import background_share
from mesoplan.planning.population import rarer_than_weekly
from scripts.population.arms import Arm, Fall
from scripts.population.priors import (
    BY_NEEDLE,
    CONTROL,
    MISFIT_SD,
    NEEDLE_ALONE,
    NEVER,
    ORAL,
    OTHER,
    PATIENT_SD,
    RATING_SD,
)

Draws = Mapping[str, NDArray[np.float64]]
LEVELS = (80, 95)
REPEATS = 5
"""New clinics drawn for each draw of the posterior."""


@dataclass(frozen=True)
class LeftOut:
    """One mean of an arm that the fit had not seen: what came, and what was forecast."""

    study: str
    arm: str
    group: str
    week: float
    last: bool
    """Whether it is the last time point of the arm."""
    seen: float
    middle: float
    ranges: tuple[tuple[float, float], ...]
    below: float
    """Share of the forecast below what came: even over 0 to 1 if the forecast is right."""

    def held(self, level: int) -> bool:
        """Return whether the interval of a level held what came."""
        low, high = self.ranges[LEVELS.index(level)]
        return low <= self.seen <= high


def left_out(study: str, arms: Iterable[Arm], draws: Draws, rng: np.random.Generator) -> Iterator[LeftOut]:
    """Yield every mean of a study's arms beside its forecast by draws that have not seen the study."""
    of_study = [arm for arm in arms if arm.study == study]
    clinic = _Clinic(draws, rng)
    for arm in of_study:
        for fall in arm.falls:
            forecast = clinic.mean_of(arm, fall)
            low_high = [np.quantile(forecast, [(1 - level / 100) / 2, (1 + level / 100) / 2]) for level in LEVELS]
            yield LeftOut(
                study=study,
                arm=arm.arm,
                group=arm.group,
                week=fall.week,
                last=fall.week == max(one.week for one in arm.falls),
                seen=fall.value,
                middle=float(np.median(forecast)),
                ranges=tuple((float(low), float(high)) for low, high in low_high),
                below=float(np.mean(forecast < fall.value)),
            )


class _Clinic:
    """New clinics, one for each draw and repeat; the arms of a study share theirs."""

    def __init__(self, draws: Draws, rng: np.random.Generator) -> None:
        self.draws = {name: np.repeat(values, REPEATS, axis=0) for name, values in draws.items()}
        self.rng = rng
        at_study = self["background"] + self["background_between_studies"] * self._normal()
        self.background = np.maximum(at_study, 0.0)
        self.effect = self["between_clinics"] * self._normal()

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        return self.draws[name]

    def mean_of(self, arm: Arm, fall: Fall) -> NDArray[np.float64]:
        """Return the fall that the arm's mean would show, as it is printed, at one week."""
        other = arm.group in OTHER
        log_k = self["log_k_other" if other else "log_k"]
        log_k = log_k + self["log_k_between_other_arms" if other else "log_k_between_arms"] * self._normal()
        log_t_off = self["log_t_off_oral" if arm.group == ORAL else "log_t_off"]
        until = arm.treated_until or NEVER
        on, off = min(fall.week, until), max(fall.week - until, 0.0)
        share = -np.expm1(-np.exp(log_k) * on) * np.exp(-off / np.exp(log_t_off))
        if arm.group == CONTROL:
            share = np.zeros_like(share)
        come = background_share([fall.week])[0]
        within = (self["between_patients"] * share) ** 2 + (PATIENT_SD["background"] * come) ** 2
        latent = self.background * come + self._asymptote(arm, other) * share
        shown = latent - within / 2 - (0.0 if fall.of_means else RATING_SD**2)
        error = np.sqrt((within + 2 * RATING_SD**2) / arm.size + MISFIT_SD**2)
        return np.asarray(shown + error * self._normal())

    def _asymptote(self, arm: Arm, other: bool) -> NDArray[np.float64]:
        of_group = {ORAL: "oral", NEEDLE_ALONE: "needle_alone"}
        if arm.group in BY_NEEDLE:
            mean = self["group"][:, BY_NEEDLE.index(arm.group)]
        else:
            mean = self[of_group.get(arm.group, "topical")]
        gain = self["interval"] * (rarer_than_weekly(arm.interval_days) if arm.interval_days else 0.0)
        between_arms = self["between_other_arms" if other else "between_arms"]
        return np.asarray(mean + gain + self.effect + between_arms * self._normal())

    def _normal(self) -> NDArray[np.float64]:
        return self.rng.standard_normal(len(self.draws["log_k"]))


def covered(found: list[LeftOut], level: int) -> dict[str, Any]:
    """Return how many intervals of a level held, and the 95 % binomial bounds on the share that they hold."""
    from scipy.stats import binomtest

    held = sum(one.held(level) for one in found)
    bounds = binomtest(held, len(found)).proportion_ci(0.95, "exact")
    return {"held": held, "of": len(found), "low": float(bounds.low), "high": float(bounds.high)}
