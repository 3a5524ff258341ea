"""Friendly drawn portraits for invented workers: nobody's real face."""

from datetime import datetime
from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from homeservice.foundation.models import Upload
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload

GROUNDS = ["#CCFBF1", "#FEF3C7", "#E0E7FF", "#FCE7F3", "#DCFCE7", "#FFE4E6"]
SKINS = ["#F2C9A1", "#E8B88A", "#F6D5B5", "#D9A574"]
HAIRS = ["#1C1917", "#292524", "#44403C", "#57534E"]
SHIRTS = ["#0F766E", "#1D4ED8", "#B45309", "#15803D", "#9D174D"]
SIDE = 480


def portraits(random: Random, count: int, *, at: datetime) -> list[Upload]:
    """That many stored pictures for workers to share."""
    return [
        store_upload(
            SimpleUploadedFile(f"portrait-{n}.png", _drawn(random, long_hair=n % 4 != 0), "image/png"),
            purpose=UploadPurpose.WORKER_PHOTO, owner_id=None, at=at,
        )
        for n in range(count)
    ]  # fmt: skip


def _drawn(random: Random, *, long_hair: bool) -> bytes:
    picture = Image.new("RGB", (SIDE, SIDE), random.choice(GROUNDS))
    draw = ImageDraw.Draw(picture)
    skin, hair, shirt = random.choice(SKINS), random.choice(HAIRS), random.choice(SHIRTS)
    if long_hair:
        draw.rounded_rectangle((130, 110, 350, 350), 100, fill=hair)
    draw.ellipse((70, 340, 410, 640), fill=shirt)
    draw.rounded_rectangle((205, 300, 275, 380), 30, fill=skin)
    draw.ellipse((150, 120, 330, 330), fill=skin)
    draw.pieslice((140, 90, 340, 300), 180, 360, fill=hair)
    draw.ellipse((195, 215, 215, 235), fill="#1C1917")
    draw.ellipse((265, 215, 285, 235), fill="#1C1917")
    draw.arc((205, 235, 275, 290), 20, 160, fill="#9A3412", width=6)
    if random.random() < 0.3:
        for left in (180, 250):
            draw.ellipse((left, 200, left + 50, 250), outline="#44403C", width=5)
    content = BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()
