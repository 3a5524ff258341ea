"""What may become of a binding, and the authorisation letter as a page shows it. Pure."""

import re
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _

from homeservice.kernel.errors import DomainError

WORKER, ENTERPRISE, OFFICE = "worker", "enterprise", "office"
PROPOSED, IN_FORCE, ENDING = "proposed", "in_force", "ending"
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_MARKS = (("## ", "heading"), ("# ", "title"), ("- ", "list"))


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the letter: `kind` is title, heading, paragraph or list. A line is `(text, is_strong)` runs."""

    kind: str
    lines: tuple[tuple[tuple[str, bool], ...], ...]


def fingerprint(text_zh: str) -> str:
    """The SHA-256 (hex) of the text that people sign."""
    return sha256(text_zh.encode()).hexdigest()


def blocks_of(text: str) -> list[Block]:
    """The letter's titles, headings, paragraphs and lists, in order. The text is ours: no HTML is in it."""
    blocks: list[Block] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        kind, content = next(
            ((kind, line.removeprefix(mark)) for mark, kind in _MARKS if line.startswith(mark)), _plain(line)
        )
        if kind == "list" and blocks and blocks[-1].kind == "list":
            blocks[-1] = Block("list", (*blocks[-1].lines, _runs(content)))
        else:
            blocks.append(Block(kind, (_runs(content),)))
    return blocks


def other_side(side: str) -> str:
    """Whose answer a proposal waits for."""
    return ENTERPRISE if side == WORKER else WORKER


def why_not_answer(state: str, proposed_by: str, side: str) -> DomainError | None:
    """Why the side can't say yes or no to the proposal of a binding, or None."""
    if state != PROPOSED:
        return DomainError("binding_answered", _("This invitation is not open any more."))
    if proposed_by == side:
        return DomainError("binding_own_proposal", _("The other side answers to what you proposed yourself."))
    return None


def why_not_take_back(state: str, proposed_by: str, side: str) -> DomainError | None:
    """Why the side can't take the proposal of a binding back, or None."""
    if state != PROPOSED:
        return DomainError("binding_answered", _("This invitation is not open any more."))
    if proposed_by != side:
        return DomainError("binding_not_yours", _("Only the side that proposed it can take it back."))
    return None


def why_not_propose_end(state: str) -> DomainError | None:
    """Why the end of the binding can't be proposed, or None."""
    if state == ENDING:
        return DomainError("binding_ending", _("The end has been proposed already: the other side is asked."))
    if state != IN_FORCE:
        return DomainError("binding_not_in_force", _("This binding is not in force."))
    return None


def why_not_confirm_end(state: str, ending_proposed_by: str, side: str) -> DomainError | None:
    """Why the side can't confirm the end, or None: unbinding needs both sides (domain §2.2)."""
    if state != ENDING:
        return DomainError("binding_not_ending", _("Nobody has proposed to end this binding, or it has ended already."))
    if ending_proposed_by == side:
        return DomainError("binding_own_proposal", _("The other side answers to what you proposed yourself."))
    return None


def why_not_keep(state: str) -> DomainError | None:
    """Why the proposed end can't be dropped, or None. Either side may: one takes it back, the other says no."""
    if state != ENDING:
        return DomainError("binding_not_ending", _("Nobody has proposed to end this binding, or it has ended already."))
    return None


def same_name(one: str, other: str) -> bool:
    """Whether two typed names are the same, whatever blanks and middle dots stand in them."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return re.sub(r"[\s·•‧・.]", "", name).casefold()


def _plain(line: str) -> tuple[str, str]:
    return "paragraph", line


def _runs(line: str) -> tuple[tuple[str, bool], ...]:
    """Split at `**strong**`: every second piece is strong."""
    pieces = _STRONG.split(line)
    return tuple((piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece)
