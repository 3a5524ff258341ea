"""The badge: one A6 page, with what anyone may see and a QR code that a telephone reads."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import segno
from django.urls import reverse
from django.utils import translation
from PIL import Image

from homeservice.foundation import documents
from homeservice.kernel.errors import DomainError
from providers.bindings.models import Authorisation
from providers.service_codes import badge
from providers.service_codes.badge import Face
from providers.service_codes.rules import Viewer, visible
from tests import world
from tests.providers.service_codes.people import code_of, green, licensed
from tests.providers.service_codes.test_rules import FACTS

ADDRESS = "https://jiazheng.example.gov.cn/s/abcdefghijklmnopqrstuvwxyz/"
A6_POINTS = (297.64, 419.53)
A6_MM = (105, 148)


def photo(colour: str = "teal") -> bytes:
    out = BytesIO()
    Image.new("RGB", badge.PHOTO_PX, colour).save(out, "JPEG")
    return out.getvalue()


FACE = Face("李**", "安心家政", "020-87654321", ("身份已核验",), ADDRESS, date(2026, 11, 23))


def picture(face: Face) -> Image.Image:
    return Image.open(BytesIO(badge.printed(face, documents.picture))).convert("L")


def modules(page: Image.Image) -> list[list[int]]:
    """The QR code on the page, module by module: the black square in the lower half without its quiet zone."""
    wanted = segno.make(ADDRESS, error="m", micro=False)
    size = wanted.symbol_size(border=0)[0]
    top = page.height // 2
    lower = page.crop((page.width // 4, top, page.width * 3 // 4, int(page.height * 0.8)))
    left, upper, right, _bottom = lower.point(lambda grey: 255 if grey < 100 else 0).getbbox()
    step = (right - left) / size
    return [
        [int(lower.getpixel((left + (x + 0.5) * step, upper + (y + 0.5) * step)) < 128) for x in range(size)]
        for y in range(size)
    ]


def test_it_is_a_pdf_of_one_page_a6() -> None:
    pdf = badge.printed(FACE)
    (box,) = re.findall(rb"/MediaBox\s?\[0 0 ([\d.]+) ([\d.]+)\]", pdf)

    assert pdf.startswith(b"%PDF-1.")
    assert re.findall(rb"/Count (\d+)", pdf) == [b"1"]
    assert tuple(round(float(side), 2) for side in box) == A6_POINTS
    assert len(pdf) < 200_000  # of the font only what is used


def test_the_same_face_gives_the_same_bytes() -> None:
    assert badge.printed(FACE) == badge.printed(FACE)
    assert badge.printed(FACE) != badge.printed(replace(FACE, complaint_phone="12345"))


def test_the_printed_qr_code_leads_to_the_public_page() -> None:
    wanted = [[int(module) for module in row] for row in segno.make(ADDRESS, error="m", micro=False).matrix]

    assert modules(picture(FACE)) == wanted


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_long_words_and_a_photo_still_fit_on_one_page(language: str) -> None:
    long = replace(
        FACE, masked_name="欧阳**", institution="广州市天河区五山街道茶山社区安心家政服务有限责任公司第一分公司",
        lines=("身份已核验", "养老护理员 · 三级(高级)", "家政服务员 · 四级(中级)", "育婴员 · 五级(初级)"), photo=photo(),
    )  # fmt: skip
    with translation.override(language):
        assert re.findall(rb"/Count (\d+)", badge.printed(long)) == [b"1"]


def test_the_photo_is_on_it() -> None:
    def corner(face: Face) -> tuple[int, ...]:
        page = Image.open(BytesIO(badge.printed(face, documents.picture))).convert("RGB")
        return page.getpixel((page.width * 13 // A6_MM[0], page.height * 60 // A6_MM[1]))

    red, green_, blue = corner(replace(FACE, photo=photo("red")))
    assert red > 200
    assert max(green_, blue) < 60
    assert corner(FACE) == (255, 255, 255)


@pytest.mark.parametrize("text", ["#panic()", "*bold* _x_ $x$", '"quoted" \\ #sys.inputs', "<label> @ref // no"])
def test_a_text_is_set_as_text_whatever_it_says(text: str) -> None:
    strange = replace(FACE, masked_name=text, institution=text, lines=(text,), complaint_phone=text)

    assert badge.printed(strange).startswith(b"%PDF-")
    assert picture(strange).tobytes() != picture(replace(strange, masked_name=text[1:])).tobytes()


def test_a_rare_character_of_a_name_has_a_glyph() -> None:
    assert (
        picture(replace(FACE, masked_name="㛃*")).tobytes()
        != picture(replace(FACE, masked_name="\U0002a7dd*")).tobytes()
    )


def test_it_shows_what_anyone_may_see_and_without_authorisation_there_is_none() -> None:
    face = badge.face_of(
        visible(FACTS, Viewer.ANYONE), complaint_phone="12345", address=ADDRESS, photo=None, on_date=date(2026, 11, 23)
    )
    assert (face.masked_name, face.institution, face.lines[1:]) == ("李**", "安心家政", ("Elder carer · level 3",))

    silent = visible(replace(FACTS, authorised=False), Viewer.ANYONE)
    with pytest.raises(DomainError) as refusal:
        badge.face_of(silent, complaint_phone="", address=ADDRESS, photo=None, on_date=date(2026, 11, 23))
    assert refusal.value.code == "not_authorised"


@pytest.mark.django_db
@pytest.mark.usefixtures("monday_morning")
def test_worker_and_enterprise_print_it_and_nobody_else(sign_in) -> None:
    firm = licensed()
    alice, bob, stranger = green(firm), world.manager(firm), world.user("查理")
    code = code_of(alice)
    for person, path in (
        (alice.user, reverse("worker_badge")), (bob, reverse("enterprise_worker_badge", args=[alice.pk]))
    ):  # fmt: skip
        response = sign_in(person).get(path)
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
        assert response.content.startswith(b"%PDF-")
        assert code.public_id not in response["Content-Disposition"]
        assert sign_in(stranger).get(path).status_code == 403


@pytest.mark.django_db
@pytest.mark.usefixtures("monday_morning")
def test_without_authorisation_the_worker_is_told_so(sign_in) -> None:
    alice = green()
    code_of(alice)
    Authorisation.objects.update(withdrawn_at=world.NOW)
    response = sign_in(alice.user).get(reverse("worker_badge"), follow=True)

    assert response.redirect_chain[-1][0] == reverse("worker_code")
    assert response["Content-Type"].startswith("text/html")
