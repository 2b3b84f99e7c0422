"""Callers and operators: what each of them will do, decided by chance when he comes."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Mapping

import msgspec

from calls.events import CallArrived
from sim.clock import Plan
from sim.randomness import Sampler, Stream, one_by_one


class Caller(msgspec.Struct, eq=False):
    """One caller: how long he will wait in the line and talk (seconds), and what he does in the flow.

    `patience` None: for ever. `leaves_at`: the part (0-1) of the first guidance after which he hangs up (None: he
    hears it).
    `plan`: his hanging up, once it is known when: in the flow, or when he loses patience. `typed`: the keys that he
    has pressed since he was last told something.
    """

    leg: str
    talk: float
    patience: float | None
    leaves_at: float | None
    plan: Plan | None = None
    typed: int = 0


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

    def hang_up_in_flow(self, share: float, stream: Stream) -> None:
        """This share of all callers hangs up somewhere in the first guidance."""
        self._share, self._hang_up = share, one_by_one(stream.uniforms).__next__

    def dial(self) -> CallArrived:
        """The next caller dials."""
        self._count += 1
        caller = f"090{self._count % 10**8:08d}" if self._shown else ""
        return CallArrived(f"L{self._count}", self._number, caller)

    def enter(self, leg: str) -> Caller:
        """Who it is that has come: every caller costs one draw of each kind, whatever becomes of him."""
        patience = self._patience() if self._patience is not None else None
        leaves_at = self._leaves_at() if self._hang_up is not None else None
        return Caller(leg, self._talk(), patience, leaves_at)

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
        self._draw = one_by_one(stream.uniforms).__next__
        self._draw_digit = one_by_one(digits.uniforms).__next__

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
