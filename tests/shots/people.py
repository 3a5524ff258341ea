"""Who looks, and what one picture is of."""

from dataclasses import dataclass

from django.conf import settings
from django.test import Client

from communities.accounts.models import User
from homeservice.demo.logins import PHONES, SECOND_FACTOR
from homeservice.kernel import clock


@dataclass(frozen=True, slots=True)
class Face:
    """A page as one role sees it. `with_looks` adds English and the elder version on a phone."""

    name: str
    role: str
    path: str
    with_looks: bool = False


def person(role: str) -> User:
    """Whose phone `make run` prints for the role."""
    found = User.objects.get_by_phone(PHONES[role])
    assert found is not None
    return found


def session_of(role: str) -> str:
    """A session of the role's login, with its second factor."""
    client = Client()
    client.force_login(person(role))
    if role in SECOND_FACTOR:
        session = client.session
        session["second_factor_at"] = clock.now().isoformat()
        session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value
