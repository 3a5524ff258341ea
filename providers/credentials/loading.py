"""The data files of this feature put into their tables: types of papers, and the enforcement table."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from homeservice.kernel.errors import DomainError
from providers.catalogue.actions import Loaded, put_rows
from providers.catalogue.models import ServiceItem, ServiceKind
from providers.catalogue.rules import changed_fields
from providers.credentials.models import CredentialType, Requirement
from providers.credentials.table import faults_of, rows_of, type_faults

RowKey = tuple[str, str, str, date]


@transaction.atomic
def load_credential_types(*, document: Mapping[str, Any]) -> Loaded:
    """Every type of paper is as the document says, or nothing has changed.

    Raises `bad_credential_types`, whose `faults` fact names each row that is wrong.
    """
    faults = type_faults(document)
    if faults:
        raise DomainError("bad_credential_types", "\n".join(faults), faults=faults)
    return put_rows(CredentialType, {row["code"]: row for row in document["types"]})


@transaction.atomic
def load_requirements(*, document: Mapping[str, Any]) -> Loaded:
    """Every row of the enforcement table is in force as the document says, or nothing has changed.

    Rows that the document doesn't name stay: an office may have added them. Raises `bad_requirements`, whose
    `faults` fact names each row that is wrong.
    """
    kinds = set(ServiceKind.objects.values_list("code", flat=True))
    items = dict(ServiceItem.objects.values_list("code", "kind_id"))
    types = {row.code: row.rules for row in CredentialType.objects.all()}
    faults = faults_of(document, kinds, items, types)
    if faults:
        raise DomainError("bad_requirements", "\n".join(faults), faults=faults)
    wanted = {_key(row): row for row in rows_of(document)}
    before = {(row.kind_id, row.item_code, row.reason_code, row.valid_from): row for row in Requirement.objects.all()}
    done: Counter[str] = Counter()
    for key, values in wanted.items():
        row = before.get(key) or Requirement()
        if row._state.adding or changed_fields(row, values):
            done["new" if row._state.adding else "changed"] += 1
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    return Loaded(len(wanted), done["new"], done["changed"])


def _key(row: Mapping[str, Any]) -> RowKey:
    return row["kind_id"], row["item_code"], row["reason_code"], row["valid_from"]
