"""Reading imports, and what an enterprise takes away as a table."""

from datetime import datetime

from django.core.cache import cache
from django.db.models import QuerySet

from homeservice.kernel.scope import Scope
from providers.credentials.models import Credential
from providers.exchange.models import ImportFault, ImportRun, ImportRunQuerySet
from providers.workers.models import Worker
from providers.workers.queries import workers_of

WORKING = (ImportRun.State.CHECKING, ImportRun.State.IMPORTING)
PROGRESS_TTL_S = 3600


def imports_of(scope: Scope) -> ImportRunQuerySet:
    """The imports of the enterprise that the person manages, the latest first."""
    mine = ImportRun.objects.visible_to(scope).filter(enterprise__isnull=False, enterprise_id=scope.enterprise_id)
    return mine.select_related("file", "started_by").order_by("-started_at", "-pk")


def faults_of(run: ImportRun) -> QuerySet[ImportFault]:
    """What is wrong, row by row."""
    return ImportFault.objects.filter(run=run).order_by("row", "pk")


def due_run(state: str, *, at: datetime) -> QuerySet[ImportRun]:
    """The run in this state that waits longest for a process."""
    return ImportRun.objects.filter(state=state, due_at__lte=at).order_by("due_at", "pk")


def rows_done(run: ImportRun) -> int:
    """How far a process has come. Taking over is one transaction, so its progress is told beside the database."""
    if run.state not in WORKING:
        return run.rows_done
    return min(int(cache.get(progress_key(run.pk)) or 0), run.rows) if run.rows else 0


def tell_progress(run_id: int, rows: int) -> None:
    """A convenience: losing it loses no row."""
    cache.set(progress_key(run_id), rows, PROGRESS_TTL_S)


def progress_key(run_id: int) -> str:
    return f"import:{run_id}"


def workers_to_export(scope: Scope) -> QuerySet[Worker]:
    """The enterprise's own workers."""
    found: QuerySet[Worker] = workers_of(scope).select_related("user", "home_community")
    return found.order_by("joined_date", "pk")


def credentials_to_export(scope: Scope) -> QuerySet[Credential]:
    """The papers of those who authorise it, as far as the person may see them."""
    mine = Credential.objects.opened_by(scope).filter(worker__in=workers_of(scope).values("pk"))
    found: QuerySet[Credential] = mine.select_related("worker__user")
    return found.order_by("worker__joined_date", "worker_id", "code", "pk")
