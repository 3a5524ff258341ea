"""Whom a paper's fate concerns, and what they are told."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from django.utils import translation
from django.utils.translation import gettext_noop

from communities.inbox.rules import Notice
from homeservice.kernel.vocabulary import CredentialCode, EnterpriseRight
from providers.credentials.models import Credential
from providers.enterprises.queries import managers_by_right

PAGE = "credential_history"
REFUSED = (
    gettext_noop("A paper was not accepted: %(paper)s"),
    gettext_noop("The reason is written beside it. It can be handed in again."),
)
REVOKED = (
    gettext_noop("A paper was revoked: %(paper)s"),
    gettext_noop("It does not count any more. The reason is written beside it."),
)
ENDING = (
    gettext_noop("A paper ends soon: %(paper)s"),
    gettext_noop("Its last day is %(last_date)s. Renew it in time, so that no visit is lost."),
)
LAPSED = (
    gettext_noop("A paper has ended: %(paper)s"),
    gettext_noop("Its last day was %(last_date)s. Services that need it are not dispatched until it is renewed."),
)
TEXT_OF_STATE = {Credential.State.REFUSED: REFUSED, Credential.State.REVOKED: REVOKED}


def notices_of_decision(paper: Credential) -> list[Notice]:
    """For the holder, and the enterprise's accounts that may mend it. A verified paper is no news."""
    if paper.state not in TEXT_OF_STATE:
        return []
    title, body = TEXT_OF_STATE[Credential.State(paper.state)]
    key = f"credential:{paper.pk}:{paper.state}"
    return [_notice(paper, recipient, title, body, key) for recipient in recipients_of([paper])[paper.pk]]


def notices_of_end(papers: Iterable[Credential], today: date, steps: Iterable[int]) -> list[Notice]:
    """For each paper the reminder of the step that it has reached, or that it has ended: once each, by their keys."""
    rows = list(papers)
    concerned = recipients_of(rows)
    found = []
    for paper in rows:
        if paper.valid_until is None:
            continue
        left = (paper.valid_until - today).days
        step = min((one for one in steps if left <= one), default=None)
        if left < 0:
            (title, body), key = LAPSED, f"credential:{paper.pk}:lapsed"
        elif step is not None:
            (title, body), key = ENDING, f"credential:{paper.pk}:ends:{step}"
        else:
            continue
        found += [_notice(paper, recipient, title, body, key) for recipient in concerned[paper.pk]]
    return found


def recipients_of(papers: Iterable[Credential]) -> dict[int, list[int]]:
    """By paper the worker, and the managers with the right to mend it: staffing for workers' papers, the office
    for the enterprise's own. One query; the papers bring their workers."""
    rows = list(papers)
    firms = {paper.enterprise_id or (paper.worker.enterprise_id if paper.worker else None) for paper in rows}
    managers = managers_by_right(firms - {None})
    found: dict[int, list[int]] = {}
    for paper in rows:
        if paper.worker:
            firm, right, holder = paper.worker.enterprise_id, EnterpriseRight.STAFFING, [paper.worker.user_id]
        else:
            firm, right, holder = paper.enterprise_id, EnterpriseRight.OFFICE, []
        found[paper.pk] = [*holder, *(managers.get((firm, right), []) if firm else [])]
    return found


def _notice(paper: Credential, recipient_id: int, title: str, body: str, key: str) -> Notice:
    last = {"last_date": paper.valid_until} if paper.valid_until else {}
    zh, en = _names(paper.code)
    return Notice(
        recipient_id=recipient_id,
        title=title,
        body=body,
        params={"paper_zh": zh, "paper_en": en, **last},
        url_name=PAGE,
        url_args=(paper.pk,),
        dedupe_key=key,
    )


@cache
def _names(code: str) -> tuple[str, str]:
    """A kind of paper in Chinese and in English."""
    with translation.override("zh-hans"):
        zh = str(CredentialCode(code).label)
    with translation.override("en"):
        return zh, str(CredentialCode(code).label)
