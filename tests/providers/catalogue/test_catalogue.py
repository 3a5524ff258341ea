"""The real catalogue and enforcement table: sound, loaded twice without a change, never by half."""

import copy
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from homeservice.foundation.icons import icon_names
from homeservice.kernel.errors import DomainError
from providers.catalogue.actions import Loaded, load_catalogue
from providers.catalogue.models import ServiceItem, ServiceKind
from providers.catalogue.queries import items_in_order, kinds_with_items
from providers.catalogue.rules import faults_of, visit_minutes
from providers.credentials import rules, table
from providers.credentials.loading import load_credential_types, load_requirements
from providers.credentials.models import CredentialType, Requirement
from providers.credentials.queries import needs_of
from providers.management.commands.load_catalogue import CATALOGUE, CREDENTIAL_TYPES, REQUIREMENTS
from tests import world

DOCUMENT = json.loads(CATALOGUE.read_text(encoding="utf-8"))
TABLE = json.loads(REQUIREMENTS.read_text(encoding="utf-8"))
TYPES = json.loads(CREDENTIAL_TYPES.read_text(encoding="utf-8"))
KINDS = {kind["code"] for kind in DOCUMENT["kinds"]}
ITEMS = {item["code"]: item["kind"] for item in DOCUMENT["items"]}

CODES = """CL01 CL02 CL03 CL04 CL05 CL06 CL07 CL08 CL09 LA01 LA02 CK01 CK02 CK03 NA01 NA02 NA03 NA04 MB01 MB02 MB03 MB04
MB05 CH01 CH02 CH03 CH04 CH05 CH06 CH07 EL01 EL02 EL03 EL04 EL05 EL06 EL07 EL08 EL09 EL10 EL11 EL12 EL13 EL14 EL15 EL16
EL17 EL18 PA01 PA02 DI01 DI02 OR01 OR02 RE01 RE02 RE03 RE04 RE05 CO01 CO02 CO03 HE01 MU01 MU02"""


def codes(item_code: str, context: rules.Context = rules.ORDINARY) -> set[str]:
    """The needs of an item that would block in the circumstances."""
    return {need.reason_code for need in rules.blocking_needs(needs_of(ServiceItem.objects.get(pk=item_code)), context)}


@pytest.fixture
def loaded(db):
    load_catalogue(document=DOCUMENT)
    load_credential_types(document=TYPES)
    load_requirements(document=TABLE)


def broken(path: list, value: object) -> dict:
    document = copy.deepcopy(DOCUMENT)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


def test_the_file_holds_the_65_items_in_order():
    assert [item["code"] for item in DOCUMENT["items"]] == CODES.split()
    assert faults_of(DOCUMENT, icon_names()) == []


def test_each_kind_of_the_catalogue_has_its_rows_in_the_enforcement_table():
    types = {row["code"]: CredentialType(**row).rules for row in TYPES["types"]}
    assert table.faults_of(TABLE, KINDS, ITEMS, types) == []


def test_no_english_text_is_chinese_and_no_chinese_text_english():
    for row in [*DOCUMENT["kinds"], *DOCUMENT["items"]]:
        for name, value in row.items():
            for text in value if isinstance(value, list) else [value]:
                if name.endswith("_en"):
                    assert text.isascii() or not any("\u4e00" <= sign <= "\u9fff" for sign in text), text
                if name.endswith("_zh"):
                    assert any("\u4e00" <= sign <= "\u9fff" for sign in text), text


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["items", 0, "kind"], "nowhere", "CL01: no kind nowhere"),
        (["items", 0, "icon"], "no-such-icon", "CL01: no icon no-such-icon"),
        (["items", 0, "duration_min"], 100, "CL01: duration_min is not on the 30-minute grid"),
        (["items", 0, "summary_en"], " ", "CL01: summary_en is empty"),
        (["items", 0, "steps_en"], ["One"], "CL01: steps differ in number between the languages"),
        (["items", 0, "price_high_fen"], 1, "CL01: prices are not a range"),
        (["items", 0, "crew_size"], 4, "CL01: crew_size is not 1 to 3"),
        (["items", 0, "groups"], ["martian"], "CL01: groups: unknown ['martian']"),
        (["items", 0, "max_quantity"], 40, "CL01: the longest visit takes 2400 minutes"),
        (["items", 0, "code"], "CL02", "CL02: twice"),
        (["items", 0, "circumstances"], ["magic"], "CL01: circumstances: unknown ['magic']"),
        (["items", 0, "school_subject"], True, "CL01: tutoring in a school subject can't be booked"),
    ],
)
def test_a_broken_row_is_named(path, value, fault):
    assert fault in faults_of(broken(path, value), icon_names())


def test_a_missing_item_is_noticed():
    document = {**DOCUMENT, "items": DOCUMENT["items"][:-1]}
    assert "items: 64 instead of 65" in faults_of(document, icon_names())


@pytest.mark.django_db
def test_a_broken_file_loads_nothing():
    with pytest.raises(DomainError) as refused:
        load_catalogue(document=broken(["items", 64, "kind"], "nowhere"))
    assert (refused.value.code, refused.value.facts["faults"]) == ("bad_catalogue", ["MU02: no kind nowhere"])
    assert (ServiceKind.objects.count(), ServiceItem.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_broken_enforcement_table_leaves_the_catalogue_unloaded_too(tmp_path):
    bad = {**TABLE, "rows": [*TABLE["rows"], {**TABLE["rows"][0], "need": "magic"}]}
    file = tmp_path / "requirements.json"
    file.write_text(json.dumps(bad), encoding="utf-8")
    with pytest.raises(CommandError, match="unknown need"):
        call_command("load_catalogue", requirements=file)
    assert (ServiceKind.objects.count(), Requirement.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "{", "[]", '{"kinds": []}'])
def test_an_unreadable_file_is_told_without_a_traceback(tmp_path, text):
    file = tmp_path / "catalogue.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=r"[Nn]othing was loaded"):
        call_command("load_catalogue", catalogue=file)


def test_loading_twice_changes_nothing_and_a_changed_row_is_changed_once(loaded):
    again = load_catalogue(document=DOCUMENT)
    assert again == Loaded(rows=65 + len(KINDS), new=0, changed=0)
    assert load_requirements(document=TABLE) == Loaded(rows=len(TABLE["rows"]), new=0, changed=0)
    assert ServiceItem.history.count() == 65
    dearer = broken(["items", 0, "price_high_fen"], 6000)
    assert load_catalogue(document=dearer) == Loaded(rows=65 + len(KINDS), new=0, changed=1)
    assert ServiceItem.objects.get(pk="CL01").price_high_fen == 6000


def test_the_stricter_of_kind_and_item_wins(loaded):
    assert {"skill_elder_care", "skill_elder_carer", "exam_c"} <= codes("EL01")
    assert "exam_d" in codes("CK02")
    assert "exam_d" not in codes("CK01")
    assert "electrician_licence" in codes("RE04")
    assert "electrician_licence" not in codes("RE05")


def test_circumstances_add_their_needs(loaded):
    assert codes("CL04", rules.Context(at_height=True)) - codes("CL04") == {"height_licence"}
    assert codes("EL01", rules.Context(care_level=2)) - codes("EL01") == {"skill_elder_care_4"}
    assert codes("MU01", rules.Context(child_present=True)) - codes("MU01") == {"child_protection_check"}
    assert codes("CL01", rules.Context(groups=frozenset({"infant"}))) - codes("CL01") == {"child_contact_check"}
    assert codes("CL08", rules.Context(acts=frozenset({"chemical"}))) - codes("CL08") == {"chemical_training"}
    assert codes("RE03", rules.Context(acts=frozenset({"refrigerant"}))) - codes("RE03") == {"refrigeration_licence"}


def test_insurance_warns_but_blocks_where_it_is_strong_or_law(loaded):
    effects = dict(Requirement.objects.filter(reason_code="insurance").values_list("kind_id", "effect"))
    assert {kind for kind, effect in effects.items() if effect == "block"} == {"assisted_bathing", "home_nursing"}


def test_every_home_service_kind_wants_a_child_protection_check_of_the_last_year(loaded):
    asked = Requirement.objects.filter(reason_code="child_protection_check", condition="always", item_code="")
    by_law = set(asked.filter(basis="law").values_list("kind_id", flat=True))
    where_a_child_is = Requirement.objects.filter(reason_code="child_contact_check", condition="child", basis="law")
    assert KINDS - {row.kind_id for row in asked} == {"home_nursing", "doctor_round", "canteen", "mutual_help"}
    assert by_law == {
        "maternity_care", "infant_care", "child_minding", "home_nursery", "family_education", "lactation",
    }  # fmt: skip
    assert {row.kind_id for row in where_a_child_is} == {row.kind_id for row in asked} - by_law
    assert {(row.effect, row.max_age_days) for row in [*asked, *where_a_child_is]} == {("block", 365)}


def test_items_ask_for_the_circumstances_that_the_law_asks_more_for(loaded):
    asked = {item.code: item.circumstances for item in ServiceItem.objects.exclude(circumstances=[])}
    assert asked == {
        "CL04": ["height"], "CL08": ["chemical"], "CL09": ["chemical"], "MB04": ["medical_act"],
        "MB05": ["medical_act"], "RE01": ["height", "refrigerant"], "RE03": ["height", "refrigerant", "wiring"],
        "RE05": ["lock_opening"], "HE01": ["medical_act"],
    }  # fmt: skip
    for code, acts in asked.items():  # each question changes what is required
        for act in acts:
            item = ServiceItem.objects.get(pk=code)
            assert act in {need.condition for need in needs_of(item)}, (code, act)


def test_tutoring_in_a_school_subject_is_neither_bookable_nor_listed(loaded):
    assert not ServiceItem.objects.filter(school_subject=True).exists()
    with pytest.raises(IntegrityError, match="item_school_subject_not_bookable"), transaction.atomic():
        ServiceItem.objects.filter(pk="CO03").update(school_subject=True)
    ServiceItem.objects.filter(pk="CO03").update(school_subject=True, bookable=False)
    with pytest.raises(IntegrityError, match="listing_no_school_subject"), transaction.atomic():
        world.listing(world.enterprise(), ServiceItem.objects.get(pk="CO03"))


def test_only_kinds_with_something_to_book_are_listed_in_the_catalogues_order(loaded):
    kinds = list(kinds_with_items())
    assert [kind.code for kind in kinds][:3] == ["cleaning", "home_cooking", "canteen"]
    assert not {"mutual_help", "live_in_helper", "maternity_care", "ltc_visit"} & {kind.code for kind in kinds}
    assert kinds[0].item_count == 10
    assert items_in_order()[0].code == "CL01"


def test_what_needs_no_worker_has_seats_at_a_point(loaded):
    seats = ServiceItem.objects.filter(needs_worker=False, bookable=True)
    assert set(seats.values_list("code", "place")) == {("EL07", "point"), ("EL09", "point"), ("CH07", "point")}


def test_texts_follow_the_readers_language(loaded):
    item = ServiceItem.objects.get(pk="CL01")
    with translation.override("en"):
        assert (item.name, item.includes[0]) == ("Everyday cleaning", "Floors swept, vacuumed and mopped")
    with translation.override("zh-hans"):
        assert (item.name, item.excludes[0]) == ("日常保洁", "不含擦外窗和高处作业")


@pytest.mark.parametrize(("quantity", "minutes"), [(60, 300), (61, 330), (75, 330), (76, 360), (140, 480)])
def test_a_visit_is_rounded_up_to_the_half_hour(quantity, minutes):
    assert visit_minutes(quantity, least=60, duration_min=300, per_unit_min=2) == minutes
