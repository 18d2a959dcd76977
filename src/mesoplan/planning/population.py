"""The population posterior as the fit left it, and the prior that it gives one patient of one course."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from importlib import resources
from typing import TYPE_CHECKING

from mesoplan.domain.case import Value
from mesoplan.domain.course import ClinicOwn

if TYPE_CHECKING:
    from mesoplan.kernels.patient_posterior import PatientPrior

FILE = "population.json"
B0_SD = 1.0
"""Of the log of the first score before it is read: so wide that the score itself decides."""
WEEKLY_DAYS = 7


class OffBy(Value):
    """How far the normal form of a group lies from the draws of the fit, in log severity."""

    weeks: tuple[float, ...]
    quantiles: tuple[float, ...]
    largest_log_severity: float
    largest_share_of_spread: float


class PopulationGroup(Value):
    """What a patient of a new clinic may bring, for one group of treatments.

    `mean` and `covariance` are of B, A at weekly sessions, log k, log T_off and w, the gain of A by a shorter interval.
    Those of the clinic are of what its patients share: the same, without their spread, and the log of that spread.
    """

    aims: tuple[str, ...]
    compounds: tuple[str, ...]
    route: str
    arms: int
    studies: tuple[str, ...]
    mean: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    between_clinics: float
    off_by: OffBy
    clinic_mean: tuple[float, ...]
    clinic_covariance: tuple[tuple[float, ...], ...]

    def prior(self, first_log: float, interval_days: float, clinic: ClinicOwn | None = None) -> PatientPrior:
        """Return the prior of one patient.

        Parameters
        ----------
        first_log : float
            Log of the first score with its offset; 0 where severity is told as a share of the baseline.
        interval_days : float
        clinic : ClinicOwn, optional
            Takes the place of what is not known of a new clinic's mean effect.
        """
        import numpy as np

        from mesoplan.kernels.patient_posterior import PatientPrior

        rarer = rarer_than_weekly(interval_days)
        onto = np.zeros((5, 5))
        onto[1, 0] = onto[2, 1] = onto[3, 2] = onto[4, 3] = 1.0
        onto[2, 4] = rarer
        mean = onto @ np.array(self.mean)
        covariance = onto @ np.array(self.covariance) @ onto.T
        mean[0], covariance[0, 0] = first_log, B0_SD**2
        if clinic is not None:
            mean[2] += clinic.effect
            covariance[2, 2] += clinic.effect_sd**2 - self.clinic_covariance[1][1]
        return PatientPrior(mean, covariance)

    @property
    def interval_gain(self) -> tuple[float, float]:
        """Return mean and SD of w."""
        return self.mean[4], math.sqrt(self.covariance[4][4])


class Population(Value):
    """The file of the fit, as far as forecasts read it."""

    table_sha256: str
    groups: Mapping[str, PopulationGroup]

    def group_of(self, aim: str, compounds: Collection[str], route: str) -> str | None:
        """Return the first group of the file that is for the aim and route and whose compounds the course has all.

        Tranexamic acid stands first: what it did with others beside it was not less.
        """
        given = set(compounds)
        for name, group in self.groups.items():
            if aim in group.aims and route == group.route and set(group.compounds) <= given:
                return name
        return None


def rarer_than_weekly(interval_days: float) -> float:
    """Return log(7 / interval) / log 4: 0 for weekly sessions, -1 for four-weekly ones."""
    return math.log(WEEKLY_DAYS / interval_days) / math.log(4)


def read_population() -> Population:
    """Return the population posterior that this version carries."""
    import json

    held = json.loads((resources.files("mesoplan.planning") / "data" / FILE).read_text(encoding="utf-8"))
    return Population(table_sha256=held["table_sha256"], groups=held["groups"])
