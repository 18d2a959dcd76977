"""The population model in NumPyro: arms of trials in, draws of what a new clinic's patient may bring out.

eta(t) = b0 - B (1 - exp(-t / 8)) - E(t); E rises towards A at rate k on treatment and wanes with T_off after it.
B and A differ between studies, A and log k between the arms of a study, A between patients. What was swallowed or
spread on the skin has means and spreads of its own: it says how clinics and backgrounds differ, not what a needle does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

from scripts.population.arms import Arm
from scripts.population.priors import (
    BY_NEEDLE,
    CONTROL,
    GROUPS,
    MISFIT_SD,
    NEVER,
    ORAL,
    OTHER,
    PATIENT_SD,
    PRIORS,
    RATING_SD,
    SPREAD_SD,
)

BACKGROUND_WEEKS = 8.0
MOST_CUTS = 4
SHARPNESS = 20.0
"""Of the soft cut that keeps a study's background at 0 or above."""


@dataclass(frozen=True)
class Table:
    """Arms as arrays. Masks, not sizes, say what takes part, so that leaving a study out compiles nothing anew."""

    studies: tuple[str, ...]
    arms: tuple[Arm, ...]
    data: dict[str, Any]


def table_of(arms: tuple[Arm, ...]) -> Table:
    """Return arms as arrays for the model."""
    studies = tuple(dict.fromkeys(arm.study for arm in arms))
    falls = [(index, fall) for index, arm in enumerate(arms) for fall in arm.falls]
    counted = [(index, held) for index, arm in enumerate(arms) for held in arm.categories]
    spread = [(index, fall) for index, fall in falls if fall.spread is not None]
    data = {
        "studies": np.arange(len(studies)),
        "study": np.array([studies.index(arm.study) for arm in arms]),
        "group": np.array([GROUPS.index(arm.group) for arm in arms]),
        "other": np.array([float(arm.group in OTHER) for arm in arms]),
        "size": np.array([float(arm.size) for arm in arms]),
        "until": np.array([arm.treated_until or NEVER for arm in arms]),
        "rarer": np.array(
            [math.log(7 / arm.interval_days) / math.log(4) if arm.interval_days else 0.0 for arm in arms]
        ),
        "fall_arm": np.array([index for index, _ in falls]),
        "fall_week": np.array([fall.week for _, fall in falls]),
        "fall": np.array([fall.value for _, fall in falls]),
        "of_means": np.array([float(fall.of_means) for _, fall in falls]),
        "fall_used": np.ones(len(falls)),
        "spread_arm": np.array([index for index, _ in spread]),
        "spread_week": np.array([fall.week for _, fall in spread]),
        "log_spread": np.array([math.log(fall.spread or 1) for _, fall in spread]),
        "spread_used": np.ones(len(spread)),
        "counted_arm": np.array([index for index, _ in counted]),
        "counted_week": np.array([held.week for _, held in counted]),
        "cuts": np.array([[*held.cuts, *[9.0] * (MOST_CUTS - len(held.cuts))] for _, held in counted]),
        "counts": np.array([[*held.counts, *[0] * (MOST_CUTS + 1 - len(held.counts))] for _, held in counted]),
        "shared_by": np.array([float(len(arms[index].categories)) for index, _ in counted]),
        "counted_used": np.ones(len(counted)),
    }
    return Table(studies, arms, data)


def without(table: Table, study: str) -> dict[str, Any]:
    """Return the data with one study masked."""
    kept = table.data["study"] != table.studies.index(study)
    data = dict(table.data)
    for name in ("fall", "spread", "counted"):
        data[f"{name}_used"] = kept[data[f"{name}_arm"]].astype(float)
    return data


def effect(weeks: Any, asymptote: Any, k: Any, t_off: Any, until: Any) -> Any:
    """Return E at each week, for treatment from week 0 to `until`."""
    on = jnp.minimum(weeks, until)
    return asymptote * (1 - jnp.exp(-k * on)) * jnp.exp(-jnp.maximum(weeks - until, 0) / t_off)


def background(weeks: Any) -> Any:
    """Return the share of the background that has come by each week."""
    return 1 - jnp.exp(-weeks / BACKGROUND_WEEKS)


def _hyper() -> dict[str, Any]:
    def normal(name: str) -> Any:
        return numpyro.sample(name, dist.Normal(*PRIORS[name]))

    def spread(name: str) -> Any:
        return numpyro.sample(name, dist.HalfNormal(PRIORS[name][1]))

    names = ("asymptote", "needle_alone", "oral", "topical", "log_k", "log_k_other", "log_t_off", "log_t_off_oral")
    held = {name: normal(name) for name in (*names, "interval")}
    held["background"] = numpyro.sample("background", dist.TruncatedNormal(*PRIORS["background"], low=0.0))
    held["between_patients"] = numpyro.sample(
        "between_patients", dist.TruncatedNormal(*PRIORS["between_patients"], low=0.02)
    )
    spreads = ("background_between_studies", "between_treatments", "between_clinics", "between_arms")
    others = ("between_other_arms", "log_k_between_arms", "log_k_between_other_arms")
    return held | {name: spread(name) for name in (*spreads, *others)}


def _by_group(hyper: dict[str, Any]) -> Any:
    """Return the asymptote of each group: partly pooled by needle, their own for the others, none for controls."""
    scatter = numpyro.sample("group_scatter", dist.Normal(0, 1).expand([len(BY_NEEDLE)]).to_event(1))
    pooled = numpyro.deterministic("group", hyper["asymptote"] + hyper["between_treatments"] * scatter)
    own = jnp.stack([hyper["needle_alone"], hyper["oral"], hyper["topical"], jnp.zeros_like(hyper["oral"])])
    return jnp.concatenate([pooled, own])


def _arm_parameters(data: dict[str, Any], hyper: dict[str, Any]) -> dict[str, Any]:
    study, group = data["study"], data["group"]
    arms, n_studies = len(data["size"]), len(data["studies"])
    scatter = {
        name: numpyro.sample(f"{name}_scatter", dist.Normal(0, 1).expand([n]).to_event(1))
        for name, n in (("clinic", n_studies), ("background", n_studies), ("k", arms), ("arm", arms))
    }
    treated = (group != GROUPS.index(CONTROL)).astype(float)
    other, oral = data["other"] > 0, group == GROUPS.index(ORAL)
    between_arms = jnp.where(other, hyper["between_other_arms"], hyper["between_arms"])
    between_arms = jnp.sqrt(between_arms**2 + hyper["between_patients"] ** 2 / data["size"])
    asymptote = _by_group(hyper)[group] + hyper["interval"] * data["rarer"]
    asymptote = asymptote + hyper["between_clinics"] * scatter["clinic"][study] + between_arms * scatter["arm"]
    log_k = jnp.where(other, hyper["log_k_other"], hyper["log_k"])
    log_k = log_k + jnp.where(other, hyper["log_k_between_other_arms"], hyper["log_k_between_arms"]) * scatter["k"]
    at_study = hyper["background"] + hyper["background_between_studies"] * scatter["background"][study]
    return {
        "A": asymptote * treated,
        "B": jax.nn.softplus(SHARPNESS * at_study) / SHARPNESS,
        "k": jnp.exp(log_k),
        "t_off": jnp.exp(jnp.where(oral, hyper["log_t_off_oral"], hyper["log_t_off"])),
        "until": data["until"],
        "treated": treated,
    }


def _fall_at(arm: dict[str, Any], index: Any, weeks: Any) -> tuple[Any, Any]:
    """Return the fall of the log severity, and what a change of A by one changes it by."""
    slope = effect(weeks, 1.0, arm["k"][index], arm["t_off"][index], arm["until"][index])
    return arm["B"][index] * background(weeks) + arm["A"][index] * slope, slope * arm["treated"][index]


def _variance(slope: Any, weeks: Any, hyper: dict[str, Any]) -> Any:
    """Return the variance of the latent fall between the patients of an arm."""
    return (hyper["between_patients"] * slope) ** 2 + (PATIENT_SD["background"] * background(weeks)) ** 2


def model(data: dict[str, Any]) -> None:
    """State the model; see the top of the file."""
    hyper = _hyper()
    arm = _arm_parameters(data, hyper)
    arms = len(data["size"])
    baseline = numpyro.sample("baseline_scatter", dist.Normal(0, 1).expand([arms]).to_event(1))
    at, weeks = data["fall_arm"], data["fall_week"]
    fall, slope = _fall_at(arm, at, weeks)
    within = _variance(slope, weeks, hyper)
    # A ratio of means lies above exp(-mean fall) by half the variance of the patients' falls, and the mean of the
    # patients' own ratios by that of their two ratings as well.
    shown = fall - within / 2 - (1 - data["of_means"]) * RATING_SD**2
    n = data["size"][at]
    shown = shown + RATING_SD / jnp.sqrt(n) * baseline[at]
    error = jnp.sqrt(RATING_SD**2 / n + MISFIT_SD**2)
    with numpyro.handlers.mask(mask=data["fall_used"] > 0):
        numpyro.sample("fall", dist.Normal(shown, error), obs=data["fall"])
    _spreads(data, arm, hyper)
    _categories(data, arm, hyper)


def _spreads(data: dict[str, Any], arm: dict[str, Any], hyper: dict[str, Any]) -> None:
    at, weeks = data["spread_arm"], data["spread_week"]
    _, slope = _fall_at(arm, at, weeks)
    spread = 0.5 * jnp.log(_variance(slope, weeks, hyper) + 2 * RATING_SD**2)
    error = jnp.sqrt(SPREAD_SD**2 + 0.5 / (data["size"][at] - 1))
    with numpyro.handlers.mask(mask=data["spread_used"] > 0):
        numpyro.sample("spread", dist.Normal(spread, error), obs=data["log_spread"])


def _categories(data: dict[str, Any], arm: dict[str, Any], hyper: dict[str, Any]) -> None:
    """Cumulative link: a patient's fall, seen through two ratings, against cuts that are not printed."""
    at, weeks = data["counted_arm"], data["counted_week"]
    fall, slope = _fall_at(arm, at, weeks)
    sd = jnp.sqrt(_variance(slope, weeks, hyper) + 2 * RATING_SD**2)
    moved = numpyro.sample("cut_scatter", dist.Normal(0, 1).expand([arm["A"].shape[0]]).to_event(1))
    cuts = data["cuts"] * jnp.exp(0.10 * moved[at])[:, None]
    below = jax.scipy.stats.norm.cdf((cuts - fall[:, None]) / sd[:, None])
    edges = jnp.concatenate([jnp.zeros((len(at), 1)), below, jnp.ones((len(at), 1))], axis=1)
    chances = jnp.clip(jnp.diff(edges, axis=1), 1e-9, 1.0)
    # The same patients counted at three visits are not three times as many.
    weight = data["counted_used"] / data["shared_by"]
    numpyro.factor("counted", jnp.sum(weight[:, None] * data["counts"] * jnp.log(chances)))


def sampler(*, warm: int, draws: int, chains: int = 1) -> MCMC:
    """Return a sampler; one with one chain keeps its compiled code from one masked table to the next."""
    return MCMC(
        NUTS(model, target_accept_prob=0.9),
        num_warmup=warm,
        num_samples=draws,
        num_chains=chains,
        chain_method="vectorized" if chains > 1 else "sequential",
        progress_bar=False,
        jit_model_args=chains == 1,
    )
