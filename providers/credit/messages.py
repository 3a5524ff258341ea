"""What holders and reviewing staff are told of credit. No names, no texts of records: they read those on the page."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from communities.inbox.rules import Notice
from providers.credit.models import CreditEvent, Objection

RECORDED = gettext_noop("A credit record was made: %(rule)s (%(points)s points)")
RECORDED_BODY = gettext_noop("If it is not right, object to it on the page: you have an answer within 20 days.")
FILED = gettext_noop("A credit objection is to be answered until %(due_date)s")
DUE = gettext_noop("A credit objection is due on %(due_date)s")
OVERDUE = gettext_noop("A credit objection is overdue since %(due_date)s")
UPHELD = gettext_noop("Your objection was upheld: the credit record is withdrawn")
DISMISSED = gettext_noop("Your objection was dismissed: the credit record stays")
ANSWERED_BODY = gettext_noop("The reasons stand on the page of your credit.")


def notices_recorded(event: CreditEvent, holder_ids: Iterable[int]) -> list[Notice]:
    """To the holder: what was recorded."""
    params = {"rule_zh": event.rule.name_zh, "rule_en": event.rule.name_en, "points": f"{event.points:+d}"}
    return [
        Notice(
            recipient_id=person,
            title=RECORDED,
            body=RECORDED_BODY,
            params=params,
            dedupe_key=f"credit:{event.pk}",
            url_name=_page(event),
        )
        for person in holder_ids
    ]


def notices_filed(objection: Objection, reviewer_ids: Iterable[int]) -> list[Notice]:
    """To reviewing staff: an objection waits."""
    return [_to_reviewer(objection, person, FILED, "filed") for person in reviewer_ids]


def notices_due(objection: Objection, reviewer_ids: Iterable[int], *, overdue: bool) -> list[Notice]:
    """To reviewing staff: an objection is due soon, or was."""
    title, key = (OVERDUE, "overdue") if overdue else (DUE, "due")
    return [_to_reviewer(objection, person, title, key) for person in reviewer_ids]


def notices_answered(objection: Objection, event: CreditEvent, recipient_ids: Iterable[int]) -> list[Notice]:
    """To the holder: how it ended."""
    title = UPHELD if objection.outcome == Objection.Outcome.UPHELD else DISMISSED
    return [
        Notice(
            recipient_id=person,
            title=title,
            body=ANSWERED_BODY,
            dedupe_key=f"objection-answered:{objection.pk}",
            url_name=_page(event),
        )
        for person in recipient_ids
    ]


def _to_reviewer(objection: Objection, person: int, title: str, key: str) -> Notice:
    return Notice(
        recipient_id=person,
        title=title,
        params={"due_date": objection.due_date},
        dedupe_key=f"objection-{key}:{objection.pk}",
        url_name="objection_answer",
        url_args=(objection.pk,),
    )


def _page(event: CreditEvent) -> str:
    return "worker_credit" if event.worker_id else "enterprise_credit"
