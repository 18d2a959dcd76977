"""Which files are read as photos, what is left of them, and how the others are refused."""

import io
import resource
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mesoplan.imaging.picture_reading import (
    MOST_BYTES,
    MOST_PIXELS,
    PictureKind,
    PictureRefused,
    jpeg_of,
    png_of,
    read_picture,
)

SCRIPT = b"<script>alert(1)</script>"
# Four corners of different colours, on a picture that is wider than high: every turn can be told.
CORNERS = np.zeros((32, 48, 3), dtype=np.uint8)
CORNERS[:16, :24], CORNERS[:16, 24:], CORNERS[16:, :24] = (200, 0, 0), (0, 200, 0), (0, 0, 200)
# The array as it is stored, by EXIF orientation, so that upright it is CORNERS.
STORED = {
    1: CORNERS,
    2: CORNERS[:, ::-1],
    3: CORNERS[::-1, ::-1],
    4: CORNERS[::-1],
    5: CORNERS.transpose(1, 0, 2),
    6: np.rot90(CORNERS, 1),
    7: CORNERS[::-1, ::-1].transpose(1, 0, 2),
    8: np.rot90(CORNERS, -1),
}


def saved(pixels: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, kind, **options)
    return out.getvalue()


def converted(mode: str, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.fromarray(CORNERS).convert(mode).save(out, kind)
    return out.getvalue()


def of_four_colours() -> bytes:
    out = io.BytesIO()
    Image.fromarray(CORNERS).quantize(4).save(out, "PNG")
    return out.getvalue()


def animated(kind: str) -> bytes:
    first, second = Image.fromarray(CORNERS), Image.fromarray(CORNERS[::-1].copy())
    out = io.BytesIO()
    first.save(out, kind, save_all=True, append_images=[second])
    return out.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_that_says(width: int, height: int, depth: int = 8, rows: bytes = b"") -> bytes:
    """A PNG file with a header of any size and little behind it."""
    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    body = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(rows, 9)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg_that_says(width: int, height: int) -> bytes:
    content = bytearray(saved(CORNERS, "JPEG"))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def webp_that_says(width: int, height: int) -> bytes:
    content = bytearray(saved(CORNERS, "WEBP", lossless=True))
    assert content[12:16] == b"VP8L"
    kept = int.from_bytes(content[21:25], "little") >> 28
    content[21:25] = (kept << 28 | (height - 1) << 14 | (width - 1)).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "kind", "exact"),
    [
        (saved(CORNERS, "PNG"), PictureKind.PNG, True),
        (saved(CORNERS, "WEBP", lossless=True), PictureKind.WEBP, True),
        (saved(CORNERS, "WEBP", quality=95), PictureKind.WEBP, False),
        (saved(CORNERS, "JPEG", quality=95), PictureKind.JPEG, False),
        (saved(CORNERS, "JPEG", quality=95, progressive=True), PictureKind.JPEG, False),
        (of_four_colours(), PictureKind.PNG, True),
        (converted("RGBA"), PictureKind.PNG, True),
        (converted("RGBA", "WEBP"), PictureKind.WEBP, False),
    ],
)
def test_photos_are_read(content: bytes, kind: PictureKind, exact: bool) -> None:
    picture = read_picture(content)
    assert (picture.kind, picture.rgb.shape, str(picture.rgb.dtype)) == (kind, (32, 48, 3), "uint8")
    away = np.abs(picture.rgb.astype(int) - CORNERS)[4:12, 4:20]
    assert away.max() <= (0 if exact else 12)


def test_grey_becomes_grey_in_three_colours() -> None:
    rgb = read_picture(converted("L", "JPEG")).rgb
    assert (np.ptp(rgb.astype(int), axis=2) == 0).all()


def test_what_is_transparent_becomes_white() -> None:
    pixels = np.dstack([CORNERS, np.full((32, 48), 255, np.uint8)])
    pixels[:, 24:, 3] = 0
    rgb = read_picture(saved(pixels)).rgb
    assert (rgb[:, 24:] == 255).all()
    assert (rgb[:, :24] == CORNERS[:, :24]).all()


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_picture_is_turned_as_the_camera_was_held(orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    rgb = read_picture(saved(STORED[orientation], kind, exif=exif)).rgb
    assert rgb.shape == CORNERS.shape
    for rows, columns in ((slice(4, 12), slice(4, 20)), (slice(4, 12), slice(28, 44)), (slice(20, 28), slice(4, 20))):
        assert np.abs(rgb[rows, columns].astype(int) - CORNERS[rows, columns]).max() < 60


@pytest.mark.parametrize("exif", [b"Exif\0\0" + SCRIPT, b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0", SCRIPT])
def test_an_exif_block_that_makes_no_sense_is_no_orientation(exif: bytes) -> None:
    assert read_picture(saved(CORNERS, "JPEG", exif=exif)).rgb.shape == CORNERS.shape


def test_nothing_but_pixels_is_kept() -> None:
    exif, text = Image.Exif(), PngInfo()
    exif[0x010E] = "Maria Rossi"
    text.add_text("Comment", "Maria Rossi")
    files = [
        saved(CORNERS, "JPEG", exif=exif, comment=b"Maria Rossi", icc_profile=b"Maria Rossi") + b"Maria Rossi",
        saved(CORNERS, "PNG", pnginfo=text, exif=exif) + b"PK\x03\x04Maria Rossi",
        saved(CORNERS, "WEBP", exif=exif, xmp=b"Maria Rossi"),
    ]
    for content in files:
        assert b"Maria Rossi" in content
        for written in (jpeg_of(read_picture(content).rgb), png_of(read_picture(content).rgb)):
            assert b"Rossi" not in written
            assert b"Exif" not in written
            assert Image.open(io.BytesIO(written)).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_written_png_is_exact() -> None:
    assert (read_picture(png_of(CORNERS)).rgb == CORNERS).all()


JPEG, PNG, WEBP = saved(CORNERS, "JPEG"), saved(CORNERS, "PNG"), saved(CORNERS, "WEBP")
REFUSED = {
    "empty": (b"", "is empty"),
    "larger than allowed": (b"\xff\xd8\xff" + b"\0" * MOST_BYTES, "is larger than 40 MB"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is a HEIC picture"),
    "AVIF": (b"\0\0\0\x18ftypavif\0\0\0\0", "is an AVIF picture"),
    "SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing"),
    "SVG without a head": (b"  <svg onload='alert(1)'/>", "is an SVG drawing"),
    "PDF by another name": (b"%PDF-1.7\n" + JPEG, "is a PDF"),
    "GIF": (b"GIF89a" + b"\0" * 20, "is a GIF"),
    "TIFF": (b"II*\0" + b"\0" * 20, "is a TIFF"),
    "ZIP": (b"PK\x03\x04" + JPEG, "is a ZIP archive"),
    "page of the web": (b"<!DOCTYPE html><html>" + SCRIPT, "is no picture"),
    "zeros": (b"\0" * 100, "is no picture"),
    "JPEG cut off": (JPEG[: len(JPEG) * 2 // 3], "is damaged or cut off"),
    "JPEG, only its start": (JPEG[:20], "is damaged or cut off"),
    "JPEG, three bytes": (JPEG[:3], "is damaged or cut off"),
    "PNG cut off": (PNG[: len(PNG) // 2], "is damaged or cut off"),
    "PNG, only its name": (PNG[:8], "is damaged or cut off"),
    "PNG with a broken chunk": (PNG.replace(b"IDAT", b"IDAX", 1), "is damaged or cut off"),
    "PNG with too few rows": (png_that_says(1000, 1000, rows=b"\0" * 10), "is damaged or cut off"),
    "WebP cut off": (WEBP[: len(WEBP) // 2], "is damaged or cut off"),
    "WebP, only its head": (WEBP[:16], "is damaged or cut off"),
    "WebP with another chunk": (WEBP[:12] + b"ABCD" + WEBP[16:], "is damaged or cut off"),
    "animated PNG": (animated("PNG"), "is animated"),
    "animated WebP": (animated("WEBP"), "is animated"),
    "PNG of 16 bits": (png_that_says(10, 10, depth=16, rows=b"\0" * 1000), "has 16 bits a colour"),
    "grey PNG of 16 bits": (saved(np.zeros((8, 8), np.uint16)), "has 16 bits a colour"),
    "CMYK": (converted("CMYK", "JPEG"), "is made for printing (CMYK)"),
    "200 megapixels, PNG": (png_that_says(20_000, 10_000), "has 20000 × 10000 pixels"),
    "PNG that unpacks to a thousand times its size": (
        png_that_says(30_000, 30_000, rows=b"\0" * 3_000_000),
        "has 30000 × 30000 pixels",
    ),
    "200 megapixels, JPEG": (jpeg_that_says(20_000, 10_000), "has 20000 × 10000 pixels"),
    "200 megapixels, WebP": (webp_that_says(16_000, 12_500), "has 16000 × 12500 pixels"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused_with_a_reason(name: str) -> None:
    content, text = REFUSED[name]
    with pytest.raises(PictureRefused) as refused:
        read_picture(content)
    assert str(refused.value).startswith(text)


def test_the_first_picture_of_a_file_with_two_is_taken() -> None:
    second = saved(CORNERS[::-1], "JPEG")
    assert (read_picture(JPEG + second).rgb == read_picture(JPEG).rgb).all()


def read_or_refused(content: bytes) -> bool:
    """Whether a file gave a picture or a reason; anything else that is raised goes through."""
    try:
        return bool(read_picture(content).rgb.shape[2] == 3)
    except PictureRefused as refused:
        return bool(str(refused))


@pytest.mark.parametrize("cut", range(0, len(JPEG), 37))
def test_no_cut_crashes_the_reader(cut: int) -> None:
    for content in (JPEG, PNG, WEBP):
        assert read_or_refused(content[:cut])


def test_one_changed_byte_gives_a_picture_or_a_refusal() -> None:
    chance = np.random.default_rng(3)
    for content in (JPEG, PNG, WEBP):
        for place in chance.integers(0, len(content), 150).tolist():
            changed = bytearray(content)
            changed[place] ^= int(chance.integers(1, 256))
            assert read_or_refused(bytes(changed))


# The peak of the process itself: what getrusage says counts the process that started it, too.
PEAK = Path("/proc/self/status")
WORST = """
import sys
from pathlib import Path
from mesoplan.imaging.picture_reading import MOST_PIXELS, read_picture
assert read_picture(sys.stdin.buffer.read()).rgb.nbytes > 3 * 0.99 * MOST_PIXELS
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.skipif(not PEAK.exists(), reason="the peak of a process is read from /proc")
def test_the_largest_picture_stays_within_memory() -> None:
    """Progressive, without subsampling, turned: what costs most for its pixels."""
    exif = Image.Exif()
    exif[0x0112] = 6
    side = int(MOST_PIXELS**0.5)
    content = saved(np.full((side, side, 3), 90, np.uint8), "JPEG", progressive=True, subsampling=0, exif=exif)
    done = subprocess.run([sys.executable, "-c", WORST], input=content, capture_output=True, check=True)
    assert int(done.stdout) < 400_000


def test_a_refusal_of_a_huge_picture_needs_no_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in REFUSED:
        if "megapixels" in name or "unpacks" in name:
            with pytest.raises(PictureRefused):
                read_picture(REFUSED[name][0])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000
