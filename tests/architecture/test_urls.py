"""Every URL says who may open it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

GUARDED_ELSEWHERE = ("admin/",)  # by the admin site's own permission check
UNMARKED = object()


def test_every_view_carries_an_access_mark() -> None:
    unmarked = [route for route, page in own_pages() if getattr(page.callback, "access", UNMARKED) is UNMARKED]

    assert unmarked == []


def test_every_page_has_a_name_of_its_own() -> None:
    names = [page.name for _, page in own_pages()]

    assert None not in names
    assert sorted({str(name) for name in names if names.count(name) > 1}) == []


def own_pages() -> Iterator[tuple[str, URLPattern]]:
    for route, page in patterns(get_resolver()):
        if not route.startswith(GUARDED_ELSEWHERE):
            yield route, page


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry
