"""Who checks a real name with its ID number: an interface, a refusing default, and one for test numbers."""

from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from communities.accounts.rules import IdNumber

TEST_AREA = "440199"  # in Guangzhou's range, yet assigned to no district: never on a real card


@dataclass(frozen=True, slots=True)
class Verdict:
    """`verified`, `refused`, or `pending` when nobody could check now. `reason` is an English source text."""

    state: str
    reason: str = ""


class IdentityVerifier(Protocol):
    name: str

    def check(self, *, real_name: str, id_number: IdNumber) -> Verdict:
        """Whether name and number belong together. Both leave the house: consent is asked before."""


class RefusingVerifier:
    """The production default: nobody is verified until a real verifier is configured."""

    name = "none"

    def check(self, *, real_name: str, id_number: IdNumber) -> Verdict:
        return Verdict(
            "pending",
            gettext_noop("No identity service is connected yet. Please show your ID card at your community desk."),
        )


class TestNumberVerifier:
    """The embedded default: accepts well-formed numbers of the area code 440199 only, with any name."""

    __test__ = False
    name = "test numbers"

    def check(self, *, real_name: str, id_number: IdNumber) -> Verdict:
        if id_number.area == TEST_AREA:
            return Verdict("verified")
        return Verdict("refused", gettext_noop("This test site accepts ID numbers that begin with 440199 only."))


def identity_verifier() -> IdentityVerifier:
    """The configured verifier."""
    return cast(IdentityVerifier, import_string(settings.IDENTITY_VERIFIER)())
