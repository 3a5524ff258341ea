"""The reviewing desk's queue: hundreds of cases, narrowed, taken up one by one or accepted together."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import page_or_fragment, paginated
from providers.admission.actions import accept_cases, claim_next
from providers.admission.actions.bulk import why_not_bulk
from providers.admission.forms import QueueForm
from providers.admission.models import ReviewCase
from providers.admission.queries import counts, queue
from providers.admission.rules import BULK_MOST

QUEUE_SIZE = 50


@requires(Role.STAFF)
@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """The open cases of the reviewer's divisions, the one that is due first on top."""
    scope, form, at = scope_of_request(request), QueueForm(request.GET), now()
    wanted = form.wanted()
    found = counts(scope, at=at)
    context = {
        "form": form,
        "page": paginated(request, queue(scope, wanted, at=at), QUEUE_SIZE),
        "tabs": _tabs(request, found),
        "found": found,
        "at": at,
        "columns": _columns(),
        "narrowed": any((wanted.q, wanted.kind, wanted.checks, wanted.org, wanted.overdue, wanted.mine)),
        "bulk_most": BULK_MOST,
    }
    return page_or_fragment(request, "providers/admission/queue.html", "providers/admission/_queue.html", context)


@requires(Role.STAFF)
@require_POST
def review_next(request: HttpRequest) -> HttpResponse:
    """Takes up the first case, of those narrowed to, that nobody holds."""
    return take_next(request)


@requires(Role.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def review_bulk(request: HttpRequest) -> HttpResponse:
    """Says how many cases would be accepted and which not, and accepts them once that is confirmed."""
    scope, at = scope_of_request(request), now()
    given = request.POST if request.method == "POST" else request.GET
    wanted = _chosen(given)
    cases = ReviewCase.objects.visible_to(scope).filter(pk__in=wanted)
    cases = cases.select_related("worker__enterprise", "enterprise").order_by("pk")
    context: dict[str, Any] = {"asked": wanted}
    if request.method == "POST":
        try:
            outcomes = accept_cases(
                case_ids=list(cases.values_list("pk", flat=True)), actor_id=person_of(request).pk, at=at
            )
        except DomainError as error:
            context |= {"refused": str(error), **_sorted_out(cases, scope.user_id or 0, at)}
            return render(request, "providers/admission/bulk.html", context, status=422)
        accepted = [one for one in outcomes if one.refusal is None]
        _say(request, len(accepted))
        context |= {"outcomes": outcomes, "accepted": len(accepted)}
        return render(request, "providers/admission/bulk_done.html", context)
    if len(wanted) > BULK_MOST:
        context["refused"] = _("At most %(count)s cases at a time.") % {"count": BULK_MOST}
    context |= _sorted_out(cases, scope.user_id or 0, at)
    return render(request, "providers/admission/bulk.html", context, status=422 if "refused" in context else 200)


def take_next(request: HttpRequest) -> HttpResponse:
    """To the next case that is the reviewer's now, or back to the queue when none is left."""
    scope, at = scope_of_request(request), now()
    narrowed = QueryDict(request.POST.get("narrowed", "").replace("\x00", ""))
    wanted = QueueForm(narrowed).wanted()
    case = claim_next(cases=queue(scope, wanted, at=at), actor_id=person_of(request).pk, at=at)
    query = f"?{narrowed.urlencode()}" if narrowed else ""
    if case is None:
        messages.info(request, _("No case is left that nobody holds."))
        return redirect("review_queue")
    response = redirect("review_case", case.pk)
    response["Location"] += query
    return response


def _sorted_out(cases: Any, user_id: int, at: Any) -> dict[str, Any]:
    """Which of the cases can be accepted as they stand, and why not the others."""
    judged = [(case, why_not_bulk(case, case.is_clean, user_id, at)) for case in cases]
    return {
        "ready": [case for case, refusal in judged if refusal is None],
        "left_out": [(case, refusal) for case, refusal in judged if refusal],
    }


def _chosen(given: QueryDict) -> list[int]:
    """The keys that were ticked; what is no key is passed over."""
    return sorted(
        {int(text) for text in given.getlist("case") if text.isascii() and text.isdecimal() and len(text) < 19}
    )


def _say(request: HttpRequest, count: int) -> None:
    words = ngettext("%(count)s case is accepted.", "%(count)s cases are accepted.", count) % {"count": count}
    (messages.success if count else messages.warning)(request, words)


def _tabs(request: HttpRequest, found: dict[str, int]) -> list[dict[str, Any]]:
    """Counts per filter, each a link to that filter alone."""
    chosen = request.GET
    lines: list[tuple[Any, str, str, str]] = [
        (_("All"), "", "", "all"),
        *((kind.label, "kind", kind.value, kind.value) for kind in ReviewCase.Kind),
        (_("No findings"), "checks", "clean", "fine"),
        (_("Something found"), "checks", "flagged", "flagged"),
        (_("Overdue"), "overdue", "on", "overdue"),
        (_("Mine"), "mine", "on", "mine"),
    ]
    given = {key for key in ("kind", "checks", "overdue", "mine", "org", "q") if chosen.get(key)}
    return [
        {
            "label": label,
            "href": f"?{key}={value}" if key else "?",
            "count": found[count],
            "current": given == {key} and chosen.get(key) == value if key else not given,
        }
        for label, key, value, count in lines
    ]


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "chosen", "label": _("Choose")},
        {"key": "who", "label": _("Applicant")},
        {"key": "kind", "label": _("Kind")},
        {"key": "checks", "label": _("Checks")},
        {"key": "due", "label": _("Due by")},
        {"key": "held", "label": _("Held by")},
    ]
