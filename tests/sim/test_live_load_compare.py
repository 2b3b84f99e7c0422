"""The proof that simulation and telephone agree has to be able to fail."""

from __future__ import annotations

from typing import Any

import pytest

from calls.lifecycle import Outcome
from calls.record import CallRecord, fold
from sim.live.callers import Caller, CallResult
from sim.live.compare_calls import Pair, told
from sim.live.compare_main import compared, show
from sim.live.compare_verdict import agree, figure, prediction, rows
from sim.live.load import Loaded
from sim.live.load_crowd import Crowd
from sim.live.load_figures import Failures, Fold, failures, late_ms
from sim.live.trace import CallTrace, Ending
from sim.many.interval import student_t
from sim.scenario import Scenario
from sim.world import build
from tests.sim.scenarios import bare
from tests.sim.virtual_telephone import VirtualTelephone

pytestmark = pytest.mark.unit

TIMES = 8


def queue(**changes: Any) -> Scenario:
    usual: dict[str, Any] = {
        "calls": 200, "arrivals": {"per_hour": 5400}, "handle": {"mean": 6.0}, "patience": {"mean": 5.0}, "seats": 6,
    }  # fmt: skip
    return bare(**(usual | changes))


def loaded(scenario: Scenario) -> Loaded:
    """By virtual telephones instead of SIPp's."""
    telephone, figures = VirtualTelephone(build(scenario)), Fold(build(scenario))
    crowd = telephone.play()
    for entry in telephone.own:
        figures.see(entry)
    figures.close(telephone.own[-1].at)
    records = figures.records
    return Loaded(
        figures.summary(100.0, crowd.redials),
        crowd.dialled,
        records,
        Failures(0, 0, 0, 0),
        {},
        late_ms(crowd.late),
        0,
        100.0,
    )


def test_a_telephone_that_does_as_the_simulation_says_agrees_with_it() -> None:
    scenario = queue()
    found = compared(scenario, loaded(scenario), TIMES)
    assert found["agree"]
    assert all(row["inside"] for row in found["figures"].values())
    assert found["calls"]["compared"] == 200
    assert found["calls"]["same_outcome"] > 0.9
    assert found["calls"]["wait_s"]["median"] == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize(
    "fault",
    [{"handle": {"mean": 12.0}}, {"seats": 3}],
    ids=["they talk twice as long", "half of the seats"],
)
def test_a_fault_of_the_telephone_is_found(fault: dict[str, Any]) -> None:
    found = compared(queue(), loaded(queue(**fault)), TIMES)
    assert not found["agree"]
    assert not found["figures"]["answer_rate"]["inside"]


def test_a_fault_that_the_promised_rate_does_not_show_is_told_all_the_same() -> None:
    found = compared(queue(), loaded(queue(patience={"mean": 1.0})), TIMES)
    assert not found["figures"]["mean_wait"]["inside"]


def test_the_comparison_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    show("queue.yaml", compared(queue(), loaded(queue(seats=3)), TIMES))
    out = capsys.readouterr().out
    assert "OUTSIDE" in out
    assert "DIFFER" in out


# ---- the interval


def test_the_prediction_interval_is_that_of_one_more_run() -> None:
    low, high = prediction([1.0, 2.0, 3.0])
    half = student_t(0.975, 2) * (4 / 3) ** 0.5  # s = 1
    assert low == pytest.approx(2.0 - half)
    assert high == pytest.approx(2.0 + half)


def test_one_replication_is_too_few() -> None:
    with pytest.raises(ValueError, match="give 2 or more"):
        prediction([0.9])


def summary(rate: float | None, wait: float = 1.0) -> dict[str, Any]:
    return {
        "answer_rate": rate, "abandon_rate": 0.1, "wait_rate": 0.5, "service_level": {"20": 0.8},
        "mean_wait": wait, "occupancy": None,
    }  # fmt: skip


def test_only_the_promised_rate_decides() -> None:
    simulated = [summary(0.89, 1.0), summary(0.9, 1.1), summary(0.91, 0.9)]
    far_wait = rows(summary(0.9, 50.0), summary(0.9), simulated)
    assert not far_wait["mean_wait"].inside
    assert agree(far_wait)
    assert not agree(rows(summary(0.5), summary(0.9), simulated))
    assert not agree(rows(summary(None), summary(0.9), simulated))
    assert "occupancy" not in far_wait  # no replication has it


def test_a_figure_that_never_varies_is_met_by_itself_alone() -> None:
    simulated = [summary(1.0)] * 3
    assert agree(rows(summary(1.0), summary(1.0), simulated))
    assert not agree(rows(summary(0.99), summary(1.0), simulated))


def test_a_figure_inside_another_has_a_name() -> None:
    assert figure(summary(0.9), "service_level.20") == 0.8


# ---- call by call


def record(outcome: Outcome, wait: float | None, talk: float | None = None) -> CallRecord:
    answered = None if talk is None or wait is None else 100.0 + wait
    ended = 100.0 + (wait or 0.0) + (talk or 0.0)
    return CallRecord(
        call="c", leg="l", project="p", number="1", caller="2", arrived_at=100.0,
        queued_at=None if wait is None else 100.0, left_line_at=None if wait is None else 100.0 + wait,
        answered_at=answered, ended_at=ended, outcome=outcome,
    )  # fmt: skip


def test_waits_are_compared_where_the_same_happened() -> None:
    found = [
        Pair(record(Outcome.ANSWERED, 2.5, 9.0), record(Outcome.ANSWERED, 2.0, 9.0)),
        Pair(record(Outcome.ANSWERED, 0.0, 5.0), record(Outcome.ABANDONED_QUEUE, 7.0)),
        Pair(record(Outcome.BLOCKED, None), record(Outcome.BLOCKED, None)),
    ]
    assert told(found) == {
        "compared": 3,
        "same_outcome": pytest.approx(2 / 3),
        "wait_s": {"median": 0.5, "p95": 0.5},
        "talk_s": {"median": 0.0, "p95": 0.0},
    }


def test_nobody_to_compare_is_no_fault() -> None:
    nothing = {"median": None, "p95": None}
    assert told([]) == {"compared": 0, "same_outcome": None, "wait_s": nothing, "talk_s": nothing}


# ---- calls that failed


def seen(ending: Ending, code: int | None = 200) -> CallResult:
    trace = CallTrace("1-2@x", "0", 0.0, None, 1.0, code, 2.0, ending, 0)
    return CallResult(Caller("0000000000", "0900000000", None), trace)


def test_who_heard_busy_did_not_fail_and_who_was_lost_did() -> None:
    scenario = queue(calls=6)
    telephone = VirtualTelephone(build(scenario), loses=frozenset({5}))
    crowd: Crowd = telephone.play()
    records = {one.caller: one for one in fold(telephone.own)}
    one, two, three, four, _ = records.values()
    one.outcome, two.outcome, three.outcome, four.outcome = (
        Outcome.BLOCKED, Outcome.LOST_SYSTEM, "", Outcome.ANSWERED,
    )  # fmt: skip
    results = (
        seen(Ending.REFUSED, 486), seen(Ending.FAR_END_HUNG_UP), seen(Ending.FAR_END_HUNG_UP),
        seen(Ending.UNFINISHED), seen(Ending.NEAR_END_HUNG_UP), seen(Ending.REFUSED, 503),
    )  # fmt: skip
    found = failures(crowd.dialled, results, records, stuck=1)
    assert found == Failures(lost=1, cut=2, hanging=1, stuck=1)
    assert found.all == 5
