"""Certificates: anybody verifies one by its code; its owner prints it; who issued it may revoke it."""

from pathlib import Path

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from homeservice.foundation.documents import pdf
from homeservice.kernel.access import person_of, public, scope_of_request, signed_in
from homeservice.kernel.clock import local_day, now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.web import client_ip, refuse
from providers.training.actions import revoke_certificate
from providers.training.forms import ReasonForm
from providers.training.models import Certificate
from providers.training.queries import certificates_to_revoke, certificates_to_show, verdict_on
from providers.training.rules import certificate_end

TEMPLATE = Path(__file__).parent.parent / "data" / "certificate.typ"
TRIES, WINDOW_S = 30, 60
TYPED_MAX = 60


@public
@require_safe
def certificate_verify(request: HttpRequest) -> HttpResponse:
    """Is this certificate genuine? By `?code=`; no account needed, and not too fast."""
    typed = request.GET.get("code", "").replace("\x00", "")[:TYPED_MAX]
    if typed and _too_fast(request):
        context = {"typed": typed, "too_fast": True}
        return render(request, "providers/training/verify.html", context, status=429)
    verdict = verdict_on(typed, today()) if typed else None
    return render(request, "providers/training/verify.html", {"typed": typed, "verdict": verdict})


@signed_in
@require_safe
def certificate_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate to print: for its owner, and for the institution that issued it."""
    certificate = get_object_or_404(certificates_to_show(scope_of_request(request)), pk=pk, revoked_at__isnull=True)
    answer = HttpResponse(_printed(request, certificate), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="certificate-{certificate.code[:4]}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a certificate, with the reason that its owner reads."""
    certificate = get_object_or_404(certificates_to_revoke(scope_of_request(request)), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason, actor_id = form.cleaned_data["reason"], person_of(request).pk
        try:
            revoke_certificate(certificate=certificate, reason=reason, actor_id=actor_id, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The certificate is revoked, and its owner is told."))
            return redirect("certificate_revoke", certificate.pk)
    context = {"certificate": certificate, "form": form}
    return render(request, "providers/training/revoke.html", context, status=422 if form.is_bound else 200)


def _too_fast(request: HttpRequest) -> bool:
    """Whether this address asks more often than a person with papers in hand would."""
    key = f"certificate-verify:{client_ip(request)}"
    if cache.add(key, 1, timeout=WINDOW_S):
        return False
    try:
        return bool(cache.incr(key) > TRIES)
    except ValueError:  # it ran out between the two questions
        return False


def _printed(request: HttpRequest, certificate: Certificate) -> bytes:
    course = certificate.enrolment.session.course
    until = certificate_end(certificate.issued_at, course.certificate_months)
    values = {
        "title": _("Certificate of training"),
        "name": certificate.holder_name,
        "sentence": _("has attended and passed the course"),
        "course": course.name,
        "level": certificate.spoken,
        "hours": _("%(hours)s hours") % {"hours": course.hours},
        "issuer_label": _("Issued by"),
        "issuer": course.provider.name,
        "issued_label": _("On"),
        "issued": local_day(certificate.issued_at).isoformat(),
        "until_label": _("Valid until"),
        "until": until.isoformat() if until else _("no end"),
        "code_label": _("Verification code"),
        "code": certificate.spoken_code,
        "verify": _("Anybody can verify it at %(address)s") % {"address": f"{request.get_host()}/certificates/verify/"},
    }
    return pdf(TEMPLATE, values, at=certificate.issued_at)
