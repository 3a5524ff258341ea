"""What holders and managers are told of a colour, with the reasons and what mends them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_noop

from communities.inbox.rules import Notice
from homeservice.kernel.vocabulary import EnterpriseRight
from providers.enterprises.queries import managers_by_right
from providers.service_codes.models import ColourChange
from providers.service_codes.rules import Colour, got_worse
from providers.service_codes.wording import words_of
from providers.workers.models import Worker

Managers = Mapping[tuple[int, EnterpriseRight], Sequence[int]]


class _Texts(NamedTuple):
    """Titles for: issued, worse, green again."""

    issued: str
    worse: str
    mended: str


OWN = _Texts(
    gettext_noop("Your service code is issued: %(colour)s"),
    gettext_noop("Your service code is now %(colour)s"),
    gettext_noop("Your service code is green again"),
)
OF_A_WORKER = _Texts(
    gettext_noop("A worker of yours has a service code: %(colour)s"),
    gettext_noop("A worker's service code is now %(colour)s"),
    gettext_noop("A worker's service code is green again"),
)
OF_THE_ENTERPRISE = _Texts(
    gettext_noop("Your enterprise's service code is issued: %(colour)s"),
    gettext_noop("Your enterprise's service code is now %(colour)s"),
    gettext_noop("Your enterprise's service code is green again"),
)
NOTHING_OPEN = gettext_noop("Show it to whoever wants to know who serves.")
REASONS = gettext_noop("%(reasons)s What mends it: %(mends)s")


def notices_of(changes: Sequence[ColourChange]) -> list[Notice]:
    """Of each code issued, got worse or green again: to the worker and the enterprise's managers. Two queries."""
    worth_telling = [one for one in changes if _texts(one, OWN)]
    workers = _workers({one.code.worker_id for one in worth_telling if one.code.worker_id})
    firms = {firm for _user, firm in workers.values() if firm}
    firms |= {one.code.enterprise_id for one in worth_telling if one.code.enterprise_id}
    managers = managers_by_right(firms)
    return [notice for change in worth_telling for notice in _of_one(change, workers, managers)]


def _of_one(change: ColourChange, workers: dict[int, tuple[int, int | None]], managers: Managers) -> Iterator[Notice]:
    code = change.code
    if code.enterprise_id:
        for user_id in managers.get((code.enterprise_id, EnterpriseRight.OFFICE), ()):
            yield _notice(user_id, change, OF_THE_ENTERPRISE, "enterprise_code")
        return
    user_id, firm = workers[cast(int, code.worker_id)]
    yield _notice(user_id, change, OWN, "worker_code")
    for manager in managers.get((firm, EnterpriseRight.STAFFING), ()) if firm else ():
        yield _notice(manager, change, OF_A_WORKER, "enterprise_worker_code", code.worker_id)


def _notice(user_id: int, change: ColourChange, texts: _Texts, url_name: str, *url_args: Any) -> Notice:
    reasons = [words_of(reason) for reason in change.reasons]
    params = {
        **_in_both("colour", lambda: str(Colour(change.after).label)),
        **_in_both("reasons", lambda: _sentences(one.text for one in reasons)),
        **_in_both("mends", lambda: _sentences(one.mend for one in reasons)),
    }
    return Notice(
        recipient_id=user_id,
        title=_texts(change, texts),
        body=REASONS if reasons else NOTHING_OPEN,
        params=params,
        url_name=url_name,
        url_args=url_args,
        dedupe_key=f"colour:{change.pk}",
    )


def _sentences(texts: Iterable[Promise]) -> str:
    """Each once, in their order; between Chinese sentences there is no space."""
    space = "" if (get_language() or "").startswith("zh") else " "
    return space.join(dict.fromkeys(str(text) for text in texts))


def _texts(change: ColourChange, texts: _Texts) -> str:
    """The title that fits; empty for what nobody needs to be told."""
    if not change.before:
        return texts.issued
    if got_worse(change.before, change.after):
        return texts.worse
    return texts.mended if change.after == Colour.GREEN else ""


def _in_both(name: str, words: Callable[[], str]) -> dict[str, str]:
    """The words in Chinese and English: a notice is read in its reader's language."""
    found = {}
    for suffix, language in (("zh", settings.LANGUAGE_CODE), ("en", "en")):
        with translation.override(language):
            found[f"{name}_{suffix}"] = words()
    return found


def _workers(ids: Collection[int]) -> dict[int, tuple[int, int | None]]:
    """The person and the enterprise of each worker."""
    rows = Worker.objects.filter(pk__in=ids).values_list("pk", "user_id", "enterprise_id")
    return {pk: (user_id, firm) for pk, user_id, firm in rows}
