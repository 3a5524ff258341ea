"""Recording what counts for and against, objecting to it, and answering objections."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.accounts.rules import checked_text
from communities.inbox.actions import tell
from communities.inbox.rules import Notice
from homeservice.foundation import audit
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from providers.catalogue.actions import Loaded, put_rows
from providers.credit.messages import notices_answered, notices_due, notices_filed, notices_recorded
from providers.credit.models import Category, CreditEvent, CreditRule, Objection
from providers.credit.queries import objections_due, reviewer_ids
from providers.credit.rules import (
    DOCUMENT_MAX,
    REMIND_DAYS,
    SOURCE_MAX,
    SUMMARY_MAX,
    TEXT_MAX,
    Reported,
    due_on,
    expires_on,
    rule_faults,
    unlawful_text,
    unlawful_word,
    why_not_record,
)
from providers.enterprises.models import Enterprise
from providers.enterprises.queries import manager_ids
from providers.workers.models import Worker

Holder = Worker | Enterprise


@transaction.atomic
def load_rules(*, document: Mapping[str, Any]) -> Loaded:
    """Every rule of the document is published as it says, or nothing has changed; events recorded keep their points.

    Raises `bad_credit_rules`, whose `faults` fact names each row that is wrong: health, disease, religion and
    biometrics are no category and no name of a rule.
    """
    faults = rule_faults(document, frozenset(Category.values))
    if faults:
        raise DomainError("bad_credit_rules", "\n".join(faults), faults=faults)
    rows = [
        {**row, "valid_from": _day(row["valid_from"]), "valid_until": _day(row["valid_until"])}
        for row in document["rules"]
    ]
    return put_rows(CreditRule, {row["code"]: row for row in rows})


@transaction.atomic
def record_event(
    *,
    holder: Holder,
    rule: CreditRule,
    source: str,
    source_name: str,
    summary: str,
    occurred_date: date,
    actor_id: int | None,
    at: datetime,
    document_no: str = "",
    scan: "UploadedFile[Any] | None" = None,
) -> CreditEvent:
    """It counts from the day on which it happened until it expires, and the holder is told.

    Raises `credit_wrong_holder`, `credit_not_yet`, `credit_rule_not_in_force`, `credit_event_over`,
    `credit_unlawful_text`, `credit_event_known` for the same document again, `…_missing` and `…_too_long` for the
    texts, and what `store_upload` raises.
    """
    told = Reported(
        holder="worker" if isinstance(holder, Worker) else "enterprise",
        rule_holder=rule.holder,
        rule_from=rule.valid_from,
        rule_until=rule.valid_until,
        occurred_date=occurred_date,
        expires_date=expires_on(occurred_date, points=rule.points, lasts_days=rule.lasts_days),
        source_name=checked_text(source_name, "source_name", limit=SOURCE_MAX),
        document_no=checked_text(document_no, "document_no", limit=DOCUMENT_MAX, required=False),
        summary=checked_text(summary, "summary", limit=SUMMARY_MAX),
    )
    refusal = why_not_record(told, today=local_day(at))
    if refusal:
        raise refusal
    _refuse_known(holder, rule, told)
    stored = store_upload(scan, purpose=UploadPurpose.EVIDENCE, owner_id=actor_id, at=at) if scan else None
    event = CreditEvent.objects.create(
        rule=rule,
        worker=holder if isinstance(holder, Worker) else None,
        enterprise=holder if isinstance(holder, Enterprise) else None,
        points=rule.points,
        source=source,
        source_name=told.source_name,
        document_no=told.document_no,
        summary=told.summary,
        scan=stored,
        occurred_date=occurred_date,
        expires_date=told.expires_date,
        recorded_by_id=actor_id,
        recorded_at=at,
    )
    audit.record(at=at, actor_id=actor_id, action="credit_recorded", subject=event, rule=rule.pk, points=rule.points)
    tell(notices_recorded(event, holder_ids(event)), at=at)
    return event


@transaction.atomic
def file_objection(*, event: CreditEvent, text: str, actor_id: int, at: datetime) -> Objection:
    """The event is marked as disputed, and reviewing staff have 20 days to answer. Locks the event.

    Raises `text_missing`, `text_too_long`, `objection_open`, and `objection_pointless` for an event that no longer counts.
    """
    said = checked_text(text, "text", limit=TEXT_MAX)
    row = CreditEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    today = local_day(at)
    if row.state == CreditEvent.State.WITHDRAWN or row.expires_date <= today:
        raise DomainError("objection_pointless", _("This record no longer counts."), field="text")
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                event=row, filed_by_id=actor_id, text=said, filed_at=at, due_date=due_on(today)
            )
    except IntegrityError as error:
        if "objection_open_once" not in str(error):
            raise
        message = _("An objection to this record is being checked already.")
        raise DomainError("objection_open", message, field="text") from error
    tell(notices_filed(objection, reviewer_ids(row)), at=at)
    return objection


@transaction.atomic
def answer_objection(*, objection: Objection, outcome: str, answer: str, actor_id: int, at: datetime) -> None:
    """The holder has an answer; an upheld objection withdraws the event. Locks the objection and its event.

    Raises `objection_answered`, `objection_own_record` for whoever recorded the event, `objection_own` for whoever
    filed it, `answer_missing` and `answer_too_long`.
    """
    said = checked_text(answer, "answer", limit=TEXT_MAX)
    event = CreditEvent.objects.select_for_update(of=("self",)).get(pk=objection.event_id)
    row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    _refuse_answer(row, event, said, actor_id)
    row.outcome, row.answer, row.answered_by_id, row.answered_at = outcome, said, actor_id, at
    row.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    if outcome == Objection.Outcome.UPHELD:
        event.state = CreditEvent.State.WITHDRAWN
        event.save(update_fields=["state"])
    audit.record(at=at, actor_id=actor_id, action="objection_answered", subject=row, outcome=outcome)
    tell(notices_answered(row, event, {*holder_ids(event), row.filed_by_id}), at=at)


@transaction.atomic
def remind_reviewers(*, at: datetime) -> None:
    """Reviewing staff know of objections due within five days, and once more of those overdue. Safe to repeat."""
    today = local_day(at)
    soon = objections_due(date.fromordinal(today.toordinal() + REMIND_DAYS))
    notices: list[Notice] = []
    for objection in soon:
        notices += notices_due(objection, reviewer_ids(objection.event), overdue=objection.due_date < today)
    tell(notices, at=at)


def holder_ids(event: CreditEvent) -> Iterable[int]:
    """Who is told of what concerns the holder: the worker, or those who manage the enterprise."""
    if event.worker:
        return [event.worker.user_id]
    return manager_ids(event.enterprise_id or 0)


def _refuse_answer(row: Objection, event: CreditEvent, said: str, actor_id: int) -> None:
    if row.outcome:
        raise DomainError("objection_answered", _("Somebody has answered this objection already."))
    if event.recorded_by_id == actor_id:
        message = _("You recorded this yourself: somebody else must answer the objection.")
        raise DomainError("objection_own_record", message)
    if row.filed_by_id == actor_id:
        raise DomainError("objection_own", _("You filed this objection yourself."))
    if unlawful_word(said):
        raise DomainError("credit_unlawful_text", unlawful_text(), field="answer")


def _refuse_known(holder: Holder, rule: CreditRule, told: Reported) -> None:
    """The same document is recorded once. Locks the holder, so that two who record it at once take turns."""
    type(holder).objects.select_for_update(of=("self",)).get(pk=holder.pk)  # type: ignore[attr-defined]
    whose = {told.holder: holder}
    known = CreditEvent.objects.filter(rule=rule, occurred_date=told.occurred_date, **whose)
    same = known.filter(state=CreditEvent.State.IN_FORCE, document_no=told.document_no, source_name=told.source_name)
    if same.exists():
        message = _("This has been recorded already.")
        raise DomainError("credit_event_known", message, field="document_no")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
