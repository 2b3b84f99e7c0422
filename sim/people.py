"""Callers and operators: what each of them will do, decided by chance when he comes."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Mapping

from mypy_extensions import mypyc_attr

from calls.events import CallArrived
from sim.clock import Plan
from sim.habits.inquiries import Inquiries
from sim.randomness import Draws, Sampler, Stream


@mypyc_attr(acyclic=True)
class Caller:
    """One caller: how long he will wait in the line and talk (seconds), and what he does in the flow.

    `patience` None: for ever. `leaves_at`: the part (0-1) of the first guidance after which he hangs up (None: he
    hears it). `kind`: the class of his inquiry (its number, -1: none). `measure` (0-1): he hangs up at an announcement
    at which more than such a share does. `pace`: the factor of his operator. `tries`: how often he has called before.
    `is_called`: he is called back, and has not called himself.
    `plan`: his hanging up, once it is known when: in the flow, or when he loses patience. `typed`: the keys that he
    has pressed since he was last told something. `where`: what he may be listening to (see `sim.habits.menus`).
    `has_chosen`: he knows already whether he leaves the line by a key.
    """

    __slots__ = (
        "has_chosen", "is_called", "kind", "leaves_at", "leg", "measure", "pace", "patience", "plan", "talk",
        "tries", "typed", "where",
    )  # fmt: skip

    def __init__(self, leg: str, talk: float, patience: float | None, leaves_at: float | None) -> None:
        self.leg = leg
        self.talk = talk
        self.patience = patience
        self.leaves_at = leaves_at
        self.kind = -1
        self.measure = 1.0
        self.pace = 1.0
        self.tries = 0
        self.is_called = False
        self.plan: Plan | None = None
        self.typed = 0
        self.where = 0
        self.has_chosen = False


def _number(count: int) -> str:
    """Of a mobile telephone, another one for each of a hundred million callers."""
    return "090" + str(10**8 + count % 10**8)[1:]


class Callers:
    """Everybody who will call: one after another."""

    def __init__(self, talk: Sampler, patience: Sampler | None, number: str, *, shown: bool = True) -> None:
        self._talk = talk
        self._patience = patience
        self._number = number
        self._shown = shown
        self._count = 0
        self._hang_up: Sampler | None = None
        self._share = 0.0
        self.inquiries: Inquiries | None = None
        self.measure: Sampler | None = None

    def hang_up_in_flow(self, share: float, stream: Stream) -> None:
        """This share of all callers hangs up somewhere in the first guidance."""
        self._share, self._hang_up = share, Draws(stream.uniforms).draw

    def dial(self) -> CallArrived:
        """The next caller dials."""
        self._count += 1
        caller = _number(self._count) if self._shown else ""
        return CallArrived(f"L{self._count}", self._number, caller)

    def dial_again(self, leg: str, tries: int) -> CallArrived:
        """Who dialled on `leg` before dials again: with the same number, on a leg of its own."""
        first = leg.partition(".")[0]
        caller = _number(int(first[1:])) if self._shown else ""
        return CallArrived(f"{first}.{tries}", self._number, caller)

    def enter(self, leg: str) -> Caller:
        """Who it is that has come: every caller costs one draw of each kind, whatever becomes of him."""
        patience = self._patience() if self._patience is not None else None
        leaves_at = self._leaves_at() if self._hang_up is not None else None
        if self.inquiries is None:
            caller = Caller(leg, self._talk(), patience, leaves_at)
        else:
            kind, talk = self.inquiries.draw(self._talk)
            caller = Caller(leg, talk, patience, leaves_at)
            caller.kind = kind
        if self.measure is not None:
            caller.measure = self.measure()
        return caller

    def _leaves_at(self) -> float | None:
        if self._hang_up is None:
            return None
        decision, part = self._hang_up(), self._hang_up()
        return part if decision < self._share else None


class Keys:
    """Which key a caller presses when the menu waits for one; the rest press none. A number is any digits."""

    def __init__(self, shares: Mapping[str, float], stream: Stream, digits: Stream) -> None:
        self._digits = list(shares)
        self._edges = list(itertools.accumulate(shares.values()))
        self._draw = Draws(stream.uniforms).draw
        self._draw_digit = Draws(digits.uniforms).draw

    def digit(self) -> str:
        """One more digit of a number."""
        return str(int(self._draw_digit() * 10))

    def press(self) -> str:
        """A digit, or "" for silence."""
        at = bisect.bisect_right(self._edges, self._draw())
        return self._digits[at] if at < len(self._digits) else ""


class Operators:
    """How long the people at the seats let it ring and write (seconds). `ring` None: they answer at once."""

    def __init__(self, ring: Sampler | None, wrapup: Sampler | None) -> None:
        self.ring = ring
        self.wrapup = wrapup
