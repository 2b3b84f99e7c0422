"""Who calls again."""

from __future__ import annotations

import pytest

from calls.lifecycle import Outcome
from calls.record import CallRecord
from sim.learn.redials import WITHIN_S, fit_redials

pytestmark = pytest.mark.unit


def call(at: float, caller: str, outcome: Outcome, lasts: float = 60.0) -> CallRecord:
    record = CallRecord(
        call=f"c{at:g}", leg="", project="p", number="", caller=caller, arrived_at=at, outcome=outcome
    )
    record.ended_at = at + lasts
    return record


def pairs(count: int, again: int, outcome: Outcome, wait: float) -> list[CallRecord]:
    """So many callers fail, and so many of them call again."""
    records = [call(1000.0 * n, f"0{n}", outcome) for n in range(count)]
    records += [call(1000.0 * n + 60 + wait, f"0{n}", Outcome.ANSWERED) for n in range(again)]
    return sorted(records, key=lambda one: one.arrived_at)


def test_share_and_wait_after_each_failure() -> None:
    records = pairs(100, 40, Outcome.ABANDONED_QUEUE, 300.0)
    for one in pairs(50, 10, Outcome.BLOCKED, 30.0):
        records.append(call(one.arrived_at + 1e6, f"9{one.caller}", Outcome(one.outcome)))
    found = fit_redials(sorted(records, key=lambda one: one.arrived_at))
    assert found.settings == {
        "after_busy": {"share": 0.2, "wait": {"mean": 30.0}},
        "after_abandon": {"share": 0.4, "wait": {"mean": 300.0}},
    }
    assert len(found.again) == 50
    assert found.estimates["after_abandon.share"].low == pytest.approx(0.3094, abs=1e-3)


def test_who_was_answered_calls_about_something_else_and_so_does_who_comes_much_later() -> None:
    answered = pairs(30, 30, Outcome.ANSWERED, 60.0)
    late = pairs(30, 30, Outcome.ABANDONED_QUEUE, WITHIN_S + 1)
    assert fit_redials(answered).again == fit_redials(late).again == frozenset()


def test_withheld_numbers_are_nobody() -> None:
    records = [call(at, "", Outcome.ABANDONED_QUEUE) for at in range(0, 1000, 100)]
    found = fit_redials(records)
    assert (found.settings, found.again, found.seen["after_abandon"]) == ({}, frozenset(), (0, 0))


def test_a_few_are_told_and_left_out() -> None:
    found = fit_redials(pairs(40, 2, Outcome.ABANDONED_QUEUE, 60.0))
    assert found.remarks == ("redial after_abandon: only 2 of 40 called again; left out",)
    assert (found.settings, found.again) == ({}, frozenset())


def test_who_tries_three_times_is_two_redials() -> None:
    tries = [call(at, "01", Outcome.BLOCKED, 1.0) for at in (0.0, 31.0, 62.0)]
    others = [call(10_000.0 + 40 * n, f"1{n // 2}", Outcome.BLOCKED, 1.0) for n in range(8)]
    found = fit_redials([*tries, *others])
    assert {"c31", "c62"} <= found.again
    assert found.seen["after_busy"] == (11, 6)
