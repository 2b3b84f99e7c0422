"""How long an engine needs to go on, with a hundred thousand calls in its journal."""

from __future__ import annotations

import asyncio
import queue
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from calls.journal import Entry
from calls.requests import SeatReadied
from engine.engine import Engine
from sim.bench.row import Row, row
from sim.run import Run
from sim.scenario import Scenario, load_scenario
from sim.world import World, build
from store.database import Database
from store.journal_resume import NEW_RUN
from store.journal_writer import JournalWriter
from store.memory import Memory
from store.migrations import upgrade_database
from store.recovered import filled
from telephony.program import digest
from telephony.revival import parts, revive

RUN = "bench"
SNAPSHOT_EVERY = 5000
_AHEAD = 5000
Say = Callable[[str], None]


class Written(NamedTuple):
    """What the life before left: so many `calls` and `entries` on the disk below `folder`."""

    folder: Path
    world: World
    calls: int
    entries: int


class Snapshot(NamedTuple):
    """What the engine knew after an entry."""

    number: int
    at: float
    parts: dict[str, bytes]


async def resume_rows(root: Path, say: Say) -> list[Row]:
    """Write the journal of a long run to the disk, and go on with it as after a crash; about two minutes."""
    scenario = load_scenario(root / "config" / "scenarios" / "bare-queue.yaml")
    with tempfile.TemporaryDirectory(prefix="denwaban-bench-") as folder:
        say(f"a journal of {scenario.calls} calls is written")
        written = await write(Path(folder), scenario)
        seconds = await resume(written)
    say(f"{written.calls} calls, {written.entries} entries: going on took {seconds:.2f} s")
    return [row("live.resume", "s", seconds, "", None, more_is_better=False)]


async def write(folder: Path, scenario: Scenario) -> Written:
    """The life before, on virtual time: spool, snapshots and database, and no orderly end."""
    world = build(scenario)
    waiting: queue.Queue[Entry | Snapshot | int] = queue.Queue(_AHEAD)
    thread = threading.Thread(target=_simulate, args=(world, waiting))
    thread.start()
    calls = entries = 0
    async with Database(_url(folder)) as database:
        await upgrade_database(database)
        memory = Memory.open(folder / "journal", digest())
        memory.begin(RUN)
        journal = JournalWriter(database, RUN, on_written=memory.release)
        await journal.start(NEW_RUN)
        while not isinstance(item := await _next(waiting), int):
            if isinstance(item, Snapshot):
                await journal.flush()
                memory.save_snapshot(item.number, item.at, item.parts, journal.freeze())
                memory.sync()
            else:
                entries += 1
                await journal.drained()
                memory.append(item)
                journal.put(item)
        calls = item
        await journal.close()
        memory.close()
    thread.join()
    return Written(folder, world, calls, entries)


async def _next(waiting: queue.Queue[Entry | Snapshot | int]) -> Entry | Snapshot | int:
    try:
        return waiting.get_nowait()
    except queue.Empty:
        return await asyncio.to_thread(waiting.get)


def _simulate(world: World, waiting: queue.Queue[Entry | Snapshot | int]) -> None:
    engine = Engine(world.centre)

    def note(entry: Entry) -> None:
        waiting.put(entry)
        if entry.number % SNAPSHOT_EVERY == 0:
            waiting.put(Snapshot(entry.number, entry.at, parts(engine)))

    run = Run(world, note, engine)
    waiting.put(int(run.to_the_end().summary["offered"]))


async def resume(written: Written) -> float:
    """Seconds from nothing to an engine that has taken its next step, which is in the database."""
    begun = time.perf_counter()
    async with Database(_url(written.folder)) as database:
        memory = Memory.open(written.folder / "journal", digest())
        assert memory.recovered is not None
        found = await filled(database, memory.recovered)
        life = revive(found, digest(), written.world.centre, lambda project: "")
        assert life.goes_on
        assert life.number == written.entries
        memory.begin(life.run)
        journal = JournalWriter(database, life.run, on_written=memory.release)
        await journal.start(life.resumed)
        event = SeatReadied(next(iter(life.engine.floor.seats)))
        entry = Entry(life.number + 1, life.at, event, life.engine.handle(event, life.at))
        memory.append(entry)
        journal.put(entry)
        await journal.flush()
        seconds = time.perf_counter() - begun
        await journal.close()
        memory.close()
    return seconds


def _url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'denwaban.db'}"
