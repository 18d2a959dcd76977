"""Grey images and images of few colours, with transparency, as PNG (ISO/IEC 15948), written without a library."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY_WITH_ALPHA, _PALETTE = 4, 3
_SUBTRACT_LEFT = 1


def encode_grey_alpha(grey: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> bytes:
    """The PNG of an image, given its grey and its opacity, both (rows, columns)."""
    rows, columns = grey.shape
    pixels = np.stack([grey, alpha], axis=2).reshape(rows, columns * 2)
    filtered = pixels.copy()
    filtered[:, 2:] = pixels[:, 2:] - pixels[:, :-2]
    lines = np.concatenate([np.full((rows, 1), _SUBTRACT_LEFT, dtype=np.uint8), filtered], axis=1)
    header = struct.pack(">IIBBBBB", columns, rows, 8, _GREY_WITH_ALPHA, 0, 0, 0)
    data = zlib.compress(lines.tobytes(), 6)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def encode_palette(numbers: NDArray[np.uint8], colours: NDArray[np.uint8]) -> bytes:
    """The PNG of an image, given the number of each pixel's colour (rows, columns) and red, green, blue and opacity of
    each colour (n, 4)."""
    rows, columns = numbers.shape
    lines = np.concatenate([np.zeros((rows, 1), dtype=np.uint8), numbers], axis=1)
    header = struct.pack(">IIBBBBB", columns, rows, 8, _PALETTE, 0, 0, 0)
    parts = [
        _chunk(b"IHDR", header),
        _chunk(b"PLTE", colours[:, :3].tobytes()),
        _chunk(b"tRNS", colours[:, 3].tobytes()),
    ]
    return _SIGNATURE + b"".join(parts) + _chunk(b"IDAT", zlib.compress(lines.tobytes(), 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
