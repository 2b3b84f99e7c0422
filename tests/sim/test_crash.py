"""A day on virtual time with a crash every ten minutes is the same day."""

from __future__ import annotations

import pytest

from calls.command import Command
from calls.event import Event
from calls.journal import Entry
from engine.engine import Engine
from sim.crash import ForgottenError, MortalEngine
from sim.run import Run
from sim.scenario import Scenario
from sim.world import build
from tests.sim.scenarios import bare, journal_of, tax_day

pytestmark = pytest.mark.replay

CRASH_S = 600.0
DAY_AND_NIGHT = {"calls": 6000, "arrivals": {"per_hour": 250.0}, "handle": {"mean": 240.0}, "seats": 17}


def with_crashes(scenario: Scenario, crash_s: float = CRASH_S) -> tuple[list[Entry], MortalEngine]:
    """The journal of a run with crashes, and what is left of its engine."""
    world, entries = build(scenario), list[Entry]()
    engine = MortalEngine(Engine(world.centre), crash_s)
    Run(world, entries.append, engine).to_the_end()
    return entries, engine


def test_twenty_four_hours_with_a_crash_every_ten_minutes() -> None:
    scenario = bare(**DAY_AND_NIGHT, wrapup={"mean": 30.0}, ring={"mean": 6.0})
    entries, engine = with_crashes(scenario)
    assert entries[-1].at - entries[0].at >= 24 * 3600
    assert engine.deaths >= 24 * 6
    assert engine.repeated >= 10 * engine.deaths
    assert entries == journal_of(scenario)[0]


@pytest.mark.parametrize("crash_s", [7.0, 61.0, CRASH_S])
def test_a_day_of_the_tax_project(crash_s: float) -> None:
    scenario = tax_day(seats=4)
    entries, engine = with_crashes(scenario, crash_s)
    assert engine.deaths > 10
    assert entries == journal_of(scenario)[0]


class Lapse(Engine):
    """Does not do every time the same."""

    def handle(self, event: Event, now: float) -> list[Command]:
        return super().handle(event, now)[: -1 if self.floor.arrived % 7 == 3 else None]


def test_an_engine_that_comes_back_another_one_is_found_out() -> None:
    world = build(tax_day(seats=4))
    engine = MortalEngine(Lapse(world.centre), 10 * 3600.0, snapshot_s=3600.0)  # it dies in the morning rush
    with pytest.raises(ForgottenError):
        Run(world, None, engine).to_the_end()
