"""Loading the catalogue of kinds and items."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from homeservice.foundation.icons import icon_names
from homeservice.kernel.errors import DomainError
from providers.catalogue.models import ServiceItem, ServiceKind
from providers.catalogue.rules import changed_fields, faults_of


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a load found in its file, and how many of them were new or changed."""

    rows: int
    new: int
    changed: int


@transaction.atomic
def load_catalogue(*, document: Mapping[str, Any]) -> Loaded:
    """Every kind and item of the document is in the tables as it says, or nothing has changed.

    Rows that already say the same are not touched, so that history holds real changes only.
    Raises `bad_catalogue`, whose `faults` fact names each row that is wrong.
    """
    faults = faults_of(document, icon_names())
    if faults:
        raise DomainError("bad_catalogue", "\n".join(faults), faults=faults)
    kinds = put_rows(ServiceKind, {row["code"]: dict(row) for row in document["kinds"]})
    items = [{**row, "kind_id": row["kind"]} for row in document["items"]]
    for row in items:
        del row["kind"]
    found = put_rows(ServiceItem, {row["code"]: row for row in items})
    return Loaded(kinds.rows + found.rows, kinds.new + found.new, kinds.changed + found.changed)


def put_rows(model: type[models.Model], wanted: Mapping[Any, Mapping[str, Any]]) -> Loaded:
    """Create what is missing and save what differs, by primary key. The caller holds the transaction."""
    before = model._default_manager.in_bulk(list(wanted))
    new = changed = 0
    for key, values in wanted.items():
        row = before.get(key) or model(pk=key)
        if row._state.adding or changed_fields(row, values):
            new, changed = new + row._state.adding, changed + (not row._state.adding)
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    return Loaded(len(wanted), new, changed)
