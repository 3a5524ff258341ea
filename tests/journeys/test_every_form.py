"""Every form of every page, sent with what nobody should type: answered like any other mistake."""

import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from django.urls import reverse

from homeservice.kernel import clock
from tests.architecture.cases import CASES, furnished
from tests.architecture.test_url_walk import PAGES, expected
from tests.architecture.walk import VISITORS, Visitor, Walk
from tests.bookings.visits.crew import SOON
from tests.journeys.forms import Form, forms_of
from tests.journeys.test_bad_input import RARE, typed

pytestmark = pytest.mark.django_db

MARK = "留住我"
TEXTS = {
    "nothing": "", "rare": f"{MARK}{RARE}", "long": MARK + "长" * 10_000, "NUL": f"{MARK}\x00x",
    "surrogate": f"{MARK}\ud800x", "markup": f"{MARK}<script>'\"", "number": "9" * 40, "minus": "-1",
}  # fmt: skip
SHOWN = sorted(name for name in PAGES.keys() & CASES.keys() if not name.startswith(("api_", "styleguide", "metrics")))
UNDERSTOOD = {200, 302, 400, 404, 405, 422}


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    storage = FileSystemStorage(tmp_path_factory.mktemp("uploads"))
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), clock.frozen(SOON), transaction.atomic():
        patch.setattr(default_storage, "_wrapped", storage)
        yield furnished()
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", SHOWN)
def test_every_form_of_the_page_bears_everything(walk: Walk, name: str) -> None:
    allowed, right = PAGES[name].callback.access, getattr(PAGES[name].callback, "right", None)  # type: ignore[attr-defined]
    insider = next(
        (one for one in VISITORS if one.person and expected(one, allowed, CASES[name], right) == "opened"), None
    )
    if insider is None:
        return
    path = reverse(name, args=CASES[name].args(walk))
    page = walk.client(insider).get(path)
    content = page.getvalue().decode("utf-8", "replace")
    crashed, lost = [], []
    for form in {(one.action, tuple(one.typed)): one for one in forms_of(content)}.values():
        for kind, text in TEXTS.items() if form.typed else ():
            status, kept = sent(walk, insider, form, path, text)
            crashed += [f"{form.action or path} {form.typed} {kind}: {status}"] if status not in UNDERSTOOD else []
            lost += (
                [f"{form.action or path} {form.typed} {kind}: {status}"]
                if status in (200, 422) and form.method == "post" and not kept
                else []
            )
    assert (crashed, lost) == ([], [])


def sent(walk: Walk, visitor: Visitor, form: Form, path: str, text: str) -> tuple[int, bool]:
    """The status, and whether the page still holds what was typed. Undone at once."""
    client = walk.client(visitor)
    client.raise_request_exception = False
    body = typed(form.filled(text))
    with transaction.atomic():
        if form.method == "post":
            answer = client.post(form.action or path, **body)
        else:
            answer = client.get(f"{(form.action or path).split('?')[0]}?{body['data']}")
        content = answer.getvalue() if answer.streaming else answer.content
        transaction.set_rollback(True)
    if answer.headers.get("Content-Disposition", "").startswith("attachment"):
        return answer.status_code, True  # a file to keep: the page behind it stays as it is
    if form.action.endswith("/reveal/"):
        return answer.status_code, True  # shows what was asked for in place of the form
    return answer.status_code, MARK not in text or MARK in html.unescape(content.decode("utf-8", "replace"))
