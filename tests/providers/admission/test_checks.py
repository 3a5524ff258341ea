"""What the machine finds: each finding by itself, and none on a clean case."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from providers.admission.checks import (
    Check,
    EnterpriseSeen,
    Found,
    PaperSeen,
    WorkerSeen,
    findings_of_enterprise,
    findings_of_worker,
    grouped,
)
from tests import world

TODAY = world.MONDAY
EXAM = PaperSeen(
    pk=1, code="HX", level=3, number="TJ-2026-1", valid_until=date(2027, 10, 1), scan_bytes=200_000, must_end=True
)
LICENCE = replace(EXAM, pk=2, code="O-BL", level=None, number="91350100M000100Y43", must_end=False)
WORKER = WorkerSeen("李阿姨", "李阿姨", "11010519491231002X", date(1949, 12, 31), "female", True, True, 3, (EXAM,))
FIRM = EnterpriseSeen("91350100M000100Y43", "陈经理", "陈经理", papers=(LICENCE,))


def test_a_clean_case_has_no_findings():
    assert findings_of_worker(WORKER, TODAY, joining=True) == []
    assert findings_of_enterprise(FIRM, TODAY, joining=True) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"identity_name": None}, Check.NOT_IDENTIFIED),
        ({"identity_name": "李四"}, Check.NAME),
        ({"identity_number": "440199198506010026"}, Check.OTHER_IDENTITY),
        ({"id_number": "110105194912310021"}, Check.ID_NUMBER),
        ({"birth_date": date(1950, 1, 1)}, Check.BIRTH_DATE),
        ({"sex": "male"}, Check.SEX),
        ({"id_number": "", "birth_date": TODAY - timedelta(days=17 * 365)}, Check.UNDER_AGE),
        ({"authorised": False}, Check.NOT_AUTHORISED),
        ({"bound": False}, Check.NOT_BOUND),
    ],
)
def test_what_is_wrong_with_the_worker_is_asked_when_joining_only(changed, code):
    seen = replace(WORKER, **changed)
    assert findings_of_worker(seen, TODAY, joining=True) == [Found(code)]
    assert findings_of_worker(seen, TODAY, joining=False) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"scan_bytes": None}, Check.SCAN_MISSING),
        ({"scan_bytes": None, "scan_needed": False}, Check.NO_SCAN),
        ({"scan_bytes": 19_999}, Check.SCAN_SMALL),
        ({"scan_reused": True}, Check.SCAN_REUSED),
        ({"scan_old": True}, Check.SCAN_OLD),
        ({"code": "ID", "must_end": False}, Check.OTHER_ID_NUMBER),
        ({"number_pattern": r"\d{6}"}, Check.NUMBER_SHAPE),
        ({"twin": True}, Check.TWIN),
        ({"renews_revoked": True}, Check.RENEWS_REVOKED),
        ({"valid_until": TODAY - timedelta(days=1)}, Check.LAPSED),
        ({"valid_until": TODAY}, Check.ENDS_SOON),
        ({"valid_until": None}, Check.END_MISSING),
        ({"level": 2}, Check.EXAM_CLASS),
    ],
)
def test_what_is_wrong_with_a_paper_names_it(changed, code):
    seen = replace(WORKER, papers=(replace(EXAM, **changed),))
    for joining in (True, False):
        assert findings_of_worker(seen, TODAY, joining=joining) == [Found(code, 1)]


def test_papers_handed_in_later_are_there():
    assert findings_of_worker(replace(WORKER, papers=()), TODAY, joining=False) == [Found(Check.NO_PAPERS)]
    assert findings_of_worker(replace(WORKER, papers=()), TODAY, joining=True) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"social_credit_code": "91350100M000100Y44"}, [Found(Check.CREDIT_CODE), Found(Check.LICENCE_NUMBER, 2)]),
        ({"identity_name": "王五"}, [Found(Check.REPRESENTATIVE)]),
        ({"identity_name": None}, [Found(Check.REPRESENTATIVE)]),
        ({"papers": ()}, [Found(Check.LICENCE_MISSING)]),
        ({"papers": (), "licence_verified": True}, []),
        ({"papers": (replace(LICENCE, number=" 91350100m000100y43 "),)}, []),
        ({"papers": (replace(LICENCE, number="91350100M000100Y44"),)}, [Found(Check.LICENCE_NUMBER, 2)]),
    ],
)
def test_what_is_wrong_with_an_enterprise(changed, found):
    assert findings_of_enterprise(replace(FIRM, **changed), TODAY, joining=True) == found


def test_findings_are_read_by_paper():
    kept = [{"code": "twin", "paper": 1}, {"code": "lapsed", "paper": 1}, {"code": "name", "paper": None}]
    assert grouped(kept) == {
        1: [str(Check.TWIN.label), str(Check.LAPSED.label)], None: [str(Check.NAME.label)]
    }  # fmt: skip
