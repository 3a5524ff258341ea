"""What an enterprise may not open nor change: a worker without an authorisation in force."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from homeservice.kernel.access import scope_of_request
from providers.bindings.queries import is_authorised
from providers.workers.queries import workers_of


def while_authorised(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of one's worker, once they have signed; before, and after they withdrew, it says that and does nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **named: Any) -> HttpResponse:
        worker = get_object_or_404(workers_of(scope_of_request(request)), pk=pk)
        if not is_authorised(worker.pk):
            return render(request, "providers/worker_file/closed.html", {"worker": worker}, status=403)
        return view(request, pk, **named)

    return guarded
