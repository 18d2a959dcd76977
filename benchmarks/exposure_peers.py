"""One general solver's way to the exposure of the standard case, on one core. Started by exposure.py, one at a time.

Uniform skin of 100 x 100 x 5 mm, 200 balls of 0.01 mL, voxels of 0.5 x 0.5 x 0.1 mm, one solute. Each is used as a
careful user would: the steady equation for the exposure, tolerance 1e-4. Prints one line of JSON. Times are the
processor's own, on one thread, because a machine that does other things as well makes the clock say little.
"""

import json
import os
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["FIPY_SOLVERS"] = "scipy"

import numpy as np  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
from mesoplan.kernels.depot import ball_exposure, injected_depot  # noqa: E402

SIZE, STEPS, CELLS = (100.0, 100.0, 5.0), (0.5, 0.5, 0.1), (200, 200, 50)
SPREAD, CLEARED, DEPTH_MM, VOLUME_ML, POROSITY, TOLERANCE = 0.36, 1.0, 2.5, 0.01, 0.3, 1e-4
BALL = injected_depot(VOLUME_ML, DEPTH_MM, POROSITY)


def places() -> np.ndarray:
    """Middles of the 200 balls, (2, 200) [mm]."""
    return np.random.default_rng(20261123).uniform(0, 100, (2, 200))


def centres() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Middles of the voxels along x, y and z [mm]."""
    return tuple((np.arange(count) + 0.5) * step for count, step in zip(CELLS, STEPS, strict=True))


def boxes(x: np.ndarray, y: np.ndarray, reach: float):
    """For each ball the slices of columns within reach, and their distance from its axis."""
    for px, py in places().T:
        i = slice(*np.searchsorted(x, [px - reach, px + reach]))
        j = slice(*np.searchsorted(y, [py - reach, py + reach]))
        yield i, j, np.hypot(x[i, None] - px, y[None, j] - py)[..., None]


def source() -> np.ndarray:
    """Start concentration of each voxel: the part of it that each ball fills, counted on 8 x 8 x 4 parts."""
    x, y, z = centres()
    total = np.zeros(CELLS)
    for dx in (np.arange(8) + 0.5) / 8 - 0.5:
        for dy in (np.arange(8) + 0.5) / 8 - 0.5:
            for i, j, away in boxes(x + dx * STEPS[0], y + dy * STEPS[1], BALL.radius_mm + 1):
                for dz in (np.arange(4) + 0.5) / 4 - 0.5:
                    total[i, j] += np.hypot(away, z + dz * STEPS[2] - DEPTH_MM) < BALL.radius_mm
    return total / (256 * BALL.volume_mm3)


def closed_form() -> np.ndarray:
    """Exposure at the voxels' middles: each ball with its images at both borders; sides are out of reach or open."""
    x, y, z = centres()
    total = np.zeros(CELLS)
    for i, j, away in boxes(x, y, 14.0):
        for image in (2 * SIZE[2] * n + sign * DEPTH_MM for n in range(-2, 3) for sign in (1, -1)):
            total[i, j] += ball_exposure(np.hypot(away, z - image), BALL.radius_mm, SPREAD, CLEARED)
    return total


def error(found: np.ndarray) -> float:
    """Relative L2 away from the sides, where the closed form has no wall and a solver has."""
    inner = (slice(16, -16), slice(16, -16))
    wanted = closed_form()[inner]
    return float(np.linalg.norm(found[inner] - wanted) / np.linalg.norm(wanted))


def scipy_cg() -> tuple[float, float, np.ndarray]:
    """Seconds to assemble a finite-volume matrix by hand, to solve, and the field."""
    from scipy.sparse import diags_array, eye_array, kron
    from scipy.sparse.linalg import cg

    start = time.process_time()
    parts = []
    for count, step in zip(CELLS, STEPS, strict=True):
        middle = np.full(count, 2.0)
        middle[[0, -1]] = 1.0
        parts.append(
            diags_array([-np.ones(count - 1), middle, -np.ones(count - 1)], offsets=[-1, 0, 1]) * SPREAD / step**2
        )
    one = [eye_array(count) for count in CELLS]
    matrix = kron(kron(parts[0], one[1]), one[2]) + kron(kron(one[0], parts[1]), one[2])
    matrix = (matrix + kron(kron(one[0], one[1]), parts[2]) + CLEARED * eye_array(int(np.prod(CELLS)))).tocsr()
    assembled = time.process_time()
    # Every row has nearly the same diagonal, so a diagonal preconditioner would change nothing.
    found, failed = cg(matrix, source_values.ravel(), rtol=TOLERANCE)
    assert not failed
    return assembled - start, time.process_time() - assembled, found.reshape(CELLS)


def fipy() -> tuple[float, float, np.ndarray]:
    """Seconds to make the grid and equation, to solve, and the field."""
    from fipy import CellVariable, DiffusionTerm, Grid3D, ImplicitSourceTerm
    from fipy.solvers import LinearCGSolver

    start = time.process_time()
    grid = Grid3D(dx=STEPS[0], dy=STEPS[1], dz=STEPS[2], nx=CELLS[0], ny=CELLS[1], nz=CELLS[2])
    given = CellVariable(mesh=grid, value=source_values.transpose(2, 1, 0).ravel())
    exposure = CellVariable(mesh=grid, value=0.0)
    equation = DiffusionTerm(SPREAD) - ImplicitSourceTerm(CLEARED) + given == 0
    made = time.process_time()
    equation.solve(var=exposure, solver=LinearCGSolver(tolerance=TOLERANCE, iterations=2000))
    solved = time.process_time() - made
    return made - start, solved, exposure.value.reshape(CELLS[::-1]).transpose(2, 1, 0)


def ngsolve() -> tuple[float, float, np.ndarray]:
    """Order 2 on a mesh of 1 x 1 x 0.2 mm: seconds to make mesh and forms, to solve, and the field."""
    import ngsolve as ng
    from ngsolve.meshes import MakeStructured3DMesh

    ng.SetNumThreads(1)
    start = time.process_time()
    mesh = MakeStructured3DMesh(nx=100, ny=100, nz=25, mapping=lambda a, b, c: (SIZE[0] * a, SIZE[1] * b, SIZE[2] * c))
    space = ng.H1(mesh, order=2)
    u, v = space.TnT()
    given = ng.VoxelCoefficient((0, 0, 0), SIZE, np.ascontiguousarray(source_values.transpose(2, 1, 0)), linear=False)
    form = ng.BilinearForm(SPREAD * ng.grad(u) * ng.grad(v) * ng.dx + CLEARED * u * v * ng.dx)
    before = ng.Preconditioner(form, "local")
    form.Assemble()
    load = ng.LinearForm(given * v * ng.dx(bonus_intorder=4)).Assemble()
    made = time.process_time()
    found = ng.GridFunction(space)
    found.vec.data = ng.CGSolver(form.mat, before.mat, tol=TOLERANCE, maxiter=2000) * load.vec
    solved = time.process_time() - made
    x, y, z = np.meshgrid(*centres(), indexing="ij")
    return made - start, solved, np.asarray(found(mesh(x.ravel(), y.ravel(), z.ravel()))).reshape(CELLS)


def py_pde() -> tuple[float, float, np.ndarray]:
    """Hourly fields need steps: seconds to get started, and for one hour of explicit steps; a field."""
    import pde

    grid = pde.CartesianGrid([[0, size] for size in SIZE], list(CELLS), periodic=False)
    equation = pde.PDE({"c": f"{SPREAD} * laplace(c) - {CLEARED} * c"}, bc={"derivative": 0})
    step = 0.9 / (2 * SPREAD * sum(1 / one**2 for one in STEPS) + CLEARED)
    state = pde.ScalarField(grid, source_values)
    start = time.process_time()
    go = pde.EulerSolver(equation, backend="numba").make_stepper(state, dt=0.25 / np.ceil(0.25 / step))
    go(state, 0.0, 0.25)
    compiled = time.process_time()
    go(state, 0.25, 1.25)
    return compiled - start, time.process_time() - compiled, state.data


PEERS = {"scipy-cg": scipy_cg, "fipy": fipy, "ngsolve": ngsolve, "py-pde": py_pde}


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print(f"exposure.py starts this with one of {', '.join(PEERS)}.")
        sys.exit()
    source_values = source()
    try:
        made_s, solved_s, field = PEERS[sys.argv[1]]()
    except ImportError as missing:
        print(json.dumps({"absent": str(missing)}))
        sys.exit()
    said = {"made_s": made_s, "solved_s": solved_s, "load": os.getloadavg()[0]}
    if sys.argv[1] != "py-pde":
        said["error"] = error(field)
    else:
        said["steps"] = 4 * int(np.ceil(0.25 * (2 * SPREAD * sum(1 / one**2 for one in STEPS) + CLEARED) / 0.9))
    print(json.dumps(said))
