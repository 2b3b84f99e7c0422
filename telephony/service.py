"""The whole live stack: Asterisk, ARI, AMI, engine, journal, guidance and recordings, up and down together."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import secrets as random_secrets
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType

from calls.commands import OverrideHours, PlayGuidance, SendNotice
from calls.event import Event as CoreEvent
from calls.events import (
    EngineStarted,
    HoursClockShifted,
    PhoneRegistered,
    PhoneUnregistered,
    QualityMeasured,
)
from calls.journal import Entry
from calls.notes import NoteEar
from engine.centre import Centre
from engine.desk_texts import DESK, desk_project
from engine.engine import Engine
from store.audit import FILE as AUDIT_FILE
from store.audit import AuditLog
from store.database import Database
from store.journal_writer import JournalWriter
from store.migrations import upgrade
from store.overrides import valid_overrides
from telephony.ami import Ami, AmiSettings
from telephony.ari import AriClient, AriSettings
from telephony.ari import events as ari_events
from telephony.asterisk import EmbeddedAsterisk
from telephony.asterisk_check import check_asterisk
from telephony.control import Control, control_socket
from telephony.driver import Driver
from telephony.ear_audit import ear_audit
from telephony.from_asterisk import EVENT_TYPES
from telephony.gateway import Gateways
from telephony.guidance import GuidanceStore
from telephony.intake import Intake
from telephony.messages import MessageKeeper
from telephony.orders import Orders
from telephony.pins import PinPad, make_pins, pin_of
from telephony.publication import Publication
from telephony.recorder import Recorder
from telephony.secrets import load_gateway_secrets
from telephony.sounds import Sounds, guidance_store
from telephony.stack import Stack
from telephony.streams import Streams
from telephony.to_asterisk import ToAsterisk

log = logging.getLogger(__name__)

Say = Callable[[str], None]
Observe = Callable[[Entry], None]
JOURNAL_ROOM = 200_000
FULL_ENOUGH = 0.5
"""With the journal's queue this full, new callers are turned away: the rest is for those already here."""


def unseen(entry: Entry) -> None:
    """Nobody looks on."""


class Service:
    """`async with Service(stack) as service:` takes calls inside, and has put everything away afterwards.

    Raises AsteriskError, AriFailure, AmiError, GuidanceError, DatabaseUrlError or OSError at the start, each
    with what to do; nothing stays behind then.
    """

    def __init__(self, stack: Stack, say: Say = lambda text: None, observe: Observe = unseen) -> None:
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
        self.sounds = Sounds()
        self.orders: Orders
        self.intake: Intake
        self.pins = PinPad(self._pin)

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
        make_pins(self.stack.site.secrets, self.stack.centre)
        await self._prepare_guidance()
        await self._open_store()
        await self._start_asterisk()
        self._build()
        self.feed(EngineStarted(self.stack.centre.digest(), f"x{self.run[-4:]}"))
        for order in await valid_overrides(self.database, time.time()):
            self.feed(order)
        await self.recorder.start(self.database)
        self._exit.push_async_callback(self.recorder.stop)
        await self.messages.start(self.database)
        self._exit.push_async_callback(self.messages.stop)
        await self._exit.enter_async_context(self.gateways)
        await self._exit.enter_async_context(self.ari)
        await self._exit.enter_async_context(self.ami)
        await self._exit.enter_async_context(self._control())
        self._say("taking calls")

    async def _prepare_guidance(self) -> None:
        stack, centre = self.stack, self.stack.centre
        self.guidance = guidance_store(stack.site, stack.config)
        count = sum(len(project.texts()) for project in centre.answering().values())
        self._say(f"preparing {count} guidance texts")
        for name, project in centre.projects.items():
            store = guidance_store(stack.site, stack.config, stack.wavs.get(name))
            spoken = Centre({name: project}, ()).answering().values()
            await asyncio.to_thread(self.sounds.prepare, store, spoken, centre.versions.get(name, 0))
        await asyncio.to_thread(self.sounds.prepare, self.guidance, [desk_project()], 0)

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
        site, beep = stack.site, f"sound:{stack.plan.beep.with_suffix('')}"
        to_asterisk = ToAsterisk(
            self.ari, self._media, self.recorder.record, self.feed, stack.plan.trunk.name, beep
        )
        self.streams = Streams(to_asterisk.rejoin, self.recorder.renew)
        self.messages = MessageKeeper(
            stack.plan.messages,
            stack.recordings / "unclaimed",
            self.recorder.directory,
            self.journal.flush,
            self.feed,
        )
        wanted = [gateway.name for gateway in site.gateways if gateway.wants_secret]
        secret = load_gateway_secrets(site.secrets, wanted)
        self.gateways = Gateways(site.gateways, secret, self.database, self.journal.flush)
        to_asterisk.table[SendNotice] = self.gateways.carry_out
        self.driver = Driver(self.engine, to_asterisk.carry_out, self._note)
        audit = AuditLog(stack.site.var_directory / AUDIT_FILE)
        self.orders = Orders(self.engine.floor, audit, self.feed, self.journal.flush)
        to_asterisk.table[OverrideHours] = self.orders.carry_out
        to_asterisk.table[NoteEar] = ear_audit(audit)
        self._exit.callback(self.driver.close)
        self.intake = Intake(self.ari, self.engine, to_asterisk, self.pins, self.feed, self._full)
        self._listen()

    def _pin(self, number: str) -> str | None:
        return pin_of(self.stack.site.secrets, self.engine.floor.centre, number)

    def _control(self) -> Control:
        publication = Publication(
            self.stack, self.engine.floor, self.sounds, self._about_to_publish, self.feed
        )
        routes = self.orders.routes() | publication.routes()
        return Control(control_socket(self.stack.site.var_directory), routes)

    def _about_to_publish(self, centre: Centre) -> None:
        make_pins(self.stack.site.secrets, centre)
        self.recorder.know(centre.projects.values())

    def _listen(self) -> None:
        self.ari.on_event(ari_events.ChannelDestroyed, self._measured)
        self.ari.on_event(
            ari_events.RecordingFinished, lambda event: self.messages.finished(event.recording.name)
        )
        self.ari.on_event(ari_events.ChannelUnhold, lambda event: self.streams.begun(event.channel.id))
        self.intake.listen()
        self.ami.on_contact(self._on_contact)
        self.ami.on_rtcp(self.streams.reported)

    # ---- what comes in

    def _full(self) -> bool:
        return self.journal.pressure >= FULL_ENOUGH

    def _on_contact(self, phone: str, reachable: bool) -> None:
        self.feed(PhoneRegistered(phone) if reachable else PhoneUnregistered(phone))

    def _measured(self, event: ari_events.ChannelDestroyed) -> None:
        self.streams.forget(event.channel.id)
        quality = self.ami.forget_quality(event.channel.id)
        if quality is not None:
            self.feed(
                QualityMeasured(event.channel.id, quality.jitter_ms, quality.loss_percent, quality.rtt_ms)
            )

    # ---- guidance

    def _media(self, command: PlayGuidance) -> str:
        call = None if command.project == DESK else self.engine.floor.callers.get(command.leg)
        version = call.version if call else self.engine.floor.centre.version_of(command.project)
        return self.sounds.media(command.project, version, command.guidance, command.language)
