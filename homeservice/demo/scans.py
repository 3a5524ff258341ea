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

SIZE = (600, 430)
INK, FAINT, SEAL, GROUND = "#1C1917", "#57534E", "#B91C1C", "#FFFDF5"


def scan_of(paper: Credential, worker: Worker, *, at: datetime) -> Upload:
    """A stored picture that says what the paper's columns say."""
    file = SimpleUploadedFile("scan.jpg", _drawn(paper, worker), "image/jpeg")
    return store_upload(file, purpose=UploadPurpose.CREDENTIAL, owner_id=worker.user_id, at=at)


def _drawn(paper: Credential, worker: Worker) -> bytes:
    with translation.override("zh-hans"):
        title, level = str(paper.get_code_display()), paper.level_words
    picture = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((11, 11, SIZE[0] - 11, SIZE[1] - 11), outline=FAINT, width=2)
    draw.text((SIZE[0] / 2, 54), title, INK, _font(32), anchor="mm")
    until = f"{paper.valid_until:%Y-%m-%d}" if paper.valid_until else "长期"
    lines = [
        ("姓名", worker.real_name), ("级别", level or "—"), ("编号", paper.number), ("发证机构", paper.issuer),
        ("签发日期", f"{paper.valid_from:%Y-%m-%d}"), ("有效期至", until),
    ]  # fmt: skip
    for place, (label, value) in enumerate(lines):
        draw.text((40, 104 + 43 * place), label, FAINT, _font(19))
        draw.text((150, 104 + 43 * place), value, INK, _font(19))
    draw.ellipse((435, 268, 562, 395), outline=SEAL, width=4)
    draw.text((498, 331), "发证\n专用章", SEAL, _font(23), anchor="mm", align="center")
    draw.text((40, 388), "演示样本，非真实证件", FAINT, _font(15))
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)
