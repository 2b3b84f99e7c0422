from __future__ import annotations

import datetime as dt
import gc
import json
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.lifecycle import Outcome, SeatState
from calls.promise import answer_rate
from calls.record import fold
from engine.machine import Machine
from sim.arrivals import NoArrivalsError
from sim.main import simulate
from sim.run import run
from sim.scenario import Scenario
from sim.world import build
from tests.sim.scenarios import PROJECT, bare, journal_of, tax_day

pytestmark = pytest.mark.unit


def assert_nothing_is_left(engine: Machine) -> None:
    floor = engine.floor
    assert (floor.calls, floor.callers, floor.seat_legs, floor.bridges) == ({}, {}, {}, {})
    assert len(floor.timers) == 0
    assert set(floor.lines.values()) == {0}
    assert not any(floor.router.waiting(queue) for queue in floor.centre.queues())
    for seat in floor.seats.values():
        assert seat.state is (SeatState.READY if seat.logged_in else SeatState.LOGGED_OUT)
        assert not seat.busy


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    first, _ = journal_of(bare(calls=300))
    assert journal_of(bare(calls=300))[0] == first
    assert journal_of(bare(calls=300, seed=2))[0] != first


def test_another_patience_leaves_arrivals_and_conversations_as_they_are() -> None:
    patient, hasty = (
        {record.leg: record for record in fold(journal_of(bare(calls=500, patience={"mean": mean}))[0])}
        for mean in (1e6, 30.0)
    )
    assert [r.arrived_at for r in patient.values()] == [r.arrived_at for r in hasty.values()]
    both = [leg for leg in patient if hasty[leg].outcome == Outcome.ANSWERED]
    assert len(both) < 500
    assert all(patient[leg].talk == pytest.approx(hasty[leg].talk, abs=1e-5) for leg in both)


@pytest.mark.parametrize("scenario", [bare(lines=7, wrapup={"mean": 20.0}), tax_day()], ids=["bare", "tax"])
def test_the_figures_are_what_the_records_say(scenario: Scenario) -> None:
    entries, result = journal_of(scenario)
    records, figures = list(fold(entries)), result.summary
    assert figures["offered"] == len(records)
    assert sum(figures["outcomes"].values()) == len(records)
    for outcome, count in figures["outcomes"].items():
        assert count == sum(record.outcome == outcome for record in records)
    answered = [record for record in records if record.outcome == Outcome.ANSWERED]
    waits = [record.wait for record in records if record.wait is not None]
    assert figures["answered"] == len(answered)
    assert figures["mean_wait"] == pytest.approx(sum(waits) / len(records))
    assert figures["mean_talk"] == pytest.approx(sum(r.talk or 0 for r in answered) / len(answered))
    assert figures["mean_wrapup"] == pytest.approx(sum(r.wrapup or 0 for r in answered) / len(answered))
    within = sum((record.wait or 0) <= 20 for record in answered)
    assert figures["service_level"]["20"] == pytest.approx(within / len(records))
    assert figures["answer_rate"] == answer_rate(records, build(scenario).project.promise).rate


def test_the_tax_project_takes_every_way_through_its_flow() -> None:
    _, result = journal_of(tax_day())
    assert {"answered", "abandoned_ivr", "abandoned_queue", "self_served", "closed"} <= set(
        result.summary["outcomes"]
    )
    assert result.summary["promise"] == 0.8  # May has its own
    assert result.summary["mean_wrapup"] < 45  # the project's limit caps it
    assert_nothing_is_left(result.engine)


def test_no_line_free_is_blocked() -> None:
    result = run(bare(lines=5, patience=None))
    assert result.summary["blocked"] > 100
    assert (result.summary["mean_wait"], result.summary["wait_rate"]) == (0, 0)


def test_a_phone_that_nobody_answers_in_time_goes_to_the_next_seat_and_the_caller_keeps_his_place() -> None:
    slow = bare(calls=400, ring={"mean": 15.0}, patience={"mean": 300.0})
    entries, result = journal_of(slow)
    assert max(record.offers for record in fold(entries)) > 1
    assert_nothing_is_left(result.engine)


def test_who_is_waiting_when_the_last_shift_ends_is_told_that_nobody_is_there() -> None:
    scenario = bare(
        calls=60,
        arrivals={"by_half_hour": {"09:00": 20}},
        patience=None,
        seats={"by_half_hour": {"09:00": 2}},
    )
    entries, result = journal_of(scenario)
    outcomes = Counter(record.outcome for record in fold(entries))
    assert outcomes["answered"] > 20
    assert outcomes["overflowed"] > 0
    assert outcomes.keys() == {"answered", "overflowed"}
    assert_nothing_is_left(result.engine)


def test_calls_with_a_project_begin_at_the_first_opening() -> None:
    scenario = tax_day(**{"from": "2026-05-02", "to": None, "calls": 20, "arrivals": {"per_hour": 120}})
    entries, _ = journal_of(scenario)
    first = next(iter(fold(entries))).arrived_at
    assert 0 < first - 1778110200 < 300  # 2026-05-07 08:30 in Tokyo: the 2nd to the 6th are days off


def test_a_project_in_which_nobody_calls_is_told() -> None:
    with pytest.raises(NoArrivalsError):
        run(tax_day(to=None, calls=5, arrivals={"by_weekday": {"sun": 10}}))


def test_arrivals_and_talks_may_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("at\n2026-05-07T10:00:00\n2026-05-07T10:00:01\n", encoding="utf-8")
    (tmp_path / "talks.csv").write_text("100\n100\n", encoding="utf-8")
    scenario = tax_day(
        project=PROJECT,
        arrivals={"file": "calls.csv"},
        handle={"distribution": "empirical", "file": "talks.csv"},
    ).model_copy(update={"folder": tmp_path})
    summary = run(scenario.model_copy(update={"flow": bare().flow})).summary
    assert (summary["offered"], summary["mean_talk"]) == (2, 100)
    other_days = {"first": None, "last": None, "flow": bare().flow}
    early = scenario.model_copy(
        update=other_days
    )  # no `from`: virtual time begins on the day of the first call
    assert run(early).summary["offered"] == 2
    assert run(early.model_copy(update={"first": dt.date(2026, 5, 8)})).summary["offered"] == 0


def test_memory_stays_flat_and_the_collector_is_as_before() -> None:
    def peak(calls: int) -> int:
        tracemalloc.start()
        run(bare(calls=calls))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    before = gc.get_threshold(), gc.get_freeze_count()
    peak(500)
    assert peak(8000) - peak(1000) < 400_000
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


seconds = st.sampled_from([0.0, 1.0, 30.0, 300.0])
durations = st.fixed_dictionaries(
    {"mean": seconds, "distribution": st.sampled_from(["exponential", "constant"])}
)
staff = st.one_of(
    st.integers(1, 6), st.just({"by_half_hour": {"09:00": 3, "09:30": 1, "10:00": 2, "17:00": 1}})
)
changes = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**32),
        "handle": durations,
        "wrapup": durations,
        "patience": durations,
        "ring": durations,
        "seats": staff,
        "lines": st.one_of(st.none(), st.integers(1, 8)),
    }
)


@settings(max_examples=40, deadline=None)
@given(changes, st.sampled_from([20, 200, 2000]))
def test_no_bare_scenario_leaves_a_call_or_a_seat_behind(drawn: dict[str, Any], per_hour: int) -> None:
    result = run(bare(**drawn, calls=80, arrivals={"per_hour": per_hour}))
    assert result.summary["offered"] == 80 == sum(result.summary["outcomes"].values())
    assert_nothing_is_left(result.engine)


@settings(max_examples=25, deadline=None)
@given(changes, st.floats(0, 0.5), st.dictionaries(st.sampled_from("0123*"), st.floats(0, 0.2), max_size=5))
def test_no_scenario_of_a_project_leaves_a_call_or_a_seat_behind(
    drawn: dict[str, Any], hang_up: float, keys: dict[str, float]
) -> None:
    flow = {"hang_up": hang_up, "keys": keys}
    half_hours = {"08:00": 5, "09:00": 40, "16:30": 20, "17:00": 40}
    result = run(tax_day(**drawn, flow=flow, arrivals={"by_half_hour": half_hours}))
    assert result.summary["offered"] == sum(result.summary["outcomes"].values())
    assert_nothing_is_left(result.engine)


def test_json_is_one_object_on_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scenario.yaml"
    text = (
        "calls: 200\narrivals: {per_hour: 60}\nhandle: {mean: 300.0}\npatience: {mean: 60.0}\nseats: SEATS\n"
    )
    path.write_text(text.replace("SEATS", "12"), encoding="utf-8")
    assert simulate(path, as_json=True) == 0
    told = capsys.readouterr()
    summary = json.loads(told.out)
    assert told.err == ""
    names = "offered answered abandoned blocked answer_rate abandon_rate wait_rate service_level mean_wait occupancy"
    assert {*names.split(), "calls_per_second", "promise", "met"} <= set(summary)
    path.write_text(text.replace("SEATS", "2"), encoding="utf-8")
    assert simulate(path) == 2
    assert "NOT met" in capsys.readouterr().out


def test_a_bad_scenario_is_told_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(
        "calls: 200\narrivals: {per_hour: 0}\nhandle: {mean: 300.0}\nseats: 5\n", encoding="utf-8"
    )
    assert simulate(path, as_json=True) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "nobody calls" in told.err
    assert simulate(tmp_path / "gone.yaml") == 1
    assert "gone.yaml:1:1: error: there is no such file" in capsys.readouterr().err
