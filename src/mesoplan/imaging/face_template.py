"""The template face: a metric triangle mesh of 468 vertices, read from the face model file.

Axes, as the patient faces the camera: x towards the patient's left, y up, z towards the camera. Millimetres.
The mesh runs from mid-forehead to chin and from ear to ear; it has no hairline, ears, neck or submental skin.
"""

from __future__ import annotations

import functools
import hashlib
import io
import zipfile
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

import numpy as np

from mesoplan.imaging.protobuf_wire import Message, read_message, read_varints
from mesoplan.kernels.mesh import Floats, Ints

MODEL_FILE = "face_landmarker_v2.task"
MODEL_SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
_GEOMETRY = "geometry_pipeline_metadata_landmarks.binarypb"
_VERTICES, _TRIANGLES, _NUMBERS_PER_VERTEX = 468, 898, 5
_MM_PER_UNIT = 10.0


class FaceModelUnavailable(RuntimeError):
    """The face model is not where it should be, or is another one; the message says what to run."""


@dataclass(frozen=True, eq=False)
class FaceTemplate:
    """The template in its own size.

    Attributes
    ----------
    vertices_mm : (468, 3); more where the forehead is carried on above the mesh (`mesoplan.imaging.forehead`)
    triangles : (898, 3) wound counter-clockwise as seen from outside
    texture : (468, 2) the face laid out in a plane without overlap, seen from outside, not to scale
    mirror_vertices : (468,) the vertex across the midline
    mirror_triangles : (898,) the triangle across the midline
    mirror_corners : (898, 3) for each corner, which corner of the mirror triangle it becomes
    """

    vertices_mm: Floats
    triangles: Ints
    texture: Floats
    mirror_vertices: Ints
    mirror_triangles: Ints
    mirror_corners: Ints


@functools.cache
def load_face_template() -> FaceTemplate:
    """The template face from the model file inside of the package, read once.

    Raises
    ------
    FaceModelUnavailable
        If the file is missing or is not the one whose hash this version was made with.
    """
    return read_face_template(model_file())


def read_face_template(file: Traversable) -> FaceTemplate:
    """The template face from one model file; see :func:`load_face_template`."""
    (content,) = read_model_parts(file, _GEOMETRY)
    return _template(read_message(read_message(content).chunks[1][0]))


def model_file() -> Traversable:
    """Where the face model lies inside of the package."""
    return resources.files("mesoplan.imaging").joinpath("data", MODEL_FILE)


def read_model_parts(file: Traversable, *names: str) -> tuple[bytes, ...]:
    """The named parts of the face model, after its hash was checked.

    Raises
    ------
    FaceModelUnavailable
        If the file is missing or is not the one whose hash this version was made with.
    """
    try:
        data = file.read_bytes()
    except FileNotFoundError as error:
        raise FaceModelUnavailable(_advice("is missing")) from error
    found = hashlib.sha256(data).hexdigest()
    if found != MODEL_SHA256:
        raise FaceModelUnavailable(_advice(f"is not the expected one (its SHA-256 is {found})"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return tuple(archive.read(name) for name in names)


def _advice(what: str) -> str:
    return (
        f"The face model {MODEL_FILE} {what}. In a checkout run “make setup”; "
        "in an installation, install Mesoplan again."
    )


def _template(mesh: Message) -> FaceTemplate:
    numbers = np.frombuffer(b"".join(mesh.chunks[3]), dtype="<f4").astype(np.float64)
    rows = numbers.reshape(_VERTICES, _NUMBERS_PER_VERTEX)
    indices = mesh.integers.get(4) or read_varints(b"".join(mesh.chunks[4]))
    triangles = np.array(indices, dtype=np.intp).reshape(_TRIANGLES, 3)
    vertices_mm = rows[:, :3] * _MM_PER_UNIT
    mirror = _mirror_vertices(vertices_mm)
    partner, corners = mirror_triangles(triangles, mirror)
    # The file counts texture rows from the top; here they go up, like y.
    texture = rows[:, 3:] * [1.0, -1.0]
    template = FaceTemplate(vertices_mm, triangles, texture, mirror, partner, corners)
    for array in vars(template).values():
        array.setflags(write=False)
    return template


def _mirror_vertices(vertices_mm: Floats) -> Ints:
    order = np.lexsort(np.round(vertices_mm, 3).T)
    mirrored = np.lexsort(np.round(vertices_mm * [-1.0, 1.0, 1.0] + 0.0, 3).T)
    partner = np.empty(len(vertices_mm), dtype=np.intp)
    partner[mirrored] = order
    return partner


def mirror_triangles(triangles: Ints, mirror: Ints) -> tuple[Ints, Ints]:
    """The triangle across the midline of each triangle (n, 3), and for each corner which one of it it becomes."""
    number_of = {tuple(sorted(corners)): number for number, corners in enumerate(triangles.tolist())}
    images = mirror[triangles]
    partner = np.array([number_of[tuple(sorted(corners))] for corners in images.tolist()], dtype=np.intp)
    corners = (images[:, :, None] == triangles[partner][:, None, :]).argmax(axis=2)
    return partner, np.asarray(corners, dtype=np.intp)
