"""What the journal says of one call: what the caller heard and did, and how long the telephones rang for him.

Everything is kept as two times (seconds since 1970 UTC): when it began and when it ended. A replay that has come to the
same beginning ends at the same time, to the last digit; any other one ends as long after its own beginning.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from calls.notes import Direction

SAME_S = 0.001
"""Two beginnings that are no further apart are one."""

Anchor = Literal["said", "asked", "line", "key"]
"""From when on a key is timed: a text began, the flow waited for a key, the caller joined the line, his last key."""


class Span(NamedTuple):
    """From `began` to `ended`; `ended` None: its own end was not seen, somebody else put an end to it."""

    began: float
    ended: float | None

    @property
    def seconds(self) -> float | None:
        """How long; None where its own end was not seen."""
        return None if self.ended is None else self.ended - self.began


def moved(now: float, began: float, ended: float) -> float:
    """When something ends that begins now and took, then, from `began` to `ended`."""
    return max(now, ended if abs(now - began) < SAME_S else now + (ended - began))


class Press(msgspec.Struct, gc=False):
    """One key (or none, `digit` empty) `at` a time, after the anchor of `since`; `text`: which one was being said."""

    anchor: Anchor
    text: str
    since: float
    at: float
    digit: str


class Ring(msgspec.Struct, gc=False):
    """A telephone rang from `began`.

    `answered`: when it was picked up. `ended`: when it fell silent by itself, `cause` why (Q.850). `silenced`: when we
    ended it: nobody had picked up in time, or the caller had gone. `missed`: it was rung in vain for a caller who
    was still there.
    """

    began: float
    seat: str = ""
    answered: float | None = None
    ended: float | None = None
    cause: int = 16
    silenced: float | None = None
    missed: bool = False


class PastCall(msgspec.Struct, eq=False):
    """One call. `texts`: by `guidance/language`, how long each was said, in turn.

    `presses`: his keys in their order. `rings`: of seats, `dials`: of other telephones, `connects`: how long it took to
    bring two legs together, `messages`: that were left. `left_at`: when he hung up outside the line and before any
    conversation. `first_text_cut`: that was in the middle of the first text that he heard.
    """

    call: str
    leg: str
    project: str
    number: str
    caller: str
    arrived_at: float
    direction: Direction = "in"
    texts: dict[str, list[Span]] = {}
    presses: list[Press] = []
    rings: list[Ring] = []
    dials: list[Ring] = []
    connects: list[Span] = []
    messages: list[Span] = []
    left_at: float | None = None
    heard: int = 0
    first_text_cut: bool = False
    closed: bool = False
