"""What every page about a code is drawn from."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from homeservice.kernel.clock import now, today
from providers.enterprises.models import Enterprise
from providers.service_codes.models import ServiceCode
from providers.service_codes.qr import picture
from providers.service_codes.queries import facts_of_enterprise, facts_of_worker
from providers.service_codes.rules import Viewer, visible
from providers.service_codes.standing import judged_now
from providers.service_codes.visitors import photo_reference
from providers.service_codes.wording import MEANING, MEANING_OF_ENTERPRISES, words_of
from providers.workers.models import Worker


def worker_shown(code: ServiceCode, viewer: Viewer) -> dict[str, Any]:
    """A worker's code as the viewer sees it at this moment: the fields that are theirs, the colour of today."""
    on_date = today()
    judged = judged_now(code, on_date)
    shown = visible(facts_of_worker(cast(Worker, code.worker), judged, on_date), viewer)
    photo_id = shown.get("photo_id")
    return {
        "code": code,
        "shown": shown,
        "colour": judged.verdict.colour,
        "meaning": MEANING[judged.verdict.colour],
        "reasons": [words_of(reason) for reason in judged.verdict.reasons],
        "photo_url": reverse("service_code_photo", args=[photo_reference(photo_id)]) if photo_id else "",
        "viewer": viewer.value,
        "at": now(),
    }


def enterprise_shown(code: ServiceCode) -> dict[str, Any]:
    """An enterprise's code: open to everybody (domain §2.4), the colour of today."""
    on_date = today()
    judged = judged_now(code, on_date)
    return {
        "code": code,
        "facts": facts_of_enterprise(cast(Enterprise, code.enterprise), on_date),
        "colour": judged.verdict.colour,
        "valid_until": judged.valid_until,
        "meaning": MEANING_OF_ENTERPRISES[judged.verdict.colour],
        "reasons": [words_of(reason) for reason in judged.verdict.reasons],
        "at": now(),
    }


def address_of(request: HttpRequest, code: ServiceCode) -> str:
    """The public page's whole address: what a printed QR code says."""
    return request.build_absolute_uri(reverse("service_code", args=[code.public_id]))


def static_qr(request: HttpRequest, code: ServiceCode) -> dict[str, str]:
    address = address_of(request, code)
    return {"address": address, "qr": picture(address)}
