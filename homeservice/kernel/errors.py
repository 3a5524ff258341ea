"""What a person can mend. Everything else crashes and is seen."""

from typing import Any


class DomainError(Exception):
    """A rule refused. `code` is stable and for programs, `message` is for people in their language.

    `field` names the input to mend, where there is one; `facts` may hold what helps to mend it
    (the nearest other times, say). Forms show it beside the field, the API answers problem JSON.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.field = field
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message)
