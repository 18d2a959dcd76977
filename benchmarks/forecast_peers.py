"""Patients and clinics made up for forecast.py, and other programs' way to the same posterior, on one core.

forecast.py starts this with the name of a peer, one at a time; the peers are put into an environment of their own:
    python -m venv peers && peers/bin/pip install numpy numba scipy numpyro pymc distributed
Each is used as a careful user would: the model written as its manual does. NumPyro is compiled before the clock runs;
PyMC builds each patient's model anew, and what its cache of compiled code does not hold is in its time. Prints
one line of JSON. Times are the processor's own, on one thread, because a machine that does other things as well makes
the clock say little.
"""

import json
import math
import os
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import numpy as np  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
from mesoplan.kernels.clinic_fit import ClinicPrior, RatedCourses, fit_clinic, on_executor  # noqa: E402
from mesoplan.kernels.posterior_batch import CourseTable  # noqa: E402
from mesoplan.kernels.response import Treatment, log_severity  # noqa: E402

MEAN = np.array([0.0, 0.20, 0.85, math.log(0.06), math.log(14.0)])
SPREAD = np.array([0.6, 0.12, 0.52, 0.41, 0.53])
TREATMENT = Treatment(tuple(range(0, 48, 4)), 4)
WEEKS = 4.0 * np.arange(1, 13)
ASKED = np.array([8.0, 16.0, 24.0, 40.0])
SHARES = np.array([0.025, 0.25, 0.5, 0.75, 0.975])
SIGMA, MOST_SCORES = 0.13, 6


def patients(count: int, seed: int = 20261123) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Unknowns (n, 5), weeks, log scores and whether there is one (n, 6) of patients of the prior, monthly sessions.

    Each has one to six scores, the first before the first session; the true baseline is 0, the prior's is the first
    score.
    """
    rng = np.random.default_rng(seed)
    theta = MEAN + SPREAD * rng.standard_normal((count, 5))
    theta[:, 0] = 0.0
    theta[:, 1] = np.where(theta[:, 1] < 0, -theta[:, 1], theta[:, 1])
    number = rng.integers(1, MOST_SCORES + 1, count)
    later = np.sort(rng.permuted(np.tile(np.arange(4.0, 30, 2), (count, 1)), axis=1)[:, : MOST_SCORES - 1], axis=1)
    weeks = np.concatenate([np.zeros((count, 1)), later], axis=1)
    held = np.arange(MOST_SCORES) < number[:, None]
    eta = np.stack([log_severity(own, one, TREATMENT)[0] for own, one in zip(weeks, theta, strict=True)])
    return theta, weeks, eta + SIGMA * rng.standard_t(5, eta.shape), held


def clinic_truth() -> np.ndarray:
    """What the patients of a made-up clinic share, in the order of the fit."""
    return np.array([2.1, math.log(0.45), 0.28, 1.1, math.log(0.08), math.log(10), 0.12, *np.log([0.36, 0.15, 0.24])])


def clinic_prior() -> ClinicPrior:
    """The population's prior for a clinic."""
    mean = np.array([2.3, math.log(0.5), 0.2, 0.85, math.log(0.06), math.log(14), 0.05, *np.log([0.3, 0.13, 0.2])])
    return ClinicPrior(mean, np.diag(np.square([1, 0.7, 0.12, 0.42, 0.41, 0.53, 0.1, 0.5, 0.25, 0.25])))


def clinic(count: int, seed: int = 1) -> RatedCourses:
    """Made-up courses: four monthly or eight fortnightly sessions, one to seven scores, some by another rater."""
    rng, truth, scored = np.random.default_rng(seed), clinic_truth(), np.array([0.0, 4, 8, 12, 16, 20, 28])
    kept = rng.random((count, 7)) < np.array([1, 0.7, 0.8, 0.6, 0.7, 0.4, 0.4])
    interval = np.where(rng.random(count) < 0.6, 4.0, 2.0)
    stop = np.where(interval == 4.0, 3, 7) * interval + 1.5 * interval
    term = np.log(1 / interval) / math.log(4)
    baseline = truth[0] + math.exp(truth[1]) * rng.standard_normal(count)
    effect = truth[3] + truth[6] * term + math.exp(truth[7]) * rng.standard_normal(count)
    on, off = np.minimum(scored, stop[:, None]), np.maximum(scored - stop[:, None], 0)
    share = (1 - np.exp(-math.exp(truth[4]) * on)) * np.exp(-off / math.exp(truth[5]))
    eta = baseline[:, None] - truth[2] * (1 - np.exp(-scored / 8)) - effect[:, None] * share
    other = (rng.random((count, 7)) < 0.3) & (scored > 0)
    scores = eta + np.exp(np.where(other, truth[9], truth[8])) * rng.standard_t(5, (count, 7))
    starts = np.concatenate([[0], np.cumsum(kept.sum(1))])
    weeks = np.broadcast_to(scored, (count, 7))[kept]
    spans = np.stack([np.zeros(count), stop], axis=1)
    table = CourseTable(weeks, scores[kept], np.ones(len(weeks)), starts, spans, np.arange(count + 1))
    return RatedCourses(table, other[kept], term)


def answers(draws: np.ndarray, baseline: float) -> tuple[list[float], list[list[float]]]:
    """Chances that half of the first score is reached, and quantiles of the log severity, from equal draws (n, 5)."""
    reached = (log_severity(WEEKS, draws, TREATMENT) <= baseline - math.log(2)).mean(axis=0)
    return reached.tolist(), np.quantile(log_severity(ASKED, draws, TREATMENT), SHARES, axis=0).tolist()


def curve(jnp, weeks, theta):
    """eta of one patient who is on treatment all the time."""
    b0, background, effect, log_rate = theta[0], theta[1], theta[2], theta[3]
    return b0 - background * (1 - jnp.exp(-weeks / 8)) - effect * (1 - jnp.exp(-jnp.exp(log_rate) * weeks))


def numpyro_vmapped(count: int, draws: int, chains: int) -> dict:
    """NUTS of NumPyro, vmapped over patients (and chains), compiled once."""
    import jax
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist
    from numpyro.infer import MCMC, NUTS

    def model(weeks, values, held, baseline):
        b0 = numpyro.sample("b0", dist.Normal(baseline, SPREAD[0]))
        background = numpyro.sample("B", dist.TruncatedNormal(MEAN[1], SPREAD[1], low=0.0))
        others = [
            numpyro.sample(name, dist.Normal(MEAN[place], SPREAD[place]))
            for place, name in ((2, "A"), (3, "log_k"), (4, "log_t_off"))
        ]
        eta = curve(jnp, weeks, (b0, background, *others))
        with numpyro.handlers.mask(mask=held):
            numpyro.sample("y", dist.StudentT(5.0, eta, SIGMA), obs=values)

    def run(key, weeks, values, held):
        sampler = MCMC(NUTS(model), num_warmup=500, num_samples=draws, progress_bar=False)
        sampler.run(key, weeks, values, held, values[0])
        found = sampler.get_samples()
        return jnp.stack([found[name] for name in ("b0", "B", "A", "log_k", "log_t_off")], axis=-1)

    def repeated(rows):
        return jnp.asarray(np.repeat(rows, chains, axis=0))

    _, weeks, values, held = patients(count)
    data = tuple(repeated(rows) for rows in (weeks, values, held))
    keys = jax.random.split(jax.random.PRNGKey(0), count * chains)
    compiled = jax.jit(jax.vmap(run)).lower(keys, *data).compile()
    start = time.process_time()
    found = np.asarray(compiled(keys, *data), dtype=float)
    took = time.process_time() - start
    by_patient = found.reshape(count, chains, draws, 5)
    halves = [by_patient[:, : max(chains // 2, 1)], by_patient[:, chains // 2 :]]
    return {
        "each_s": took / count,
        "answers": [answers(one.reshape(-1, 5), values[number, 0]) for number, one in enumerate(by_patient)],
        "halves": [[answers(one.reshape(-1, 5), 0.0)[1] for one in half] for half in halves],
    }


def pymc(count: int, draws: int, chains: int) -> dict:
    """NUTS of PyMC, one patient and one model at a time."""
    import logging

    import pymc as pm
    import pytensor.tensor as pt

    logging.getLogger("pymc").setLevel(logging.ERROR)
    _, weeks, values, held = patients(count)
    took, found = [], []
    for number in range(count):
        seen = held[number]
        with pm.Model():
            b0 = pm.Normal("b0", values[number, 0], SPREAD[0])
            background = pm.TruncatedNormal("B", MEAN[1], SPREAD[1], lower=0.0)
            others = [
                pm.Normal(name, MEAN[place], SPREAD[place])
                for place, name in ((2, "A"), (3, "log_k"), (4, "log_t_off"))
            ]
            eta = curve(pt, weeks[number, seen], (b0, background, *others))
            pm.StudentT("y", nu=5, mu=eta, sigma=SIGMA, observed=values[number, seen])
            start = time.process_time()
            trace = pm.sample(
                draws, tune=1000, chains=chains, cores=1, progressbar=False, compute_convergence_checks=False,
                random_seed=number,
            )  # fmt: skip
            took.append(time.process_time() - start)
        held_draws = [trace.posterior[one].to_numpy().ravel() for one in ("b0", "B", "A", "log_k", "log_t_off")]
        found.append(answers(np.stack(held_draws, axis=-1), values[number, 0]))
    # The median leaves out the first, which compiles most.
    return {"each_s": float(np.median(took)), "answers": found}


def scipy_map(count: int, draws: int, chains: int) -> dict:
    """BFGS to the mode by SciPy, then the normal of its inverse curvature, drawn."""
    from scipy.optimize import minimize

    _, weeks, values, held = patients(count)
    took, found, modes = [], [], []
    for number in range(count):
        seen, mean = held[number], MEAN + np.array([values[number, 0], 0, 0, 0, 0])

        def depth(white, seen=seen, mean=mean, number=number):
            theta = mean + SPREAD * white
            away = (values[number, seen] - curve(np, weeks[number, seen], theta)) / SIGMA
            return 0.5 * white @ white + 3 * np.log1p(away**2 / 5).sum()

        start = time.process_time()
        best = minimize(depth, np.zeros(5), method="BFGS")
        took.append(time.process_time() - start)
        drawn = np.random.default_rng(1).multivariate_normal(best.x, best.hess_inv, draws * chains)
        found.append(answers(mean + SPREAD * drawn, values[number, 0]))
        modes.append((mean + SPREAD * best.x).tolist())
    return {"each_s": float(np.median(took)), "answers": found, "modes": modes}


def dask(count: int, draws: int, chains: int) -> dict:
    """Not a peer: the clinic's fit on Dask's scheduler, two processes, and on this one; are they the same?"""
    from distributed import Client, LocalCluster

    courses = clinic(count)
    # Parts of which two processes have enough, and the same ones on both sides.
    parts = courses.parts(max(1, count // 16))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        there = client.scatter(parts)
        fit_clinic(there[:1], clinic_prior(), run=on_executor(client.get_executor()))
        start = time.perf_counter()
        far = fit_clinic(there, clinic_prior(), run=on_executor(client.get_executor()))
        took = time.perf_counter() - start
    start = time.perf_counter()
    near = fit_clinic(parts, clinic_prior())
    alone = time.perf_counter() - start
    same = bool(np.array_equal(far.shared, near.shared) and np.array_equal(far.covariance, near.covariance))
    return {"dask_s": took, "alone_s": alone, "same": same, "passes": far.passes}


PEERS = {"numpyro-vmapped": numpyro_vmapped, "pymc": pymc, "scipy-map": scipy_map, "dask": dask}


if __name__ == "__main__":
    if len(sys.argv) < 5:
        print(f"forecast.py starts this with one of {', '.join(PEERS)}, and numbers of patients, draws and chains.")
        sys.exit()
    try:
        said = PEERS[sys.argv[1]](*(int(one) for one in sys.argv[2:5]))
    except ImportError as missing:
        print(json.dumps({"absent": str(missing)}))
        sys.exit()
    print(json.dumps(said | {"load": os.getloadavg()[0]}))
