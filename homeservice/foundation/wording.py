"""How times, spans and distances read in the language of the page. Wall clock is Guangdong's."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext, gettext_noop, ngettext, pgettext

from homeservice.kernel import clock

# Sentences of Django's forms that we phrase in our own words: naming them here is what translates them.
FORM_WORDS = (gettext_noop("This field is required."), gettext_noop("Enter a whole number."))


def weekday_word(day: date) -> str:
    """`Sun`, `周日`."""
    names = (
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    )
    return names[day.weekday()]


def month_word(day: date) -> str:
    """`Nov`, `11月`."""
    names = (
        pgettext("month", "Jan"),
        pgettext("month", "Feb"),
        pgettext("month", "Mar"),
        pgettext("month", "Apr"),
        pgettext("month", "May"),
        pgettext("month", "Jun"),
        pgettext("month", "Jul"),
        pgettext("month", "Aug"),
        pgettext("month", "Sep"),
        pgettext("month", "Oct"),
        pgettext("month", "Nov"),
        pgettext("month", "Dec"),
    )
    return names[day.month - 1]


def day_words(at: date | datetime) -> str:
    """`Sun 22 Nov`, `11月22日(周日)`; with the year when it isn't this one."""
    day = clock.local_day(at) if isinstance(at, datetime) else at
    words = {"year": day.year, "month": month_word(day), "day": day.day, "weekday": weekday_word(day)}
    if day.year != clock.today().year:
        return gettext("%(weekday)s %(day)s %(month)s %(year)s") % words
    return gettext("%(weekday)s %(day)s %(month)s") % words


def near_day_words(at: date | datetime) -> str:
    """`Today`, `Tomorrow` or the weekday: the upper line of a day strip."""
    day = clock.local_day(at) if isinstance(at, datetime) else at
    words = {0: gettext("Today"), 1: gettext("Tomorrow")}
    return words.get((day - clock.today()).days) or weekday_word(day)


def short_day_words(at: date | datetime) -> str:
    """`22 Nov`, `11月22日`."""
    day = clock.local_day(at) if isinstance(at, datetime) else at
    words = {"month": month_word(day), "day": day.day}
    return gettext("%(day)s %(month)s") % words


def clock_words(at: datetime) -> str:
    """`14:00` on Shanghai's clock."""
    return clock.local(at).strftime("%H:%M")


def when_words(starts_at: datetime, ends_at: datetime | None = None) -> str:
    """`Sun 22 Nov, 14:00–16:00`, `11月22日(周日)14:00–16:00`."""
    start = _moment(starts_at)
    if ends_at is None:
        return start
    same_day = clock.local_day(starts_at) == clock.local_day(ends_at)
    return f"{start}–{clock_words(ends_at)}" if same_day else f"{start} – {_moment(ends_at)}"


def ago_words(at: datetime) -> str:
    """`just now`, `5 minutes ago`, `3 hours ago`, `yesterday 14:00`, else the day and time."""
    passed = clock.now() - at
    minutes = int(passed / timedelta(minutes=1))
    if passed < timedelta(0):
        return when_words(at)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    if clock.local_day(at) == clock.today():
        hours = minutes // 60
        return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}
    if clock.local_day(at) == clock.today() - timedelta(days=1):
        return gettext("yesterday %(time)s") % {"time": clock_words(at)}
    return when_words(at)


def minutes_words(minutes: int) -> str:
    """`2 h 30 min`, `2 小时 30 分钟`."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(gettext("%(count)s h") % {"count": hours})
    if rest or not hours:
        parts.append(gettext("%(count)s min") % {"count": rest})
    return " ".join(parts)


def distance_words(metres: float) -> str:
    """`800 m` rounded to 10 m and never less than that, `1.2 km` from a kilometre on."""
    rounded = max(round(metres / 10) * 10, 10)
    if rounded < 1000:
        return gettext("%(count)s m") % {"count": rounded}
    tenths = round(metres / 100)
    whole, tenth = divmod(tenths, 10)
    return gettext("%(count)s km") % {"count": f"{whole}.{tenth}" if tenth and whole < 100 else str(whole)}


def _moment(at: datetime) -> str:
    return gettext("%(day)s, %(time)s") % {"day": day_words(at), "time": clock_words(at)}
