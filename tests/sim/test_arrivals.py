from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from calls.hours import OpeningHours, Span
from sim import arrivals
from sim.randomness import Stream

pytestmark = pytest.mark.unit

TOKYO = ZoneInfo("Asia/Tokyo")
OFFICE = OpeningHours(weekly={day: (Span(510, 1035),) for day in range(5)})
MONDAY = dt.date(2026, 5, 11)


def local(times: list[float]) -> list[dt.datetime]:
    return [dt.datetime.fromtimestamp(time, TOKYO) for time in times]


def simulated(plan: arrivals.DayPlan, first: dt.date, last: dt.date) -> list[dt.datetime]:
    return local(list(arrivals.poisson(arrivals.daily(first, last, TOKYO, plan), Stream(1, "arrivals"))))


def test_a_steady_rate_has_its_mean_gap_and_never_ends() -> None:
    times = list(
        itertools.islice(arrivals.poisson(arrivals.steady(100.0, 360.0), Stream(1, "arrivals")), 50_000)
    )
    assert times == sorted(times)
    assert (times[-1] - 100.0) / 50_000 == pytest.approx(10.0, rel=0.02)


def test_by_the_hour_nobody_calls_while_it_is_closed() -> None:
    seen = simulated(arrivals.hourly_plan(100.0, OFFICE), dt.date(2026, 5, 2), dt.date(2026, 5, 31))
    assert {at.date() for at in seen} == {
        dt.date(2026, 5, day) for day in (7, 8, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 25, 26, 27, 28, 29)
    }
    assert all(dt.time(8, 30) <= at.time() < dt.time(17, 15) for at in seen)
    assert len(seen) == pytest.approx(17 * 8.75 * 100, rel=0.03)


def test_by_the_half_hour_each_has_its_own_number_also_after_hours() -> None:
    plan = arrivals.half_hour_plan({9 * 60: 400.0, 9 * 60 + 30: 100.0, 18 * 60: 50.0}, OFFICE)
    seen = Counter(at.strftime("%H:%M")[:3] + str(at.minute // 30) for at in simulated(plan, MONDAY, MONDAY))
    assert set(seen) == {"09:0", "09:1", "18:0"}
    assert seen["09:0"] == pytest.approx(400, abs=60)
    assert seen["09:1"] == pytest.approx(100, abs=30)


def test_by_the_weekday_each_day_has_its_total() -> None:
    plan = arrivals.weekday_plan({"mon": 670.0, "tue": 350.0}, OFFICE, {})
    seen = Counter(at.weekday() for at in simulated(plan, MONDAY, MONDAY + dt.timedelta(days=6)))
    assert set(seen) == {0, 1}
    assert seen[0] == pytest.approx(670, abs=80)
    assert seen[1] == pytest.approx(350, abs=60)


def test_a_plan_on_which_nobody_ever_calls_is_told() -> None:
    plan = arrivals.weekday_plan({"sun": 10.0}, OFFICE, {})
    with pytest.raises(arrivals.NoArrivalsError, match="nobody calls for"):
        list(arrivals.poisson(arrivals.daily(MONDAY, None, TOKYO, plan), Stream(1, "arrivals")))
    with pytest.raises(arrivals.NoArrivalsError, match="per_hour"):
        next(arrivals.steady(0.0, 0.0))
