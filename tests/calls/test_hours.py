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
    hours = OpeningHours(weekly=dict.fromkeys(range(7), OFFICE), countries=())
    assert at("2026-05-05T10:00", hours).open


def test_a_day_may_last_until_midnight() -> None:
    hours = OpeningHours(weekly=dict.fromkeys(range(7), (Span(0, 1440),)), countries=())
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


NIGHTS = OpeningHours(
    weekly={4: (Span(600, 720), Span(1320, 1560)), 6: (Span(0, 120),)},  # Fri 10-12 and 22-02, Sun 0-2
    countries=(),
    closed_days={dt.date(2026, 5, 15): "祭り"},  # a Friday
    closed_hours={
        dt.date(2026, 5, 8): ((Span(1500, 1530), "点検"),),  # Friday's night from 01:00 to 01:30
        dt.date(2026, 5, 22): ((Span(0, 2880), "停電"),),
        dt.date(2026, 5, 29): ((Span(660, 1440), "半休"),),
    },
    open_days={dt.date(2026, 5, 16): ((Span(1380, 1500),), "前夜祭")},  # Saturday 23:00 to Sunday 01:00
)


@pytest.mark.parametrize(
    ("when", "is_open", "reason", "until"),
    [
        ("2026-05-01T23:59", True, "open", "2026-05-02T00:00"),
        ("2026-05-02T00:00", True, "open", "2026-05-02T02:00"),
        ("2026-05-02T02:00", False, "closed on sat", "2026-05-03T00:00"),
        ("2026-05-09T00:30", True, "open", "2026-05-09T01:00"),
        ("2026-05-09T01:00", False, "点検", "2026-05-09T01:30"),
        ("2026-05-09T01:30", True, "open", "2026-05-09T02:00"),
        ("2026-05-15T23:00", False, "祭り", "2026-05-16T00:00"),  # the night belongs to the Friday
        ("2026-05-16T01:00", False, "前夜祭", "2026-05-16T23:00"),
        ("2026-05-17T00:30", True, "前夜祭", "2026-05-17T01:00"),
        ("2026-05-17T01:30", True, "open", "2026-05-17T02:00"),
        ("2026-05-22T09:00", False, "停電", "2026-05-22T10:00"),
        ("2026-05-22T11:00", False, "停電", "2026-05-22T12:00"),
        ("2026-05-23T01:00", False, "停電", "2026-05-23T02:00"),
        ("2026-05-29T10:30", True, "open", "2026-05-29T11:00"),
        ("2026-05-29T11:30", False, "半休", "2026-05-29T12:00"),
        ("2026-05-30T01:00", True, "open", "2026-05-30T02:00"),
    ],
)
def test_nights_and_half_days(when: str, is_open: bool, reason: str, until: str) -> None:
    status = at(when, NIGHTS)
    assert status == HoursStatus(is_open, reason, dt.datetime.fromisoformat(until).replace(tzinfo=JAPAN))


def test_a_date_from_midnight_to_midnight() -> None:
    assert NIGHTS.day(dt.date(2026, 5, 2)) == ((Span(0, 120),), "closed on sat")
    assert NIGHTS.day(dt.date(2026, 5, 9)) == ((Span(0, 60), Span(90, 120)), "closed on sat")
    assert NIGHTS.day(dt.date(2026, 5, 17)) == ((Span(0, 120),), "")
    assert NIGHTS.day(dt.date(2026, 5, 22)) == ((), "停電")
    assert NIGHTS.beginning(dt.date(2026, 5, 29)) == (Span(600, 660), Span(1440, 1560))


def test_the_public_holidays_of_two_countries() -> None:
    hours = OpeningHours(dict.fromkeys(range(7), OFFICE), countries=("JP", "US"))
    assert [hours.day(dt.date(2026, month, day))[1] for month, day in ((5, 5), (7, 4), (7, 7))] == [
        "こどもの日",
        "Independence Day",
        "",
    ]


FIRST = dt.date(2026, 6, 1)
FEW_DAYS = [FIRST + dt.timedelta(days=n) for n in range(5)]
any_span = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda s: Span(s[0], s[0] + s[1]))
any_spans = st.lists(any_span, max_size=3).map(tuple)
any_day = st.sampled_from(FEW_DAYS)
any_hours = st.builds(
    OpeningHours,
    weekly=st.dictionaries(st.integers(0, 6), any_spans),
    countries=st.just(()),
    closed_days=st.dictionaries(any_day, st.just("closed"), max_size=2),
    open_days=st.dictionaries(any_day, st.tuples(any_spans, st.just("special")), max_size=2),
    closed_hours=st.dictionaries(
        any_day, st.lists(st.tuples(any_span, st.just("half")), max_size=2).map(tuple), max_size=2
    ),
)


def opens(hours: OpeningHours, day: dt.date, minute: int) -> bool:
    """The naive model: whether the hours that begin on `day` are open in its `minute` (0-2879)."""
    if day in hours.open_days:
        return any(minute in range(*span) for span in hours.open_days[day][0])
    if day in hours.closed_days:
        return False
    if any(minute in range(*span) for span, _ in hours.closed_hours.get(day, ())):
        return False
    return any(minute in range(*span) for span in hours.weekly.get(day.weekday(), ()))


@settings(deadline=None, max_examples=40)
@given(any_hours)
def test_minute_by_minute(hours: OpeningHours) -> None:
    for day in FEW_DAYS[1:3]:
        yesterday = day - dt.timedelta(days=1)
        naive = [opens(hours, day, m) or opens(hours, yesterday, m + 1440) for m in range(1440)]
        midnight = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 (the wall clock)
        seen = [hours.status(midnight + dt.timedelta(minutes=m)) for m in range(1440)]
        assert [status.open for status in seen] == naive
        until = [int((status.until - midnight).total_seconds() // 60) for status in seen]
        assert all(minute < until[minute] <= 1440 for minute in range(1440))
        assert all(seen[m] == seen[m - 1] or until[m - 1] == m for m in range(1, 1440))
        spans = hours.day(day)[0]
        assert [any(start <= m < end for start, end in spans) for m in range(1440)] == naive
