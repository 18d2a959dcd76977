"""The PNG writer, read back by the rules of the format."""

import struct
import zlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mesoplan.imaging.png import encode_grey_alpha

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))
images = shapes.flatmap(lambda shape: st.tuples(arrays(np.uint8, shape), arrays(np.uint8, shape)))


def chunks(png: bytes) -> dict[bytes, bytes]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = {}, 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + data)
        found[kind] = data
        at += 12 + size
    return found


@given(images)
def test_pixels_come_back(image: tuple[np.ndarray, np.ndarray]) -> None:
    grey, alpha = image
    found = chunks(encode_grey_alpha(grey, alpha))
    columns, rows, depth, kind, *rest = struct.unpack(">IIBBBBB", found[b"IHDR"])
    assert (rows, columns, depth, kind, rest) == (*grey.shape, 8, 4, [0, 0, 0])
    lines = np.frombuffer(zlib.decompress(found[b"IDAT"]), np.uint8).reshape(rows, 1 + 2 * columns)
    assert (lines[:, 0] == 1).all()
    pixels = np.cumsum(lines[:, 1:].reshape(rows, columns, 2).astype(int), axis=1) % 256
    assert (pixels[..., 0] == grey).all()
    assert (pixels[..., 1] == alpha).all()
