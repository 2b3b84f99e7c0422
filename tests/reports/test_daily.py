"""The figures of a day."""

from __future__ import annotations

import datetime as dt
import json
import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.lifecycle import Outcome, State
from calls.promise import Promise
from calls.record import CallRecord
from reports.daily import daily, day_bounds

pytestmark = pytest.mark.unit

TOKYO = "Asia/Tokyo"
DATE = dt.date(2026, 5, 7)
START, END = day_bounds(DATE, TOKYO)
MORNING = START + 9 * 3600
PROMISE = Promise(version=3, value=0.9, months={5: 0.8}, short_abandon_s=5.0)

seconds = st.none() | st.floats(0, 3600)


def record(outcome: str, arrived_at: float = MORNING, project: str = "tax", **times: float) -> CallRecord:
    """A call; `times` are seconds after its arrival."""
    made = CallRecord(
        call="c",
        leg="l",
        project=project,
        number="0570012229",
        caller="",
        arrived_at=arrived_at,
        outcome=outcome,
    )
    for name, value in times.items():
        setattr(made, name, arrived_at + value)
    return made


def talked(wait: float, talk: float, wrapup: float, arrived_at: float = MORNING) -> CallRecord:
    """An answered call."""
    heard, ended = 10 + wait, 10 + wait + talk
    done = record(
        Outcome.ANSWERED,
        arrived_at,
        queued_at=10,
        answered_at=heard,
        ended_at=ended,
        closed_at=ended + wrapup,
    )
    done.state = State.CLOSED
    return done


@st.composite
def records(draw: st.DrawFn) -> CallRecord:
    """Any call around the day, whether it makes sense or not."""
    made = record(
        draw(st.sampled_from(["", *Outcome])),
        draw(st.floats(START - 7200, END + 7200)),
        draw(st.sampled_from(["tax", "mileage"])),
    )
    made.direction = draw(st.sampled_from(["in", "in", "out", "callback", "internal"]))
    for name in ("queued_at", "answered_at", "ended_at", "closed_at"):
        after = draw(seconds)
        setattr(made, name, None if after is None else made.arrived_at + after)
    return made


def test_a_day_by_hand() -> None:
    day = [
        talked(wait=10, talk=300, wrapup=60),
        talked(wait=20, talk=100, wrapup=10, arrived_at=MORNING + 1800),
        record(Outcome.ABANDONED_QUEUE, queued_at=10.0, ended_at=40.0, closed_at=40.0),
        record(Outcome.ABANDONED_QUEUE, queued_at=10.0, ended_at=14.0, closed_at=14.0),
        record(Outcome.ABANDONED_IVR, ended_at=3.0, closed_at=3.0),
        record(""),
    ]
    report = daily(day, PROMISE, "tax", DATE, TOKYO)
    assert (report.offered, report.answered) == (6, 2)
    assert report.outcomes == {"abandoned_ivr": 1, "abandoned_queue": 2, "answered": 2, "open": 1}
    assert (report.counted.numerator, report.counted.denominator) == (2, 3)
    assert report.answer_rate == pytest.approx(2 / 3)
    assert (report.mean_wait, report.mean_talk, report.mean_wrapup) == (16.0, 200.0, 35.0)
    assert (report.promise.version, report.promise.value) == (3, 0.8)
    busy = [(half.start, half.offered, half.answered) for half in report.by_half_hour if half.offered]
    assert busy == [("09:00", 5, 1), ("09:30", 1, 1)]


def test_a_day_without_calls_has_no_rate_and_no_means() -> None:
    report = daily([], PROMISE, "tax", DATE, TOKYO)
    assert (report.offered, report.answered, report.outcomes) == (0, 0, {})
    assert (report.answer_rate, report.mean_wait, report.mean_talk, report.mean_wrapup) == (None,) * 4
    assert len(report.by_half_hour) == 48


def test_the_keys_that_scripts_read() -> None:
    report = json.loads(msgspec.json.encode(daily([talked(1, 2, 3)], PROMISE, "tax", DATE, TOKYO)))
    keys = "project date offered answered answer_rate outcomes mean_wait mean_talk mean_wrapup"
    more = "held mean_hold transfers by_inquiry_class outbound callbacks internal seats"
    assert list(report) == [*keys.split(), "promise", "counted", "by_half_hour", *more.split()]
    assert (report["project"], report["date"]) == ("tax", "2026-05-07")
    assert report["promise"]["numerator"] == ["answered", "degraded_answered"]


def test_the_rate_is_the_projects_own() -> None:
    only_closed = Promise(numerator=(Outcome.CLOSED,), denominator=(Outcome.CLOSED,))
    report = daily([talked(1, 2, 3), record(Outcome.CLOSED)], only_closed, "tax", DATE, TOKYO)
    assert (report.answer_rate, report.counted.denominator) == (1.0, 1)


@given(st.lists(records(), max_size=30))
def test_no_call_is_lost_or_counted_twice(some: list[CallRecord]) -> None:
    report = daily(some, PROMISE, "tax", DATE, TOKYO)
    ours = [call for call in some if call.project == "tax" and START <= call.arrived_at < END]
    of_day = [call for call in ours if call.direction == "in"]
    dialled = sum(one.made for one in (report.outbound, report.callbacks, report.internal))
    assert dialled <= len(ours) - len(of_day)
    halves = report.by_half_hour
    assert (
        report.offered == len(of_day) == sum(report.outcomes.values()) == sum(half.offered for half in halves)
    )
    assert report.answered == sum(half.answered for half in halves)
    assert report.counted.numerator == sum(half.counted.numerator for half in halves)
    assert report.counted.denominator == sum(half.counted.denominator for half in halves)
    assert report.counted.numerator <= report.counted.denominator <= report.offered


@given(st.lists(records(), max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(some: list[CallRecord], chance: random.Random) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert daily(some, PROMISE, "tax", DATE) == daily(shuffled, PROMISE, "tax", DATE)


def test_the_date_is_that_of_the_projects_clock() -> None:
    assert dt.datetime.fromtimestamp(START, dt.UTC).isoformat() == "2026-05-06T15:00:00+00:00"
    assert END - START == 86_400
    edges = [record(Outcome.CLOSED, at) for at in (START - 0.001, START, END - 0.001, END)]
    assert daily(edges, PROMISE, "tax", DATE, TOKYO).offered == 2


@pytest.mark.parametrize(("date", "hours"), [(dt.date(2026, 3, 29), 23), (dt.date(2026, 10, 25), 25)])
def test_days_on_which_the_clocks_change(date: dt.date, hours: int) -> None:
    start, end = day_bounds(date, "Europe/Berlin")
    assert (end - start) / 3600 == hours
    last = record(Outcome.CLOSED, end - 1)
    report = daily([last], PROMISE, "tax", date, "Europe/Berlin")
    assert len(report.by_half_hour) == 2 * hours
    assert report.by_half_hour[-1].start == "23:30"
    assert report.by_half_hour[-1].offered == 1


@pytest.mark.parametrize("tz", ["Asia/Tokio", "", "../etc/passwd", "Asia"])
def test_an_unknown_time_zone_is_told(tz: str) -> None:
    with pytest.raises(ValueError, match="write one such as Asia/Tokyo"):
        day_bounds(DATE, tz)


def test_calls_without_an_engine_stand_for_themselves() -> None:
    day = [
        record(Outcome.DEGRADED_ANSWERED, queued_at=0.0, answered_at=8.0, ended_at=68.0, closed_at=68.0),
        record(Outcome.DEGRADED_UNANSWERED, queued_at=0.0, ended_at=30.0, closed_at=30.0),
        record(Outcome.DEGRADED_UNANSWERED, ended_at=9.0, closed_at=9.0),  # outside the hours: in no line
    ]
    report = daily(day, PROMISE, "tax", DATE, TOKYO)
    assert report.outcomes == {"degraded_answered": 1, "degraded_unanswered": 2}
    assert (report.offered, report.answered) == (3, 1)
    assert (report.counted.numerator, report.counted.denominator) == (1, 2)
    assert (report.mean_wait, report.mean_talk) == (19.0, 60.0)
