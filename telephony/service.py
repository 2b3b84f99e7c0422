"""The whole live stack: Asterisk, engine, journal, guidance and recordings, up and down together."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from types import TracebackType

from calls.event import Event
from calls.events import HoursClockShifted
from calls.journal import Entry
from calls.outages import AsteriskEnded, CallForgotten, ClockStepped
from engine.centre import Centre
from engine.desk_texts import desk_project
from engine.engine import Engine
from store.database import Database
from store.journal_writer import JournalWriter
from store.left_runs import hand_over
from store.lock import SiteLock
from store.memory import Memory
from store.migrations import upgrade_database
from store.overrides import valid_overrides
from store.records import read_left_open
from telephony.after_outage import AfterOutage
from telephony.alarms import AlarmName
from telephony.ami import Ami
from telephony.ari import AriClient
from telephony.asterisk import EmbeddedAsterisk
from telephony.asterisk_care import RESTARTED, STOPPED, AsteriskCare
from telephony.awakening import JOURNAL_ROOM, LOCK, awaken, close_journal, journal_of
from telephony.background import Background
from telephony.clock import SteadyClock
from telephony.control import Control, control_socket
from telephony.degraded import DegradedKeeper
from telephony.degraded_texts import prepare_house_texts
from telephony.driver import Driver
from telephony.edge import Edge
from telephony.guidance import GuidanceStore
from telephony.instruments import Instruments
from telephony.metrics import Sources
from telephony.orders import Orders
from telephony.pins import make_pins
from telephony.publication import Publication
from telephony.recorder import Recorder
from telephony.remembering import Onlooker, Remembering
from telephony.revival import Life
from telephony.sounds import Sounds, guidance_store
from telephony.stack import Stack
from telephony.trunk_watch import TrunkWatch

log = logging.getLogger(__name__)

Say = Callable[[str], None]
Observe = Callable[[Entry], None]


class Service:
    """`async with Service(stack) as service:` takes calls inside, and has put everything away afterwards.

    It goes on where an earlier one on the same site was cut off, with the calls that Asterisk still has. `leave`, set
    before the end: Asterisk and its calls are left to the next one; an Asterisk that is not ours always is.
    `earlier_books_closed`: the database has everything of earlier runs, and no call of theirs is open in it.

    Raises AsteriskError, AriFailure, AmiError, GuidanceError, DatabaseUrlError, NewerDatabaseError, SiteHeldError or
    OSError at the start, each with what to do; nothing stays behind then.
    """

    def __init__(
        self,
        stack: Stack,
        say: Say = lambda text: None,
        observe: Observe = lambda entry: None,
        onlooker: Onlooker | None = None,
    ) -> None:
        self.stack = stack
        self.leave = not stack.embedded
        self.earlier_books_closed = False
        self._say = say
        self._observe = observe
        self._onlooker = onlooker
        self._exit = AsyncExitStack()
        self.engine = Engine(stack.centre)  # until the start has found the one that goes on
        self.instruments = Instruments(stack.site, lambda: self.engine.floor, self._sources())
        self.alarms = self.instruments.alarms
        self._care = AsteriskCare(stack, self.alarms, self._asterisk_ended, say)
        self._sounds = Sounds()
        self._clock = SteadyClock()
        self._edge: Edge
        self._life: Life
        self._memory: Memory
        self._degraded: DegradedKeeper
        self._remembering: Remembering
        self.database: Database
        self.journal: JournalWriter
        self.guidance: GuidanceStore
        self.driver: Driver
        self.ari: AriClient
        self.ami: Ami
        self.orders: Orders
        self.recorder: Recorder

    async def __aenter__(self) -> Service:
        try:
            await self._start()
        except BaseException:
            self._care.give_back()
            await self._exit.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.instruments.ending()
        await self._exit.aclose()

    # ---- what others ask of it

    def feed(self, event: Event) -> None:
        """Give the engine an event."""
        self.driver.feed(event)

    def shift_hours(self, project: str, seconds: float) -> None:
        """Read the opening hours of one project at another time than now.

        Raises PermissionError unless site.yaml has `allow_test_clock: true`.
        """
        if not self.stack.site.allow_test_clock:
            raise PermissionError(
                "the test clock is off: set `allow_test_clock: true` in site.yaml to use it"
            )
        self.feed(HoursClockShifted(project, seconds))

    @property
    def asterisk(self) -> EmbeddedAsterisk | None:
        """Ours; None where it runs elsewhere."""
        return self._care.embedded

    @property
    def run(self) -> str:
        """The run of the journal."""
        return self._life.run

    # ---- up

    async def _start(self) -> None:
        await self.instruments.begin(self._exit)
        self._exit.enter_context(SiteLock(self.stack.site.var_directory / LOCK))
        self.instruments.count_start()
        make_pins(self.stack.site.secrets, self.stack.centre)
        await self._prepare_guidance()
        await self._wake()
        self._say("looking for Asterisk")
        await self._care.up(self._exit)
        self._edge = Edge(
            self.stack, self._life, self._clock, self.database, self.journal, self._sounds,
            self.alarms, self._note, self.instruments.metrics, self._care.connected_again,
        )  # fmt: skip
        edge = self._edge
        self.driver, self.ari, self.ami = edge.driver, edge.ari, edge.ami
        self.orders, self.recorder = edge.orders, edge.recorder
        self._exit.callback(self.driver.close)
        await self._begin()
        await edge.connect(self._exit)
        await edge.catch_up(adopt=self._care.same and not self._life.goes_on)
        await self._look_after()
        self.instruments.health.phase = "running"
        self._say("taking calls")

    async def _prepare_guidance(self) -> None:
        stack, centre = self.stack, self.stack.centre
        self.guidance = guidance_store(stack.site, stack.config)
        count = sum(len(project.texts()) for project in centre.answering().values())
        self._say(f"preparing {count} guidance texts")
        for name, project in centre.projects.items():
            store = guidance_store(stack.site, stack.config, stack.wavs.get(name))
            spoken = Centre({name: project}, ()).answering().values()
            await asyncio.to_thread(self._sounds.prepare, store, spoken, centre.versions.get(name, 0))
        await asyncio.to_thread(self._sounds.prepare, self.guidance, [desk_project()], 0)

    async def _wake(self) -> None:
        """The engine of this site, and its journal; one that goes on does not wait for the database."""
        self.database = await self._exit.enter_async_context(Database(self.stack.site.store_url))
        undo = self._exit.enter_context(ExitStack())
        self._memory, self._life = await awaken(self.stack, self.alarms, self.database, undo)
        self.engine = self._life.engine
        self._clock = SteadyClock(self._life.at)
        self.instruments.health.run = self.run
        if not self._life.goes_on:
            await upgrade_database(self.database)
        self.journal = journal_of(self._life, self._memory, self.database, self.alarms)
        await self.journal.start(self._life.resumed)
        self._exit.push_async_callback(lambda: close_journal(self.journal, in_haste=self.leave))

    async def _begin(self) -> None:
        """Everything that the engine has to know before it hears of Asterisk."""
        self._edge.hold()
        languages = {project.language for project in self.stack.centre.projects.values()}
        house = await asyncio.to_thread(prepare_house_texts, self.guidance, languages)
        self._degraded = DegradedKeeper(self.stack.plan.degraded, self.engine.floor, self._sounds, house)
        self._exit.callback(self._degraded.close)
        self._remembering = Remembering(self._memory, self.journal, self.driver, self._onlooker)
        self._remembering.remind(self._life)
        self.instruments.metrics.know()
        for event in await self._first():
            self.driver.feed_missed(event)
        self._degraded.write()

    async def _first(self) -> list[Event]:
        self._clock.stepped()
        first = [*self._life.first, ClockStepped(self._clock.offset)]
        if not self._life.goes_on:
            return first + await valid_overrides(self.database, time.time())
        return first if self._care.same else [*first, AsteriskEnded(RESTARTED)]

    async def _look_after(self) -> None:
        edge, enter = self._edge, self._exit.enter_async_context
        await enter(self._remembering)
        self._exit.callback(self._end_calls)
        await enter(edge.lookout)
        await enter(TrunkWatch(edge.ami, self.stack.plan.trunk, self.alarms))
        phones = [phone.id for phone in self.stack.plan.phones]
        await enter(
            AfterOutage(
                self.stack.plan.degraded, edge.ari, edge.ami, edge.recorder, self.database, self.journal,
                self.alarms, self.feed, phones,
            )
        )  # fmt: skip
        await enter(Background(self._clock.watch(self._clock_stepped), "clock"))
        await enter(Background(self._earlier_books(), "books of earlier runs"))
        await enter(self._control())
        self.instruments.health.need(
            "ari", lambda: "" if self.ari.connected else "there is no connection to Asterisk"
        )
        self.instruments.health.need(
            "journal", lambda: "new callers are turned away until the database is back" if edge.full else ""
        )
        await self._care.watch(self._exit)

    async def _earlier_books(self) -> None:
        """What the spool has of earlier runs, and the records of calls that nobody went on with."""
        await hand_over(self.database, self._memory)
        await self.journal.flush()
        for call in await read_left_open(self.database, self.run):
            if call not in self.engine.floor.calls:
                self.feed(CallForgotten(call))
        await self.journal.flush()
        self.earlier_books_closed = True

    def _control(self) -> Control:
        publication = Publication(
            self.stack, self.engine.floor, self._sounds, self._about_to_publish, self.feed
        )
        routes = self.orders.routes() | publication.routes()
        return Control(control_socket(self.stack.site.var_directory), routes)

    def _sources(self) -> Sources:
        return Sources(
            pressure=lambda: self.journal.pressure,
            unwritten=lambda: self.journal.pressure * JOURNAL_ROOM,
            spool_bytes=lambda: self._memory.spool_bytes,
            snapshot_age=lambda: self._remembering.age,
            connected=lambda: float(self.ari.connected),
            outstanding=lambda: float(self.ari.outstanding),
        )

    # ---- down

    def _end_calls(self) -> None:
        """Whatever is cut by our end is booked as that, and not as callers who gave up."""
        if self.leave:
            self._care.leave_running()
            self.driver.hold()  # what comes now is for the next engine to find
        else:
            self.feed(AsteriskEnded(STOPPED))

    # ---- what happens meanwhile

    def _note(self, entry: Entry) -> None:
        self._memory.append(entry)  # the intention is on the disk before anything is done
        self.journal.put(entry)
        self.instruments.metrics.observe(entry)
        self._degraded.observe(entry)
        self._observe(entry)
        if self._onlooker is not None:
            self._onlooker.observe(entry)

    def _asterisk_ended(self, reason: str) -> None:
        self.ami.believe(())  # every telephone that Asterisk still knows is to be told anew
        self.feed(AsteriskEnded(reason))

    def _clock_stepped(self, offset: float) -> None:
        self.alarms.sound(AlarmName.CLOCK_STEPPED, f"the clock was set: {offset:+.0f} s from the engine's")
        self.feed(ClockStepped(offset))

    def _about_to_publish(self, centre: Centre) -> None:
        make_pins(self.stack.site.secrets, centre)
        self.recorder.know(centre.projects.values())
