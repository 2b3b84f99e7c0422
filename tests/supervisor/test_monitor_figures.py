"""The figures of the board: the same numbers as those of the reports and of the engine's own budget."""

from __future__ import annotations

import datetime as dt
import logging
import math
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.budget import NOBODY, Counts, period_of
from calls.lifecycle import Outcome
from calls.pace import HalfHour, Standing
from calls.promise import Promise, answer_rate
from calls.record import CallRecord
from ivr.project import Project
from store.database import Database
from supervisor.api import budget
from supervisor.api.shapes import CountView
from supervisor.board.counts import CountKey, key_of
from supervisor.monitor.board import MonitorBoard
from supervisor.monitor.rows import FiguresRow, HalfRow
from supervisor.monitor.terms import Terms, terms_of
from supervisor.standing import read_standing
from tests.store.kept import called, every_kind, keep
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_house import AT, TODAY, changes, gone, snapshot
from tests.supervisor.standing_behaviour import moment, tax

pytestmark = pytest.mark.unit

HALF = 1800.0
LEVEL_S = 20.0
PROMISES: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    value=st.sampled_from([0.5, 0.8, 0.9, 1.0]),
    short_abandon_s=st.sampled_from([0.0, 5.0, 20.0]),
    period=st.sampled_from(["month", "year"]),
    months=st.sampled_from([{}, {5: 0.6}, {2: 0.7}]),
    numerator=st.just(["answered"]) | st.just(["answered", "degraded_answered", "self_served"]),
    denominator=st.just(["answered", "degraded_answered", "self_served", "abandoned_queue", "degraded_unanswered"])
    | st.just([str(one) for one in Outcome]),
)  # fmt: skip
WAITS = st.none() | st.sampled_from([0.0, 4.999, 5.0, 19.99, 20.0, 20.01, 300.0]) | st.floats(0, 900)
SEEN = st.lists(
    st.tuples(st.floats(TODAY, AT, exclude_max=True), st.sampled_from([*Outcome, ""]), WAITS), max_size=40
)


def records_of(seen: list[tuple[float, str, float | None]]) -> list[CallRecord]:
    """Calls of today."""
    return [called(number, at, str(outcome), wait) for number, (at, outcome, wait) in enumerate(seen)]


def counted(records: list[CallRecord]) -> list[CountView]:
    """The same as the engine counts them."""
    found: Counter[CountKey] = Counter()
    for record in records:
        if record.direction == "in":
            key = key_of(record)
            found[key._replace(outcome="", waited=-1)] += 1
            if key.outcome:
                found[key] += 1
    return [CountView(*key, calls) for key, calls in found.items()]


def board_of(of: Project, records: list[CallRecord], before: Counts | None = NOBODY) -> MonitorBoard:
    """A board that was told all of this."""
    board = MonitorBoard(lambda terms, at: before, LEVEL_S)
    board.take(snapshot(house.project(of), *counted(records)))
    board.changed(AT)
    return board


def figures(board: MonitorBoard, project: str = "tax") -> FiguresRow:
    """Its figures of a project."""
    row = board.tables["figures"][project]
    assert isinstance(row, FiguresRow)
    return row


def halves(board: MonitorBoard) -> list[HalfRow]:
    """Its half-hours in their order."""
    rows = [row for row in board.tables["halves"].values() if isinstance(row, HalfRow)]
    assert all(row.id == f"{row.project}@{row.start:.0f}" for row in rows)
    return sorted(rows, key=lambda row: row.start)


@given(SEEN, PROMISES)
def test_a_day_counts_as_the_promise_counts_its_calls(
    seen: list[tuple[float, str, float | None]], promise: dict[str, Any]
) -> None:
    of, records = tax(**promise), records_of(seen)
    row, rate = figures(board_of(of, records)), answer_rate(records, of.promise)
    assert (row.answered, row.counted, row.rate) == rate[:3]
    assert row.received == len(records)
    assert row.outcomes == dict(Counter(one.outcome for one in records if one.outcome))
    assert row.date == "2026-05-07"
    waits = [(math.floor(one.wait), one.outcome) for one in records if one.outcome and one.wait is not None]
    assert row.longest_wait == max((wait for wait, _ in waits), default=0)
    soon = sum(wait < LEVEL_S and outcome in ("answered", "degraded_answered") for wait, outcome in waits)
    assert row.service_level == (soon / len(waits) if waits else None)


@given(SEEN, PROMISES)
def test_each_half_hour_does(seen: list[tuple[float, str, float | None]], promise: dict[str, Any]) -> None:
    of, records = tax(**promise), records_of(seen)
    found = halves(board_of(of, records))
    by_start: dict[float, list[CallRecord]] = {}
    for record in records:
        by_start.setdefault(record.arrived_at // HALF * HALF, []).append(record)
    assert [half.start for half in found] == sorted(by_start)
    for half in found:
        rate = answer_rate(by_start[half.start], of.promise)
        assert (half.received, half.answered, half.counted, half.rate) == (
            len(by_start[half.start]),
            *rate[:3],
        )


@given(SEEN, PROMISES, st.tuples(st.integers(0, 500), st.integers(0, 60)))
def test_budget_and_pace_are_those_of_the_engine(
    seen: list[tuple[float, str, float | None]], promise: dict[str, Any], before: tuple[int, int]
) -> None:
    of, records = tax(**promise), records_of(seen)
    earlier = Counts(before[0], sum(before))
    told = budget.told(of, _standing(of, records, earlier))
    _same(figures(board_of(of, records, earlier)), told)


def _standing(of: Project, records: list[CallRecord], earlier: Counts) -> Standing:
    starts = [TODAY + HALF * step for step in range(27)]
    today = [[one for one in records if start <= one.arrived_at < start + HALF] for start in starts]
    rates = [answer_rate(some, of.promise) for some in today]
    counts = [Counts(rate.numerator, rate.denominator) for rate in rates]
    period = period_of(of.promise, dt.date(2026, 5, 7))
    return Standing(AT, period, earlier, tuple(map(HalfHour, starts, counts)))


def _same(row: FiguresRow, told: budget.ProjectBudget) -> None:
    assert row.period is not None
    named = (row.period.name, row.period.answered, row.period.counted, row.period.rate, row.period.promise)
    left = (row.period.version, row.period.may_lose, row.period.catch_up, row.period.state)
    period = told.period
    assert named == (period.period, period.answered, period.counted, period.rate, period.promise)
    assert left == (period.promise_version, period.may_lose, period.catch_up, period.state)
    assert (row.answered, row.counted, row.rate) == (told.today.answered, told.today.counted, told.today.rate)
    assert row.may_lose_today == told.today.may_lose
    breaks_at = told.today.breaks_at
    assert row.breaks_at == (None if breaks_at is None else breaks_at // 60 * 60)


@pytest.mark.parametrize(
    "more", [{}, {"period": "year", "months": {5: 0.8}}, {"period": "year", "months": {2: 1.0}}]
)
async def test_the_same_calls_in_the_store_say_the_same(tmp_path: Path, more: dict[str, Any]) -> None:
    url, of = f"sqlite:///{tmp_path}/calls.db", tax(short_abandon_s=10.0, value=0.4, **more)
    records = [
        *every_kind([AT - 7 * 3600.0 * n for n in range(600)] + [TODAY + 180.0 * n for n in range(260)])
    ]
    await keep(url, records)
    async with Database(url) as database:
        standing = await read_standing(database, of, AT)
    today = [one for one in records if TODAY <= one.arrived_at < AT]
    row = figures(board_of(of, today, standing.before))
    _same(row, budget.told(of, standing))
    assert row.counted > 20
    assert row.period is not None
    assert row.period.counted > row.counted


def test_without_the_store_there_is_the_day_and_no_period() -> None:
    row = figures(board_of(tax(), records_of([(AT - 1, "answered", 3.0)]), None))
    assert (row.answered, row.counted, row.period, row.may_lose_today, row.breaks_at) == (
        1,
        1,
        None,
        None,
        None,
    )


def test_another_promise_counts_the_same_calls_otherwise() -> None:
    records = records_of([(AT - 1, "abandoned_queue", 7.5), (AT - 2, "answered", 1.0)])
    board = board_of(tax(), records)
    assert (figures(board).counted, figures(board).rate) == (2, 0.5)
    board.take(changes(house.project(tax(short_abandon_s=8.0, version=2))))
    start = AT // HALF * HALF
    assert {("figures", "tax"), ("halves", f"tax@{start:.0f}")} <= board.changed(AT)
    row = figures(board)
    assert (row.counted, row.rate) == (1, 1.0)
    assert row.period is not None
    assert (row.period.version, row.received) == (2, 2)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Europe/Paris", "UTC"])
def test_a_day_begins_at_midnight_on_the_clock_of_the_project(zone: str) -> None:
    at = moment("2026-05-07T20:30")
    local = dt.datetime.fromtimestamp(at, ZoneInfo(zone))
    midnight = local.replace(hour=0, minute=0).timestamp()
    board = MonitorBoard(lambda terms, at: NOBODY, LEVEL_S)
    told = [house.count(calls=n, start=midnight + step * HALF) for n, step in ((1, 0), (20, -1), (300, 1))]
    board.take(snapshot(house.project(at=at, timezone=zone), *told))
    board.changed(at)
    assert (figures(board).received, figures(board).date) == (301, local.date().isoformat())
    assert [half.received for half in halves(board)] == [1, 300]


def test_at_midnight_the_day_is_empty_again() -> None:
    asked: list[float] = []

    def before(terms: Terms, at: float) -> Counts:
        asked.append(at)
        return NOBODY

    board = MonitorBoard(before, LEVEL_S)
    board.take(snapshot(house.project(), *counted(records_of([(AT, "answered", 3.0)]))))
    board.changed(AT)
    midnight = moment("2026-05-08T00:00")
    board.time_goes_on()
    assert board.changed(midnight - 0.1) <= {("figures", "tax")}
    assert len(halves(board)) == 1
    board.time_goes_on()
    assert ("halves", f"tax@{AT // HALF * HALF:.0f}") in board.changed(midnight)
    assert (figures(board).date, figures(board).received, halves(board)) == ("2026-05-08", 0, [])
    board.take(changes(house.count("answered", 3, 2)))
    assert not {key for key in board.changed(midnight + 1) if key[0] == "halves"}, (
        "yesterday's are not today's"
    )
    assert asked == [AT, midnight - 0.1, midnight, midnight + 1]


def test_a_project_that_goes_takes_its_figures_along() -> None:
    board = board_of(tax(), records_of([(AT, "answered", 3.0)]))
    board.take(changes(gone("project", "tax")))
    half = ("halves", f"tax@{AT // HALF * HALF:.0f}")
    assert board.changed(AT) == {("projects", "tax"), ("figures", "tax"), half}
    assert board.tables["figures"] == board.tables["halves"] == {}
    board.take(changes(house.project()))
    board.changed(AT)
    assert figures(board).received == 1, "the calls are still counted"


def test_what_is_the_same_is_not_told_again() -> None:
    board = board_of(tax(), records_of([(AT - 60, "answered", 3.0)]))
    assert not board.waiting()
    board.time_goes_on()
    assert board.waiting()
    assert board.changed(AT) == set()
    board.take(changes(house.count("answered", 3, 1, start=(AT - 60) // HALF * HALF)))
    assert board.changed(AT) == set()


def test_a_fault_in_one_projects_figures_is_no_fault_of_the_others(caplog: pytest.LogCaptureFixture) -> None:
    def before(terms: Terms, at: float) -> Counts:
        if terms.project == "tax" and at > AT:
            raise RuntimeError
        return NOBODY

    board = MonitorBoard(before, LEVEL_S)
    board.take(
        snapshot(house.project(), house.project(project="water"), house.count(), house.count(project="water"))
    )
    board.changed(AT)
    board.time_goes_on()
    with caplog.at_level(logging.ERROR):
        changed = board.changed(AT + 60)
    assert ("figures", "tax") in changed
    assert set(board.tables["figures"]) == {"water"}
    assert "the figures of tax cannot be computed" in caplog.text


@given(PROMISES)
def test_terms_are_those_of_the_project(promise: dict[str, Any]) -> None:
    of = tax(**promise)
    terms = terms_of(house.project(of))
    assert terms.promise == of.promise == Promise.model_validate(promise)
    assert (terms.project, terms.timezone) == ("tax", "Asia/Tokyo")
