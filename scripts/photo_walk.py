"""A portrait on which a plan is taken pictures of: the only photo of a person that the project shows.

It is of NASA, in the public domain, and comes with scikit-image, a development package; nothing of it is kept here.
"""

from __future__ import annotations

import io
from importlib import resources
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

# Enlarged until the face has the pixels that are asked of a photo, and cut to the head.
PORTRAIT_PX, HEAD = 2600, (700, 0, 1650, 1250)
PUPILS = "61"


def portrait() -> bytes:
    """The portrait as a JPEG file."""
    file = resources.files("skimage").joinpath("data", "astronaut.png")
    with Image.open(io.BytesIO(file.read_bytes())) as image:
        large = image.convert("RGB").resize((PORTRAIT_PX, PORTRAIT_PX), Image.Resampling.BICUBIC).crop(HEAD)
    out = io.BytesIO()
    large.save(out, "JPEG", quality=95)
    return out.getvalue()


def photo_walk(page: Page, patient: str) -> dict[str, str]:
    """Record consent, add the portrait, plan on its face; return the address of each page on the way."""
    page.goto(f"{patient}/photos/consent")
    for box in page.locator("input[name=purposes]").all():
        box.check()
    page.get_by_role("button", name="Record consent").click()
    page.goto(f"{patient}/photos/add")
    file: FilePayload = {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": portrait()}
    page.locator("#id_front").set_input_files(file)
    page.locator("input[name=interpupillary_mm]").fill(PUPILS)
    page.get_by_role("button", name="Keep and measure").click()
    page.wait_for_url("**/photo-sets/*")
    places = {"photos": f"{patient}/photos", "add-photos": f"{patient}/photos/add", "photo-set": page.url}
    page.get_by_role("button", name="Use this face for planning").click()
    page.wait_for_url("**/assess")
    page.get_by_role("button", name="Propose plans").click()
    page.wait_for_url("**/proposals")
    page.get_by_role("button", name="Start a plan from this").first.click()
    page.wait_for_url("**/plans/*")
    return {**places, "plan-on-photo": page.url}
