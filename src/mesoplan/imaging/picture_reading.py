"""A photo file becomes pixels and nothing else: turned upright, without metadata, or refused with a reason.

JPEG, PNG and WebP are read. What kind a file is, and how large, is read from its first bytes before anything is
decoded. The decoder of that one kind is called by name: nothing is guessed, and what else a file holds behind the
picture never reaches a second reader.
"""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from mesoplan.imaging.picture_metadata import jpeg_without_metadata, orientation_of

Pixels = NDArray[np.uint8]

# With these bounds the worst case (progressive JPEG without subsampling, 6 bytes of coefficients a pixel beside the
# picture) stays under 400 MB. Twelve megapixels is what cameras of telephones give.
MOST_BYTES = 40_000_000
MOST_PIXELS = 24_000_000
_JPEG_QUALITY = 95
_ALLOWED = "allowed: JPEG, PNG or WebP"
# What a decoder raises for a file that is not what it should be.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError)
# By EXIF orientation: whether rows and columns change places, then whether rows and columns run backwards.
_TURNS = {
    1: (False, 1, 1),
    2: (False, 1, -1),
    3: (False, -1, -1),
    4: (False, -1, 1),
    5: (True, 1, 1),
    6: (True, 1, -1),
    7: (True, -1, -1),
    8: (True, -1, 1),
}


class PictureKind(StrEnum):
    """A kind of picture file that is read."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


class PictureRefused(ValueError):
    """A file that is not taken as a photo; the message says why and what to do."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A photo as pixels.

    Attributes
    ----------
    rgb : (height, width, 3) upright, 8 bits a colour
    kind : PictureKind
        What the file was.
    sha256 : str
        Of the file as it came.
    """

    rgb: Pixels
    kind: PictureKind
    sha256: str


def read_picture(content: bytes) -> Picture:
    """Read a photo from the bytes of its file.

    Colours are taken as they stand; a colour profile is dropped like all other metadata. What is transparent
    becomes white.

    Raises
    ------
    PictureRefused
        If it is empty, too large, another kind of file, damaged, animated, or of another depth or colour model.
    """
    kind = _kind_of(content)
    if kind is PictureKind.PNG:
        _check_png(content)
    elif kind is PictureKind.WEBP:
        _check_webp(content)
    try:
        rgb = _decoded(content, kind)
    except PictureRefused:
        raise
    except _DAMAGE as error:
        raise PictureRefused("is damaged or cut off: take it from the camera again") from error
    return Picture(rgb, kind, hashlib.sha256(content).hexdigest())


def jpeg_of(rgb: Pixels) -> bytes:
    """Write pixels as a JPEG file that holds nothing else."""
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return out.getvalue()


def png_of(rgb: Pixels) -> bytes:
    """Write pixels as a PNG file that holds nothing else."""
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _kind_of(content: bytes) -> PictureKind:
    if not content:
        raise PictureRefused(f"is empty; {_ALLOWED}")
    if len(content) > MOST_BYTES:
        raise PictureRefused(f"is larger than {MOST_BYTES // 1_000_000} MB: save it smaller")
    if content.startswith(b"\xff\xd8\xff"):
        return PictureKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureKind.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return PictureKind.WEBP
    raise PictureRefused(f"is {_name_of(content)}; {_ALLOWED}")


def _name_of(content: bytes) -> str:
    """What another kind of file is called, so that its owner knows what to change."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content[4:8] == b"ftyp":
        avif = content[8:12] in (b"avif", b"avis")
        return "an AVIF picture" if avif else "a HEIC picture or a film: set the camera to “most compatible”"
    if b"<svg" in head or head.startswith(b"<?xml"):
        return "an SVG drawing"
    for start, name in (
        (b"%PDF", "a PDF"),
        (b"GIF8", "a GIF"),
        (b"BM", "a BMP picture"),
        (b"II*\0", "a TIFF or raw picture"),
        (b"MM\0*", "a TIFF or raw picture"),
        (b"PK\x03\x04", "a ZIP archive"),
    ):
        if content.startswith(start):
            return name
    return "no picture"


def _check_png(content: bytes) -> None:
    if content[12:16] != b"IHDR" or len(content) < 33:
        raise PictureRefused("is damaged or cut off: take it from the camera again")
    width, height, depth = struct.unpack(">IIB", content[16:25])
    _check_size(width, height)
    if depth > 8:
        raise PictureRefused("has 16 bits a colour: save it with 8")


def _check_webp(content: bytes) -> None:
    """Size and animation from the header, for the decoder sets room aside for the whole canvas when it opens."""
    chunk, body = content[12:16], content[20:30]
    if len(body) < 10 or chunk not in (b"VP8X", b"VP8L", b"VP8 "):
        raise PictureRefused("is damaged or cut off: take it from the camera again")
    if chunk == b"VP8X":
        width, height = int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
        if body[0] & 2:
            raise PictureRefused("is animated: take one picture")
    elif chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = struct.unpack("<HH", body[6:10])
        width, height = width & 0x3FFF, height & 0x3FFF
    _check_size(width, height)


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        most = MOST_PIXELS // 1_000_000
        raise PictureRefused(f"has {width} × {height} pixels: save it with {most} megapixels or fewer")


def _decoded(content: bytes, kind: PictureKind) -> Pixels:
    exif = None
    if kind is PictureKind.JPEG:
        content, exif = jpeg_without_metadata(content)
    with _opened(io.BytesIO(content), kind) as image:
        _check_size(*image.size)
        _check_mode(image)
        pixels = _rgb(image)
        exif = exif or image.info.get("exif")
    swapped, rows, columns = _TURNS[orientation_of(exif)]
    turned = pixels.transpose(1, 0, 2) if swapped else pixels
    return np.array(turned[::rows, ::columns], order="C")


def _opened(stream: io.BytesIO, kind: PictureKind) -> ImageFile.ImageFile:
    if kind is PictureKind.JPEG:
        # By its own class: pictures of telephones with a second one behind the first give their first.
        return JpegImagePlugin.JpegImageFile(stream)
    if kind is PictureKind.PNG:
        return PngImagePlugin.PngImageFile(stream)
    return WebPImagePlugin.WebPImageFile(stream)


def _check_mode(image: ImageFile.ImageFile) -> None:
    if getattr(image, "n_frames", 1) > 1:
        raise PictureRefused("is animated: take one picture")
    if image.mode == "CMYK":
        raise PictureRefused("is made for printing (CMYK), so its colours are not those of a camera: save it as RGB")
    if image.mode.startswith(("I", "F")):
        raise PictureRefused("has more than 8 bits a colour: save it with 8")


def _rgb(image: ImageFile.ImageFile) -> Pixels:
    image.load()
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(seen, mask=seen.getchannel("A"))
        return np.asarray(white)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
