"""When a simulated period and its days broke their promise: against going through the calls one by one."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.promise import Promise
from sim.counting.budget import STEP_S, Losses, budget_by_day, budget_of

pytestmark = pytest.mark.unit

TOKYO = ZoneInfo("Asia/Tokyo")
PROMISE = Promise(value=0.9)
Call = tuple[dt.datetime, bool]
"""When somebody called, and whether he was answered."""


def at(day: int, hour: float, month: int = 5) -> dt.datetime:
    """A local time."""
    return dt.datetime(2026, month, day, tzinfo=TOKYO) + dt.timedelta(hours=hour)


def days_of(calls: list[Call]) -> list[dict[str, Any]]:
    """The days as the summary of a run has them."""
    dates = sorted({time.date() for time, _ in calls})
    of = {date: [answered for time, answered in calls if time.date() == date] for date in dates}
    return [{"date": str(date), "kept": sum(kept), "counted": len(kept)} for date, kept in of.items()]


def lost_in(calls: list[Call]) -> Losses:
    """The losses of some calls."""
    losses = Losses()
    for time, answered in calls:
        if not answered:
            losses.lost(time.timestamp())
    return losses


def verdict(calls: list[Call], name: str = "2026-05", promise: float = 0.9) -> dict[str, Any]:
    """That of one period."""
    return {"period": name, "promise": promise, "answered": sum(a for _, a in calls), "counted": len(calls)}


calls = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 24 * 60 - 1), st.integers(0, 9)), max_size=80
).map(lambda found: sorted((at(day, minute / 60), chance > 1) for day, minute, chance in found))


def cannot_be_kept_from(calls: list[Call]) -> str | None:
    """The ten minutes of the first call after which 90 % is out of reach, however the later ones end."""
    for number, (time, _) in enumerate(calls, 1):
        answered = sum(a for _, a in calls[:number]) + len(calls) - number
        if Fraction(answered, len(calls)) < Fraction(9, 10):
            return f"{time:%Y-%m-%dT%H}:{time.minute // 10}0"
    return None


@given(calls)
def test_a_period_breaks_when_it_cannot_be_kept_any_more(calls: list[Call]) -> None:
    [spent] = budget_of([verdict(calls)], lost_in(calls), PROMISE, TOKYO)
    assert spent["breaks_at"] == cannot_be_kept_from(calls)
    lost = sum(not answered for _, answered in calls)
    assert spent["may_lose"] == len(calls) // 10 - lost


@given(calls)
def test_a_day_breaks_when_the_month_up_to_its_end_does(calls: list[Call]) -> None:
    found = budget_by_day(days_of(calls), lost_in(calls), PROMISE, TOKYO)
    for day in found:
        up_to = [call for call in calls if str(call[0].date()) <= day["date"]]
        breaks = cannot_be_kept_from(up_to)
        assert (day["breaks_at"] is None) == (breaks is None)
        if breaks is not None and breaks.startswith(day["date"]):
            assert day["breaks_at"] == breaks


def test_a_year_and_a_month_of_its_own_value() -> None:
    promise = Promise(period="year", value=0.9, months={5: 0.5})
    april = [(at(1, 9, month=4), True)] * 9 + [(at(2, 10.3, month=4), False)]
    may = [(at(1, 9), True), (at(1, 10), False), (at(1, 11), False)]
    june = [(at(1, 9, month=6), False)]
    verdicts = [verdict(may, promise=0.5), verdict(april + june, "2026")]
    assert budget_of(verdicts, lost_in(april + may + june), promise, TOKYO) == [
        {"period": "2026-05", "may_lose": -1, "breaks_at": "2026-05-01T11:00"},
        {"period": "2026", "may_lose": -1, "breaks_at": "2026-06-01T09:00"},
    ]
    days = days_of(april + may + june)
    assert [
        (day["date"], day["breaks_at"])
        for day in budget_by_day(days, lost_in(april + may + june), promise, TOKYO)
    ] == [
        ("2026-04-01", None),
        ("2026-04-02", None),
        ("2026-05-01", "2026-05-01T11:00"),
        ("2026-06-01", "2026-06-01T09:00"),
    ]


def test_a_day_that_inherits_a_broken_month_has_lost_it_before_it_began() -> None:
    calls = [(at(1, 9), False)] * 5 + [(at(2, 9), True)] * 5
    found = budget_by_day(days_of(calls), lost_in(calls), PROMISE, TOKYO)
    assert [(day["may_lose"], day["breaks_at"]) for day in found] == [
        (-5, "2026-05-01T09:00"),
        (-4, "2026-05-02T00:00"),
    ]


def test_memory_is_that_of_the_hours_and_not_of_the_calls() -> None:
    losses = Losses()
    for number in range(10_000):
        losses.lost(number / 10)
    assert sum(lost for _, lost in losses.steps(TOKYO)) == 10_000
    assert len(list(losses.steps(TOKYO))) == 1 + 999 // STEP_S
