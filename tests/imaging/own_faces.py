"""Faces that are not the template: wider, longer, flatter, deeper and uneven ones, in millimetres."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from mesoplan.imaging.face_template import load_face_template
from mesoplan.kernels.mesh import Floats

WAVE_MM = 90.0


def uneven_face(stretch: tuple[float, float, float], waves_mm: tuple[float, float, float], phase: float) -> Floats:
    """The template stretched along its axes, and each axis bent by a wave along the two others: its sides differ."""
    vertices = load_face_template().vertices_mm
    along = vertices @ np.array([[0.0, 0.7, 0.7], [0.8, 0.0, 0.6], [0.6, 0.8, 0.0]]) * 2 * np.pi / WAVE_MM
    return np.asarray(vertices * stretch + np.sin(along + phase) * waves_mm)


UNEVEN = uneven_face((0.92, 0.95, 0.85), (1.5, -1.0, 2.0), 0.7)
OWN_FACES = st.builds(
    uneven_face,
    st.tuples(st.floats(0.8, 1.05), st.floats(0.8, 1.1), st.floats(0.7, 1.2)),
    st.tuples(st.floats(-2, 2), st.floats(-2, 2), st.floats(-2.5, 2.5)),
    st.floats(0, 6.2),
)
