from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.events import PhoneRegistered
from calls.hours import OpeningHours, Span
from calls.requests import SeatLoggedIn, SeatLoggedOut
from sim.rosters import roster
from sim.scenario import SeatsPlan
from sim.shifts import Shifts, late, seat_names, staffed_seat_seconds

pytestmark = pytest.mark.unit

UTC = ZoneInfo("UTC")
HOUR = 3600.0
DAY = 24 * HOUR
CHANGING = SeatsPlan(by_half_hour={"09:00": 2, "09:30": 2, "10:00": 1})


def staff(seats: int | SeatsPlan) -> Shifts:
    """The shifts of these seats, on the clock of Greenwich."""
    return Shifts(roster(seats), UTC)


def test_names_have_as_many_digits_as_they_need() -> None:
    assert seat_names(2) == ["seat01", "seat02"]
    assert seat_names(100)[0] == "seat001"


def test_a_fixed_staff_is_there_from_the_beginning() -> None:
    shifts = staff(2)
    assert shifts.opening(0.0) == [PhoneRegistered("seat01"), PhoneRegistered("seat02")]
    assert list(shifts.after(0.0)) == []


def test_a_changing_staff_comes_and_goes_every_day() -> None:
    shifts = staff(CHANGING)
    assert shifts.opening(0.0)[:2] == [SeatLoggedOut("seat01"), SeatLoggedOut("seat02")]
    day = [
        (9 * HOUR, SeatLoggedIn("seat01")),
        (9 * HOUR, SeatLoggedIn("seat02")),
        (10 * HOUR, SeatLoggedOut("seat02")),
        (10.5 * HOUR, SeatLoggedOut("seat01")),
    ]
    seen = list(itertools.islice(shifts.after(0.0), 8))
    assert seen == day + [(at + DAY, event) for at, event in day]


def test_whoever_starts_in_the_middle_of_a_shift_goes_on_from_there() -> None:
    shifts = staff(CHANGING)
    assert shifts.opening(9.7 * HOUR) == [PhoneRegistered("seat01"), PhoneRegistered("seat02")]
    assert next(shifts.after(9.7 * HOUR)) == (10 * HOUR, SeatLoggedOut("seat02"))


def test_staffed_time_is_counted_inside_the_hours_only() -> None:
    hours = OpeningHours(weekly={3: (Span(8 * 60, 9 * 60 + 15),)}, countries=())  # 1970-01-01 was a Thursday
    assert staffed_seat_seconds(staff(CHANGING), hours, UTC, 0.0, 7 * DAY) == 2 * 15 * 60
    assert staffed_seat_seconds(staff(3), hours, UTC, 0.0, 9 * HOUR) == 3 * HOUR
    assert staffed_seat_seconds(staff(3), None, UTC, 5.5, 10.0) == 3 * 4.5
    assert staffed_seat_seconds(staff(CHANGING), None, UTC, 0.0, DAY) == (2 * 60 + 30) * 60


# ---- seats by date and in shifts

THURSDAY = dt.date(1970, 1, 1)
BY_DATE = SeatsPlan.model_validate(
    {"by_date": {"1970-01-02": {"09:00": 2}, "1970-01-01": {"09:00": 1, "09:30": 1, "23:30": 1}}}
)


def shifts(*each: dict[str, object]) -> SeatsPlan:
    """A plan of some shifts."""
    return SeatsPlan.model_validate({"shifts": each})


def changes(plan: SeatsPlan, count: int, now: float = 0.0) -> list[tuple[float, str]]:
    """The first changes: hours since 1970 and `+` or `-` with the seat."""
    seen = itertools.islice(staff(plan).after(now), count)
    sign = {SeatLoggedIn: "+", SeatLoggedOut: "-"}
    return [(at / HOUR, f"{sign[type(event)]}{getattr(event, 'seat', '')[-1]}") for at, event in seen]


def test_each_date_has_its_own_seats_and_the_last_one_goes_on_for_who_waits_still() -> None:
    friday = [(33, "+1"), (33, "+2"), (33.5, "-1"), (33.5, "-2")]
    assert changes(BY_DATE, 12) == [
        (9, "+1"), (10, "-1"), (23.5, "+1"), (24, "-1"), *friday, *((at + 24, what) for at, what in friday),
    ]  # fmt: skip
    by_date = staff(BY_DATE)
    assert [by_date.at(hours * HOUR) for hours in (8, 9, 9.5, 10, 23.9, 24, 33.2, 57)] == [
        0,
        1,
        1,
        0,
        1,
        0,
        2,
        0,
    ]
    assert (by_date.most, by_date.steady) == (2, False)


def test_staffed_time_of_days_that_differ() -> None:
    hours = OpeningHours(weekly={day: (Span(9 * 60 + 10, 24 * 60),) for day in range(5)}, countries=())
    thursday, friday = 50 * 60 + 30 * 60, 2 * 20 * 60
    assert staffed_seat_seconds(staff(BY_DATE), hours, UTC, 0.0, DAY) == thursday
    assert staffed_seat_seconds(staff(BY_DATE), hours, UTC, 0.0, 9 * DAY) == thursday + friday
    weekdays = shifts({"seats": 3, "from": "09:00", "to": "13:00", "days": ["fri", "mon"]})
    assert staffed_seat_seconds(staff(weekdays), None, UTC, 0.0, 7 * DAY) == 2 * 3 * 4 * HOUR


def test_everybody_of_a_shift_has_a_seat_of_his_own_and_the_telephone_is_never_alone() -> None:
    plan = shifts(
        {"seats": 1, "from": "08:30", "to": "13:00"},
        {"seats": 2, "from": "13:00", "to": "17:15", "days": ["thu"]},
    )
    day = [(8.5, "+1"), (13, "+2"), (13, "+3"), (13, "-1"), (17.25, "-2"), (17.25, "-3")]
    assert changes(plan, 8) == [*day, (32.5, "+1"), (37, "-1")]
    both = staff(plan)
    assert both.most == 3
    assert [both.at(hours * HOUR) for hours in (8, 8.5, 12.9, 13, 17.2, 17.25, 37)] == [0, 1, 1, 2, 2, 0, 0]
    assert both.opening(12 * HOUR)[:2] == [SeatLoggedOut("seat02"), SeatLoggedOut("seat03")]


def test_three_shifts_around_the_clock_hand_over_at_midnight_too() -> None:
    plan = shifts(
        {"seats": 1, "from": "00:00", "to": "08:00"},
        {"seats": 1, "from": "08:00", "to": "16:00"},
        {"seats": 1, "from": "16:00", "to": "24:00"},
    )
    assert changes(plan, 6) == [(8, "+2"), (8, "-1"), (16, "+3"), (16, "-2"), (24, "+1"), (24, "-3")]


def test_a_shift_day_and_night_never_changes() -> None:
    always = shifts({"seats": 2, "from": "00:00", "to": "24:00"})
    assert (staff(always).steady, changes(always, 1)) == (True, [])
    once = shifts({"seats": 1, "from": "00:00", "to": "24:00", "dates": ["1970-01-01"]})
    assert changes(once, 9) == []  # for ever there, for who waits still


def test_planned_breaks_are_staggered_and_no_staffed_time() -> None:
    rest = {"at": "12:00", "minutes": 30, "groups": 2}
    plan = staff(
        shifts({"seats": 3, "from": "09:00", "to": "17:00", "breaks": [rest, {"at": "10:00", "minutes": 10}]})
    )
    assert plan.has_breaks
    noon = {seat: plan.breaks(seat, 9 * HOUR)[1] for seat in ("seat01", "seat02", "seat03")}
    assert noon == {"seat01": (12 * HOUR, 1800), "seat02": (12 * HOUR, 1800), "seat03": (12.5 * HOUR, 1800)}
    assert plan.breaks("seat01", 9 * HOUR)[0] == (10 * HOUR, 600)
    assert plan.breaks("seat01", 11 * HOUR) == [(12 * HOUR, 1800)]
    assert plan.breaks("seat01", 18 * HOUR) == []
    assert [plan.at(hours * HOUR) for hours in (10, 10.5, 12, 12.5, 13)] == [0, 3, 1, 2, 3]
    assert staffed_seat_seconds(plan, None, UTC, 0.0, DAY) == 3 * (8 * HOUR - 2400)


def test_who_is_late_comes_later_and_who_is_too_late_not_at_all() -> None:
    delays = iter([600.0, 60.0, 7200.0])
    lateness = iter(
        [
            (9 * HOUR, SeatLoggedIn("seat01")),
            (9 * HOUR, SeatLoggedIn("seat02")),
            (10 * HOUR, SeatLoggedOut("seat02")),
            (11 * HOUR, SeatLoggedIn("seat03")),
            (12 * HOUR, SeatLoggedOut("seat03")),
        ]
    )
    assert [
        (at, type(event), getattr(event, "seat", "")) for at, event in late(lateness, delays.__next__)
    ] == [
        (9 * HOUR + 60, SeatLoggedIn, "seat02"),
        (9 * HOUR + 600, SeatLoggedIn, "seat01"),
        (10 * HOUR, SeatLoggedOut, "seat02"),
        (12 * HOUR, SeatLoggedOut, "seat03"),
    ]


counts = st.dictionaries(
    st.sampled_from(["00:00", "08:30", "09:00", "12:00", "23:30"]), st.integers(0, 4), min_size=1
)


@given(st.dictionaries(st.integers(1, 9).map(lambda day: f"1970-01-0{day}"), counts, min_size=1))
def test_the_seats_that_are_there_are_those_that_came_and_did_not_go(days: dict[str, dict[str, int]]) -> None:
    if not any(count for day in days.values() for count in day.values()):
        days["1970-01-01"] = {"09:00": 1}
    plan = staff(SeatsPlan.model_validate({"by_date": days}))
    here = plan.at(0.0)
    for _, event in itertools.takewhile(lambda change: change[0] < 9 * DAY, plan.after(0.0)):
        here += 1 if isinstance(event, SeatLoggedIn) else -1
        assert 0 <= here <= plan.most
    within = [plan.at(half_hour * 1800.0) for half_hour in range(9 * 48)]
    assert staffed_seat_seconds(plan, None, UTC, 0.0, 9 * DAY) == 1800.0 * sum(within)
