"""Many days at once: the callers that were asked for, and what a staffing makes of them."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from sim.distributions import Duration
from sim.fast.days import HALF_HOURS, Days, answer_rates, draw_days, seat_changes
from sim.fast.floor import ABANDONED, ANSWERED, OVERFLOWED
from sim.fast.kernel import simulate
from sim.fast.loops import Change, compiled, run_floor, run_line

pytestmark = pytest.mark.unit

MORNING = {540: 60.0, 570: 90.0, 600: 30.0}
TALK, PATIENCE, WRAPUP = Duration(mean=300.0), Duration(mean=120.0), Duration(mean=40.0)


def days_of(times: int, **changes: object) -> Days:
    given = {"patience": PATIENCE, "wrapup": WRAPUP, "seed": 3, "times": times} | changes
    return draw_days(MORNING, TALK, **given)  # type: ignore[arg-type]


def always_there(seats: int) -> list[Change]:
    return [Change(-np.inf, seat, True) for seat in range(seats)]


def test_as_many_call_as_are_expected() -> None:
    days = days_of(400)
    tally = answer_rates(days, {540: 12, 570: 16, 600: 10})
    assert tally.offered.shape == (400, HALF_HOURS)
    for number, expected in ((18, 60.0), (19, 90.0), (20, 30.0)):
        calls = tally.offered[:, number]
        assert abs(calls.mean() - expected) <= 3 * (expected / 400) ** 0.5
        assert calls.var(ddof=1) == pytest.approx(expected, rel=0.3)  # Poisson
    assert tally.offered.sum() == tally.offered[:, 18:21].sum() == len(days.at)
    assert np.all(np.diff(days.at[days.first[7] : days.first[8]]) >= 0)


def test_busy_days_are_busier() -> None:
    factors = np.array([0.5, 2.0] * 100)
    offered = answer_rates(days_of(200, factors=factors), {540: 10}).offered.sum(axis=1)
    assert offered[0::2].mean() == pytest.approx(90, rel=0.05)
    assert offered[1::2].mean() == pytest.approx(360, rel=0.05)


def test_a_day_is_what_the_loops_make_of_it() -> None:
    days = days_of(5)
    tally = answer_rates(days, {540: 9, 600: 5}, ring=3.0, lines=20, short_s=10.0)
    part = slice(days.first[2], days.first[3])
    assert days.patience is not None
    assert days.wrapup is not None
    changes = [Change(540 * 60.0, seat, True) for seat in range(9)]
    changes += [Change(570 * 60.0, seat, False) for seat in range(9)]
    changes += [Change(600 * 60.0, seat, True) for seat in range(5)]
    changes += [Change(630 * 60.0, seat, False) for seat in range(5)]
    found = run_floor(
        days.at[part],
        days.talk[part],
        days.patience[part],
        changes,
        wrapups=days.wrapup[part],
        ring=3.0,
        lines=20,
    )
    short = (found.codes == ABANDONED) & (found.waits < 10.0)
    assert tally.answered[2].sum() == (found.codes == ANSWERED).sum() > 0
    assert tally.short[2].sum() == short.sum() > 0
    assert tally.wait_s[2].sum() == pytest.approx(found.waits.sum())


def test_the_same_callers_whatever_the_seats() -> None:
    days = days_of(50)
    few, many = (answer_rates(days, {540: seats, 570: seats, 600: seats}) for seats in (8, 20))
    assert np.array_equal(few.offered, many.offered)
    assert few.answered.sum() < many.answered.sum()


def test_no_calls_and_no_seats() -> None:
    nobody = draw_days({}, TALK, times=3)
    assert answer_rates(nobody, {540: 3}).offered.sum() == 0
    assert answer_rates(days_of(2), {}).answered.sum() == 0
    assert seat_changes({}) == []


def test_who_is_there_changes_by_the_half_hour() -> None:
    assert seat_changes({540: 2, 570: 1}) == [
        Change(32400.0, 0, True),
        Change(32400.0, 1, True),
        Change(34200.0, 1, False),
        Change(36000.0, 0, False),
    ]


def test_half_a_minute_after_the_last_seat_is_empty_those_who_wait_are_sent_away() -> None:
    changes = [Change(0.0, 0, True), Change(50.0, 0, False)]
    found = run_floor(np.array([10.0, 40.0, 120.0, 200.0]), np.full(4, 100.0), None, changes)
    assert found.codes.tolist() == [ANSWERED, OVERFLOWED, OVERFLOWED, OVERFLOWED]
    assert found.waits.tolist() == [0.0, 100.0, 0.0, 0.0]  # at 110 s the seat is empty


def test_both_loops_agree_where_seats_never_change() -> None:
    days = days_of(1)
    for patience in (days.patience, None):
        line = run_line(days.at, days.talk, patience, 9, ring=5.0, wrapup=20.0)
        floor = run_floor(days.at, days.talk, patience, always_there(9), wrapups=np.array([20.0]), ring=5.0)
        assert np.array_equal(line.waits, floor.waits)
        assert np.array_equal(line.codes, floor.codes)
        assert line.stood == floor.stood
        assert line.talk_s == pytest.approx(floor.talk_s)
        assert line.wrapup_s == pytest.approx(floor.wrapup_s)


def test_without_numba_the_loops_run_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    assert compiled.__wrapped__(simulate) is simulate


def test_what_the_loops_cannot_do() -> None:
    three = np.array([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="2 wrap-ups for 3 callers"):
        run_floor(three, three, None, always_there(1), wrapups=three[:2])
    with pytest.raises(ValueError, match="17,000 seats are more than 16,383"):
        run_floor(three, three, None, always_there(17_000))
