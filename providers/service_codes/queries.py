"""Reading codes: what they show, which are to be computed anew, and who scanned them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from communities.divisions.models import Division
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import Admission, CredentialCode
from providers.bindings.queries import is_authorised
from providers.credentials.models import Credential
from providers.credentials.rules import Paper
from providers.enterprises.models import Enterprise
from providers.service_codes import door, rules
from providers.service_codes.models import CodeScan, DoorTokenUse, ServiceCode
from providers.service_codes.standing import Judged, needs_of_workers
from providers.training.models import Enrolment
from providers.workers.models import Worker


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """What an enterprise's code shows: open and free (domain §2.4)."""

    name: str
    social_credit_code: str
    org_type: str
    division: str
    complaint_phone: str
    star: int | None
    credit_grade: str
    licences: tuple[rules.InDate, ...]
    admitted_workers: int


@dataclass(frozen=True, slots=True)
class ScanCounts:
    """How often a code was looked at since a day: by how many visitors, and how many scans were refused."""

    looks: int
    visitors: int
    refused: int


def code_of_worker(worker: Worker) -> ServiceCode | None:
    """The worker's code; None before the first admission."""
    return ServiceCode.objects.filter(worker=worker).first()


def code_of_enterprise(enterprise: Enterprise) -> ServiceCode | None:
    """The enterprise's code; None before the first admission."""
    return ServiceCode.objects.filter(enterprise=enterprise).first()


def scannable_codes() -> "QuerySet[ServiceCode]":
    """All codes with whose they are: who holds a `public_id` may look at it."""
    return ServiceCode.objects.select_related("worker__enterprise", "enterprise__division")


def facts_of_worker(worker: Worker, judged: Judged, on_date: date) -> rules.WorkerFacts:
    """All that the worker's code could show on the day. Four queries; show no more of it than `rules.visible` leaves."""
    papers = list(_in_force(on_date).filter(worker=worker).order_by("code", "level", "-valid_from", "pk"))
    identity = next((paper for paper in papers if paper.code == CredentialCode.ID), None)
    return rules.WorkerFacts(
        authorised=is_authorised(worker.pk),
        colour=judged.verdict.colour,
        valid_until=judged.valid_until,
        photo_id=worker.photo_id,
        masked_name=worker.masked_name,
        full_name=str(worker.real_name),
        institution=worker.enterprise.name if worker.enterprise else "",
        sex=str(worker.get_sex_display()),
        age_band=worker.age_band,
        origin_province=worker.origin_province,
        identity=rules.Identity(identity is not None, identity.valid_from if identity else None),
        exam=_exam(worker, papers, on_date),
        background=tuple(_check(code, papers) for code in _CHECKS),
        skills=tuple(rules.Skill(one.spoken, str(one.number)) for one in papers if _is_skill(one.code)),
        training=rules.Training(training_hours(worker.user_id), _any(papers, CredentialCode.PRE_JOB_TRAINING)),
        record=rules.Record(worker.star, worker.rating, worker.visits_done, worker.complaints_upheld),
        contract=str(worker.get_relation_display()),
        insurance=tuple(one.valid_until for one in papers if one.code == CredentialCode.INSURANCE),
    )


def facts_of_enterprise(enterprise: Enterprise, on_date: date) -> EnterpriseFacts:
    """What the enterprise's public page shows on the day. Two queries."""
    licences = _in_force(on_date).filter(enterprise=enterprise).order_by("code", "-valid_until", "pk")
    return EnterpriseFacts(
        name=enterprise.name,
        social_credit_code=enterprise.social_credit_code,
        org_type=str(enterprise.get_org_type_display()),
        division=enterprise.division.name,
        complaint_phone=enterprise.complaint_phone,
        star=enterprise.star,
        credit_grade=str(enterprise.get_credit_grade_display()),
        licences=tuple(rules.InDate(one.spoken, one.valid_until) for one in licences),
        admitted_workers=Worker.objects.filter(enterprise=enterprise, state=Admission.ADMITTED).count(),
    )


def _in_force(on_date: date) -> "QuerySet[Credential]":
    """What counts on the day; of a paper and its renewal the renewal, once that has begun."""
    begun = Credential.objects.filter(renews=OuterRef("pk"), state__in=Credential.COUNTING, valid_from__lte=on_date)
    rows: QuerySet[Credential] = Credential.objects.counting().filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on_date), ~Exists(begun), valid_from__lte=on_date
    )
    return rows


def training_hours(user_id: int) -> int:
    """The hours of the courses that the person passed."""
    passed = Enrolment.objects.filter(user=user_id, state=Enrolment.State.PASSED)
    return int(passed.aggregate(hours=Sum("session__course__hours"))["hours"] or 0)


# what is to be computed anew


def workers_without_code() -> "QuerySet[Worker]":
    return Worker.objects.filter(state=Admission.ADMITTED, service_code__isnull=True)


def enterprises_without_code() -> "QuerySet[Enterprise]":
    return Enterprise.objects.filter(state=Admission.ADMITTED, service_code__isnull=True)


def codes_due(on_date: date) -> "QuerySet[ServiceCode]":
    """Codes whose day has run out, and those whose holder's papers changed since they were computed.

    Compared by being another instant, not by being later: of two who change papers at once, the one that began
    earlier may be the last to commit.
    """
    of_worker = Q(worker__papers_changed_at__isnull=False) & (
        Q(computed_from__isnull=True) | ~Q(worker__papers_changed_at=F("computed_from"))
    )
    of_enterprise = Q(enterprise__papers_changed_at__isnull=False) & (
        Q(computed_from__isnull=True) | ~Q(enterprise__papers_changed_at=F("computed_from"))
    )
    return ServiceCode.objects.filter(Q(valid_until__lt=on_date) | of_worker | of_enterprise)


# scans


def scans_of(code: ServiceCode) -> "QuerySet[CodeScan]":
    """Who looked at the code, the latest first."""
    return CodeScan.objects.filter(code=code).select_related("user").order_by("-at", "-pk")


def areas_of(scans: Iterable[CodeScan]) -> dict[str, str]:
    """The names of the communities that the scans came from. One query."""
    codes = {scan.area for scan in scans if scan.area}
    return dict(Division.objects.filter(pk__in=codes).values_list("pk", "name"))


def scan_counts(code: ServiceCode, since: datetime) -> ScanCounts:
    """One query."""
    found = CodeScan.objects.filter(code=code, at__gte=since).aggregate(
        looks=Count("pk", filter=~Q(view=CodeScan.View.REFUSED)),
        visitors=Count("visitor_digest", distinct=True),
        refused=Count("pk", filter=Q(view=CodeScan.View.REFUSED)),
    )
    return ScanCounts(**found)


def looks_of_visitor(visitor_digest: str, *, besides: int | None, at: datetime) -> dict[str, int]:
    """How many scans came from the address in ten minutes, and how many codes `besides` one in that time and in a day.

    One query.
    """
    recent = Q(at__gt=at - timedelta(minutes=10))
    others = Q(code__isnull=False) if besides is None else ~Q(code=besides)
    return CodeScan.objects.filter(visitor_digest=visitor_digest, at__gt=at - timedelta(days=1), at__lte=at).aggregate(
        codes_10_min=Count("code", distinct=True, filter=recent & others),
        codes_day=Count("code", distinct=True, filter=others),
        scans_10_min=Count("pk", filter=recent),
    )


def door_token_stands(token: str, bearer_digest: str, *, at: datetime) -> None:
    """The token could be used at the instant, by this browser. Raises what `open_door` would. One query at most."""
    genuine = door.read(token, keys=settings.DOOR_KEYS)
    refusal = door.why_not_now(genuine.issued_at, at=at)
    if refusal:
        raise refusal
    if DoorTokenUse.objects.filter(nonce=genuine.nonce).exclude(bearer_digest=bearer_digest).exists():
        raise door.used_already()


def open_token_use(scan_id: int | None, bearer_digest: str, *, at: datetime) -> DoorTokenUse | None:
    """The door token that this browser used, while its view is open."""
    mine = DoorTokenUse.objects.filter(scan=scan_id, bearer_digest=bearer_digest, open_until__gt=at)
    return mine.select_related("code__worker__enterprise", "scan").first()


def codes_for_duty(scope: Scope) -> "QuerySet[ServiceCode]":
    """The workers' codes that an officer may look into."""
    seen: QuerySet[ServiceCode] = ServiceCode.objects.visible_to(scope).filter(worker__isnull=False)
    return seen.select_related("worker__enterprise")


# what they show

_EXAMS = (CredentialCode.EXAM, CredentialCode.FOOD_EXAM)
_CHECKS = (CredentialCode.CRIME_CHECK, CredentialCode.CHILD_PROTECTION)


def _is_skill(code: str) -> bool:
    """Skills, licences to practise and special operations: what a certificate proves that the person can do."""
    shown_apart = {
        CredentialCode.ID,
        CredentialCode.PRE_JOB_TRAINING,
        CredentialCode.INSURANCE,
        CredentialCode.CITY_CARD,
    }
    return code not in {*_EXAMS, *_CHECKS, *shown_apart}


def _exam(worker: Worker, papers: Iterable[Credential], on_date: date) -> rules.Exam:
    """Whether the exams that the worker's kinds ask for are in date, and which are. Two queries."""
    exams = [one for one in papers if one.code in _EXAMS]
    asked = rules.needs_of_worker(needs_of_workers([worker.pk], on_date)[worker.pk])
    of_gate = [Paper(one.code, one.level, one.valid_from, one.valid_until) for one in exams]
    needs = [need for need in asked if need.what in ("exam", "food_exam")]
    fits = all(rules.in_date(need, of_gate, on_date) for need in needs)
    return rules.Exam(fits, tuple(rules.InDate(one.spoken, one.valid_until) for one in exams))


def _check(code: CredentialCode, papers: Iterable[Credential]) -> rules.Check:
    paper = next((one for one in papers if one.code == code), None)
    return rules.Check(str(code.label), paper is not None, paper.valid_from if paper else None)


def _any(papers: Iterable[Credential], code: str) -> bool:
    return any(one.code == code for one in papers)
