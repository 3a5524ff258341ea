"""Drawn scans of invented papers, so that the reviewing desk has something to look at."""

from datetime import datetime
from functools import cache
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image, ImageDraw, ImageFont

from homeservice.foundation.documents import FONT
from homeservice.foundation.models import Upload
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from providers.credentials.models import Credential
from providers.workers.models import Worker

SIZE = (900, 640)
INK, FAINT, SEAL, GROUND = "#1C1917", "#57534E", "#B91C1C", "#FFFDF5"


def scan_of(paper: Credential, worker: Worker, *, at: datetime) -> Upload:
    """A stored picture that says what the paper's columns say."""
    file = SimpleUploadedFile("scan.png", _drawn(paper, worker), "image/png")
    return store_upload(file, purpose=UploadPurpose.CREDENTIAL, owner_id=worker.user_id, at=at)


def _drawn(paper: Credential, worker: Worker) -> bytes:
    with translation.override("zh-hans"):
        title, level = str(paper.get_code_display()), paper.level_words
    picture = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((16, 16, SIZE[0] - 16, SIZE[1] - 16), outline=FAINT, width=3)
    draw.text((SIZE[0] / 2, 80), title, INK, _font(46), anchor="mm")
    until = f"{paper.valid_until:%Y-%m-%d}" if paper.valid_until else "长期"
    lines = [
        ("姓名", worker.real_name), ("级别", level or "—"), ("编号", paper.number), ("发证机构", paper.issuer),
        ("签发日期", f"{paper.valid_from:%Y-%m-%d}"), ("有效期至", until),
    ]  # fmt: skip
    for place, (label, value) in enumerate(lines):
        draw.text((60, 160 + 64 * place), label, FAINT, _font(28))
        draw.text((220, 160 + 64 * place), value, INK, _font(28))
    draw.ellipse((650, 400, 840, 590), outline=SEAL, width=6)
    draw.text((745, 495), "发证\n专用章", SEAL, _font(34), anchor="mm", align="center")
    draw.text((60, 580), "演示样本，非真实证件", FAINT, _font(22))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)
