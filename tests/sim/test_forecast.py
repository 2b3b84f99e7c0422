"""The rest of a day from a moment on, and what repairs it."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calls.budget import NOBODY, Counts, Period
from calls.pace import HalfHour, Standing
from sim.forecast import Day, Ending, Extra, Forecast, forecast, judged, with_more_seats
from sim.forecast.repair import NoRepair, Repair, repair
from sim.run import run
from sim.scenario import Scenario
from sim.shifts import Shifts
from sim.world import build
from tests.sim.scenarios import tax_day

pytestmark = pytest.mark.unit

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = dt.date(2026, 5, 7)
MAY = Period("2026-05", 0.8, ((2026, 5),))
BUSY = {"by_half_hour": {"08:30": 20, "12:00": 10, "13:00": 20, "14:00": 20, "16:00": 20}}
TIMES = 4


def at(hour: float) -> float:
    """Seconds since 1970 UTC at an hour of the day in Japan."""
    return (dt.datetime(2026, 5, 7, tzinfo=TOKYO) + dt.timedelta(hours=hour)).timestamp()


def standing(hour: float = 12.75, before: Counts = NOBODY, today: Counts = NOBODY) -> Standing:
    """Where the month stands."""
    return Standing(at(hour), MAY, before, (HalfHour(at(0), today),))


def day(seats: Any = 2, came: tuple[float, ...] | None = None, **of: Any) -> Day:
    """The afternoon of a busy day."""
    scenario = tax_day(arrivals=BUSY, seats=seats, to="2026-05-08")
    return Day(scenario, standing(**of), came)


# ---- what the calls to come make of a day


LOST, KEPT, OTHER = Counts(0, 1), Counts(1, 1), NOBODY


def test_a_day_breaks_with_the_loss_that_is_one_too_many() -> None:
    ends = [Ending(float(number), LOST if number % 2 else KEPT) for number in range(20)]
    rest = judged(standing(today=Counts(20, 20)), [*ends, Ending(20.0, OTHER)])
    assert rest == (Counts(10, 20), 21, False, 17.0)  # 40 calls allow 8 lost ones; the ninth is that of 17.0
    assert judged(standing(today=Counts(30, 30)), ends) == (Counts(10, 20), 20, True, None)


def test_a_day_that_is_broken_already_is_so_now() -> None:
    rest = judged(standing(today=Counts(0, 5)), [Ending(1e10, KEPT)])
    assert rest == (Counts(1, 1), 1, False, at(12.75))
    assert judged(standing(), []) == (NOBODY, 0, True, None)


# ---- the engine itself


def test_the_rest_of_the_day_is_that_of_the_whole_day() -> None:
    """From midnight on, the rest is the day itself: the same engine, the same streams, the same calls."""
    [rest] = islice(Day(tax_day(), standing(hour=0)).replications(), 1)
    summary = run(tax_day()).summary
    [period] = summary["periods"]
    assert rest.counts == Counts(period["answered"], period["counted"])
    assert rest.ended == summary["offered"]


def test_what_happened_before_is_not_simulated_again() -> None:
    """At three, twenty callers are still to come; the twenty of two o'clock are gone."""
    rests = list(islice(day(hour=15).replications(), TIMES))
    assert sum(rest.ended for rest in rests) < 30 * TIMES
    assert all(rest.ended > 5 for rest in rests)
    assert all(rest.ended == 0 for rest in islice(day(hour=20).replications(), 2))


def test_those_who_came_really_stand_in_the_line_now() -> None:
    nobody = list(islice(day(came=()).replications(), TIMES))
    crowd = tuple(at(12.74) + second for second in range(20))
    waiting = list(islice(day(came=crowd).replications(), TIMES))
    pairs = list(zip(nobody, waiting, strict=True))
    assert all(with_them.ended > without.ended + 10 for without, with_them in pairs)
    assert sum(with_them.counts.lost - without.counts.lost for without, with_them in pairs) > 5 * TIMES
    yesterday = tuple(time - 86400 for time in crowd)
    assert list(islice(day(came=yesterday).replications(), TIMES)) == nobody


def test_more_seats_have_the_same_callers() -> None:
    plain = list(islice(day().replications(), TIMES))
    more = list(islice(day().replications(Extra(20, 13 * 60, 17 * 60)), TIMES))
    assert [rest.ended for rest in plain] == [rest.ended for rest in more]
    assert all(better.counts.lost < worse.counts.lost for better, worse in zip(more, plain, strict=True))


@pytest.mark.parametrize(
    ("seats", "planned"),
    [
        (5, {"12:30": 5, "13:00": 7, "16:30": 7, "17:00": 5}),
        (
            {"by_half_hour": {"12:00": 4, "13:00": 6, "16:30": 2}},
            {"12:30": 0, "13:00": 8, "16:30": 4, "17:00": 0},
        ),
        ({"by_date": {"2026-05-07": {"13:00": 6}, "2026-05-08": {"09:00": 3}}}, {"13:00": 8, "16:30": 0}),
        ({"by_date": {"2026-05-08": {"13:00": 6}}}, {"12:30": 0, "13:00": 2, "16:30": 2, "17:00": 0}),
        ({"shifts": [{"seats": 5, "from": "08:30", "to": "17:15"}]}, {"12:30": 5, "13:00": 7, "16:30": 7}),
    ],
)
def test_more_seats_in_every_kind_of_plan(seats: Any, planned: dict[str, int]) -> None:
    scenario = with_more_seats(tax_day(seats=seats), DAY, Extra(2, 13 * 60, 17 * 60))
    shifts = build(Scenario.model_validate(scenario.model_dump(by_alias=True, exclude_none=True))).shifts
    assert {time: seats_at(shifts, time) for time in planned} == planned


def seats_at(shifts: Shifts, time: str) -> int:
    """How many are there in the middle of a half-hour."""
    return shifts.at(at(int(time[:2]) + int(time[3:]) / 60 + 0.25))


# ---- forecast and repair


def test_a_calm_day_holds() -> None:
    found = forecast(day(seats=30), TIMES)
    assert (found.times, found.kept_share, found.breaks_at) == (TIMES, 1.0, (None, None, None))
    assert found.rate is not None
    assert found.rate > 0.85
    assert 40 < found.expected < 75


def test_a_day_with_too_few_seats_breaks() -> None:
    found = forecast(day(today=Counts(60, 66)), TIMES)
    early, median, late = found.breaks_at
    assert found.kept_share == 0
    assert early is not None
    assert median is not None
    assert late is not None
    assert at(12.75) < early <= median <= late < at(17.25)


def test_quantiles_are_those_of_all_replications() -> None:
    rests = list(islice(day(seats=4, today=Counts(60, 66)).replications(), TIMES))
    found = forecast(day(seats=4, today=Counts(60, 66)), TIMES)
    assert found.kept_share == sum(rest.kept for rest in rests) / TIMES
    breaks = sorted(rest.breaks_at or float("inf") for rest in rests)
    assert found.breaks_at[0] == (breaks[0] if breaks[0] < float("inf") else None)
    assert isinstance(found, Forecast)


def late() -> Day:
    """A day that is calm up to four o'clock."""
    scenario = tax_day(arrivals={"by_half_hour": {"13:00": 5, "14:00": 5, "16:00": 40}}, seats=2)
    return Day(scenario, standing())


def share(extra: Extra) -> float:
    """Of the replications of that day that hold with more seats."""
    return sum(rest.kept for rest in islice(late().replications(extra), TIMES)) / TIMES


def test_the_repair_holds_and_nothing_less_does() -> None:
    found, end = repair(late(), TIMES), 17 * 60 + 30
    assert isinstance(found, Repair)
    start = round((found.at - at(0)) / 60)
    assert start % 30 == 0
    assert 14 * 60 <= start <= 16 * 60
    assert share(Extra(found.seats, start, end)) == found.kept_share >= 0.9
    assert share(Extra(found.seats - 1, 13 * 60, end)) < 0.9
    assert share(Extra(found.seats, start + 30, end)) < 0.9


def test_where_nothing_helps_any_more() -> None:
    found = repair(day(before=Counts(0, 1000)), 2, most=4)
    assert found == NoRepair(4, at(13), 0.0)


def test_after_the_last_half_hour_it_is_too_late() -> None:
    assert repair(day(hour=17.1), 2) is None
