"""What a day's report says of transfers, holds, calls of our own and seats."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from calls.activity import SeatActivity
from calls.lifecycle import Outcome, SeatState
from calls.promise import Promise
from calls.record import CallRecord
from calls.talks import Talk
from reports.daily import DailyReport, daily, day_bounds
from reports.seats import SeatDay
from reports.transfers import Dialled, Transferred

pytestmark = pytest.mark.unit

DATE = dt.date(2026, 5, 7)
START, END = day_bounds(DATE, "Asia/Tokyo")
NOON = START + 12 * 3600
S1, S2 = (
    Talk("seat:s1", "operator", NOON + 10, NOON + 50),
    Talk("seat:s2", "transferred", NOON + 60, NOON + 90),
)


def call(name: str = "c1", **fields: Any) -> CallRecord:
    """A call at noon that was answered and ended after 90 s, in wrap-up until 100 s."""
    plain = CallRecord(
        call=name,
        leg="l",
        project="tax",
        number="0570012229",
        caller="",
        arrived_at=NOON,
        outcome=Outcome.ANSWERED,
        answered_at=NOON + 10,
        ended_at=NOON + 90,
        closed_at=NOON + 100,
    )
    return replace(plain, **fields)


def does(
    seat: str, state: SeatState, began: float, ended: float | None, call: str = "", **fields: Any
) -> SeatActivity:
    """What a seat does, in seconds after noon."""
    until = None if ended is None else NOON + ended
    plain = SeatActivity(
        seat=seat, number=1, operator="", state=state, began=NOON + began, ended=until, call=call
    )
    return replace(plain, **fields)


def report(*calls: CallRecord, activity: tuple[SeatActivity, ...] = ()) -> DailyReport:
    """That of the day."""
    departments = {"1200": "tax office", "1201": "tax office", "1300": ""}
    return daily(calls, Promise(), "tax", DATE, activity=activity, departments=departments)


def test_transfers_are_counted_by_kind_and_by_department() -> None:
    found = report(
        call(transfers=("extension:1200", "seat:s2")),
        call(transfers=("extension:1201",)),
        call(transfers=("extension:1300", "extension:99")),
        call(transfers=("outside:0481234567",)),
        call(),
        call(direction="out", transfers=("seat:s1",)),
    )
    assert found.transfers == Transferred(
        total=6,
        by_kind={"extension": 4, "outside": 1, "seat": 1},
        by_department={"1300": 1, "99": 1, "tax office": 2},
    )


def test_calls_of_our_own_are_in_no_other_figure() -> None:
    ours = [
        call(direction="out"),
        call(direction="out", outcome=Outcome.NOT_REACHED, answered_at=None),
        call(direction="out", outcome=Outcome.CANCELLED, answered_at=None),
        call(direction="callback", talks=(S1, S2)),
        call(direction="callback", outcome=""),
        call(direction="internal"),
    ]
    found = report(*ours)
    assert found.outbound == Dialled(made=2, reached=1, mean_talk=80.0)
    assert found.callbacks == Dialled(made=1, reached=1, mean_talk=75.0)
    assert found.internal == Dialled(made=1, reached=1, mean_talk=80.0)
    assert (found.offered, found.answered, found.answer_rate, found.outcomes) == (0, 0, None, {})
    assert (found.mean_wait, found.mean_talk, found.mean_wrapup, found.seats) == (None, None, None, [])


def test_holds_and_classes() -> None:
    found = report(
        call(hold_seconds=10.0, inquiry_class="refund"),
        call(hold_seconds=30.0),
        call(inquiry_class="refund"),
        call(direction="out", hold_seconds=99.0, inquiry_class="refund"),
    )
    assert (found.held, found.mean_hold, found.by_inquiry_class) == (2, 20.0, {"refund": 2})


TRANSFERRED = call(talks=(S1, S2))
ACTIVITY = (
    does("s1", SeatState.READY, -100, 0, operator="sato"),
    does("s1", SeatState.RINGING, 0, 10, "c1", operator="sato"),
    does("s1", SeatState.TALKING, 10, 30, "c1", operator="sato"),
    does("s1", SeatState.HOLDING, 30, 40, "c1", operator="sato"),
    does("s1", SeatState.TALKING, 40, 50, "c1", operator="sato"),
    does("s1", SeatState.WRAP_UP, 50, 70, "c1", operator="sato"),
    does("s1", SeatState.BREAK, 70, 100_000, operator="sato", reason="lunch"),
    does("s2", SeatState.RINGING, 50, 60, "c1"),
    does("s2", SeatState.TALKING, 60, 90, "c1"),
    does("s2", SeatState.WRAP_UP, 90, 100, "c1"),
    does("s3", SeatState.RINGING, 0, 10, "c1"),
    does("s3", SeatState.READY, 10, None),
    does("s4", SeatState.TALKING, 0, 10, "of another project"),
)


def test_what_everybody_did() -> None:
    found = report(TRANSFERRED, activity=ACTIVITY)
    s1, s2, s3 = found.seats
    assert s1 == SeatDay(
        seat="s1",
        operator="sato",
        rung=1,
        answered=1,
        mean_wrapup=20.0,
        seconds={"BREAK": 43_130.0, "HOLDING": 10, "READY": 100, "RINGING": 10, "TALKING": 30, "WRAP_UP": 20},
        breaks={"lunch": 43_130.0},
    )
    assert (s2.seat, s2.rung, s2.answered, s2.mean_wrapup) == ("s2", 1, 1, 10.0)
    assert (s3.seat, s3.rung, s3.answered, s3.mean_wrapup) == ("s3", 1, 0, None)
    assert s3.seconds["READY"] == 43_190.0


def test_the_wrapup_of_who_transferred_counts_and_that_of_an_older_call_is_its_own() -> None:
    old = call("old", closed_at=NOON + 150)
    assert report(TRANSFERRED, activity=ACTIVITY).mean_wrapup == 15.0
    assert report(TRANSFERRED, old, activity=ACTIVITY).mean_wrapup == 30.0
    assert report(TRANSFERRED).mean_wrapup == 10.0


def test_a_colleague_who_is_only_asked_has_answered_nothing() -> None:
    asked = Talk("seat:s2", "consulted", NOON + 60, NOON + 90)
    _, s2, _ = report(call(talks=(S1, asked)), activity=ACTIVITY).seats
    assert (s2.seat, s2.answered) == ("s2", 0)


@given(st.randoms(use_true_random=False))
def test_the_order_of_what_the_seats_did_does_not_matter(chance: random.Random) -> None:
    shuffled = list(ACTIVITY)
    chance.shuffle(shuffled)
    assert report(TRANSFERRED, activity=tuple(shuffled)) == report(TRANSFERRED, activity=ACTIVITY)
