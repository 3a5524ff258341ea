"""Publishing versions of the terms."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.contracts.models import Terms
from bookings.contracts.rules import fingerprint
from homeservice.kernel.errors import DomainError


@transaction.atomic
def publish_terms(*, version: str, text_zh: str, text_en: str, valid_from: date) -> Terms:
    """The version exists with exactly these texts; doing it again changes nothing.

    Raises `terms_text_changed` if the version exists with another text or day: residents have
    agreed to it, so a change needs a version of its own. The database refuses it as well.
    """
    sha256 = fingerprint(text_zh, text_en)
    terms, is_new = Terms.objects.get_or_create(
        version=version,
        defaults={"text_zh": text_zh, "text_en": text_en, "sha256": sha256, "valid_from": valid_from},
    )
    if not is_new and (terms.sha256, terms.valid_from) != (sha256, valid_from):
        message = _("Version %(version)s has been published with another text. Publish a new version instead.")
        raise DomainError("terms_text_changed", message % {"version": version})
    return terms
