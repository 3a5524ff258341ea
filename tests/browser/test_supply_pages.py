"""Every page of the supply side as a browser shows it: nobody is shut out, nothing scrolls sideways."""

from collections.abc import Callable
from contextvars import ContextVar

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from homeservice.kernel import clock
from providers.service_codes.models import ServiceCode
from tests.architecture.cases import furnished
from tests.architecture.walk import Walk
from tests.bookings.visits.crew import SOON
from tests.browser.conftest import PageOf
from tests.browser.looking import accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Paths = Callable[[Walk], list[str]]


def _firm(walk: Walk) -> list[str]:
    town, more = walk.town, walk.more
    return [
        reverse("enterprise_office"), reverse("enterprise_facts"), reverse("enterprise_accounts"),
        reverse("enterprise_workers"), reverse("enterprise_worker", args=[town.worker.pk]),
        reverse("enterprise_worker_facts", args=[town.worker.pk]), reverse("enterprise_worker_invite"),
        reverse("enterprise_worker_file", args=[town.worker.pk]), reverse("enterprise_bindings"),
        reverse("credential_new", args=[town.worker.pk]), reverse("enterprise_code"),
        reverse("enterprise_listings"), reverse("enterprise_listing_edit", args=[town.entry.listing_id]),
        reverse("enterprise_imports"), reverse("enterprise_import", args=[more["import"].pk]),
        reverse("enterprise_jobs"), reverse("enterprise_job", args=[more["opening"].pk]), reverse("enterprise_credit"),
    ]  # fmt: skip


def _worker(walk: Walk) -> list[str]:
    names = (
        "worker_code", "worker_papers", "worker_paper_new", "worker_file", "worker_facts", "worker_bindings",
        "worker_admission", "worker_authorisation", "worker_scans", "worker_credit",
    )  # fmt: skip
    return [reverse(name) for name in names]


def _reviewer(walk: Walk) -> list[str]:
    return [
        reverse("review_queue"), reverse("review_case", args=[walk.more["review case"].pk]),
        reverse("review_enterprise", args=[walk.town.enterprise.pk]),
        reverse("review_worker", args=[walk.town.worker.pk]), reverse("review_credit"),
    ]  # fmt: skip


def _anybody(walk: Walk) -> list[str]:
    of_firm = ServiceCode.objects.get(enterprise=walk.town.enterprise)
    certificate = walk.more["certificate"].code
    return [
        reverse("training_sessions"), reverse("training_session", args=[walk.more["session"].pk]),
        reverse("job_openings"), reverse("job_opening", args=[walk.more["opening"].pk]),
        reverse("service_code", args=[walk.more["code"].public_id]), reverse("service_code", args=[of_firm.public_id]),
        reverse("credit_formula"), reverse("certificate_verify"), f"{reverse('certificate_verify')}?code={certificate}",
        reverse("authorisation_letter", args=["2026-1"]),
    ]  # fmt: skip


PATHS: dict[str, Paths] = {"manager": _firm, "worker": _worker, "reviewer": _reviewer, "nobody": _anybody}


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Walk:
    """The world that every URL is walked in, twenty minutes before Alice's visit."""
    monkeypatch.setattr(clock, "_frozen_at", ContextVar("frozen_everywhere", default=SOON))
    return furnished()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("mode", ["standard", "elder"])
@pytest.mark.parametrize("visitor", list(PATHS))
def test_every_page_is_fit_for_a_narrow_phone(
    page_of: PageOf, town: Walk, visitor: str, mode: str, language: str
) -> None:
    page = page_of(town.people.get(visitor), second_factor=visitor == "reviewer", mode=mode, language=language)
    page.set_viewport_size({"width": 360, "height": 800})
    faults = [fault for path in PATHS[visitor](town) for fault in _faults(page, path)]
    assert faults == []


def _faults(page: Page, path: str) -> list[str]:
    """What is wrong with one page, each line beginning with its address."""
    answer = page.goto(path)
    assert answer is not None
    assert (answer.status, page.url.endswith(path)) == (200, True), path
    shown, wide = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
    found = accessibility_faults(page)
    if wide > shown:
        found.append(f"the page is {wide} px wide in a window of {shown} px")
    return [f"{path}: {fault}" for fault in found]
