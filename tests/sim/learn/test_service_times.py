"""What of waits, conversations, wrap-ups and rings was seen to its end, and what was cut off."""

from __future__ import annotations

from typing import Any

import pytest

from calls.lifecycle import Outcome
from calls.record import CallRecord
from ivr.project import Project
from sim.bare import bare_project
from sim.learn import service_times
from sim.learn.laws import Constant, Exponential
from sim.learn.past import Past
from sim.learn.past_call import PastCall, Ring
from sim.learn.survival import Lasted
from sim.randomness import Stream

pytestmark = pytest.mark.unit


def call(outcome: str, **changes: Any) -> CallRecord:
    usual: dict[str, Any] = {
        "call": "c1", "leg": "1", "project": "bare-queue", "number": "", "caller": "", "arrived_at": 0.0,
        "outcome": outcome, "queue": "bare-queue/main", "queued_at": 10.0,
    }  # fmt: skip
    return CallRecord(**usual | changes)


def project(limit: float | None) -> Project:
    bare = bare_project(lines=None, wrapup=True, promise=None)
    queue = bare.queues["main"].model_copy(update={"wrapup_s": limit})
    return bare.model_copy(update={"queues": {"main": queue}})


def test_only_who_gave_up_has_waited_as_long_as_he_would() -> None:
    records = [
        call(Outcome.ABANDONED_QUEUE, ended_at=70.0),
        call(Outcome.ANSWERED, answered_at=25.0, ended_at=90.0),
        call(Outcome.TIMED_OUT, left_line_at=310.0, ended_at=330.0),
        call(Outcome.LOST_SYSTEM, ended_at=40.0, lost_at=40.0),
        call(""),  # nobody knows how it ended: the journal was heard of until 100
        call(Outcome.ABANDONED_IVR, queued_at=None),
        call(Outcome.DEGRADED_UNANSWERED, ended_at=60.0),
    ]
    assert service_times.patience_seen(records, 100.0) == [
        Lasted(60.0, True), Lasted(15.0, False), Lasted(300.0, False), Lasted(30.0, False), Lasted(90.0, False),
    ]  # fmt: skip


def test_a_conversation_that_the_system_cut_off_is_cut_off() -> None:
    records = [
        call(Outcome.ANSWERED, answered_at=20.0, ended_at=120.0),
        call(Outcome.ANSWERED, answered_at=20.0, ended_at=50.0, lost_at=50.0),
        call(Outcome.ANSWERED, answered_at=20.0, ended_at=50.0, queue=""),  # a department's
    ]
    assert service_times.talk_seen(records) == [Lasted(100.0, True), Lasted(30.0, False)]


def test_the_queues_limit_cuts_wrapups_off() -> None:
    records = [
        call(Outcome.ANSWERED, answered_at=20.0, ended_at=100.0, closed_at=closed)
        for closed in (112.0, 130.0, 100.0)
    ]
    seen = service_times.wrapup_seen(records, project(30.0))
    assert seen == [Lasted(12.0, True), Lasted(30.0, False), Lasted(0.0, True)]
    assert all(one.seen for one in service_times.wrapup_seen(records, project(None)))
    assert service_times.wrapup_seen(records, project(0.0)) == []


def rung(rings: list[Ring]) -> service_times.RingFit:
    past = Past(0.0, 1e9, calls={"c1": PastCall("c1", "1", "bare-queue", "", "", 0.0, rings=rings)})
    return service_times.fit_rings(past, [call(Outcome.ANSWERED)])


def answered(seconds: float, seat: str = "seat01", at: float = 0.0) -> Ring:
    return Ring(at, seat, answered=at + seconds)


def missed(at: float, seat: str = "seat01") -> Ring:
    return Ring(at, seat, silenced=at + 20.0, missed=True)


def test_some_operators_are_not_there() -> None:
    rings = [answered(3.0, at=1000.0 * n) for n in range(97)]
    rings += [missed(100_000.0), missed(100_100.0), answered(3.0, at=100_200.0), missed(101_000.0)]
    rings += [Ring(102_000.0, "seat02", silenced=102_007.0)]  # the caller went, and nobody had picked up
    found = rung(rings)
    assert found.choice is not None
    assert found.choice.law == Constant(3.0)
    assert found.misses.value == pytest.approx(3 / 101)


def test_slow_operators_are_there_though_they_miss_some() -> None:
    unit = -1.0 * Stream(1, "ring").exponentials()[:800]
    rings = [
        answered(-15 * t, at=100.0 * n) if -15 * t < 20 else missed(100.0 * n) for n, t in enumerate(unit)
    ]
    found = rung(rings)
    assert found.choice is not None
    assert isinstance(found.choice.law, Exponential)
    assert found.choice.law.mean == pytest.approx(15.0, rel=0.1)
    assert found.misses.value == 0.0


def test_classes_have_their_own_laws_where_nearly_all_have_one() -> None:
    talks = (100 * Stream(1, "talk").exponentials()[:200]).tolist()
    usual = {"answered_at": 0.0}
    records = [call("answered", ended_at=talk, inquiry_class="還付", **usual) for talk in talks[:100]]
    records += [call("answered", ended_at=4 * talk, inquiry_class="納税", **usual) for talk in talks[100:]]
    found = service_times.by_class(records)
    assert found.keys() == {"還付", "納税"}
    assert found["納税"].share.value == 0.5
    assert found["納税"].choice.law.mean > 2.5 * found["還付"].choice.law.mean
    unnamed = [call("answered", ended_at=100.0, **usual) for _ in range(100)]
    assert service_times.by_class([*records, *unnamed]) == {}


def test_lines_in_use() -> None:
    records = [call("answered", arrived_at=float(n), ended_at=n + 2.5) for n in range(5)]
    records.append(call(Outcome.BLOCKED, arrived_at=1.0, ended_at=1.0))
    assert service_times.most_at_once(records) == 3
    assert service_times.most_at_once([]) == 0
