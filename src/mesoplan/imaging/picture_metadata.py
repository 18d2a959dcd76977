"""The one thing that is read of a photo's metadata, how the camera was held, and how the rest is left behind."""

from __future__ import annotations

import struct

UPRIGHT = 1
_ORIENTATION, _SHORT = 0x0112, 3
_MOST_ENTRIES = 1000
_EXIF = b"Exif\0\0"
_SOS, _APP0, _APP1, _APP14, _APP15, _COMMENT = 0xDA, 0xE0, 0xE1, 0xEE, 0xEF, 0xFE


def orientation_of(exif: bytes | None) -> int:
    """How the camera was held, 1 to 8 as EXIF counts; 1, as it stands, where the block does not say."""
    tiff = (exif or b"").removeprefix(_EXIF)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 10:
        return UPRIGHT
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    if at + 2 > len(tiff):
        return UPRIGHT
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for entry in range(at + 2, at + 2 + 12 * min(count, _MOST_ENTRIES), 12):
        if entry + 12 > len(tiff):
            break
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if (tag, kind) == (_ORIENTATION, _SHORT):
            return value if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def jpeg_without_metadata(content: bytes) -> tuple[bytes, bytes | None]:
    """A JPEG file without comments and application data, and its EXIF block.

    Only what tells how its colours are written stays. So the decoder, which would read an EXIF block on its own,
    never meets one. What follows the picture's data is left as it is.
    """
    kept, exif, at = [content[:2]], None, 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != _SOS:
        marker = content[at + 1]
        # Fill bytes and markers without a length.
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        segment = content[at:end]
        if marker == _APP1 and segment[4:10] == _EXIF:
            exif = segment[4:]
        elif not (_APP0 < marker <= _APP15 and marker != _APP14) and marker != _COMMENT:
            kept.append(segment)
        at = end
    return b"".join([*kept, content[at:]]), exif
