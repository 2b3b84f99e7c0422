from __future__ import annotations

import itertools
from zoneinfo import ZoneInfo

import pytest

from calls.events import PhoneRegistered
from calls.hours import OpeningHours, Span
from calls.requests import SeatLoggedIn, SeatLoggedOut
from sim.shifts import Shifts, seat_names, staffed_seat_seconds

pytestmark = pytest.mark.unit

UTC = ZoneInfo("UTC")
HOUR = 3600.0
DAY = 24 * HOUR
CHANGING = {9 * 60: 2, 9 * 60 + 30: 2, 10 * 60: 1}


def test_names_have_as_many_digits_as_they_need() -> None:
    assert seat_names(2) == ["seat01", "seat02"]
    assert seat_names(100)[0] == "seat001"


def test_a_fixed_staff_is_there_from_the_beginning() -> None:
    shifts = Shifts(2, UTC)
    assert shifts.opening(0.0) == [PhoneRegistered("seat01"), PhoneRegistered("seat02")]
    assert list(shifts.after(0.0)) == []


def test_a_changing_staff_comes_and_goes_every_day() -> None:
    shifts = Shifts(CHANGING, UTC)
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
    shifts = Shifts(CHANGING, UTC)
    assert shifts.opening(9.7 * HOUR) == [PhoneRegistered("seat01"), PhoneRegistered("seat02")]
    assert next(shifts.after(9.7 * HOUR)) == (10 * HOUR, SeatLoggedOut("seat02"))


def test_staffed_time_is_counted_inside_the_hours_only() -> None:
    hours = OpeningHours(weekly={3: (Span(8 * 60, 9 * 60 + 15),)}, countries=())  # 1970-01-01 was a Thursday
    assert staffed_seat_seconds(Shifts(CHANGING, UTC), hours, UTC, 0.0, 7 * DAY) == 2 * 15 * 60
    assert staffed_seat_seconds(Shifts(3, UTC), hours, UTC, 0.0, 9 * HOUR) == 3 * HOUR
    assert staffed_seat_seconds(Shifts(3, UTC), None, UTC, 5.5, 10.0) == 3 * 4.5
    assert staffed_seat_seconds(Shifts(CHANGING, UTC), None, UTC, 0.0, DAY) == (2 * 60 + 30) * 60
