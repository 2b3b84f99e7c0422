"""The answer-rate budget: how many calls may still be lost before a promise is broken. Exact integers, no floats.

A promise of 90 % over 1,000 calls allows 100 of them to be lost; the budget is what is left of that.
"""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from typing import Literal, NamedTuple

from calls.promise import Promise, answer_rate
from calls.record import CallRecord

State = Literal["holds", "safe", "behind", "lost"]


class Counts(NamedTuple):
    """Calls that met the promise (`answered`) out of all that count, as `calls.promise` counts them."""

    answered: int
    counted: int

    @property
    def lost(self) -> int:
        """Those that count and were not answered."""
        return self.counted - self.answered

    @property
    def rate(self) -> float | None:
        """The answer rate; None where nobody counts."""
        return self.answered / self.counted if self.counted else None

    def __add__(self, other: object) -> Counts:
        """Both together."""
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(self.answered + other.answered, self.counted + other.counted)


NOBODY = Counts(0, 0)


class Budget(NamedTuple):
    """What may still be lost.

    `may_lose`: the most of the calls still to come that may be lost with the promise kept at the end, all others being
    answered. One more breaks it. Where it is not known how many come (`expected_more` None), those that are lost are
    all that come. Negative: so many of the lost calls are too many.
    `best`: the rate if every expected call is answered (without expectation: the rate now).
    `catch_up`: so many answered calls in a row bring the rate up to the promise: 0 where it holds now, None where
    nothing does (a promise of 100 %).
    `state`: `holds` (now, and more may be lost), `safe` (it holds even if all expected calls are lost), `behind` (not
    now, but it can still be kept), `lost` (it cannot be kept any more, even if every expected call is answered).
    """

    answered: int
    counted: int
    rate: float | None
    promise: float
    expected_more: int | None
    may_lose: int
    best: float | None
    catch_up: int | None
    state: State


def budget(numerator: int, denominator: int, promise: float, expected_more: int | None = None) -> Budget:
    """The budget of a period in which `numerator` out of `denominator` calls met a promise (0-1) so far.

    `expected_more`: so many counted calls are still to come in it; 0 where it is over, None where that is not known.
    Raises ValueError where the numbers cannot be.
    """
    if not 0 <= numerator <= denominator or (expected_more or 0) < 0:
        raise ValueError(f"{numerator} of {denominator} calls, {expected_more} more: that cannot be")
    value, so_far, more = exact(promise), Counts(numerator, denominator), expected_more or 0
    may_lose = allowed(so_far, value, more)
    best = Counts(numerator + more, denominator + more).rate
    catch_up = _catch_up(so_far, value)
    state = _state(may_lose, expected_more, catch_up)
    return Budget(*so_far, so_far.rate, promise, expected_more, may_lose, best, catch_up, state)


def exact(promise: float) -> Fraction:
    """The rate as it is written: 0.9 is 9/10 and not the float beside it, by which 10 calls would allow no loss."""
    return Fraction(str(promise))


def allowed(so_far: Counts, value: Fraction, more: int = 0) -> int:
    """The most calls that may be lost from here on, when `more` come at least.

    Out of `more` it is floor((1 - value) * (counted + more)) - lost. Where even all of `more` may be lost, further
    ones come on top of them: floor(answered / value) - counted.
    """
    of_those = math.floor((1 - value) * (so_far.counted + more)) - so_far.lost
    if of_those < more or of_those < 0:
        return of_those
    return math.floor(so_far.answered / value) - so_far.counted


def _catch_up(so_far: Counts, value: Fraction) -> int | None:
    """The least n with (answered + n) / (counted + n) >= value."""
    missing = value * so_far.counted - so_far.answered
    if missing <= 0:
        return 0
    return None if value == 1 else math.ceil(missing / (1 - value))


def _state(may_lose: int, expected_more: int | None, catch_up: int | None) -> State:
    if may_lose < 0:
        return "lost" if expected_more is not None or catch_up is None else "behind"
    if catch_up != 0:
        return "behind"
    return "safe" if expected_more is not None and may_lose >= expected_more else "holds"


class Period(NamedTuple):
    """A period for which something is promised: its name as `2026-05` or `2026`, its months and its value."""

    name: str
    promise: float
    months: tuple[tuple[int, int], ...]

    def spans(self) -> list[tuple[dt.date, dt.date]]:
        """The days [first, end) of it, months that follow each other in one: a month of its own value is a gap."""
        spans: list[tuple[dt.date, dt.date]] = []
        for year, month in self.months:
            first, end = dt.date(year, month, 1), dt.date(year + month // 12, month % 12 + 1, 1)
            if spans and spans[-1][1] == first:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((first, end))
        return spans


def period_of(promise: Promise, day: dt.date) -> Period:
    """The period to which the calls of a day belong: a month with a value of its own stands for itself."""
    here = (day.year, day.month)
    if promise.period == "month" or day.month in promise.months:
        return Period(f"{day.year}-{day.month:02d}", promise.value_for(day.month), (here,))
    months = tuple((day.year, month) for month in range(1, 13) if month not in promise.months)
    return Period(str(day.year), promise.value, months)


def counts_so(promise: Promise, outcome: str, wait: float | None) -> Counts:
    """What one caller's call is to a promise; `wait`: seconds in the line, None if he was never in it."""
    queued_at = None if wait is None else 0.0
    told = CallRecord(
        call="", leg="", project="", number="", caller="", arrived_at=0.0, outcome=outcome,
        queued_at=queued_at, ended_at=wait,
    )  # fmt: skip
    rate = answer_rate([told], promise)
    return Counts(rate.numerator, rate.denominator)
