"""One case: the picture beside what was entered, each paper decided, then the case."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeservice.foundation.navigation import url_or_nothing
from homeservice.foundation.rules import IMAGES
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import refuse
from providers.admission.actions import (
    accept_case,
    claim_case,
    refuse_paper,
    release_case,
    return_case,
    verify_paper,
)
from providers.admission.checks import grouped
from providers.admission.forms import MethodForm, ReasonsForm
from providers.admission.models import ReviewCase
from providers.admission.queries import WAITING, events_of, papers_of_case
from providers.admission.rules import Reason
from providers.admission.views.queue import take_next
from providers.admission.wording import timeline
from providers.credentials.models import Credential


@requires(Role.STAFF)
@require_safe
def review_case(request: HttpRequest, pk: int) -> HttpResponse:
    """The case's papers one after another, with what the machine found of each."""
    return _show(request, _case(request, pk))


@requires(Role.STAFF)
@require_POST
def review_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The case is the reviewer's for 15 minutes."""
    case = _case(request, pk)
    try:
        claim_case(case=case, actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        return _show(request, case, refused=str(error))
    return _back(request, case)


@requires(Role.STAFF)
@require_POST
def review_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else may take the case up."""
    release_case(case=_case(request, pk), actor_id=person_of(request).pk)
    return redirect("review_queue")


@requires(Role.STAFF)
@require_POST
def review_paper(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponse:
    """One paper is verified (`verify`, with how it was checked) or refused (with reasons)."""
    case = _case(request, pk)
    paper = get_object_or_404(Credential, pk=paper_pk, worker_id=case.worker_id, enterprise_id=case.enterprise_id)
    common: dict[str, Any] = {"case": case, "paper": paper, "actor_id": person_of(request).pk, "at": now()}
    form: MethodForm | ReasonsForm = MethodForm(request.POST) if "verify" in request.POST else ReasonsForm(request.POST)
    if form.is_valid():
        try:
            if isinstance(form, MethodForm):
                verify_paper(method=form.cleaned_data["method"], **common)
            else:
                refuse_paper(reason_codes=form.cleaned_data["reasons"], words=form.cleaned_data["reason"], **common)
        except DomainError as error:
            refuse(form, error)
        else:
            return _back(request, case)
    return _show(request, case, paper_forms={paper.pk: form})


@requires(Role.STAFF)
@require_POST
def review_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The case is accepted; the next one opens."""
    case, words = _case(request, pk), request.POST.get("reason", "")
    try:
        accept_case(case=case, words=words, actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        form = ReasonsForm(request.POST)
        form.is_valid()
        refuse(form, error)
        return _show(request, case, case_form=form)
    messages.success(request, _("Accepted: %(who)s") % {"who": _name(case)})
    return take_next(request)


@requires(Role.STAFF)
@require_POST
def review_return(request: HttpRequest, pk: int) -> HttpResponse:
    """The case goes back with reasons; the next one opens."""
    case, form = _case(request, pk), ReasonsForm(request.POST)
    if form.is_valid():
        try:
            return_case(
                case=case, reason_codes=form.cleaned_data["reasons"], words=form.cleaned_data["reason"],
                actor_id=person_of(request).pk, at=now(),
            )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Returned: %(who)s") % {"who": _name(case)})
            return take_next(request)
    return _show(request, case, case_form=form)


def _case(request: HttpRequest, pk: int) -> ReviewCase:
    rows = ReviewCase.objects.visible_to(scope_of_request(request))
    rows = rows.select_related(
        "worker__enterprise", "worker__home_community", "enterprise__division", "claimed_by", "closed_by"
    )
    case: ReviewCase = get_object_or_404(rows, pk=pk)
    return case


def _back(request: HttpRequest, case: ReviewCase) -> HttpResponse:
    """To the case again, with the queue's filters."""
    response = redirect("review_case", case.pk)
    narrowed = request.POST.get("narrowed", "").replace("\x00", "")
    if narrowed and narrowed.isprintable():
        response["Location"] += f"?{narrowed}"
    return response


def _show(
    request: HttpRequest,
    case: ReviewCase,
    *,
    refused: str = "",
    paper_forms: dict[int, Any] | None = None,
    case_form: ReasonsForm | None = None,
) -> HttpResponse:
    """The page, with a refused form as it was filled in."""
    at, holder = now(), case.holder
    found = grouped(case.findings)
    papers = [_paper(paper, (paper_forms or {}).get(paper.pk), found) for paper in papers_of_case(case)]
    context = {
        "case": case,
        "holder": holder,
        "who": _name(case),
        "mine": _is_mine(case, person_of(request).pk, at),
        "held_by_other": case.claimed_until and case.claimed_until > at and case.claimed_by_id != person_of(request).pk,
        "papers": papers,
        "waiting": sum(1 for line in papers if line["waiting"]),
        "about_holder": found.get(None, []),
        "events": timeline(events_of(holder)),
        "case_form": case_form or ReasonsForm(initial={"reason": _refusals_in_words(papers)}),
        "reasons": list(Reason),
        "refused": refused,
        "narrowed": request.POST.get("narrowed", "") or request.GET.urlencode(),
        "at": at,
        "today": today(),
    }
    bad = bool(refused or paper_forms or case_form)
    return render(request, "providers/admission/case.html", context, status=422 if bad else 200)


def _paper(paper: Credential, form: Any, found: dict[int | None, list[str]]) -> dict[str, Any]:
    scan = paper.scan
    method = Credential.Method.SCAN if scan else Credential.Method.REGISTER
    prefix = f"p{paper.pk}"
    return {
        "paper": paper,
        "waiting": paper.state == WAITING,
        "findings": found.get(paper.pk, []),
        "scan_url": url_or_nothing("credential_scan", paper.pk) if scan else "",
        "is_picture": bool(scan and scan.content_type in IMAGES),
        "method_form": form if isinstance(form, MethodForm) else MethodForm(initial={"method": method}, auto_id=f"id_{prefix}_%s"),
        "reasons_form": form if isinstance(form, ReasonsForm) else ReasonsForm(auto_id=f"id_{prefix}_%s"),
        "refused": bool(form and form.errors),
        "no": prefix,
    }  # fmt: skip


def _is_mine(case: ReviewCase, person_id: int, at: datetime) -> bool:
    """Whether the reviewer holds the case: only then are the papers' numbers shown."""
    return bool(
        case.closed_at is None and case.claimed_by_id == person_id and case.claimed_until and case.claimed_until > at
    )


def _refusals_in_words(papers: list[dict[str, Any]]) -> str:
    """What was refused of the papers, to begin the case's own reason with."""
    lines = [line["paper"] for line in papers if line["paper"].state == Credential.State.REFUSED]
    return str(_("; ")).join(f"{paper.get_code_display()}: {paper.reason}" for paper in lines)[:300]


def _name(case: ReviewCase) -> str:
    return case.worker.real_name if case.worker else str(case.enterprise)
