"""What a code's colour and its reasons say to people, and what mends them."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.service_codes.rules import Colour


class Words(NamedTuple):
    """What a reason says, and what mends it, in the reader's language."""

    text: Promise
    mend: Promise


MEANING: Mapping[str, Promise] = {
    Colour.GREEN: _("Identity, health exam and insurance are in date."),
    Colour.YELLOW: _("The identity is verified, but a paper is missing or out of date."),
    Colour.RED: _(
        "The identity is not verified, or the platform has excluded the holder. Please do not let them serve you."
    ),
    Colour.GREY: _("Not in service on the platform at present."),
}
MEANING_OF_ENTERPRISES: Mapping[str, Promise] = {
    Colour.GREEN: _("Its licences are in date."),
    Colour.YELLOW: _("A licence that it needs is missing or out of date."),
    Colour.RED: _("Without a business licence, or excluded by the platform. Please do not order there."),
    Colour.GREY: _("Not in service on the platform at present."),
}
_CLEAR_UP = _("Clear up the reason with the office that decided it, or appeal.")
_HAND_IN = _("Hand in the new paper under “Papers”: once it is verified the code turns by itself.")
UNKNOWN = Words(_("Something is missing."), _("Ask the platform's office."))
WORDS: Mapping[str, Words] = {
    "blacklisted": Words(_("Excluded from the platform."), _CLEAR_UP),
    "suspended": Words(_("Suspended."), _CLEAR_UP),
    "exited": Words(_("Left the platform."), _("Apply for admission again to come back.")),
    "not_admitted": Words(_("Not admitted at present."), _("Hand in what is missing for the admission.")),
    "not_bound": Words(_("Bound to no enterprise."), _("Bind yourself to an enterprise: both sides confirm.")),
    "enterprise_not_admitted": Words(
        _("The enterprise is not in service at present."), _("Ask the enterprise, or bind yourself to another one.")
    ),
    "identity_missing": Words(_("The identity is not verified."), _HAND_IN),
    "identity_lapsed": Words(_("The identity document has expired."), _HAND_IN),
    "identity_refused": Words(_("The identity check failed."), _("Ask why at the reviewing office, and hand in the right one.")),
    "exam_missing": Words(_("No health exam of the class that the work needs."), _HAND_IN),
    "exam_lapsed": Words(_("The health exam has expired."), _HAND_IN),
    "food_exam_missing": Words(_("No food handler's health exam."), _HAND_IN),
    "food_exam_lapsed": Words(_("The food handler's health exam has expired."), _HAND_IN),
    "insurance_missing": Words(_("No insurance."), _HAND_IN),
    "insurance_lapsed": Words(_("The insurance has ended."), _HAND_IN),
    "crime_check_missing": Words(_("No crime-background check."), _HAND_IN),
    "crime_check_lapsed": Words(_("The crime-background check is too old."), _HAND_IN),
    "child_protection_missing": Words(_("No child-protection record check."), _HAND_IN),
    "child_protection_lapsed": Words(_("The child-protection record check is more than a year old."), _HAND_IN),
    "pre_job_training_missing": Words(_("Pre-job training is not passed."), _("Enrol in pre-job training near home.")),
    "pre_job_training_lapsed": Words(_("Pre-job training has to be repeated."), _("Enrol in pre-job training near home.")),
    "business_licence_missing": Words(_("No valid business licence."), _HAND_IN),
    "business_licence_lapsed": Words(_("The business licence has expired."), _HAND_IN),
    "agency_licence_missing": Words(_("No labour-agency licence, which an agency needs."), _HAND_IN),
    "agency_licence_lapsed": Words(_("The labour-agency licence has expired."), _HAND_IN),
    "licence_missing": Words(_("No licence for a service that it offers."), _HAND_IN),
    "licence_lapsed": Words(_("The licence for a service that it offers has expired."), _HAND_IN),
}  # fmt: skip


def words_of(reason: str) -> Words:
    return WORDS.get(reason, UNKNOWN)
