"""Finding the community where a worker lives, within a form: with a script while typing, without one by a button."""

from typing import Any

from django.http import HttpRequest

from communities.divisions.queries import community_by_code, find_communities

CHOICES = 8


def is_searching(request: HttpRequest) -> bool:
    """Whether the form was sent to find a community only: nothing is saved, and what was typed stays."""
    return request.method == "POST" and "find" in request.POST


def community_choices(request: HttpRequest, known: str = "") -> dict[str, Any]:
    """What the finder of `_find_community.html` shows: the words, what they found, and the one chosen (or `known`)."""
    query = request.POST.get("q", "")
    chosen = community_by_code(request.POST.get("community", known))
    found = find_communities(query, near=chosen, limit=CHOICES) if query else []
    first = [chosen] if chosen and chosen not in found else []
    return {"query": query, "chosen": chosen.pk if chosen else "", "communities": [*first, *found]}
