"""Callers who try again: who, how often, as whom, and that calls and callers stay apart in the figures."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from calls.events import CallArrived
from calls.journal import Entry
from calls.lifecycle import Outcome
from calls.record import CallRecord, fold
from sim.run import Run
from sim.scenario import Scenario
from sim.world import build
from tests.sim.scenarios import bare, tax_day
from tests.sim.test_run import assert_nothing_is_left

pytestmark = pytest.mark.unit

ALWAYS = {"share": 1.0, "wait": {"mean": 60.0, "distribution": "constant"}}


def simulated(scenario: Scenario) -> tuple[list[CallRecord], Run, list[Entry]]:
    """The calls of a scenario, and the run at its end."""
    entries: list[Entry] = []
    run = Run(build(scenario), entries.append)
    result = run.to_the_end()
    assert_nothing_is_left(result.engine)
    return list(fold(entries)), run, entries


def tries(records: list[CallRecord]) -> Counter[int]:
    """How many callers called how often."""
    return Counter(Counter(record.leg.partition(".")[0] for record in records).values())


def test_who_finds_no_line_tries_again_until_he_has_enough() -> None:
    """One seat, one line, a talk of an hour: the second caller is told that all is busy, and again, and again."""
    scenario = bare(
        calls=2, seats=1, lines=1, arrivals={"per_hour": 1e5}, redial={"after_busy": ALWAYS, "most": 4},
        handle={"mean": 3600.0, "distribution": "constant"},
    )  # fmt: skip
    records, run, entries = simulated(scenario)
    assert [record.outcome for record in records] == [Outcome.ANSWERED] + 5 * [Outcome.BLOCKED]
    assert run._edge.redials == 4
    times = [entry.at for entry in entries if isinstance(entry.event, CallArrived)][1:]
    assert [later - at for at, later in itertools.pairwise(times)] == [pytest.approx(60)] * 4


def test_he_gets_through_once_a_line_is_free() -> None:
    scenario = bare(
        calls=2, seats=1, lines=1, arrivals={"per_hour": 1e5}, redial={"after_busy": ALWAYS},
        handle={"mean": 150.0, "distribution": "constant"},
    )  # fmt: skip
    records, run, _ = simulated(scenario)
    assert [str(record.outcome) for record in records] == ["answered", *3 * ["blocked"], "answered"]
    assert run._edge.redials == 3
    assert records[-1].talk == pytest.approx(150)


def test_who_gave_up_is_no_busy_caller() -> None:
    busy, abandon = ({kind: ALWAYS} for kind in ("after_busy", "after_abandon"))
    crowd = {"calls": 300, "arrivals": {"per_hour": 200}, "seats": 3}
    assert simulated(bare(**crowd, redial=busy))[1]._edge.redials == 0
    records, run, _ = simulated(bare(**crowd, redial=abandon))
    assert len(records) == 300 + run._edge.redials > 400
    assert max(tries(records)) == 6  # `most` is 5


def test_only_a_share_tries_again() -> None:
    crowd = {"calls": 2000, "arrivals": {"per_hour": 600}, "seats": 3, "lines": 3, "patience": None}
    redial = {"after_busy": {"share": 0.25, "wait": {"mean": 20.0}}, "most": 1}
    records, run, _ = simulated(bare(**crowd, redial=redial))
    blocked = sum(r.outcome == Outcome.BLOCKED and "." not in r.leg for r in records)
    share = run._edge.redials / blocked
    assert abs(share - 0.25) <= 3 * (0.25 * 0.75 / blocked) ** 0.5
    assert set(tries(records)) == {1, 2}


def test_he_keeps_his_number_and_his_question() -> None:
    hours = {"by_half_hour": {"09:00": 200}}
    classes = {"減免": {"share": 0.5, "mean": 60.0}, "督促状": {"share": 0.5, "mean": 60.0}}
    scenario = tax_day(
        arrivals=hours, seats=4, redial={"after_abandon": ALWAYS}, handle={"mean": 60.0, "classes": classes}
    )
    records, run, _ = simulated(scenario)
    numbers: dict[str, set[str]] = {}
    for record in records:
        numbers.setdefault(record.caller, set()).add(record.leg.partition(".")[0])
    assert all(len(legs) == 1 for legs in numbers.values())
    assert len(numbers) == len(records) - run._edge.redials
    answered = [record for record in records if record.outcome == Outcome.ANSWERED and "." in record.leg]
    assert answered
    assert {record.inquiry_class for record in answered} == {"減免", "督促状"}


def test_others_call_at_the_same_times_as_if_nobody_tried_again() -> None:
    crowd: dict[str, Any] = {"calls": 200, "arrivals": {"per_hour": 200}, "seats": 3}
    once, again = (
        {record.leg: record.arrived_at for record in simulated(bare(**crowd, redial=redial))[0]}
        for redial in (None, {"after_abandon": ALWAYS})
    )
    assert len(again) > len(once) == 200
    assert {leg: at for leg, at in again.items() if leg in once} == once


def test_nobody_dials_after_the_last_day() -> None:
    late = {"share": 1.0, "wait": {"mean": 86_400.0, "distribution": "constant"}}
    scenario = tax_day(arrivals={"by_half_hour": {"09:00": 300}}, seats=2, redial={"after_abandon": late})
    assert simulated(scenario)[1]._edge.redials == 0
    longer = scenario.model_copy(update={"last": scenario.start.replace(day=9)})
    records, run, _ = simulated(longer)
    assert run._edge.redials > 0
    assert {r.outcome for r in records} >= {Outcome.CLOSED}  # the 9th of May is a Saturday


def test_shifts_go_on_while_somebody_is_about_to_try_again(tmp_path: Path) -> None:
    """Who found the one line taken in the afternoon calls again next morning, and somebody is there."""
    (tmp_path / "calls.csv").write_text("at\n2026-05-07T13:00:01\n2026-05-07T13:00:05\n", encoding="utf-8")
    wait = {"share": 1.0, "wait": {"mean": 3600.0 * 20, "distribution": "constant"}}
    scenario = bare(
        calls=None, arrivals={"file": "calls.csv"}, seats={"by_half_hour": {"09:00": 1, "13:00": 1}}, lines=1,
        handle={"mean": 10.0, "distribution": "constant"}, redial={"after_busy": wait},
    )  # fmt: skip
    records, _, _ = simulated(scenario.model_copy(update={"folder": tmp_path}))
    assert [str(record.outcome) for record in records] == ["answered", "blocked", "answered"]
    assert records[2].arrived_at - records[1].arrived_at == pytest.approx(3600 * 20)
