"""What lies on the reviewing desk, everybody's service code, and their credit."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from communities.accounts.models import User
from homeservice.demo.firms import Firm
from homeservice.kernel.clock import at_local
from homeservice.kernel.vocabulary import Admission
from providers.admission.actions.opening import open_cases, open_cases_of_waiting_papers
from providers.admission.models import AdmissionEvent, ReviewCase
from providers.credit.models import CreditEvent, CreditRule, Objection
from providers.enterprises.models import Enterprise
from providers.service_codes.actions import recompute
from providers.service_codes.actions.colours import new_public_id
from providers.service_codes.models import ServiceCode
from providers.workers.models import Worker

WAITING = (Admission.SUBMITTED, Admission.CHECKING)
SUBMIT = ("submit", Admission.AWAITING_AUTHORISATION, Admission.SUBMITTED)
TAKE_UP = ("take_up", Admission.SUBMITTED, Admission.CHECKING)
ADMIT = ("admit", Admission.CHECKING, Admission.ADMITTED)
STEPS_TO = {
    Admission.AWAITING_AUTHORISATION: (), Admission.SUBMITTED: (SUBMIT,), Admission.CHECKING: (SUBMIT, TAKE_UP),
    Admission.RETURNED: (SUBMIT, TAKE_UP, ("return", Admission.CHECKING, Admission.RETURNED)),
    Admission.ADMITTED: (SUBMIT, TAKE_UP, ADMIT),
    Admission.SUSPENDED: (SUBMIT, TAKE_UP, ADMIT, ("suspend", Admission.ADMITTED, Admission.SUSPENDED)),
    Admission.EXITED: (SUBMIT, TAKE_UP, ADMIT, ("exit", Admission.ADMITTED, Admission.EXITED)),
    Admission.BLACKLISTED: (SUBMIT, TAKE_UP, ADMIT, ("blacklist", Admission.ADMITTED, Admission.BLACKLISTED)),
}  # fmt: skip
ONCE_ADMITTED = (Admission.ADMITTED, Admission.SUSPENDED, Admission.EXITED, Admission.BLACKLISTED)
APPEAL = "当时拿错了同事的复印件，已补办本人的健康证，请求重新核查。"
SAID = {
    "worker_commended": ("天河区妇女联合会", "获评街道“最美家政人”"), "worker_praised": ("华景社区居委会", "住户来信表扬，照顾卧床老人耐心细致"),
    "worker_training_passed": ("广州南粤家政职业培训学校", "完成居家急救技能培训"), "worker_no_show": ("平台", "预约后未到且未联系"),
    "worker_complaint_upheld": ("平台", "迟到且未完成约定步骤，投诉成立"), "enterprise_commended": ("广州市家庭服务行业协会", "年度诚信企业"),
    "enterprise_complaint_upheld": ("平台", "临时加价，投诉成立"), "enterprise_wages_on_time": ("天河区人社局", "按时足额支付报酬"),
}  # fmt: skip
OFFICIAL = {
    "worker_commended": "association",
    "enterprise_commended": "association",
    "enterprise_wages_on_time": "authority",
}


def admissions(made: Sequence[Worker], of: Sequence[Firm], reviewers: Sequence[User], *, today: date) -> None:
    """How each came to its state: submitted, taken up, admitted, and what followed."""
    rows: list[AdmissionEvent] = []
    for n, worker in enumerate(made):
        rows += _path(worker.state, worker.state_reason, reviewers[n % 2], worker.joined_date, today, worker=worker)
    for firm in of:
        joined, row = today - timedelta(days=690), firm.enterprise
        rows += _path(row.state, row.state_reason, reviewers[0], joined, today, enterprise=row)
    AdmissionEvent.objects.bulk_create(rows, batch_size=2000)


def _path(
    state: str, reason: str, by: User, joined: date, today: date, **whose: Worker | Enterprise
) -> Iterable[AdmissionEvent]:
    """The steps from the first state to this one, the last few days before today if it is not yet admitted."""
    began = at_local(joined if state in ONCE_ADMITTED else today - timedelta(days=3), time(10))
    for place, (step, source, target) in enumerate(STEPS_TO[Admission(state)]):
        last = target == state and state not in (Admission.ADMITTED, *WAITING)
        yield AdmissionEvent(
            step=step, from_state=source, to_state=target, actor=None if step == "submit" else by,
            reason=reason if last else "",
            at=began + timedelta(days=place) if not last or state not in ONCE_ADMITTED else at_local(today - timedelta(days=5), time(15)),
            **whose,
        )  # fmt: skip


def reviewing_desk(made: Sequence[Worker], of: Sequence[Firm], *, now: datetime) -> None:
    """Everything that waits for a check has its case, in the order in which it came in over the last days."""
    waiting_firms = [one.enterprise for one in of if one.enterprise.state in WAITING]
    waiting = [worker for worker in made if worker.state in WAITING]
    open_cases([*waiting_firms, *waiting], ReviewCase.Kind.ADMISSION, at=now - timedelta(days=2))
    open_cases_of_waiting_papers(at=now)
    barred = [worker for worker in made if worker.state == Admission.BLACKLISTED]
    open_cases(barred[:2], ReviewCase.Kind.APPEAL, at=now - timedelta(days=1), statement=APPEAL)


def service_codes(*, now: datetime) -> None:
    """Each who is or was admitted has a code with the colour of the day."""
    before = now - timedelta(days=60)
    left = [Admission.SUSPENDED, Admission.EXITED, Admission.BLACKLISTED]
    holders: list[dict[str, int]] = [
        *({"worker_id": key} for key in Worker.objects.filter(state__in=left).values_list("pk", flat=True)),
        *({"enterprise_id": key} for key in Enterprise.objects.filter(state__in=left).values_list("pk", flat=True)),
    ]
    ServiceCode.objects.bulk_create(
        ServiceCode(public_id=new_public_id(), colour="green", issued_at=before, computed_at=before, **holder)
        for holder in holders
    )
    recompute(enterprise_ids=list(Enterprise.objects.order_by("pk").values_list("pk", flat=True)), at=now)
    recompute(worker_ids=list(Worker.objects.order_by("pk").values_list("pk", flat=True)), at=now)


def credit(
    random: Random, made: Sequence[Worker], of: Sequence[Firm], reviewers: Sequence[User], *, today: date, now: datetime
) -> None:
    """Good and bad news of the last year, and two objections that wait for an answer."""
    rules = {rule.code: rule for rule in CreditRule.objects.filter(code__in=SAID)}
    served = [worker for worker in made if worker.visits_done]
    by = reviewers[-1]  # whose colleague, who signs in as the reviewer, may therefore answer the objections
    rows = [
        _event(random, rules[code], by, today, now, worker=worker)
        for worker in random.sample(served, len(served) // 4)
        for code in random.sample(sorted(code for code in rules if code.startswith("worker")), random.randint(1, 2))
    ]
    rows += [
        _event(random, rules[code], by, today, now, enterprise=firm.enterprise)
        for firm in of
        if firm.enterprise.state == Admission.ADMITTED
        for code in random.sample(sorted(code for code in rules if code.startswith("enterprise")), random.randint(0, 2))
    ]
    events = CreditEvent.objects.bulk_create(rows, batch_size=1000)
    bad = [(event, event.worker) for event in events if event.points < 0 and event.worker]
    Objection.objects.bulk_create(
        Objection(
            event=event, filed_by_id=worker.user_id, text="当天住户临时改了时间，我在约定地点等了半小时。",
            filed_at=now - timedelta(days=3), due_date=today + timedelta(days=17),
        )
        for event, worker in bad[:2]
    )  # fmt: skip


def _event(
    random: Random, rule: CreditRule, by: User, today: date, now: datetime, **whose: Worker | Enterprise
) -> CreditEvent:
    happened = today - timedelta(days=random.randint(10, 330))
    source, summary = SAID[rule.code]
    return CreditEvent(
        rule=rule, points=rule.points, source=OFFICIAL.get(rule.code, "platform"), source_name=source, summary=summary,
        occurred_date=happened, expires_date=happened + timedelta(days=rule.lasts_days), recorded_by=by,
        recorded_at=now, **whose,
    )  # fmt: skip
