"""A resident looks at who comes, and begins a visit by a scan."""

from providers.service_codes.visitors import scan_reference
from tests.architecture.walk import FAMILY, NOBODY, Case

CASES: dict[str, Case] = {
    "visit_scan": Case(lambda walk: [scan_reference(walk.more["door_scan"].pk)], NOBODY),
    "booking_worker_code": Case(lambda walk: [walk.booking.no, walk.town.worker.pk], FAMILY),
}
