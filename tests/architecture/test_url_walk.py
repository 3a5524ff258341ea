"""Everybody knocks at every URL: who has no business there is sent away, and nobody sees an error."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from django.urls import URLPattern, reverse

from homeservice.kernel import clock
from homeservice.kernel.vocabulary import STAFF_ROLES, EnterpriseRight, Role
from tests.architecture.cases import CASES, furnished
from tests.architecture.test_urls import own_pages
from tests.architecture.walk import VISITORS, Case, Visitor, Walk
from tests.bookings.visits.crew import SOON

pytestmark = pytest.mark.django_db

PAGES: dict[str, URLPattern] = {str(page.name): page for _, page in own_pages()}
METHODS = ("get", "post")
WORDS = {401: "token asked", 403: "forbidden", 404: "not found", 405: "other method"}
OPENED = {200, 201, 202, 204, 302, 400, 422}
PEOPLE = [visitor for visitor in VISITORS if not visitor.program]
ADMIN, STREET = (next(one for one in PEOPLE if one.name == name) for name in ("admin", "street"))
OF_MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """One world for the whole walk; it is undone at the end, and each request at once."""
    storage = FileSystemStorage(tmp_path_factory.mktemp("uploads"))
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), clock.frozen(SOON), transaction.atomic():
        patch.setattr(default_storage, "_wrapped", storage)
        yield furnished()
        transaction.set_rollback(True)


def test_every_url_is_walked() -> None:
    assert sorted(PAGES.keys() - CASES.keys()) == [], "give each a Case in tests/architecture/"
    assert sorted(CASES.keys() - PAGES.keys()) == [], "these have a Case but no URL"


@pytest.mark.parametrize("name", sorted(PAGES.keys() & CASES.keys()))
def test_who_gets_in(walk: Walk, name: str) -> None:
    case, allowed = CASES[name], PAGES[name].callback.access  # type: ignore[attr-defined]
    right = getattr(PAGES[name].callback, "right", None)
    path, body = reverse(name, args=case.args(walk)), case.body(walk)
    those = [visitor for visitor in VISITORS if visitor.program == name.startswith("api_")]

    wanted = {visitor.name: expected(visitor, allowed, case, right) for visitor in those}
    insider = next((visitor for visitor in those if wanted[visitor.name] == "opened"), those[0])
    methods = [method for method in METHODS if asked(walk, insider, method, path, body) != "other method"]

    assert methods
    for method in methods:
        assert {visitor.name: asked(walk, visitor, method, path, body) for visitor in those} == wanted, method


def test_a_browsers_session_opens_no_door_of_the_api(walk: Walk) -> None:
    alice = next(visitor for visitor in VISITORS if visitor.name == "alice")

    assert asked(walk, alice, "get", reverse("api_bookings"), {}) == "token asked"


def test_the_desk_sees_its_points_booking_for_a_home_in_the_next_street(walk: Walk) -> None:
    path = reverse("desk_booking", args=[walk.from_next_street.no])
    seen = {visitor.name for visitor in VISITORS if asked(walk, visitor, "get", path, {}) == "opened"}

    assert walk.from_next_street.home_area_id.startswith("440106002")
    assert seen == {"desk", "street", "street elsewhere"}


@pytest.mark.parametrize("model", OF_MODELS, ids=lambda model: model._meta.label)
def test_only_an_administrator_with_the_second_factor_opens_a_table(walk: Walk, model: Any) -> None:
    place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    one = model._default_manager.order_by("pk").first()
    found = {visitor.name: asked(walk, visitor, "get", reverse(f"{place}_changelist"), {}) for visitor in PEOPLE}

    assert found == {visitor.name: "opened" if visitor.name == "admin" else "door" for visitor in PEOPLE}
    if one:
        path = reverse(f"{place}_change", args=[one.pk])
        assert [asked(walk, visitor, "get", path, {}) for visitor in (ADMIN, STREET)] == ["opened", "door"]


@pytest.mark.parametrize("name", ["index", "password_change", "jsi18n"])
def test_the_administrations_other_pages_are_closed_as_well(walk: Walk, name: str) -> None:
    strangers = [visitor for visitor in PEOPLE if visitor.name != "admin"]

    assert {asked(walk, visitor, "get", reverse(f"admin:{name}"), {}) for visitor in strangers} == {"door"}


def test_the_administrations_door_asks_for_what_is_missing(walk: Walk) -> None:
    found = {visitor.name: asked(walk, visitor, "get", reverse("admin:login"), {}) for visitor in PEOPLE}

    assert found == {visitor.name: at_the_door(visitor) for visitor in PEOPLE}


def asked(walk: Walk, visitor: Visitor, method: str, path: str, body: dict[str, Any]) -> str:
    """One request, undone at once. An error in the view is raised here, with its traceback."""
    client = walk.client(visitor)
    as_json = {"content_type": "application/json"} if visitor.program and method == "post" else {}
    with transaction.atomic():
        answer = getattr(client, method)(path, body if method == "post" else {}, **as_json)
        if answer.streaming:
            answer.getvalue()  # to its end, where the test client closes it
        transaction.set_rollback(True)
    return word(answer)


def word(answer: Any) -> str:
    target = answer.headers.get("Location", "")
    if target.startswith(reverse("sign_in")):
        return "sign in"
    if target.startswith(reverse("admin:login")):
        return "door"
    if target.startswith(reverse("second_factor")):
        return "second factor"
    if answer.status_code in OPENED:
        return "opened"
    return WORDS.get(answer.status_code, f"status {answer.status_code}")


def expected(
    visitor: Visitor, allowed: frozenset[Role] | None, case: Case, right: EnterpriseRight | None = None
) -> str:
    """First the view's mark, then whose the object is."""
    if allowed is not None:
        held = visitor.roles & allowed
        if right and right not in visitor.rights:
            held -= {Role.MANAGER}
        if not visitor.person:
            return "token asked" if visitor.program else "sign in"
        if not held:
            return "forbidden"
        if held <= STAFF_ROLES and not visitor.second_factor:
            return "second factor"
    if case.always:
        return case.always
    if case.seen_by is not None and visitor.name not in case.seen_by:
        return case.refused
    return "opened"


def at_the_door(visitor: Visitor) -> str:
    if not visitor.person:
        return "sign in"
    if Role.ADMIN not in visitor.roles:
        return "forbidden"
    return "opened" if visitor.second_factor else "second factor"
