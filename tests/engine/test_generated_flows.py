"""Generated flows through the whole engine, in virtual time, with callers, operators and telephones of chance."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from calls.commands import PlayGuidance, RingTelephone, SendNotice, StartMessage
from calls.events import DigitPressed
from calls.journal import Entry, differences
from calls.lifecycle import Move, Outcome
from calls.notes import NoteArrived, NoteCallback, NoteMoved
from calls.record import fold
from engine.engine import Engine
from ivr.flow_checks import longest_silent
from ivr.project import Project
from sim.run import Run
from sim.scenario import Scenario
from sim.world import build
from tests.engine.chance import chance_world
from tests.engine.invariants import check_floor
from tests.ivr.flows import accepted, project_files
from tests.ivr.silent import inputs_of

pytestmark = pytest.mark.replay

CALLS = 20


def scenario(project: Path, seed: int, keys: str) -> Scenario:
    """Twenty callers in ten minutes, two operators; nobody waits for ever."""
    return Scenario.model_validate(
        {
            "project": str(project),
            "seed": seed,
            "calls": CALLS,
            "arrivals": {"by_half_hour": {"09:00": 30, "20:00": 30}},
            "handle": {"mean": 60},
            "wrapup": {"mean": 5},
            "patience": {"mean": 60},
            "flow": {"hang_up": 0.1, "keys": dict.fromkeys(keys, 0.8 / len(keys))},
            "seats": 2,
        }
    )


def simulated(scenario: Scenario) -> tuple[list[Entry], Run, Project]:
    """A run to its end, each of whose steps leaves a floor without contradiction."""
    entries: list[Entry] = []

    def note(entry: Entry) -> None:
        entries.append(entry)
        check_floor(run.engine.floor)

    world = chance_world(build(scenario))
    run = Run(world, note)
    run.to_the_end()
    assert list(differences(entries, Engine(world.centre))) == []
    return entries, run, world.project


def assert_bounded(entries: list[Entry], project: Project) -> None:
    """No call is told or done more than a silent caller would be, once for each key and for each time in the line."""
    legs: dict[str, str] = {}
    done, chances = Counter[str](), Counter[str]()
    for entry in entries:
        if isinstance(entry.event, DigitPressed):
            chances[entry.event.leg] += 1
        for command in entry.commands:
            match command:
                case NoteArrived(call, leg):
                    legs[call] = leg or call  # somebody is called back
                case NoteMoved(call, Move.QUEUED):
                    chances[legs[call]] += 1
                case PlayGuidance(leg) | StartMessage(_, leg):
                    done[leg] += 1
                case NoteCallback() | SendNotice() | RingTelephone():
                    done[legs[command.call]] += 1
    most = 1 + longest_silent(project, inputs_of)
    assert all(count <= (chances[leg] + 1) * most for leg, count in done.items())


def note_what_was_met(entries: list[Entry]) -> None:
    """For the statistics of the generated flows."""
    kinds = {type(command).__name__ for entry in entries for command in entry.commands}
    for kind in sorted(kinds & {"NoteCallback", "SendNotice", "RingTelephone", "StartMessage"}):
        event(kind)


@settings(
    max_examples=180, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(content=project_files(), seed=st.integers(0, 99), keys=st.sampled_from(["0", "12", "0123#", "19*"]))
def test_every_call_ends(content: dict[str, Any], seed: int, keys: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = accepted(content, Path(folder))
        event("accepted" if path else "refused")
        if path is None:
            return
        entries, run, project = simulated(scenario(path, seed, keys))
    note_what_was_met(entries)
    assert_bounded(entries, project)
    outcomes = Counter(record.outcome for record in fold(entries) if record.direction == "in")
    assert outcomes.total() == CALLS
    assert not outcomes.keys() & {Outcome.LOST_SYSTEM, None}
    floor = run.engine.floor
    legs = floor.seat_legs | floor.parties
    assert (floor.calls, floor.callers, legs, floor.bridges, len(floor.timers)) == ({}, {}, {}, {}, 0)
