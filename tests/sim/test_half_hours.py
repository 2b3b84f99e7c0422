"""By half-hour and by day: the same as the records say, and balanced books on every run."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calls.lifecycle import OUTCOME, Outcome
from calls.promise import Promise, answer_rate
from calls.record import CallRecord, fold
from sim.counting.books import BooksError, balance
from sim.counting.figures import Figures
from sim.counting.half_hours import HalfHours
from sim.counting.judgement import Counted, Judgement
from sim.counting.levels import Levels
from sim.run import Result, run
from sim.world import build
from tests.sim.scenarios import bare, journal_of, tax_day

pytestmark = pytest.mark.unit

TOKYO = ZoneInfo("Asia/Tokyo")
MORNING = dt.datetime(2026, 5, 7, 9, 10, tzinfo=TOKYO).timestamp()
DAY_S = 86_400.0
Run = tuple[list[CallRecord], Result, Promise]


@pytest.fixture(scope="module")
def two_days() -> Run:
    """The tax project on a Thursday and a Friday, with far too few seats from noon on."""
    seats = {"by_half_hour": {"08:30": 14, "09:00": 14, "12:00": 4, "16:30": 6, "17:00": 6}}
    scenario = tax_day(to="2026-05-08", seats=seats)
    entries, result = journal_of(scenario)
    return list(fold(entries)), result, build(scenario).project.promise


def local(at: float) -> dt.datetime:
    """The time in the project's zone."""
    return dt.datetime.fromtimestamp(at, TOKYO)


def grouped(records: list[CallRecord], form: str) -> dict[str, list[CallRecord]]:
    """The records by their arrival."""
    groups: dict[str, list[CallRecord]] = {}
    for record in records:
        at = local(record.arrived_at)
        groups.setdefault(at.replace(minute=at.minute // 30 * 30).strftime(form), []).append(record)
    return groups


def assert_told(row: dict[str, Any], records: list[CallRecord], promise: Promise) -> None:
    """A half-hour or a day is what its records say."""
    rate = answer_rate(records, promise)
    assert row["offered"] == len(records)
    assert row["answered"] == sum(record.outcome == Outcome.ANSWERED for record in records)
    abandoned = (Outcome.ABANDONED_IVR, Outcome.ABANDONED_QUEUE)
    assert row["abandoned"] == sum(record.outcome in abandoned for record in records)
    assert (row["kept"], row["counted"], row["rate"]) == rate[:3]


def test_every_half_hour_is_what_the_records_say(two_days: Run) -> None:
    records, result, promise = two_days
    rows = {row["from"]: row for row in result.summary["half_hours"]}
    groups = grouped(records, "%H:%M")
    assert set(groups) <= set(rows)
    for name, group in groups.items():
        assert_told(rows[name], group, promise)
        waits = sum(record.wait or 0.0 for record in group)
        assert rows[name]["mean_wait"] == pytest.approx(waits / len(group))


def test_every_day_is_what_the_records_say(two_days: Run) -> None:
    records, result, promise = two_days
    days = {row["date"]: row for row in result.summary["days"]}
    groups = grouped(records, "%Y-%m-%d")
    assert set(days) == set(groups) == {"2026-05-07", "2026-05-08"}
    for date, group in groups.items():
        assert_told(days[date], group, promise)


def test_the_most_waiting_is_what_the_records_say(two_days: Run) -> None:
    records, result, _ = two_days
    rows = {row["from"]: row for row in result.summary["half_hours"]}
    spans = [(r.queued_at, r.queued_at + r.wait) for r in records if r.queued_at is not None and r.wait]
    most: dict[str, int] = {}
    for joined, _ in spans:
        waiting = sum(start <= joined < end for start, end in spans)
        at = local(joined)
        name = f"{at.hour:02d}:{at.minute // 30 * 30:02d}"
        most[name] = max(most.get(name, 0), waiting)
    for name, waiting in most.items():  # a line that was longer before may reach into the half-hour
        assert rows[name]["most_waiting"] >= waiting
    assert max(row["most_waiting"] for row in rows.values()) == max(most.values())


def test_seats_are_those_of_the_shifts_while_it_is_open(two_days: Run) -> None:
    _, result, _ = two_days
    seats = {row["from"]: row["seats"] for row in result.summary["half_hours"]}
    assert (seats["08:30"], seats["12:00"], seats["16:30"]) == (14, 4, 6)
    assert seats["17:00"] == 6  # until 17:15
    assert seats["18:00"] == 0
    assert (seats["08:00"], seats.get("10:00")) == (0, None)  # nobody is there, nobody calls


def test_the_day_that_lost_most_is_told_apart(two_days: Run) -> None:
    _, result, _ = two_days
    hardest, days = result.summary["hardest_day"], result.summary["days"]
    worst = max(days, key=lambda day: day["counted"] - day["kept"])
    assert hardest["date"] == worst["date"]
    assert sum(row["offered"] for row in hardest["half_hours"]) == worst["offered"]
    assert (hardest["course"]["days"], result.summary["course"]["days"]) == (1, 2)


def test_the_course_of_the_day_is_the_mean_of_its_levels(two_days: Run) -> None:
    records, result, _ = two_days
    course = result.summary["course"]
    waiting_s = sum(course["waiting"]) * course["days"] * course["step_minutes"] * 60
    assert waiting_s == pytest.approx(sum(record.wait or 0.0 for record in records), rel=1e-3)
    assert len({len(course[name]) for name in ("waiting", "most_waiting", "busy", "seats")}) == 1
    assert course["from"] == "08:00"
    assert max(course["seats"]) == 14


def test_a_day_and_night_queue_has_all_half_hours() -> None:
    summary = run(bare(calls=3000)).summary
    assert [row["from"] for row in summary["half_hours"]][::47] == ["00:00", "23:30"]
    assert {row["seats"] for row in summary["half_hours"]} == {5}
    assert sum(row["offered"] for row in summary["half_hours"]) == 3000
    assert sum(row["offered"] for row in summary["days"]) == 3000


def test_each_day_is_heard_of_once() -> None:
    heard: list[float] = []
    run(tax_day(to="2026-05-08"), watch=heard.append)
    assert [str(local(at)) for at in heard] == [f"2026-05-0{day} 00:00:00+09:00" for day in (7, 8)]


# ---- the promise


def judged(promise: Promise) -> HalfHours:
    """An empty fold in Tokyo."""
    return HalfHours(Judgement(promise), TOKYO, None)


def test_a_call_that_lasts_for_days_is_counted_on_the_day_of_its_arrival() -> None:
    half_hours = judged(Promise())
    for day in (0, 1, 2, 3):
        half_hours.ended(OUTCOME.ANSWERED, MORNING + day * DAY_S, 1.0)
    half_hours.ended(OUTCOME.ABANDONED_QUEUE, MORNING, 3 * DAY_S)
    half_hours.finish()
    summary = half_hours.summary()
    assert [(day["offered"], day["kept"]) for day in summary["days"]] == [(2, 1), (1, 1), (1, 1), (1, 1)]
    assert summary["course"]["days"] == 4


def test_short_abandons_and_what_is_not_promised_do_not_count() -> None:
    half_hours = judged(Promise(short_abandon_s=10))
    for outcome, wait in (
        (OUTCOME.ANSWERED, 5.0),
        (OUTCOME.ABANDONED_QUEUE, 9.9),
        (OUTCOME.ABANDONED_QUEUE, 10.0),
        (OUTCOME.ABANDONED_IVR, None),
        (OUTCOME.SELF_SERVED, None),
    ):
        half_hours.ended(outcome, MORNING, wait)
    half_hours.finish()
    (row,) = half_hours.summary()["days"]
    assert (row["offered"], row["counted"], row["kept"], row["abandoned"]) == (5, 2, 1, 3)
    assert half_hours.months() == [Counted((2026, 5), 1, 2)]


def test_a_yearly_promise_takes_the_months_together_but_those_with_a_value_of_their_own() -> None:
    judgement = Judgement(Promise(period="year", value=0.9, months={5: 0.5}))
    months = [Counted((2026, 4), 8, 10), Counted((2026, 5), 6, 10), Counted((2026, 6), 10, 10)]
    summary = judgement.summary(months)
    assert [(p["period"], p["rate"], p["met"]) for p in summary["periods"]] == [
        ("2026-05", 0.6, True),
        ("2026", 0.9, True),
    ]
    assert (summary["answer_rate"], summary["promise"], summary["met"]) == (0.8, 0.9, True)
    assert judgement.summary([])["met"]


# ---- the books


FAULTS: list[tuple[str, str, Any, str]] = [
    ("figures", "offered", 1, "calls offered 1, calls with an outcome 0"),
    ("figures", "wait_s", 7.0, "the waits of all calls 7.0 s"),
    ("figures", "talk_s", 7.0, "talk and wrap-up of all calls 7.0 s"),
    ("levels", "waiting", 1, "callers still waiting 1"),
    ("levels", "busy", -1, "seats still busy -1"),
]


@pytest.mark.parametrize(("where", "name", "wrong", "told"), FAULTS)
def test_books_that_do_not_balance_are_no_result(where: str, name: str, wrong: float, told: str) -> None:
    levels = Levels()
    figures = Figures(lambda outcome, arrived_at, wait: None, levels)
    balance(figures, levels, [])  # those of nobody at all do
    setattr({"figures": figures, "levels": levels}[where], name, wrong)
    with pytest.raises(BooksError, match=told):
        balance(figures, levels, [])


def test_half_hours_that_lost_a_call_are_no_result() -> None:
    levels = Levels()
    figures = Figures(lambda outcome, arrived_at, wait: None, levels)
    with pytest.raises(BooksError, match="calls of all half-hours 3, calls offered 0"):
        balance(figures, levels, [{"offered": 3}])
