"""What people are told about openings and applications. Nothing of a person stands in a notice."""

from typing import Any

from django.utils.translation import gettext_noop

from communities.inbox.rules import Notice
from providers.jobs.models import JobApplication, JobOpening

APPLIED = gettext_noop("Somebody applied: %(title)s")
APPLIED_BODY = gettext_noop("Please answer soon: invite them to talk, or say why not.")
WITHDRAWN = gettext_noop("An application was withdrawn: %(title)s")
INVITED = gettext_noop("%(enterprise)s invites you to talk: %(title)s")
INVITED_BODY = gettext_noop("%(interview_at)s. %(answer)s")
PLACED = gettext_noop("You have the job: %(title)s at %(enterprise)s")
PLACED_BODY = gettext_noop("Please confirm that you work for them, and your arrival on the first day.")
REFUSED = gettext_noop("%(enterprise)s has answered: %(title)s")
REFUSED_BODY = gettext_noop("Not this time: %(answer)s Other jobs near your home are in the list.")
CLOSED = gettext_noop("The opening is closed: %(title)s")
CLOSED_BODY = gettext_noop("Other jobs near your home are in the list.")
ARRIVED = gettext_noop("Arrival confirmed: %(title)s")
ARRIVED_ENTERPRISE_BODY = gettext_noop("The enterprise says that you have begun. Please confirm it, too.")
ARRIVED_PERSON_BODY = gettext_noop("The person says that they have begun. Please confirm it, too.")


def applied(made: JobApplication, opening: JobOpening, manager_id: int) -> Notice:
    key = f"job-applied-{made.pk}"
    return _to_enterprise(opening, manager_id, APPLIED, APPLIED_BODY, key)


def withdrawn(row: JobApplication, opening: JobOpening, manager_id: int) -> Notice:
    return _to_enterprise(opening, manager_id, WITHDRAWN, "", f"job-withdrawn-{row.pk}")


def invited(row: JobApplication, opening: JobOpening) -> Notice:
    assert row.interview_at is not None  # the invitation names a time
    params = {"interview_at": row.interview_at, "answer": row.answer}
    return _to_person(
        row, opening, INVITED, INVITED_BODY, f"job-invited-{row.pk}-{row.interview_at.timestamp():.0f}", **params
    )


def placed(row: JobApplication, opening: JobOpening) -> Notice:
    return _to_person(row, opening, PLACED, PLACED_BODY, f"job-placed-{row.pk}")


def refused(row: JobApplication, opening: JobOpening) -> Notice:
    return _to_person(row, opening, REFUSED, REFUSED_BODY, f"job-refused-{row.pk}", answer=row.answer)


def closed(row: JobApplication, opening: JobOpening) -> Notice:
    return _to_person(row, opening, CLOSED, CLOSED_BODY, f"job-closed-{row.pk}")


def arrived(row: JobApplication, opening: JobOpening, recipient_id: int, *, by_enterprise: bool) -> Notice:
    key = f"job-arrived-{row.pk}-{'enterprise' if by_enterprise else 'person'}"
    if by_enterprise:
        return _to_person(row, opening, ARRIVED, ARRIVED_ENTERPRISE_BODY, key)
    return _to_enterprise(opening, recipient_id, ARRIVED, ARRIVED_PERSON_BODY, key)


def _to_person(row: JobApplication, opening: JobOpening, title: str, body: str, key: str, **params: Any) -> Notice:
    said = {"title": opening.title, "enterprise": opening.enterprise.name, **params}
    return Notice(
        recipient_id=row.user_id, title=title, body=body, params=said, dedupe_key=key, url_name="my_applications"
    )


def _to_enterprise(opening: JobOpening, manager_id: int, title: str, body: str, key: str) -> Notice:
    return Notice(
        recipient_id=manager_id, title=title, body=body, params={"title": opening.title}, dedupe_key=key,
        url_name="enterprise_job", url_args=(opening.pk,),
    )  # fmt: skip
