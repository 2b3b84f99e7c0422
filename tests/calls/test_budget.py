"""How many calls may still be lost: against the definition itself, call by call."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.budget import NOBODY, Budget, Counts, budget, period_of
from calls.promise import Promise

pytestmark = pytest.mark.unit

PROMISES = st.integers(1, 1000).map(lambda thousandths: thousandths / 1000)
CALLS = st.integers(0, 5000)


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    """Any calls."""
    counted = draw(CALLS)
    return Counts(draw(st.integers(0, counted)), counted)


def kept(so_far: Counts, lost: int, more: int, promise: float) -> bool:
    """Whether the promise holds when of `more` calls (or more, if more are lost) so many are lost."""
    further = max(more, lost)
    answered, counted = so_far.answered + further - lost, so_far.counted + further
    return counted == 0 or Fraction(answered, counted) >= Fraction(str(promise))


@given(counts(), PROMISES, st.none() | CALLS)
def test_so_many_may_be_lost_and_not_one_more(so_far: Counts, promise: float, more: int | None) -> None:
    found = budget(*so_far, promise, more)
    if found.may_lose >= 0:
        assert kept(so_far, found.may_lose, more or 0, promise)
    assert not kept(so_far, max(0, found.may_lose + 1), more or 0, promise)


@given(counts(), PROMISES, st.none() | CALLS)
def test_a_broken_promise_says_by_how_many(so_far: Counts, promise: float, more: int | None) -> None:
    found = budget(*so_far, promise, more)
    if found.may_lose < 0:
        repaired = Counts(so_far.answered - found.may_lose, so_far.counted)
        assert kept(repaired, 0, more or 0, promise)
        assert not kept(Counts(repaired.answered - 1, so_far.counted), 0, more or 0, promise)


@given(counts(), PROMISES)
def test_so_many_in_a_row_bring_it_up_and_not_one_less(so_far: Counts, promise: float) -> None:
    in_a_row = budget(*so_far, promise).catch_up
    if in_a_row is None:
        assert promise == 1
    else:
        assert kept(so_far, 0, in_a_row, promise)
        assert in_a_row == 0 or not kept(so_far, 0, in_a_row - 1, promise)


@given(counts(), PROMISES, CALLS)
def test_the_state_is_what_can_still_become_of_it(so_far: Counts, promise: float, more: int) -> None:
    state = budget(*so_far, promise, more).state
    assert (state == "lost") == (not kept(so_far, 0, more, promise))
    assert (state == "safe") == (kept(so_far, 0, 0, promise) and kept(so_far, more, more, promise))
    assert (state == "behind") == (kept(so_far, 0, more, promise) and not kept(so_far, 0, 0, promise))


@given(counts(), PROMISES, CALLS, st.booleans())
def test_one_more_call_moves_the_budget_by_at_most_one(
    so_far: Counts, promise: float, more: int, answered: bool
) -> None:
    before = budget(*so_far, promise, more + 1).may_lose
    after = budget(so_far.answered + answered, so_far.counted + 1, promise, more).may_lose
    assert after == (before if answered else before - 1) or max(before, after) > more


@pytest.mark.parametrize("promise", [0.8, 0.9, 0.95, 0.99, 0.07, 0.29])
@pytest.mark.parametrize("counted", [10, 100, 1000])
def test_no_float_takes_a_call_away(promise: float, counted: int) -> None:
    # With floats, (1 - 0.9) * 10 is 0.9999999999999998 and no whole call.
    allowed = (100 - round(promise * 100)) * counted // 100
    assert budget(0, 0, promise, counted).may_lose == allowed
    assert budget(counted - allowed, counted, promise, counted).may_lose >= allowed
    assert budget(counted - allowed, counted, promise).state == "holds"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ((950, 1000, 0.9, 640), Budget(950, 1000, 0.95, 0.9, 640, 114, 1590 / 1640, 0, "holds")),
        ((950, 1000, 0.9, None), Budget(950, 1000, 0.95, 0.9, None, 55, 0.95, 0, "holds")),
        ((880, 1000, 0.9, 100), Budget(880, 1000, 0.88, 0.9, 100, -10, 980 / 1100, 200, "lost")),
        ((880, 1000, 0.9, 300), Budget(880, 1000, 0.88, 0.9, 300, 10, 1180 / 1300, 200, "behind")),
        ((880, 1000, 0.9, None), Budget(880, 1000, 0.88, 0.9, None, -20, 0.88, 200, "behind")),
        ((100, 100, 0.9, 5), Budget(100, 100, 1.0, 0.9, 5, 11, 1.0, 0, "safe")),
        ((0, 0, 0.9, None), Budget(0, 0, None, 0.9, None, 0, None, 0, "holds")),
        ((9, 10, 1.0, 5), Budget(9, 10, 0.9, 1.0, 5, -1, 14 / 15, None, "lost")),
    ],
)
def test_by_example(told: tuple[int, int, float, int | None], found: Budget) -> None:
    assert budget(*told) == found


@pytest.mark.parametrize("told", [(2, 1, 0.9, None), (-1, 1, 0.9, None), (1, 1, 0.9, -1)])
def test_what_cannot_be(told: tuple[int, int, float, int | None]) -> None:
    with pytest.raises(ValueError, match="that cannot be"):
        budget(*told)


def test_counts() -> None:
    assert Counts(3, 4) + Counts(1, 2) == Counts(4, 6)
    assert (Counts(3, 4).lost, Counts(3, 4).rate, NOBODY.rate) == (1, 0.75, None)


def test_the_period_of_a_day() -> None:
    yearly = Promise(period="year", value=0.9, months={5: 0.8})
    may = period_of(yearly, dt.date(2026, 5, 7))
    assert (may.name, may.promise, may.spans()) == (
        "2026-05", 0.8, [(dt.date(2026, 5, 1), dt.date(2026, 6, 1))],
    )  # fmt: skip
    year = period_of(yearly, dt.date(2026, 12, 1))
    assert (year.name, year.promise) == ("2026", 0.9)
    assert year.spans() == [
        (dt.date(2026, 1, 1), dt.date(2026, 5, 1)),
        (dt.date(2026, 6, 1), dt.date(2027, 1, 1)),
    ]
    december = period_of(Promise(value=0.8), dt.date(2026, 12, 31))
    assert (december.name, december.spans()) == ("2026-12", [(dt.date(2026, 12, 1), dt.date(2027, 1, 1))])
