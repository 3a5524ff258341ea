"""Who may open a page, and where the others are led."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from homeservice.kernel.access import person_of, public, requires, signed_in
from homeservice.kernel.scope import NOBODY, Scope
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import client_ip, safe_next


class Person:
    is_authenticated = True


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("seen")


def asked(
    *roles: Role, second_factor: bool = False, method: str = "get", path: str = "/desk?day=1", **meta: Any
) -> Any:
    """A request of a person with the roles; of nobody without any."""
    request = getattr(RequestFactory(), method)(path, **meta)
    request.user = Person() if roles else AnonymousUser()
    request.scope = Scope(user_id=1, roles=frozenset(roles)) if roles else NOBODY
    request.session = {"second_factor_at": "2026-11-23"} if second_factor else {}
    return request


desk = requires(Role.STAFF, Role.SUPERVISOR)(page)


def test_each_view_says_who_may_open_it() -> None:
    assert public(page).access is None
    assert desk.access == frozenset({Role.STAFF, Role.SUPERVISOR})
    assert signed_in(page).access == frozenset(Role)


def test_nobody_is_led_to_sign_in_and_back() -> None:
    assert desk(asked()).headers["Location"] == "/sign-in?next=%2Fdesk%3Fday%3D1"


def test_people_without_the_role_are_refused() -> None:
    with pytest.raises(PermissionDenied):
        desk(asked(Role.RESIDENT, Role.WORKER, second_factor=True))


def test_staff_give_the_second_factor_first_and_come_back() -> None:
    assert desk(asked(Role.RESIDENT, Role.STAFF)).headers["Location"] == "/second-factor?next=%2Fdesk%3Fday%3D1"
    assert desk(asked(Role.RESIDENT, Role.STAFF, second_factor=True)).content == b"seen"


def test_staff_open_a_residents_page_without_it() -> None:
    assert signed_in(page)(asked(Role.RESIDENT, Role.STAFF)).content == b"seen"


def test_a_sent_form_leads_back_to_the_page_that_held_it() -> None:
    answer = desk(asked(method="post", path="/desk/accept", HTTP_REFERER="http://testserver/desk?day=2"))
    assert answer.headers["Location"] == "/sign-in?next=%2Fdesk%3Fday%3D2"
    elsewhere = desk(asked(method="post", path="/desk/accept", HTTP_REFERER="https://evil.example/desk"))
    assert elsewhere.headers["Location"] == "/sign-in?next=%2F"


def test_a_fragments_request_takes_the_whole_page_to_sign_in() -> None:
    answer = desk(asked(path="/desk/rows", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/desk"))
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/sign-in?next=%2Fdesk")


def test_there_is_no_person_of_an_anonymous_request() -> None:
    with pytest.raises(PermissionDenied):
        person_of(asked())


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/me?x=1", "/me?x=1"),
        ("http://testserver/me", "http://testserver/me"),
        ("", "/"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://testserver.evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("no-such-page", "/"),
        ("sign_out", "/"),
    ],
)
def test_next_stays_on_this_site(wanted: str, place: str) -> None:
    assert safe_next(RequestFactory().get("/sign-in", {"next": wanted}), "/") == place


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed_about_the_visitors_address(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    assert client_ip(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)) == address
