"""What comes in from Asterisk, on its way to the engine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from calls.event import Event
from calls.events import LegEnded, LegsConnected
from engine.engine import Engine
from telephony.ari import AriClient, AriFailure
from telephony.ari import events as ari_events
from telephony.from_asterisk import INBOUND, TABLE, translated
from telephony.pins import PinPad
from telephony.referrals import Referrals
from telephony.to_asterisk import ToAsterisk

log = logging.getLogger(__name__)


class Intake:
    """Feeds the engine with what ARI tells, each thing once.

    `full` says that there is no room for further callers: they are turned away before the engine hears of them.
    """

    def __init__(
        self,
        ari: AriClient,
        engine: Engine,
        out: ToAsterisk,
        pins: PinPad,
        feed: Callable[[Event], None],
        full: Callable[[], bool],
    ) -> None:
        self._ari = ari
        self._engine = engine
        self._out = out
        self._pins = pins
        self._feed = feed
        self._full = full
        self._referrals = Referrals(ari, feed)
        self._tasks: set[asyncio.Task[None]] = set()
        self._met = False

    def listen(self) -> None:
        """Take everything that comes from now on."""
        for kind in TABLE.keys() - {ari_events.ChannelTransfer}:
            self._ari.on_event(kind, self._take)
        self._ari.on_event(ari_events.ChannelTransfer, self._referrals.take)
        self._out.before = self._referrals.accept
        self._ari.on_unknown(lambda event: log.debug("ARI sent an event of unknown type %s", event.type))
        self._ari.on_connected(self._connected)

    def _take(self, event: ari_events.Event) -> None:
        if isinstance(event, ari_events.StasisStart) and self._turned_away(event):
            return
        core = translated(event)
        seen = self._pins.filtered(core) if core is not None else None
        if seen is not None and self._is_news(seen):
            self._feed(seen)

    def _is_news(self, event: Event) -> bool:
        match event:
            case LegEnded(
                leg
            ):  # each leg's end is told twice, and of legs that we ended the engine knows already
                self._out.whereabouts.out(leg)
                return leg in self._engine.legs()
            case LegsConnected(bridge):  # a leg that comes back to a bridge makes two again
                news = bridge in self._out.connecting
                self._out.connecting.discard(bridge)
                return news
        return True

    def _turned_away(self, event: ari_events.StasisStart) -> bool:
        if event.args[:1] != [INBOUND] or not self._full():
            return False
        log.error(
            "the journal does not keep up with the calls: a caller was turned away; look at the database"
        )
        self._ari.channels.hangup(event.channel.id, reason="congestion").send()
        return True

    def _connected(self) -> None:
        if self._met:
            task = asyncio.create_task(self._catch_up(), name="catch up")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._met = True

    async def _catch_up(self) -> None:
        """After a lost connection: legs that ended meanwhile have ended for the engine too."""
        try:
            there = {channel.id for channel in await self._ari.channels.list()}
        except AriFailure as error:
            log.warning("%s", error)
            return
        for leg in self._engine.legs() - there:
            self._feed(LegEnded(leg))
