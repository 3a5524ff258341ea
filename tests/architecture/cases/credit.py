"""Credit: a worker's record, an enterprise's record, and objections to both."""

from homeservice.kernel.clock import local_day
from providers.credit.models import CreditEvent, CreditRule, Objection
from tests import world
from tests.architecture.walk import MANAGER, REVIEWER, WORKER, Case, Walk, alike, plain


def furnish(walk: Walk) -> None:
    """A complaint that was upheld against the worker, an arrears of wages of the enterprise, an objection to each."""
    of_worker = _event(walk, "worker", worker=walk.town.worker)
    of_firm = _event(walk, "enterprise", enterprise=walk.town.enterprise)
    for name, event, filer in (("worker", of_worker, walk.town.worker.user), ("firm", of_firm, walk.people["manager"])):
        walk.more[f"credit_of_{name}"] = event
        walk.more[f"objection_of_{name}"] = Objection.objects.create(
            event=event, filed_by=filer, text="不属实", filed_at=world.NOW, due_date=local_day(world.NOW)
        )


def _event(walk: Walk, holder: str, **whose) -> CreditEvent:
    rule, _ = CreditRule.objects.get_or_create(
        code=f"{holder}_complaint_upheld",
        defaults={
            "holder": holder, "category": "service", "name_zh": "投诉成立", "name_en": "Complaint upheld", "points": -5,
            "lasts_days": 730, "valid_from": world.JOINED.date(),
        },
    )  # fmt: skip
    day = local_day(world.NOW)
    return CreditEvent.objects.create(
        rule=rule, points=-5, source="association", source_name="协会", summary="投诉成立", scan=walk.paper,
        occurred_date=day, expires_date=day.replace(year=day.year + 2), recorded_by=walk.people["reviewer"],
        recorded_at=world.NOW, **whose,
    )  # fmt: skip


CASES: dict[str, Case] = {
    **plain("worker_credit", "enterprise_credit", "credit_formula", "review_credit", "api_credit_formula"),
    "credit_objection": Case(lambda walk: [walk.more["credit_of_worker"].pk], WORKER),
    "credit_event_scan": Case(lambda walk: [walk.more["credit_of_firm"].pk], MANAGER | REVIEWER | {"clerk", "admin"}),
    "credit_event_new": Case(lambda walk: ["worker", walk.town.worker.pk], REVIEWER),
    **alike(Case(lambda walk: [walk.more["objection_of_firm"].pk], REVIEWER), "objection_answer"),
}
