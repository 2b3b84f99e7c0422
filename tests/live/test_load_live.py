"""`denwaban load`: real SIP calls by a scenario, on a stack of its own and against a service that runs."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from calls.promise import answer_rate
from calls.record import CallRecord, RecordFold, fold
from sim.bare import bare_project
from sim.drill.house import PROJECT, House, new_house
from sim.live.load import Load, Loaded
from sim.live.load_centre import OwnCentre
from sim.live.load_crowd import caller_number
from sim.run import run
from sim.scenario import Scenario
from sim.world import build
from store.journal_reader import read_journal
from store.records import read_records
from telephony.service import Service
from telephony.stack import load_stack

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
QUEUE: dict[str, Any] = {
    "seed": 2, "calls": 24, "arrivals": {"per_hour": 10_800}, "handle": {"mean": 2.0}, "patience": {"mean": 1.5},
    "ring": {"mean": 0.3}, "wrapup": {"mean": 0.3}, "seats": 3, "lines": 8,
}  # fmt: skip


def silent(text: str) -> None:
    """Nobody looks on."""


class Told(NamedTuple):
    """What a command printed, and how it ended."""

    code: int
    figures: dict[str, Any]
    story: str


async def denwaban(*words: str) -> Told:
    """In a process of its own, as whoever loads does it."""
    command = [sys.executable, str(ROOT / "denwaban.py"), *words, "--json"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, told = await process.communicate()
    assert process.returncode is not None
    return Told(process.returncode, json.loads(out or b"{}"), told.decode())


class Played(NamedTuple):
    """A load, and what the database of its centre has of it (in real time)."""

    loaded: Loaded
    records: list[CallRecord]
    journal: list[CallRecord]


@pytest.fixture(scope="module")
def played() -> Played:
    async def play() -> Played:
        world = build(Scenario.model_validate(QUEUE))
        async with OwnCentre(ROOT, world, silent) as centre:
            loaded = await Load(world, centre, centre.folder, silent).run()
            service = centre.service
            await service.journal.flush()
            records = await read_records(service.database, world.project.project, 0.0, 1e10)
            journal = [entry async for entry in read_journal(service.database, service.run)]
            return Played(loaded, list(records), list(fold(journal)))

    return asyncio.run(play())


def test_the_figures_are_those_of_the_journal_and_of_the_records(played: Played) -> None:
    summary, promise = played.loaded.summary, bare_project(lines=8, wrapup=True, promise=None).promise
    for records in (played.records, played.journal):
        outcomes = [record.outcome for record in records]
        assert summary["offered"] == len(records) == 24
        assert summary["outcomes"] == {name: outcomes.count(name) for name in set(outcomes)}
        assert summary["answer_rate"] == answer_rate(records, promise).rate
        waits = sum(record.wait or 0.0 for record in records)
        assert summary["mean_wait"] == pytest.approx(waits / 24, abs=1e-4)
        talks = [record.talk for record in records if record.talk is not None]
        assert summary["mean_talk"] == pytest.approx(sum(talks) / len(talks), abs=1e-4)


def test_some_talked_some_gave_up_and_nothing_failed(played: Played) -> None:
    summary = played.loaded.summary
    assert summary["answered"] > 5
    assert summary["abandoned"] + summary["blocked"] > 2
    assert played.loaded.failures.all == 0
    assert {record.caller for record in played.records} == {caller_number(place) for place in range(24)}


def test_everybody_talks_as_long_as_the_simulation_has_drawn_for_him(played: Played) -> None:
    """Within what the robots were late, and what a machine that has other work needs to hang up."""
    simulated = RecordFold()
    run(Scenario.model_validate(QUEUE), simulated.feed)
    drawn = {record.arrived_at: record.talk for record in simulated.records.values()}
    talks = [
        (talk, wanted)
        for one in played.loaded.dialled
        if (talk := played.loaded.records[caller_number(one.place)].talk) is not None
        if (wanted := drawn[one.at]) is not None
    ]
    assert len(talks) > 5
    assert all(talk >= wanted - 0.001 for talk, wanted in talks)
    shares = sorted(talk - wanted for talk, wanted in talks)
    assert shares[len(shares) // 2] < 0.25


async def test_without_a_scenario_a_bare_queue_is_called() -> None:
    told = await denwaban("load", "--calls", "6", "--rate", "6", "--hold", "0.5")
    assert told.code == 0, told.story
    figures = told.figures
    assert (figures["offered"], figures["answered"], figures["failed"]) == (6, 6, 0)
    assert figures["answer_rate"] == 1.0
    assert figures["mean_talk"] == pytest.approx(0.5, abs=0.25)
    assert set(figures["latency_ms"]) == {"ring_p50", "ring_p99", "bridge_p50", "bridge_p99"}


def scenario_of(house: House, folder: Path) -> Path:
    scenario = {
        "project": str(house.config / "projects/drill.yaml"), "seed": 4, "calls": 12,
        "arrivals": {"per_hour": 7200}, "handle": {"mean": 1.0}, "patience": {"mean": 3.0},
        "ring": {"mean": 0.3}, "flow": {"hang_up": 0.2}, "seats": 2,
    }  # fmt: skip
    path = folder / "scenario.yaml"
    path.write_text(json.dumps(scenario), encoding="utf-8")
    return path


async def test_a_service_that_runs_is_called_and_robots_take_its_free_seats(tmp_path: Path) -> None:
    house = new_house(ROOT, 2)
    house.furnish()
    try:
        async with Service(load_stack(house.config)) as service:
            words = ("--config", str(house.config), "load", str(scenario_of(house, tmp_path)))
            told = await denwaban(*words, "--running", "--operators")
            await service.journal.flush()
            records = await read_records(service.database, PROJECT, 0.0, 1e10)
    finally:
        house.remove()
    assert told.code == 0, told.story
    assert told.figures["offered"] == len(records) == 12
    outcomes = [record.outcome for record in records]
    assert told.figures["outcomes"] == {name: outcomes.count(name) for name in set(outcomes)}
    assert told.figures["answered"] > 2
