"""NUTS over the population model: draws, and whether they may be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray
from numpyro.diagnostics import summary

from scripts.population.arms import Arm
from scripts.population.model import Table, sampler, table_of, without

Draws = dict[str, NDArray[np.float64]]

jax.config.update("jax_enable_x64", True)


def sample(arms: tuple[Arm, ...], *, seed: int, warm: int, draws: int, chains: int) -> tuple[Draws, dict[str, Any]]:
    """Return draws of every parameter, and the diagnostics of the run."""
    run = sampler(warm=warm, draws=draws, chains=chains)
    run.run(jax.random.PRNGKey(seed), table_of(arms).data, extra_fields=("diverging", "num_steps"))
    by_chain = {name: np.asarray(values) for name, values in run.get_samples(group_by_chain=True).items()}
    told = summary(by_chain, prob=0.95)
    rhat = {name: float(np.max(one["r_hat"])) for name, one in told.items()}
    size = {name: float(np.min(one["n_eff"])) for name, one in told.items()}
    extra = run.get_extra_fields()
    diagnostics = {
        "chains": chains,
        "warm_up": warm,
        "draws_a_chain": draws,
        "divergences": int(np.sum(extra["diverging"])),
        "largest_r_hat": [max(rhat, key=lambda name: rhat[name]), round(max(rhat.values()), 4)],
        "smallest_effective_size": [min(size, key=lambda name: size[name]), round(min(size.values()), 1)],
        "mean_steps": round(float(np.mean(extra["num_steps"])), 1),
    }
    return {name: values.reshape(-1, *values.shape[2:]) for name, values in by_chain.items()}, diagnostics


def without_each(arms: tuple[Arm, ...], *, seed: int, warm: int, draws: int) -> Iterator[tuple[str, Draws]]:
    """Yield each study with means, and the draws of a fit that has not seen it. One program serves all fits."""
    table: Table = table_of(arms)
    run = sampler(warm=warm, draws=draws)
    for study in table.studies:
        if any(arm.falls for arm in arms if arm.study == study):
            run.run(jax.random.PRNGKey(seed), without(table, study))
            yield study, {name: np.asarray(values) for name, values in run.get_samples().items()}
