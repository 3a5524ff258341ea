"""Workers' papers: most in date, some about to end, ended, waiting for the check, sent back or missing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from homeservice.demo.scans import scan_of
from homeservice.kernel.clock import at_local
from homeservice.kernel.vocabulary import Admission, CredentialCode
from providers.credentials.models import Credential, Requirement, number_index
from providers.workers.models import Worker, WorkerKind

LASTING = frozenset({CredentialCode.ID, CredentialCode.PRE_JOB_TRAINING, CredentialCode.FIRST_AID})
GAPS = (-10, 3, 12, 25)  # days until a paper ends, of those workers who have such a gap
ISSUERS = {
    "ID": "广州市公安局", "BG1": "广州市公安局", "BG2": "广州市公安局", "HX": "广州市第十二人民医院",
    "HX-F": "天河区疾病预防控制中心", "INS": "中国人民财产保险股份有限公司广州分公司",
}  # fmt: skip
SENT_BACK = "照片模糊，看不清印章，请在光线好的地方重新拍照"


def papers(random: Random, made: Sequence[Worker], today: date) -> None:
    """What the enforcement table asks of each worker's kinds, by its first alternative, in a realistic mix of states."""
    needed, kinds = _needed(), _kinds_of(made)
    rows: list[Credential] = []
    for n, worker in enumerate(made):
        if worker.state == Admission.AWAITING_AUTHORISATION:
            continue  # nothing is entered before the letter is signed
        mine = _wanted(needed, kinds[worker.pk])
        rows += [_paper(random, worker, code, level, today) for code, level in mine.items()]
        _spoil(random, n, worker, rows[len(rows) - len(mine) :], rows, today)
    Credential.objects.bulk_create([row for row in rows if row.state], batch_size=2000)


def _needed() -> dict[str, dict[str, int | None]]:
    """By kind the papers that would do, each at the strictest level asked."""
    needed: dict[str, dict[str, int | None]] = defaultdict(dict)
    for row in Requirement.objects.filter(holder="worker").order_by("pk"):
        first = row.any_of[0]
        level = needed[row.kind_id].get(first["code"])
        needed[row.kind_id][first["code"]] = _stricter(first["code"], level, first["level"])
    return needed


def _kinds_of(made: Sequence[Worker]) -> dict[int, list[str]]:
    kinds: dict[int, list[str]] = defaultdict(list)
    for worker_id, kind in (
        WorkerKind.objects.filter(worker__in=made).order_by("pk").values_list("worker_id", "kind_id")
    ):
        kinds[worker_id].append(kind)
    return kinds


def _wanted(needed: Mapping[str, Mapping[str, int | None]], kinds: Sequence[str]) -> dict[str, int | None]:
    mine: dict[str, int | None] = {}
    for kind in kinds:
        for code, level in needed[kind].items():
            mine[code] = _stricter(code, mine.get(code), level)
    return mine


def _stricter(code: str, one: int | None, other: int | None) -> int | None:
    """The level that satisfies both: for exams the larger class, for skills the smaller number."""
    known = [level for level in (one, other) if level is not None]
    if not known:
        return None
    return max(known) if code == CredentialCode.EXAM else min(known)


def _paper(random: Random, worker: Worker, code: str, level: int | None, today: date) -> Credential:
    number = worker.id_number if code == CredentialCode.ID else f"{code}{today.year}{worker.pk:06d}"
    waiting = worker.state in (Admission.SUBMITTED, Admission.CHECKING)
    lasting = code in LASTING or code.startswith("SK-")
    row = Credential(
        worker=worker, code=code, level=level, issuer=ISSUERS.get(code, "广州市人力资源和社会保障局"), number=number,
        number_index=number_index(number), state="submitted" if waiting else "verified",
        valid_from=today - timedelta(days=random.randint(75, 100)),
        valid_until=None if lasting else today + timedelta(days=random.randint(60, 260)),
        submitted_at=_since(today, random.randint(1, 5) if waiting else 72), submitted_by_id=worker.user_id,
        decided_at=None if waiting else _since(today, 70), method="" if waiting else "scan",
    )  # fmt: skip
    if waiting:
        row.scan = scan_of(row, worker, at=_since(today, 5))
    return row


def _spoil(
    random: Random, n: int, worker: Worker, mine: Sequence[Credential], rows: list[Credential], today: date
) -> None:
    """One worker in three has something to do: a paper ends or has ended, waits, was sent back or is missing."""
    ending = [row for row in mine if row.valid_until and row.state == "verified"]
    if not ending:
        return
    row = random.choice(ending)
    match n % 15:
        case 5 | 12:
            row.valid_until = today + timedelta(days=random.choice(GAPS))
        case 7:
            row.valid_until = today + timedelta(days=random.randint(8, 20))
            rows.append(_renewal(row, worker, today))
        case 9:
            row.state, row.reason, row.method = "refused", SENT_BACK, ""
        case 10:
            row.state = ""  # never handed in
        case 14:
            row.state, row.decided_at, row.method = "submitted", None, ""
            row.submitted_at = _since(today, 1)
            row.scan = scan_of(row, worker, at=_since(today, 1))


def _renewal(old: Credential, worker: Worker, today: date) -> Credential:
    """The next exam or policy: a paper of its own, with a number of its own."""
    number = f"{old.number}N"
    row = Credential(
        worker=worker, code=old.code, level=old.level, issuer=old.issuer, number=number,
        number_index=number_index(number), state="submitted", valid_from=today - timedelta(days=1),
        valid_until=today + timedelta(days=363), submitted_at=_since(today, 1), submitted_by_id=worker.user_id,
    )  # fmt: skip
    row.scan = scan_of(row, worker, at=_since(today, 1))
    return row


def _since(today: date, days: int) -> datetime:
    return at_local(today - timedelta(days=days), time(9))
