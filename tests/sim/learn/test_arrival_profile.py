"""The profile of arrivals, and how much days differ beyond chance."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from calls.hours import OpeningHours, Span
from calls.record import CallRecord
from sim.learn.arrival_profile import chi_square, day_factor, fit_arrivals, open_days, weekdays_differ
from sim.randomness import Stream

pytestmark = pytest.mark.unit

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = dt.date(2026, 6, 1)
WEEK = OpeningHours(
    {weekday: (Span(540, 1020),) for weekday in range(5)}, closed_days={dt.date(2026, 6, 3): "x"}
)


def call(day: dt.date, minute: int) -> CallRecord:
    at = dt.datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=TOKYO).timestamp()
    return CallRecord(call=f"{at}", leg="", project="p", number="", caller="", arrived_at=at)


def days(count: int) -> list[dt.date]:
    every = (MONDAY + dt.timedelta(days=n) for n in range(7 * count))
    return [day for day in every if day.weekday() < 5][:count]


def poisson(means: dict[dt.date, float], purpose: str) -> dict[dt.date, int]:
    """Numbers of calls by the normal approximation, which is good enough for hundreds."""
    normals = Stream(5, purpose).normals()
    return {
        day: max(0, round(mean + mean**0.5 * float(z)))
        for (day, mean), z in zip(means.items(), normals, strict=False)
    }


def test_only_open_days_count() -> None:
    assert [day.day for day in open_days(MONDAY, dt.date(2026, 6, 7), WEEK)] == [1, 2, 4, 5]


def test_half_hours_of_days_that_are_alike() -> None:
    open_ = days(4)
    records = [call(day, minute) for day in open_ for minute in (545, 555, 575, 800)]
    found = fit_arrivals([*records, call(dt.date(2026, 6, 6), 600)], open_, TOKYO)
    assert found.settings == {"by_half_hour": {"09:00": 2.0, "09:30": 1.0, "13:00": 1.0}}
    assert (found.calls, found.outside, found.by_weekday) == (16, 1, False)
    assert found.estimates["per_day"].value == 4.0
    assert found.remarks == (
        "arrivals: 4 days are too few to tell how much whole days differ; no day factor",
    )


def test_weekdays_that_differ_have_means_of_their_own_and_one_profile() -> None:
    open_ = days(10)
    records = [
        call(day, minute)
        for day in open_
        for minute in (545, 800)
        for _ in range(200 if day.weekday() == 0 else 100)
    ]
    found = fit_arrivals(records, open_, TOKYO, weekdays=[0, 1, 2, 3, 4, 5])
    assert found.settings["by_weekday"] == {
        "mon": 400.0, "tue": 200.0, "wed": 200.0, "thu": 200.0, "fri": 200.0, "sat": 240.0,
    }  # fmt: skip
    assert found.settings["profile"] == {"09:00": 0.5, "13:00": 0.5}


def test_one_day_says_so() -> None:
    assert (
        fit_arrivals([call(MONDAY, 600)], [MONDAY], TOKYO)
        .remarks[0]
        .startswith("arrivals: only one open day")
    )


def test_chance_alone_is_no_day_factor() -> None:
    counts = poisson(dict.fromkeys(days(60), 400.0), "chance")
    found, remark = day_factor(counts, dict.fromkeys(counts, 400.0), 1)
    assert found is not None
    assert (found.low, remark) == (0.0, "")
    assert found.value < 0.04
    assert not weekdays_differ(counts)[0]


@pytest.mark.parametrize("cv", [0.1, 0.3])
def test_a_day_factor_is_found_again(cv: float) -> None:
    factors = 1 + cv * Stream(5, "factor").normals()[:120]
    counts = poisson({day: 400.0 * float(f) for day, f in zip(days(120), factors, strict=True)}, "chance")
    found, _ = day_factor(counts, dict.fromkeys(counts, 400.0), 1)
    assert found is not None
    assert found.value == pytest.approx(cv, abs=3 * found.error)
    assert 0 < found.low < cv < found.high


def test_chi_square() -> None:
    known = {(5, 0.95): 11.070, (10, 0.975): 20.483, (30, 0.025): 16.791}
    for (freedom, share), value in known.items():
        assert chi_square(freedom, share) == pytest.approx(value, rel=0.004)
    assert np.isfinite(chi_square(1, 0.025))
