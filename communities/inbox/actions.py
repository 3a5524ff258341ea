"""Telling people, and what they do with what they were told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from communities.inbox.models import Delivery, Notification
from communities.inbox.rules import Notice, plain_params, rendered
from homeservice.kernel.queue import wake

DELIVER_DUE = "communities.inbox.deliver_due"


@transaction.atomic
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


def _row(notice: Notice, at: datetime) -> Notification:
    params = plain_params(notice.params)
    rendered(notice.title, params), rendered(notice.body, params)  # a place without a param is found here
    return Notification(
        recipient_id=notice.recipient_id,
        title=notice.title,
        body=notice.body,
        params=params,
        url_name=notice.url_name,
        url_args=list(notice.url_args),
        dedupe_key=notice.dedupe_key,
        created_at=at,
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
