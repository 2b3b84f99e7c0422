"""The whole live stack: Asterisk, ARI, AMI, engine, journal, guidance and recordings, up and down together."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import secrets as random_secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType

from calls.events import (
    EngineStarted,
    HoursClockShifted,
    LegEnded,
    PhoneRegistered,
    PhoneUnregistered,
    QualityMeasured,
)
from calls.events import Event as CoreEvent
from calls.journal import Entry
from engine.engine import Engine
from store.database import Database
from store.journal_writer import JournalWriter
from store.migrations import upgrade
from telephony.ami import Ami, AmiSettings
from telephony.ari import AriClient, AriFailure, AriSettings
from telephony.ari import events as ari_events
from telephony.asterisk import EmbeddedAsterisk
from telephony.asterisk_check import check_asterisk
from telephony.driver import Driver
from telephony.from_asterisk import EVENT_TYPES, INBOUND, TABLE, translated
from telephony.guidance import GuidanceStore, Voice
from telephony.recorder import Recorder
from telephony.stack import Stack
from telephony.to_asterisk import ToAsterisk

log = logging.getLogger(__name__)

Say = Callable[[str], None]
Observe = Callable[[Entry], None]
JOURNAL_ROOM = 200_000
FULL_ENOUGH = 0.5
"""With the journal's queue this full, new callers are turned away: the rest is for those already here."""


class Service:
    """`async with Service(stack) as service:` takes calls inside, and has put everything away afterwards.

    Raises AsteriskError, AriFailure, AmiError, GuidanceError, DatabaseUrlError or OSError at the start, each
    with what to do; nothing stays behind then.
    """

    def __init__(
        self, stack: Stack, say: Say = lambda text: None, observe: Observe = lambda entry: None
    ) -> None:
        self.stack = stack
        self._say = say
        self._observe = observe
        self._exit = AsyncExitStack()
        self.run = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{random_secrets.token_hex(3)}"
        self.engine = Engine(stack.centre)
        self.asterisk: EmbeddedAsterisk | None = None
        self.database: Database
        self.journal: JournalWriter
        self.driver: Driver
        self.ari: AriClient
        self.ami: Ami
        self.guidance: GuidanceStore
        self._tasks: set[asyncio.Task[None]] = set()
        self._met = False

    async def __aenter__(self) -> Service:
        try:
            await self._start()
        except BaseException:
            await self._exit.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exit.aclose()

    def feed(self, event: CoreEvent) -> None:
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

    def _note(self, entry: Entry) -> None:
        self.journal.put(entry)
        self._observe(entry)

    # ---- up

    async def _start(self) -> None:
        await self._prepare_guidance()
        await self._open_store()
        await self._start_asterisk()
        self._build()
        self.feed(EngineStarted(self.stack.centre.digest(), f"x{self.run[-4:]}"))
        await self.recorder.start(self.database)
        self._exit.push_async_callback(self.recorder.stop)
        await self._exit.enter_async_context(self.ari)
        await self._exit.enter_async_context(self.ami)
        self._say("taking calls")

    async def _prepare_guidance(self) -> None:
        voice = self.stack.site.voice
        store = GuidanceStore(
            self.stack.site.var_directory / "guidance", Voice(voice.speed, voice.half_tone, voice.level_db)
        )
        texts = [pair for project in self.stack.centre.projects.values() for pair in project.texts()]
        self._say(f"preparing {len(texts)} guidance texts")
        await asyncio.to_thread(store.prepare, texts)
        self.guidance = store

    async def _open_store(self) -> None:
        url = self.stack.site.store_url
        await upgrade(url)
        self.database = await self._exit.enter_async_context(Database(url))
        self.journal = JournalWriter(self.database, self.run, capacity=JOURNAL_ROOM)
        await self._exit.enter_async_context(self.journal)

    async def _start_asterisk(self) -> None:
        stack = self.stack
        if stack.embedded:
            self._say("starting Asterisk")
            self.asterisk = EmbeddedAsterisk(stack.plan, stack.secrets, self._say)
            await self._exit.enter_async_context(self.asterisk)
        else:
            await check_asterisk(stack.address, stack.secrets)

    def _build(self) -> None:
        address, secrets = self.stack.address, self.stack.secrets
        self.ari = AriClient(
            AriSettings(
                app=self.stack.plan.app,
                username=address.ari_user,
                password=secrets.ari,
                host=address.host,
                port=address.http_port,
                events=EVENT_TYPES,
            )
        )
        self.ami = Ami(AmiSettings(address.ami_user, secrets.ami, address.host, address.ami_port))
        stack = self.stack
        self.recorder = Recorder(self.ami, stack.plan.monitor, stack.recordings, stack.centre, self.feed)
        to_asterisk = ToAsterisk(self.ari, self._media, self.recorder.record, self.feed)
        self.driver = Driver(self.engine, to_asterisk.carry_out, self._note)
        self._exit.callback(self.driver.close)
        self._listen()

    def _listen(self) -> None:
        self.ari.on_event(ari_events.ChannelDestroyed, self._measured)
        for kind in TABLE:
            self.ari.on_event(kind, self._on_ari)
        self.ari.on_unknown(lambda event: log.debug("ARI sent an event of unknown type %s", event.type))
        self.ari.on_connected(self._on_connected)
        self.ami.on_contact(self._on_contact)

    # ---- what comes in

    def _on_ari(self, event: ari_events.Event) -> None:
        if isinstance(event, ari_events.StasisStart) and self._too_full(event):
            return
        core = translated(event)
        if core is None or (isinstance(core, LegEnded) and core.leg not in self.engine.legs()):
            return  # each leg's end is told twice, and of legs that we ended the engine knows already
        self.feed(core)

    def _too_full(self, event: ari_events.StasisStart) -> bool:
        if event.args[:1] != [INBOUND] or self.journal.pressure < FULL_ENOUGH:
            return False
        log.error(
            "the journal does not keep up with the calls: a caller was turned away; look at the database"
        )
        self.ari.channels.hangup(event.channel.id, reason="congestion").send()
        return True

    def _on_contact(self, phone: str, reachable: bool) -> None:
        self.feed(PhoneRegistered(phone) if reachable else PhoneUnregistered(phone))

    def _measured(self, event: ari_events.ChannelDestroyed) -> None:
        quality = self.ami.forget_quality(event.channel.id)
        if quality is not None:
            self.feed(
                QualityMeasured(event.channel.id, quality.jitter_ms, quality.loss_percent, quality.rtt_ms)
            )

    def _on_connected(self) -> None:
        if self._met:
            task = asyncio.create_task(self._catch_up(), name="catch up")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._met = True

    async def _catch_up(self) -> None:
        """After a lost connection: legs that ended meanwhile have ended for the engine too."""
        try:
            there = {channel.id for channel in await self.ari.channels.list()}
        except AriFailure as error:
            log.warning("%s", error)
            return
        for leg in self.engine.legs() - there:
            self.feed(LegEnded(leg))

    # ---- guidance

    def _media(self, project: str, guidance: str, language: str) -> str:
        texts = self.stack.centre.projects[project].guidance[guidance]
        return self.guidance.media(texts[language], language)
