"""Reading credit: scores of many holders at once, and the lines that explain one."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from communities.accounts.models import StaffPost, User, phone_index
from communities.accounts.rules import mainland_mobile
from homeservice.kernel.errors import DomainError
from homeservice.kernel.scope import Scope, own, within
from homeservice.kernel.vocabulary import EnterpriseRight
from providers.credit.models import CreditEvent, CreditEventQuerySet, CreditRule, Objection, ObjectionQuerySet
from providers.credit.rules import Score
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker

FOUND_MOST = 20
SEARCH_MAX = 40
NO_SCORE = Score(0, 0)


def scores_of_workers(worker_ids: Sequence[int], on_date: date) -> dict[int, Score]:
    """Each worker's score on the day, in one query. Who has no events has the base."""
    return _scores("worker_id", worker_ids, on_date)


def scores_of_enterprises(enterprise_ids: Sequence[int], on_date: date) -> dict[int, Score]:
    """Each enterprise's score on the day, in one query. Which has no events has the base."""
    return _scores("enterprise_id", enterprise_ids, on_date)


def _scores(holder: str, ids: Sequence[int], on_date: date) -> dict[int, Score]:
    sums = (
        CreditEvent.objects.filter(**{f"{holder}__in": ids})
        .counting(on_date)
        .values_list(holder)
        .annotate(gained=Sum("points", filter=Q(points__gt=0)), lost=Sum("points", filter=Q(points__lt=0)))
    )
    found = {pk: Score(gained or 0, -(lost or 0)) for pk, gained, lost in sums}
    return {pk: found.get(pk, NO_SCORE) for pk in ids}


def events_of(holder: Worker | Enterprise) -> CreditEventQuerySet:
    """All that was ever recorded of the holder, the latest first: with its rule, its objections and `disputed`."""
    whose = {"worker": holder} if isinstance(holder, Worker) else {"enterprise": holder}
    return _with_objections(CreditEvent.objects.filter(**whose)).order_by("-occurred_date", "-pk")


def own_events(scope: Scope) -> CreditEventQuerySet:
    """What the person may object to: as a worker their own; for the enterprise with the right to its office."""
    mine = Q(worker__isnull=False, worker_id=scope.worker_id)
    if scope.enterprise_id and EnterpriseRight.OFFICE in scope.enterprise_rights:
        mine |= Q(enterprise_id=scope.enterprise_id)
    return _with_objections(CreditEvent.objects.visible_to(scope).filter(mine))


def documents_open_to(scope: Scope) -> CreditEventQuerySet:
    """The records whose documents the person may read: their own, their enterprise's, those of a reviewer's divisions.

    Of its workers' records an enterprise learns the score alone.
    """
    mine = Q(worker__isnull=False, worker_id=scope.worker_id)
    if scope.enterprise_id:
        mine |= Q(enterprise_id=scope.enterprise_id)
    rows = CreditEvent.objects.visible_to(scope)
    return (rows if scope.everything else rows.filter(mine | _in_review(scope))).select_related("scan")


def events_to_review(scope: Scope) -> CreditEventQuerySet:
    """What is recorded in the reviewer's divisions, the latest first."""
    found = CreditEvent.objects.visible_to(scope).filter(_in_review(scope)).exclude(_own(scope))
    found = found.select_related("enterprise", "recorded_by")
    return _with_objections(found).order_by("-recorded_at", "-pk")


def objections_to_review(scope: Scope) -> ObjectionQuerySet:
    """The objections in the reviewer's divisions."""
    found = Objection.objects.visible_to(scope).filter(_in_review(scope, "event__")).exclude(_own(scope, "event__"))
    return found.select_related("event__rule", "event__worker", "event__enterprise", "event__scan", "filed_by")


def open_objections(scope: Scope) -> ObjectionQuerySet:
    """Those that wait for an answer, the one due first at the top."""
    return objections_to_review(scope).filter(outcome="").order_by("due_date", "pk")


def objections_due(on_date: date) -> QuerySet[Objection]:
    """Open objections that are due on the day or before, by whomever they are to be answered."""
    found = Objection.objects.filter(outcome="", due_date__lte=on_date).order_by("due_date", "pk")
    return found.select_related("event__worker__enterprise", "event__enterprise")


def reviewer_ids(event: CreditEvent) -> list[int]:
    """The reviewing staff of the divisions over the holder's own. One query."""
    holder = event.enterprise or (event.worker and event.worker.enterprise)
    area = holder.division_id if holder else event.worker.home_community_id if event.worker else ""
    above = [area[:digits] for digits in (2, 4, 6, 9, 12)]
    posts = StaffPost.objects.filter(duty=StaffPost.Duty.REVIEWER, division_id__in=above, user__is_active=True)
    return sorted(set(posts.values_list("user_id", flat=True)))


def rules_in_force(on_date: date) -> list[CreditRule]:
    """The published rules of the day, what counts for before what counts against. One query."""
    known = CreditRule.objects.filter(valid_from__lte=on_date).exclude(valid_until__lte=on_date)
    return list(known.order_by("holder", "-points", "code"))


def rules_for(holder: str, on_date: date) -> QuerySet[CreditRule]:
    """The rules that may be recorded of such a holder; those out of force are left for events of before."""
    return CreditRule.objects.filter(holder=holder, valid_from__lte=on_date).order_by("-points", "code")


def enterprises_found(scope: Scope, text: str) -> list[Enterprise]:
    """Enterprises in the reviewer's divisions by a part of the name, or by the credit code. One query."""
    wanted = text.replace("\x00", "").strip()[:SEARCH_MAX]
    if not wanted:
        return []
    named = Q(name__icontains=wanted) | Q(social_credit_code=wanted.upper())
    found = enterprises_to_review(scope).filter(named)
    return list(found.order_by("name", "pk")[:FOUND_MOST])


def workers_found(scope: Scope, text: str) -> list[Worker]:
    """The worker with this mobile number in the reviewer's divisions. At most two queries; none for what is no number."""
    try:
        number = mainland_mobile(text.replace("\x00", ""))
    except DomainError:
        return []
    users = User.objects.filter(phone_index=phone_index(number))
    return list(workers_to_review(scope).filter(user__in=users).order_by("pk"))


def enterprises_to_review(scope: Scope) -> QuerySet[Enterprise]:
    reach = within("division__area_code", scope.review_areas)
    found: QuerySet[Enterprise] = Enterprise.objects.visible_to(scope).filter(reach).exclude(pk=scope.enterprise_id)
    return found


def workers_to_review(scope: Scope) -> QuerySet[Worker]:
    reach = within("enterprise__division__area_code", scope.review_areas) | within(
        "home_community__area_code", scope.review_areas
    )
    mine = own(scope, worker="pk", enterprise=("enterprise",))
    found: QuerySet[Worker] = Worker.objects.visible_to(scope).filter(reach).exclude(mine)
    return found.select_related("enterprise")


def _in_review(scope: Scope, prefix: str = "") -> Q:
    return (
        within(f"{prefix}enterprise__division__area_code", scope.review_areas)
        | within(f"{prefix}worker__enterprise__division__area_code", scope.review_areas)
        | within(f"{prefix}worker__home_community__area_code", scope.review_areas)
    )


def _own(scope: Scope, prefix: str = "") -> Q:
    """What is on record of the reviewer, or of the enterprise that they act for: somebody else looks at that."""
    firms = (f"{prefix}enterprise", f"{prefix}worker__enterprise")
    return own(scope, worker=f"{prefix}worker", enterprise=firms)


def _with_objections(found: CreditEventQuerySet) -> CreditEventQuerySet:
    waiting = Objection.objects.filter(event=OuterRef("pk"), outcome="")
    told = Prefetch("objections", Objection.objects.order_by("-filed_at", "-pk"))
    marked: CreditEventQuerySet = found.select_related("rule", "worker").annotate(disputed=Exists(waiting))
    return marked.prefetch_related(told)
