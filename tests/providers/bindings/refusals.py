"""What an action refuses."""

from typing import Any

import pytest

from homeservice.kernel.errors import DomainError


def refusal_of(action: Any, **arguments: Any) -> str:
    with pytest.raises(DomainError) as refused:
        action(**arguments)
    return refused.value.code
