"""Whoever keeps something of a person says who may see it."""

from django.apps import apps
from django.db.models import Model

from homeservice.kernel.crypto import EncryptedTextField
from homeservice.kernel.scope import ScopedQuerySet

APPS = {"foundation", "communities", "providers", "bookings"}
PERSONAL = {"User", "Household", "CareRecipient", "Worker", "Booking", "Visit"}

# rows that are only ever reached from one that is scoped, by the key named here
PART_OF = {
    "HouseholdMember": "household", "CareRecipient": "household",
    "PointStaff": "point", "EnterpriseManager": "enterprise", "WorkerKind": "worker", "WorkingHours": "worker",
    "Leave": "worker", "Menu": "point", "Assignment": "worker", "BookingEvent": "booking", "Receipt": "booking",
    "Authorisation": "worker", "AdmissionEvent": "worker", "CodeScan": "code", "VisitScan": "booking",
    "ListingVersion": "listing",
}  # fmt: skip
# rows that a person only ever asks for as their own, by `request.user`
ONES_OWN = {"User", "Identity", "Consent", "StaffPost"}


def test_every_model_that_keeps_something_of_a_person_says_who_may_see_it() -> None:
    silent = {
        model.__name__
        for model in own_models()
        if keeps_something_personal(model) and not is_scoped(model) and model.__name__ not in ONES_OWN
    }

    assert silent == PART_OF.keys()


def test_every_part_hangs_on_a_row_that_is_scoped() -> None:
    models = {model.__name__: model for model in own_models()}
    parents = {name: models[name]._meta.get_field(key).related_model for name, key in PART_OF.items()}

    assert [name for name, parent in parents.items() if not is_scoped(parent)] == []


def own_models() -> list[type[Model]]:
    """Our models, without the history that simple-history keeps of them."""
    return [
        model for model in apps.get_models() if model._meta.app_label in APPS and not hasattr(model, "instance_type")
    ]


def keeps_something_personal(model: type[Model]) -> bool:
    fields = model._meta.get_fields()
    points_at = {
        field.related_model.__name__ for field in fields if getattr(field, "many_to_one", False) or is_one_to_one(field)
    }
    return bool(points_at & PERSONAL) or any(isinstance(field, EncryptedTextField) for field in fields)


def is_one_to_one(field: object) -> bool:
    return bool(getattr(field, "one_to_one", False) and getattr(field, "concrete", False))


def is_scoped(model: type[Model]) -> bool:
    rows = type(model._default_manager.all())
    return issubclass(rows, ScopedQuerySet) and rows.visible_to is not ScopedQuerySet.visible_to
