from __future__ import annotations

import datetime as dt
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.hours import DayRange, HoursStatus, OpeningHours, Span, known_country

pytestmark = pytest.mark.unit

JAPAN = ZoneInfo("Asia/Tokyo")
OFFICE = (Span(510, 1035),)  # 08:30-17:15
CITY = OpeningHours(
    weekly=dict.fromkeys(range(5), OFFICE),
    closed_ranges=((DayRange((12, 29), (1, 3)), "年末年始"),),
    closed_days={dt.date(2026, 6, 10): "停電", dt.date(2026, 6, 13): "停電"},
    open_days={
        dt.date(2026, 5, 30): ((Span(540, 720),), "納期限前の臨時受付"),
        dt.date(2026, 6, 13): ((Span(540, 600), Span(660, 720)), "臨時受付"),
        dt.date(2026, 6, 11): ((), "棚卸し"),
    },
)


def at(text: str, hours: OpeningHours = CITY) -> HoursStatus:
    """The status at a local time."""
    return hours.status(dt.datetime.fromisoformat(text).replace(tzinfo=JAPAN))


def open_days(year: int, month: int) -> list[int]:
    """The days of a month on which the office is open at 10:00."""
    days = (dt.date(year, month, 1) + dt.timedelta(days=n) for n in range(31))
    return [day.day for day in days if day.month == month and at(f"{day}T10:00").open]


@pytest.mark.parametrize(
    ("when", "is_open", "reason", "until"),
    [
        ("2026-05-07T00:00", False, "before opening", "2026-05-07T08:30"),
        ("2026-05-07T08:29:59.999999", False, "before opening", "2026-05-07T08:30"),
        ("2026-05-07T08:30", True, "open", "2026-05-07T17:15"),
        ("2026-05-07T17:14:59.999999", True, "open", "2026-05-07T17:15"),
        ("2026-05-07T17:15", False, "after closing", "2026-05-08T00:00"),
        ("2026-05-09T10:00", False, "closed on sat", "2026-05-10T00:00"),
        ("2026-05-10T10:00", False, "closed on sun", "2026-05-11T00:00"),
        ("2026-05-05T10:00", False, "こどもの日", "2026-05-06T00:00"),
        ("2026-05-06T10:00", False, "振替休日", "2026-05-07T00:00"),
        ("2026-09-22T10:00", False, "国民の休日", "2026-09-23T00:00"),
        ("2026-12-29T10:00", False, "年末年始", "2026-12-30T00:00"),
        ("2026-05-30T08:59", False, "納期限前の臨時受付", "2026-05-30T09:00"),
        ("2026-05-30T09:00", True, "納期限前の臨時受付", "2026-05-30T12:00"),
        ("2026-06-10T10:00", False, "停電", "2026-06-11T00:00"),
        ("2026-06-11T10:00", False, "棚卸し", "2026-06-12T00:00"),
        ("2026-06-13T10:30", False, "臨時受付", "2026-06-13T11:00"),  # open wins over closed
        ("2026-06-13T11:00", True, "臨時受付", "2026-06-13T12:00"),
    ],
)
def test_a_moment(when: str, is_open: bool, reason: str, until: str) -> None:
    assert at(when) == HoursStatus(is_open, reason, dt.datetime.fromisoformat(until).replace(tzinfo=JAPAN))


@pytest.mark.parametrize(
    ("year", "month", "days"),
    [
        (2026, 4, [1, 2, 3, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 27, 28, 30]),
        (2026, 5, [1, 7, 8, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 25, 26, 27, 28, 29, 30]),
        (2026, 9, [1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 24, 25, 28, 29, 30]),
        (2026, 12, [1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25, 28]),
        (2027, 1, [4, 5, 6, 7, 8, 12, 13, 14, 15, 18, 19, 20, 21, 22, 25, 26, 27, 28, 29]),
        (2027, 3, [1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19, 23, 24, 25, 26, 29, 30, 31]),
        (2028, 9, [1, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 19, 20, 21, 25, 26, 27, 28, 29]),
    ],
)
def test_a_month(year: int, month: int, days: list[int]) -> None:
    assert open_days(year, month) == days


def test_without_a_country_there_are_no_public_holidays() -> None:
    hours = OpeningHours(weekly=dict.fromkeys(range(7), OFFICE), country="")
    assert at("2026-05-05T10:00", hours).open


def test_a_day_may_last_until_midnight() -> None:
    hours = OpeningHours(weekly=dict.fromkeys(range(7), (Span(0, 1440),)), country="")
    assert at("2026-05-05T23:59:59", hours) == HoursStatus(
        True, "open", dt.datetime(2026, 5, 6, tzinfo=JAPAN)
    )


def test_a_range_within_a_year_and_one_across_its_end() -> None:
    summer, winter = DayRange((8, 13), (8, 15)), DayRange((12, 29), (1, 3))
    assert [summer.covers(dt.date(2026, 8, day)) for day in (12, 13, 15, 16)] == [False, True, True, False]
    days = [dt.date(2026, 12, 28), dt.date(2026, 12, 29), dt.date(2027, 1, 3), dt.date(2027, 1, 4)]
    assert [winter.covers(day) for day in days] == [False, True, True, False]


def test_the_countries() -> None:
    assert [known_country(code) for code in ("JP", "", "XX", "../JP")] == [True, True, False, False]


def test_the_names_do_not_depend_on_the_language_of_the_process() -> None:
    told = (
        "import datetime, calls.hours as h; print(ascii(h._public_holiday('JP', datetime.date(2026, 5, 5))))"
    )
    names = {
        subprocess.run(
            [sys.executable, "-c", told], env={"LC_ALL": language}, capture_output=True, text=True, check=True
        ).stdout
        for language in ("C", "en_US.UTF-8", "ja_JP.UTF-8")
    }
    assert names == {ascii("こどもの日") + "\n"}


moments = st.builds(
    lambda seconds: dt.datetime.fromtimestamp(seconds, JAPAN),
    st.floats(1767193200, 1861887600),  # from 2026 to 2028
)


@settings(deadline=None)
@given(moments, st.floats(0, 1, exclude_max=True))
def test_an_answer_holds_until_it_says(now: dt.datetime, share: float) -> None:
    status = CITY.status(now)
    assert now < status.until
    assert status.until - now <= dt.timedelta(days=1)
    between = now + (status.until - now) * share
    if between < status.until:
        assert CITY.status(between) == status
