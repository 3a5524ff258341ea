"""Which terms hold on a day."""

from datetime import date

from bookings.contracts.models import Terms


def terms_in_force(*, on_date: date) -> Terms:
    """The newest version whose day has come. Raises `Terms.DoesNotExist` before any was loaded:
    without terms nothing can be ordered, and an operator must see it."""
    terms = Terms.objects.filter(valid_from__lte=on_date).order_by("-valid_from", "-pk").first()
    if terms is None:
        raise Terms.DoesNotExist(f"no terms are in force on {on_date}: run load_terms")
    return terms
