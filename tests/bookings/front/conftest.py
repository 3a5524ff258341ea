"""What the tests of home and item share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def english() -> Iterator[None]:
    """Texts come out in their source language."""
    with translation.override("en"):
        yield
