"""Telling people, and what they do with what they were told."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation

from communities.inbox.channels import CHANNELS, ChannelError
from communities.inbox.models import Delivery, Notification
from communities.inbox.rules import LEASE, MAX_ATTEMPTS, Notice, check_places, plain_params, retry_at
from homeservice.kernel.queue import wake
from homeservice.kernel.scope import Scope

DELIVER_DUE = "communities.inbox.deliver_due"


@transaction.atomic(savepoint=False)
def tell(notices: Sequence[Notice], *, at: datetime) -> None:
    """Each recipient has the notice in their inbox, once an event, and a due delivery for each channel.

    Safe to repeat: what was told (same recipient and `dedupe_key`) stays as it is. Inserted in key
    order, so that two tellers never wait for each other in a circle. Wakes the delivery after commit.
    """
    ordered = sorted(notices, key=lambda notice: (notice.recipient_id, notice.dedupe_key))
    Notification.objects.bulk_create([_row(notice, at) for notice in ordered], ignore_conflicts=True, batch_size=1000)
    sent_out = [notice for notice in ordered if notice.channels]
    if sent_out:
        _queue_deliveries(sent_out, at)
        wake(DELIVER_DUE)


@transaction.atomic
def mark_read(*, notification: Notification, at: datetime) -> None:
    """The person has seen it; the first time counts."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=at)


@transaction.atomic
def mark_all_read(*, scope: Scope, at: datetime) -> None:
    """The person has seen everything that they were told up to now."""
    Notification.objects.visible_to(scope).filter(read_at__isnull=True, created_at__lte=at).update(read_at=at)


@transaction.atomic
def send_again(*, deliveries: QuerySet[Delivery], at: datetime) -> None:
    """Those of the deliveries that were given up are due now, with all their attempts before them."""
    deliveries.filter(state=Delivery.State.FAILED).update(state=Delivery.State.DUE, attempts=0, due_at=at)
    wake(DELIVER_DUE)


def deliver_next(*, at: datetime) -> bool:
    """The delivery that is due longest is sent, or will be tried again later. False if none was due.

    The claim is committed before sending, so no lock is held while a network is slow; a sender that
    dies is followed by another one after `LEASE`. A message may then arrive twice, never not at all.
    """
    delivery = _claim(at)
    if delivery is None:
        return False
    recipient = delivery.notification.recipient
    try:
        if recipient.is_active:
            with translation.override(recipient.language or settings.LANGUAGE_CODE):
                text = f"{delivery.notification.title_text} {delivery.notification.body_text}".strip()
                CHANNELS[delivery.channel](recipient, text)
    except ChannelError as error:
        _note_failure(delivery, str(error), at)
    else:
        Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.SENT, sent_at=at, error="")
    return True


@transaction.atomic
def _claim(at: datetime) -> Delivery | None:
    """Locks one due row, passing over those that another sender holds, and leases it."""
    due = Delivery.objects.filter(state=Delivery.State.DUE, due_at__lte=at).order_by("due_at", "pk")
    delivery = due.select_for_update(skip_locked=True, of=("self",)).select_related("notification__recipient").first()
    if delivery:
        Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1, due_at=at + LEASE)
        delivery.attempts += 1
    return delivery


@transaction.atomic
def _note_failure(delivery: Delivery, reason: str, at: datetime) -> None:
    ended = delivery.attempts >= MAX_ATTEMPTS
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.FAILED if ended else Delivery.State.DUE,
        due_at=retry_at(delivery.attempts, at),
        error=reason[:200],
    )


def _row(notice: Notice, at: datetime) -> Notification:
    params = plain_params(notice.params)
    for source in (notice.title, notice.body):
        check_places(source, params)
    return Notification(
        recipient_id=notice.recipient_id,
        title=notice.title,
        body=notice.body,
        params=params,
        url_name=notice.url_name,
        url_args=list(notice.url_args),
        dedupe_key=notice.dedupe_key,
        created_at=notice.at or at,
    )


def _queue_deliveries(notices: Sequence[Notice], at: datetime) -> None:
    channels = {(notice.recipient_id, notice.dedupe_key): notice.channels for notice in notices}
    told = Notification.objects.filter(
        recipient_id__in={notice.recipient_id for notice in notices},
        dedupe_key__in={notice.dedupe_key for notice in notices},
    )
    Delivery.objects.bulk_create(
        [
            Delivery(notification=row, channel=channel, due_at=at)
            for row in told.order_by("pk")
            for channel in channels.get((row.recipient_id, row.dedupe_key), ())
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
