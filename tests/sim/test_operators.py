"""Operators who miss rings, rest, come late, and are quick or slow."""

from __future__ import annotations

import itertools
import statistics
from pathlib import Path

import pytest

from calls.commands import RingSeat
from calls.journal import Entry
from calls.lifecycle import Outcome, SeatState
from calls.notes import NoteSeat
from calls.requests import SeatLoggedIn, SeatPaused
from sim.crowd import speeds
from sim.scenario import Scenario
from tests.sim.people import PROJECT, SHIFT, simulated
from tests.sim.scenarios import bare, tax_day

pytestmark = pytest.mark.unit

HALF_HOUR = 1800.0
NINE = 1_778_112_000.0
"""2026-05-07 09:00 in Tokyo."""


def test_quick_and_slow_operators_have_mean_1_and_their_own_talks() -> None:
    one_length = {"mean": 100.0, "distribution": "constant"}
    scenario = bare(
        calls=600, handle=one_length, wrapup=one_length, operators={"speed": {"cv": 0.3}}, lines=5
    )
    factors = speeds(scenario, 2000)
    own = speeds(scenario, 5)
    assert statistics.fmean(factors.values()) == pytest.approx(1, abs=3 * 0.3 / 2000**0.5)
    assert statistics.stdev(factors.values()) == pytest.approx(0.3, rel=0.06)
    _, records = simulated(scenario)
    answered = [record for record in records if record.outcome == Outcome.ANSWERED]
    for record in answered:
        factor = own[record.seat]
        assert record.talk == pytest.approx(100 * factor, abs=1e-4)
        assert record.wrapup == pytest.approx(100 * factor, abs=1e-4)
    assert len({record.seat for record in answered}) == 5


def states(entries: list[Entry], seat: str) -> list[tuple[float, SeatState]]:
    """What a seat did, with the times."""
    notes = [(entry.at, command) for entry in entries for command in entry.commands]
    return [(at, note.state) for at, note in notes if isinstance(note, NoteSeat) and note.seat == seat]


def test_a_ring_that_nobody_hears_takes_the_seat_out_until_the_operator_is_back() -> None:
    away = {"mean": 500.0, "distribution": "constant"}
    scenario = bare(calls=400, operators={"misses": 0.05, "away": away}, patience=None)
    entries, records = simulated(scenario)
    rings = sum(isinstance(command, RingSeat) for entry in entries for command in entry.commands)
    assert rings > len(records) == 400
    assert {record.outcome for record in records} == {Outcome.ANSWERED}
    seats = [states(entries, f"seat0{number}") for number in range(1, 6)]
    out = [
        later - at
        for each in seats
        for (at, state), (later, _) in itertools.pairwise(each)
        if state is SeatState.NOT_ANSWERING
    ]
    assert len(out) > 5
    assert max(out) <= 500
    missed = simulated(bare(calls=400, operators={"misses": 0.0}, patience=None))[0]
    assert not any(s is SeatState.NOT_ANSWERING for n in range(1, 6) for _, s in states(missed, f"seat0{n}"))


def test_a_seat_that_rests_until_it_is_ready_again_comes_back_by_its_operator(tmp_path: Path) -> None:
    (tmp_path / "tax.yaml").write_text(PROJECT.replace("main: {", "main: {rest_s: null, "), encoding="utf-8")
    scenario = Scenario.model_validate(
        {"project": str(tmp_path / "tax.yaml"), "calls": 100, "arrivals": {"per_hour": 30}, "seats": 2,
         "handle": {"mean": 60}, "operators": {"misses": 0.2, "away": {"mean": 300}}}
    )  # fmt: skip
    entries, records = simulated(scenario)
    assert any(state is SeatState.NOT_ANSWERING for _, state in states(entries, "seat01"))
    assert sum(record.outcome == Outcome.ANSWERED for record in records) > 50


def test_breaks_come_after_the_call_and_have_their_full_length_group_by_group() -> None:
    scenario = tax_day(seats={"shifts": [SHIFT]}, arrivals={"by_half_hour": {"09:30": 60, "10:00": 60}})
    entries, _ = simulated(scenario)
    for number in range(6):
        each = states(entries, f"seat{number + 1:02d}")
        (rest,) = [index for index, (_, state) in enumerate(each) if state is SeatState.BREAK]
        planned = NINE + 2 * HALF_HOUR + 900.0 * (number // 2)
        assert planned <= each[rest][0]
        assert each[rest + 1][0] - each[rest][0] == pytest.approx(900)
    asked = [entry.at - NINE for entry in entries if isinstance(entry.event, SeatPaused)]
    assert asked == [pytest.approx(3600.0 + 900 * (number // 2)) for number in range(6)]


def test_short_breaks_come_again_and_again_and_the_run_ends() -> None:
    breaks = {
        "every": {"mean": 1800.0, "distribution": "constant"},
        "length": {"mean": 300.0, "distribution": "fixed"},
    }
    scenario = tax_day(
        seats=3, operators={"breaks": breaks}, arrivals={"by_half_hour": {"09:00": 10, "16:00": 10}}
    )
    entries, _ = simulated(scenario)
    each = states(entries, "seat01")
    rests = [(at, each[i + 1][0] - at) for i, (at, state) in enumerate(each) if state is SeatState.BREAK]
    assert len(rests) > 10
    assert [length for _, length in rests] == [pytest.approx(300)] * len(rests)
    gaps = [at - before for (before, _), (at, _) in itertools.pairwise(rests)]
    assert min(gaps) == pytest.approx(2100)


def test_late_operators_come_after_the_beginning_and_go_in_time() -> None:
    late = {"operators": {"lateness": {"mean": 600.0, "distribution": "constant"}}}
    seats = {"by_half_hour": {"09:00": 2, "09:30": 1}}
    entries, _ = simulated(tax_day(seats=seats, **late))
    assert [e.at - NINE for e in entries if isinstance(e.event, SeatLoggedIn)][:2] == [600, 600]
    assert (NINE + 3600, SeatState.LOGGED_OUT) in states(entries, "seat01")
    too_late = {"operators": {"lateness": {"mean": 7200.0, "distribution": "constant"}}}
    entries, records = simulated(tax_day(seats=seats, **too_late))
    assert not any(isinstance(entry.event, SeatLoggedIn) for entry in entries)
    assert not any(record.outcome == Outcome.ANSWERED for record in records)
