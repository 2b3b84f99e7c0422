"""Snapshots while an engine works, and an onlooker who knows again what he knew."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from calls.event import Event
from calls.events import CallArrived, EngineStarted, LegEnded, PhoneRegistered
from calls.journal import Entry
from engine.engine import Engine
from engine.memory import thaw
from store.database import Database
from store.journal_resume import Frozen
from store.journal_writer import JournalWriter
from store.memory import Memory
from supervisor.api.live import Live
from telephony import remembering
from telephony.driver import Driver
from telephony.remembering import ONLOOKER, Onlooker, Remembering
from telephony.revival import ENGINE, STANDING, Life, revive
from tests.engine.city import OPEN, TAX, centre

pytestmark = pytest.mark.unit

LIMIT = 30.0


class FakeMemory:
    """Wants a snapshot when the test does; `busy`: the last one is still being written."""

    def __init__(self) -> None:
        self.wants_snapshot = self.busy = False
        self.saved: list[tuple[int, float, Mapping[str, bytes], Frozen | None]] = []
        self.synced: list[int] = []
        self._more = asyncio.Event()

    def save_snapshot(
        self, number: int, at: float, parts: Mapping[str, bytes], folds: Frozen | None = None
    ) -> bool:
        """Take one, in memory."""
        if not self.busy:
            self.wants_snapshot = False
            self.saved.append((number, at, parts, folds))
            self._more.set()
        return not self.busy

    def sync(self) -> None:
        """The disk is quick."""
        self.synced.append(len(self.saved))

    async def until(self, count: int) -> None:
        """Wait for so many snapshots."""
        async with asyncio.timeout(LIMIT):
            while len(self.saved) < count:
                self._more.clear()
                await self._more.wait()


class Counter:
    """An onlooker who counts."""

    def __init__(self) -> None:
        self.seen = 0
        self.numbers: list[int] = []

    def observe(self, entry: Entry) -> None:
        """One more."""
        self.seen += 1
        self.numbers.append(entry.number)

    def freeze(self) -> bytes:
        """So many."""
        return str(self.seen).encode()

    def thaw(self, frozen: bytes) -> None:
        """Again so many."""
        self.seen = int(frozen)


class House:
    """An engine at work, its journal, and who looks on."""

    def __init__(self, memory: Memory, journal: JournalWriter, onlooker: Onlooker | None) -> None:
        self._memory, self._onlooker = memory, onlooker
        self.driver = Driver(Engine(centre(2)), lambda command: None, self._note, lambda: OPEN)
        self.remembering = Remembering(memory, journal, self.driver, onlooker)

    def _note(self, entry: Entry) -> None:
        if isinstance(self._memory, Memory):
            self._memory.append(entry)
        if self._onlooker is not None:
            self._onlooker.observe(entry)

    def happens(self, *events: Event) -> None:
        """Things happen."""
        for event in events:
            self.driver.feed(event)


@pytest.fixture
def journal(tmp_path: Path) -> JournalWriter:
    """Nobody writes to the database here."""
    return JournalWriter(Database(f"sqlite:///{tmp_path}/denwaban.db"), "run")


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> FakeMemory:
    monkeypatch.setattr(remembering, "LOOK_S", 0.0)
    return FakeMemory()


def house(memory: FakeMemory, journal: JournalWriter, onlooker: Onlooker | None = None) -> House:
    return House(cast(Memory, memory), journal, onlooker)


async def test_one_at_the_beginning_and_one_at_the_end(memory: FakeMemory, journal: JournalWriter) -> None:
    one = house(memory, journal)
    async with one.remembering:
        await memory.until(1)
        one.happens(PhoneRegistered("s1"), CallArrived("anna", TAX))
    assert [(number, at) for number, at, *_ in memory.saved] == [(0, 0.0), (2, OPEN)]
    assert memory.synced == [1]  # the last is not refused because one is still being written
    _, _, kept, folds = memory.saved[-1]
    assert kept.keys() == {ENGINE, STANDING}
    assert thaw(kept[ENGINE]).legs() == one.driver.engine.legs() == {"anna"}
    assert folds is not None
    one.driver.close()


async def test_others_whenever_the_memory_wants_one(memory: FakeMemory, journal: JournalWriter) -> None:
    one = house(memory, journal)
    async with one.remembering:
        await memory.until(1)
        one.happens(PhoneRegistered("s1"))
        memory.wants_snapshot = True
        await memory.until(2)
        one.happens(PhoneRegistered("s2"))
        memory.wants_snapshot = True
        await memory.until(3)
    assert [number for number, *_ in memory.saved] == [0, 1, 2, 2]


async def test_the_age_is_that_of_the_last_that_was_begun(
    memory: FakeMemory, journal: JournalWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("telephony.remembering.time.monotonic", lambda: now)
    one = house(memory, journal)
    one.remembering._snapshot()
    now += 60
    memory.busy = True
    one.remembering._snapshot()
    assert one.remembering.age == 60
    memory.busy = False
    one.remembering._snapshot()
    assert one.remembering.age == 0


async def test_the_onlooker_is_part_of_it(memory: FakeMemory, journal: JournalWriter) -> None:
    one = house(memory, journal, Counter())
    one.happens(PhoneRegistered("s1"), PhoneRegistered("s2"))
    one.remembering._snapshot()
    assert memory.saved[0][2][ONLOOKER] == b"2"


async def test_an_onlooker_is_reminded(memory: FakeMemory, journal: JournalWriter) -> None:
    since = [Entry(8, OPEN, PhoneRegistered("s1"), []), Entry(9, OPEN, PhoneRegistered("s2"), [])]
    life = Life(Engine(centre()), "run", [], goes_on=True, parts={ONLOOKER: b"7"}, since=since)
    onlooker = Counter()
    house(memory, journal, onlooker).remembering.remind(life)
    assert (onlooker.seen, onlooker.numbers) == (9, [8, 9])
    house(memory, journal).remembering.remind(life)  # nobody looks on


async def test_an_onlooker_of_whom_nothing_was_kept(memory: FakeMemory, journal: JournalWriter) -> None:
    since = [Entry(8, OPEN, PhoneRegistered("s1"), [])]
    onlooker = Counter()
    reminded = house(memory, journal, onlooker).remembering
    reminded.remind(Life(Engine(centre()), "run", [], goes_on=True, since=since))
    assert onlooker.seen == 1
    reminded.remind(Life(Engine(centre()), "new", [], parts={ONLOOKER: b"7"}, since=since))
    assert onlooker.seen == 1  # a new run has nothing of the old one


async def test_the_board_of_the_next_life_is_that_of_the_last(tmp_path: Path, journal: JournalWriter) -> None:
    directory, of = tmp_path / "journal", centre(2)
    memory, live = Memory.open(directory, "code"), Live()
    memory.begin("run")
    one = House(memory, journal, live)
    one.happens(EngineStarted(of.digest(), "xab"), PhoneRegistered("s1"), CallArrived("anna", TAX))
    one.remembering._snapshot()
    memory.sync()
    one.happens(CallArrived("ben", TAX), LegEnded("anna"))
    one.driver.close()
    memory.close()
    again = Memory.open(directory, "code")
    life = revive(again.recovered, "code", of, lambda project: "")
    assert life.goes_on
    next_live = Live()
    Remembering(again, journal, one.driver, next_live).remind(life)
    again.close()
    assert set(live.board.everything()) == set(next_live.board.everything())
    assert next_live.board.number == live.board.number
    assert next_live.board.began == live.board.began
