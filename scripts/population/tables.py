"""The calibration as a page of tables, as it comes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scripts.population.calibration import LEVELS, LeftOut, covered
from scripts.population.patients import FORECAST_WEEK, AfterScores, ArmAsPatient
from scripts.population.priors import BY_NEEDLE, CONTROL, OTHER

Draws = Mapping[str, NDArray[np.float64]]

HEAD = """# Calibration of the forecast

Written by `python -m scripts.check_population`; do not edit. What it means stands in [forecast.md](forecast.md).
Table of trials: sha256 `{sha256}`.
"""


def calibration_page(
    held: list[LeftOut],
    trajectories: list[ArmAsPatient],
    made: list[AfterScores],
    whole: Draws,
    doubtful: Draws,
    sha256: str,
) -> str:
    """Return the page."""
    parts = [
        HEAD.format(sha256=sha256),
        "## Leave one study out\n",
        "Each study in turn is forecast by a fit that has not seen it. “Last” is the last mean of each arm.\n",
        *_coverage(held),
        "\nEach mean beside its forecast, in per cent of change from the baseline:\n",
        *_each(held),
        "\n## After 0 to 3 follow-up scores\n",
        f"{made[0].patients} patients made from draws of the population, monthly sessions, one rater; the score at\n"
        f"week {FORECAST_WEEK:g} is forecast from the scores of weeks 0, 4, 8 and 12. It checks the normal form\n"
        "of the prior and the computing, not the world: no trial gives its patients.\n",
        *_made(made),
        "\nArms with two means and more, each taken as if it were a patient, by fits that have not seen its study:\n"
        "fall by the last mean in log severity, with the 80 % interval of a patient (wider than that of an arm).\n",
        *_trajectories(trajectories),
        "\n## With the outliers\n",
        "Asymptotes of the groups (mean, SD) and spreads, without and with the studies that are flagged as outliers.\n",
        *_doubtful(whole, doubtful),
    ]
    return "\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(['---'] * len(head))}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _coverage(held: list[LeftOut]) -> Iterator[str]:
    parts = {
        "by needle, last": [one for one in held if one.group in BY_NEEDLE and one.last],
        "by needle, all": [one for one in held if one.group in BY_NEEDLE],
        "injected, last": [one for one in held if one.group.startswith("injected") and one.last],
        "controls and needle alone, last": [one for one in held if one.group in (CONTROL, "needle-alone") and one.last],
        "oral and topical, last": [one for one in held if one.group in OTHER and one.last],
        "all, last": [one for one in held if one.last],
        "all": held,
    }
    rows = ([name, *(_bounds(found, level) for level in LEVELS), _error(found)] for name, found in parts.items())
    yield from _table(("arms", *(f"{level} % held" for level in LEVELS), "median absolute error of the ratio"), rows)


def _bounds(found: list[LeftOut], level: int) -> str:
    told = covered(found, level)
    return f"{told['held']} of {told['of']} ({100 * told['low']:.0f} to {100 * told['high']:.0f} %)"


def _error(found: list[LeftOut]) -> str:
    return f"{100 * np.median([abs(np.expm1(one.seen - one.middle)) for one in found]):.0f} %"


def _each(held: list[LeftOut]) -> Iterator[str]:
    rows = (
        (one.study, one.arm, one.group, f"{one.week:g}", _percent(one.seen), _percent(one.middle), *_ranges(one))
        for one in held
    )
    yield from _table(("study", "arm", "group", "week", "seen", "forecast", "80 %", "95 %"), rows)


def _ranges(one: LeftOut) -> Iterator[str]:
    for level, (low, high) in zip(LEVELS, one.ranges, strict=True):
        yield f"{_percent(high)} to {_percent(low)}{'' if one.held(level) else ' **missed**'}"


def _percent(fall: float) -> str:
    return f"{100 * np.expm1(-fall):+.0f}".replace("-", "−")


def _made(made: list[AfterScores]) -> Iterator[str]:
    rows = (
        (
            f"{one.scores}",
            f"{100 * one.median_error:+.1f} %",
            f"{100 * one.median_absolute_error:.1f} %",
            f"{one.width_80:.2f}",
            f"{100 * one.held_80 / one.patients:.1f} %",
            f"{100 * one.held_95 / one.patients:.1f} %",
        )
        for one in made
    )
    head = ("follow-up scores", "median error", "median absolute error", "80 % width (log)", "80 % held", "95 % held")
    yield from _table(head, rows)


def _trajectories(found: list[ArmAsPatient]) -> Iterator[str]:
    rows = (
        (one.study, f"{one.week:g}", f"{one.seen:.2f}", _quantiles(one.before), _quantiles(one.after)) for one in found
    )
    yield from _table(("study", "last week", "seen", "from the baseline", "from all earlier means"), rows)


def _quantiles(told: tuple[float, float, float]) -> str:
    middle, low, high = told
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def _doubtful(whole: Draws, doubtful: Draws) -> Iterator[str]:
    def told(draws: Draws, name: str, at: int | None) -> str:
        values = draws[name] if at is None else draws[name][:, at]
        return f"{values.mean():.2f} ({values.std():.2f})"

    names: list[tuple[str, str, int | None]] = [(f"A, {group}", "group", at) for at, group in enumerate(BY_NEEDLE)]
    names += [(name, name, None) for name in ("between_clinics", "between_arms", "background")]
    rows = ((title, told(whole, name, at), told(doubtful, name, at)) for title, name, at in names)
    yield from _table(("parameter", "without", "with"), rows)


MEANING = {
    "background": "fall without treatment, mean over studies",
    "background_between_studies": "its spread between studies",
    "asymptote": "asymptote of what needles bring in, over groups",
    "between_treatments": "its spread between groups of treatments",
    "needle_alone": "asymptote of the needle alone",
    "between_clinics": "spread of the asymptote between clinics",
    "between_arms": "between arms of one clinic",
    "between_patients": "between patients of one arm",
    "log_k": "log of the rate per week",
    "log_k_between_arms": "its spread between arms",
    "log_t_off": "log of the weeks of waning, needle",
    "log_t_off_oral": "the same, tablets",
    "interval": "gain of the asymptote from monthly to weekly",
}
"""Parameters that a forecast of an injected course rests on."""
FROM_THE_PRIOR, FROM_BOTH = 0.85, 0.60


def identification(hyper_parameters: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return a table of prior and posterior: where the SD has not shrunk, the figure is the prior's."""
    rows = []
    for name, meaning in MEANING.items():
        told = hyper_parameters[name]
        share = told["share_of_prior_sd"]
        from_where = "prior" if share > FROM_THE_PRIOR else "both" if share > FROM_BOTH else "arms"
        rows.append(
            (
                meaning,
                f"{told['prior_mean']:.2f} ± {told['prior_sd']:.2f}",
                f"{told['mean']:.2f} ± {told['sd']:.2f}",
                f"{told['low']:.2f} to {told['high']:.2f}",
                f"{share:.2f}",
                from_where,
            )
        )
    head = ("parameter", "prior", "posterior", "95 %", "SD left", "known from")
    return list(_table(head, rows))
