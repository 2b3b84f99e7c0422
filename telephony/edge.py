"""Everything between the engine and the world, put together: what is told to Asterisk, and what comes from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

from calls.commands import OverrideHours, PlayGuidance, SendNotice, StartMusic
from calls.event import Event
from calls.events import PhoneRegistered, PhoneUnregistered, QualityMeasured
from calls.journal import Entry
from calls.notes import NoteEar
from calls.outages import EngineResumed
from engine.belief import belief
from engine.desk_texts import DESK
from engine.engine import Engine
from store.accounts import met_in
from store.audit import FILE as AUDIT_FILE
from store.audit import AuditLog
from store.database import Database
from store.journal_writer import JournalWriter
from telephony.alarms import AlarmName, Alarms
from telephony.ami import Ami, AmiSettings
from telephony.ari import AriClient, AriSettings
from telephony.ari import events as ari_events
from telephony.ari.connection import CLOSED, CUT
from telephony.clock import SteadyClock
from telephony.driver import Driver
from telephony.ear_audit import ear_audit
from telephony.from_asterisk import EVENT_TYPES
from telephony.gateway import Gateways
from telephony.intake import Intake
from telephony.lookout import Lookout
from telephony.marking import Marking
from telephony.marks import Marks
from telephony.messages import MessageKeeper
from telephony.metrics import Metrics
from telephony.orders import Orders
from telephony.pins import PinPad, pin_of
from telephony.recorder import Recorder
from telephony.revival import Life
from telephony.secrets import load_gateway_secrets
from telephony.sounds import Sounds
from telephony.stack import Stack
from telephony.streams import Streams
from telephony.to_asterisk import ToAsterisk

AS_IT_DIED_S = 1.0
"""What it said in its last second may not have been heard; whoever waits hears his music begin once more."""
FULL_ENOUGH = 0.5
"""With the journal's queue this full, new callers are turned away: the rest is for those already here."""


class Edge:
    """Built in one go; it does nothing before `connect`, and feeds nothing to the engine before `catch_up` is over."""

    def __init__(
        self,
        stack: Stack,
        life: Life,
        clock: SteadyClock,
        database: Database,
        journal: JournalWriter,
        sounds: Sounds,
        alarms: Alarms,
        note: Callable[[Entry], None],
        metrics: Metrics,
        reconnected: Callable[[], Awaitable[None]],
    ) -> None:
        self._stack = stack
        self._life = life
        self._sounds = sounds
        self._alarms = alarms
        self._clock = clock
        self._deaf_since: float | None = None
        self._contacts: list[Event] | None = None
        self._database = database
        self._journal = journal
        self.engine: Engine = life.engine
        self.pins = PinPad(self._pin)
        self.ari, self.ami = _doors(stack)
        self.recorder = Recorder(
            self.ami, stack.plan.monitor, stack.recordings, stack.centre, self.feed, alarms
        )
        self._out = self._to_asterisk(clock)
        self._streams = Streams(self._out.rejoin, self.recorder.renew)
        self.messages = MessageKeeper(
            stack.plan.messages,
            stack.recordings / "unclaimed",
            self.recorder.directory,
            journal.flush,
            self.feed,
        )
        self.driver = Driver(
            life.engine, self._out.carry_out, note, clock, life.number, life.at, metrics.step
        )  # fmt: skip
        self._gateways = self._send_by_gateways()
        audit = AuditLog(stack.site.var_directory / AUDIT_FILE)
        self.orders = Orders(self.engine.floor, audit, self.feed, journal.flush)
        self._out.table[OverrideHours] = self.orders.carry_out
        self._out.table[NoteEar] = ear_audit(audit)
        self.intake = Intake(
            self.ari, self.engine, self._out, self.pins, self.driver.feed_missed, lambda: self.full
        )  # fmt: skip
        self.lookout = Lookout(
            self.ari,
            self.engine,
            self._out,
            self.intake.take,
            stack.plan.messages,
            self.messages.finished,
            before=reconnected,
            told=metrics.found,
            met=partial(met_in, stack.plan.events_file),
        )
        self._listen()

    def feed(self, event: Event) -> None:
        """Give the engine an event."""
        self.driver.feed(event)

    # ---- up

    def hold(self) -> None:
        """From now on: what was missed is told first, by `driver.feed_missed`, and everything else waits."""
        self.driver.hold()
        self.intake.hold()
        self._contacts = None if self._life.goes_on else []
        for entry in self._life.resumed.entries:
            for command in entry.commands:
                self._out.past.take(command)

    async def connect(self, undo: AsyncExitStack) -> None:
        """Take up what an earlier life left, and open the two doors of Asterisk. Raises AriFailure or AmiError."""
        self.lookout.remember(self.pins)
        for recording, (leg, project) in belief(self.engine).recordings.items():
            self.recorder.take_up(recording, leg, project)
        await self.recorder.start(self._database)
        undo.push_async_callback(self.recorder.stop)
        await self.messages.start(self._database, belief(self.engine).messages)
        undo.push_async_callback(self.messages.stop)
        await undo.enter_async_context(self._gateways)
        self.ami.believe(seat.id for seat in self.engine.floor.seats.values() if seat.reachable)
        await undo.enter_async_context(self.ari)
        await undo.enter_async_context(self.ami)

    async def catch_up(self, *, adopt: bool) -> None:
        """What has happened while nobody looked comes first, and then what has come in since.

        `adopt`: the calls that are there were those of an engine whose memory is lost. Raises AriFailure.
        """
        if adopt:
            await self.lookout.adopt()
            self.lookout.remember(self.pins)
        self._tell_contacts()
        await self.lookout.look(first=True)
        for recording, (leg, _) in belief(self.engine).recordings.items():
            self.recorder.go_on(recording, leg)
        self._music_again()
        self.driver.go_on()
        self.intake.go_on()

    def _music_again(self) -> None:
        """Whether Asterisk heard what the last engine said as it died nobody knows: its lists say nothing of music."""
        for entry in self._life.since:
            for command in entry.commands if entry.at > self._life.at - AS_IT_DIED_S else ():
                if isinstance(command, StartMusic) and self._waits(command.leg):
                    self._out.carry_out(command)

    def _waits(self, leg: str) -> bool:
        call, party = self.engine.floor.callers.get(leg), self.engine.floor.parties.get(leg)
        return call.music if call is not None else party is not None and party.held

    # ---- parts

    def _to_asterisk(self, clock: SteadyClock) -> ToAsterisk:
        plan = self._stack.plan
        beep = f"sound:{plan.beep.with_suffix('')}"
        out = ToAsterisk(self.ari, self._media, self.recorder.record, self.feed, plan.trunk.name, beep)
        out.marking = Marking(Marks(self.engine.floor, clock), self.ami)
        return out

    def _send_by_gateways(self) -> Gateways:
        site = self._stack.site
        wanted = [gateway.name for gateway in site.gateways if gateway.wants_secret]
        secret = load_gateway_secrets(site.secrets, wanted)
        gateways = Gateways(site.gateways, secret, self._database, self._journal.flush)
        self._out.table[SendNotice] = gateways.carry_out
        return gateways

    def _listen(self) -> None:
        self.ari.on_event(ari_events.ChannelDestroyed, self._measured)
        self.ari.on_event(
            ari_events.RecordingFinished, lambda event: self.messages.finished(event.recording.name)
        )
        self.ari.on_event(ari_events.ChannelUnhold, lambda event: self._streams.begun(event.channel.id))
        self.ari.on_disconnected(self._ari_lost)
        self.ari.on_connected(self._ari_back)
        self.intake.listen()
        self.ami.on_contact(self._on_contact)
        self.ami.on_rtcp(self._streams.reported)

    # ---- what comes in

    def _ari_lost(self, reason: str) -> None:
        if reason != CLOSED:  # by ourselves
            self._alarms.sound(AlarmName.ARI_LOST, reason)
            settings = self.ari.settings
            silent = 0.0 if reason.startswith(CUT) else settings.dead_after + settings.ping_interval
            self._deaf_since = self._clock() - silent

    def _ari_back(self) -> None:
        """For the books: whatever happened since then was heard of only now."""
        self._alarms.clear(AlarmName.ARI_LOST)
        if self._deaf_since is not None:
            self.feed(EngineResumed(self._clock() - self._deaf_since))
            self._deaf_since = None

    @property
    def full(self) -> bool:
        """Whether so much waits for the database that new callers are turned away."""
        return self._journal.pressure >= FULL_ENOUGH

    def _on_contact(self, phone: str, reachable: bool) -> None:
        if phone in (self._stack.plan.trunk.name, self._stack.plan.trunk.watch):
            return  # no telephone: see `trunk_watch`
        event = PhoneRegistered(phone) if reachable else PhoneUnregistered(phone)
        if self._contacts is None:
            self.feed(event)
        else:
            self._contacts.append(event)

    def _tell_contacts(self) -> None:
        """To an engine that knows of nobody yet: after it has heard who talks, and before anybody arrives."""
        contacts, self._contacts = self._contacts, None
        for event in contacts or ():
            self.driver.feed_missed(event)

    def _measured(self, event: ari_events.ChannelDestroyed) -> None:
        self._streams.forget(event.channel.id)
        quality = self.ami.forget_quality(event.channel.id)
        if quality is not None:
            self.feed(
                QualityMeasured(event.channel.id, quality.jitter_ms, quality.loss_percent, quality.rtt_ms)
            )

    # ---- what is asked of us

    def _pin(self, number: str) -> str | None:
        return pin_of(self._stack.site.secrets, self.engine.floor.centre, number)

    def _media(self, command: PlayGuidance) -> str:
        call = None if command.project == DESK else self.engine.floor.callers.get(command.leg)
        version = call.version if call else self.engine.floor.centre.version_of(command.project)
        return self._sounds.media(command.project, version, command.guidance, command.language)


def _doors(stack: Stack) -> tuple[AriClient, Ami]:
    address, secrets = stack.address, stack.secrets
    ari = AriSettings(
        app=stack.plan.app,
        username=address.ari_user,
        password=secrets.ari,
        host=address.host,
        port=address.http_port,
        events=EVENT_TYPES,
    )
    return AriClient(ari), Ami(AmiSettings(address.ami_user, secrets.ami, address.host, address.ami_port))
