"""How a state looks: one tone and one icon for each code, for every page that shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """A tone (`info`, `ok`, `warn`, `bad`, `off`, `brand`) and a bootstrap icon."""

    tone: str
    icon: str


PLAIN = Look("off", "dot")

LOOKS = {
    # bookings
    "held": Look("off", "hourglass-split"),
    "placed": Look("info", "send"),
    "offered": Look("info", "broadcast"),
    "accepted": Look("info", "shop"),
    "assigned": Look("brand", "person-check"),
    "confirmed": Look("brand", "calendar-check"),
    "in_service": Look("brand", "play-circle-fill"),
    "finished": Look("ok", "check-circle"),
    "settled": Look("ok", "check-circle-fill"),
    "cancelled": Look("off", "x-circle"),
    "unfilled": Look("warn", "exclamation-triangle"),
    "no_show": Look("bad", "person-x"),
    # assignments and offers
    "tentative": Look("off", "hourglass-split"),
    "done": Look("ok", "check-circle"),
    "released": Look("off", "arrow-counterclockwise"),
    "declined": Look("warn", "x-circle"),
    "expired": Look("off", "clock-history"),
    # papers, people, menus
    "pending": Look("warn", "hourglass-split"),
    "verified": Look("ok", "patch-check"),
    "submitted": Look("warn", "hourglass-split"),
    "admitted": Look("ok", "person-check"),
    "awaiting_authorisation": Look("off", "hourglass"),
    "checking": Look("info", "search"),
    "returned": Look("warn", "arrow-return-left"),
    "blacklisted": Look("bad", "slash-circle"),
    "exited": Look("off", "box-arrow-right"),
    "refused": Look("bad", "x-octagon"),
    "revoked": Look("bad", "slash-circle"),
    "suspended": Look("bad", "pause-circle"),
    "active": Look("ok", "check-circle"),
    "inactive": Look("off", "pause-circle"),
    "proposed": Look("warn", "hourglass-split"),
    "in_force": Look("ok", "link-45deg"),
    "ending": Look("warn", "box-arrow-right"),
    "ended": Look("off", "box-arrow-right"),
    "left": Look("off", "box-arrow-right"),
    "draft": Look("off", "pencil"),
    "published": Look("ok", "eye"),
    "paused": Look("warn", "pause-circle"),
    "withdrawn": Look("off", "eye-slash"),
    # trainings: sessions, seats and requests
    "session_draft": Look("off", "pencil"),
    "session_open": Look("ok", "eye"),
    "session_held": Look("off", "lock"),
    "session_cancelled": Look("bad", "x-circle"),
    "training_enrolled": Look("info", "person-check"),
    "training_waiting": Look("warn", "hourglass-split"),
    "training_cancelled": Look("off", "x-circle"),
    "training_attended": Look("brand", "check2-square"),
    "training_absent": Look("off", "person-x"),
    "training_passed": Look("ok", "award"),
    "training_failed": Look("warn", "arrow-counterclockwise"),
    "request_open": Look("warn", "megaphone"),
    "request_taken": Look("info", "calendar-check"),
    "request_held": Look("ok", "check-circle"),
    "request_withdrawn": Look("off", "x-circle"),
    # jobs near home
    "job_open": Look("ok", "eye"),
    "job_filled": Look("brand", "people-fill"),
    "job_closed": Look("off", "lock"),
    "job_applied": Look("info", "send"),
    "job_interview": Look("brand", "chat-dots"),
    "job_placed": Look("ok", "person-check"),
    "job_refused": Look("off", "x-circle"),
    "job_withdrawn": Look("off", "eye-slash"),
    # service codes, and what a scan of one showed
    "green": Look("ok", "patch-check-fill"),
    "yellow": Look("warn", "exclamation-triangle-fill"),
    "red": Look("bad", "x-octagon-fill"),
    "grey": Look("off", "dash-circle-fill"),
    "public": Look("off", "eye"),
    "consumer": Look("brand", "door-open"),
    # imports
    "import_checking": Look("info", "hourglass-split"),
    "import_faulty": Look("bad", "exclamation-triangle"),
    "import_ready": Look("warn", "file-earmark-check"),
    "import_importing": Look("info", "hourglass-split"),
    "import_done": Look("ok", "check-circle"),
    "import_dropped": Look("off", "x-circle"),
    # verdicts of the credential gate
    "allow": Look("ok", "check-circle"),
    "warn": Look("warn", "exclamation-triangle"),
    "block": Look("bad", "slash-circle"),
}


def look_of(code: str) -> Look:
    """The look of a state's code; a plain one for a code that has none."""
    return LOOKS.get(str(code), PLAIN)
