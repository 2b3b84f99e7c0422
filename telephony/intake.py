"""What comes in from Asterisk, on its way to the engine."""

from __future__ import annotations

import logging
from collections.abc import Callable

from calls.event import Event
from calls.events import CallArrived, LegEnded, LegsConnected, PhoneDialled
from engine.engine import Engine
from telephony.ari import AriClient
from telephony.ari import events as ari_events
from telephony.degraded_return import WAITING, adopted
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
        self._held: list[ari_events.Event] | None = None

    def hold(self) -> None:
        """What Asterisk tells waits until `go_on`: the engine does not know yet what it has missed."""
        self._held = []

    def go_on(self) -> None:
        """Take in what has come since `hold`, in the order of receipt."""
        held, self._held = self._held or [], None
        for event in held:
            self._take(event)

    def listen(self) -> None:
        """Take everything that comes from now on."""
        for kind in TABLE.keys() - {ari_events.ChannelTransfer}:
            self._ari.on_event(kind, self._take)
        self._ari.on_event(ari_events.ChannelTransfer, self._referrals.take)
        self._out.before = self._referrals.accept
        self._ari.on_unknown(lambda event: log.debug("ARI sent an event of unknown type %s", event.type))

    def _take(self, event: ari_events.Event) -> None:
        if self._held is not None:
            self._held.append(event)
            return
        if isinstance(event, ari_events.StasisStart) and self._turned_away(event):
            return
        core = self._taken_over(event) or translated(event)
        if core is not None:
            self.take(core)

    def _taken_over(self, event: ari_events.Event) -> Event | None:
        """A caller who waited in a line of Asterisk's own while there was no engine, and comes with his place."""
        if not isinstance(event, ari_events.StasisStart) or event.args[:1] != [WAITING]:
            return None
        call = adopted(event.channel.id, event.args, self._engine.floor.centre)
        return call or CallArrived(event.channel.id, *event.args[1:3])

    def take(self, event: Event) -> None:
        """What Asterisk tells, or what was found that it had told: each thing once."""
        seen = self._pins.filtered(event)
        if seen is not None and self._is_news(seen):
            self._feed(seen)

    def _is_news(self, event: Event) -> bool:
        match event:
            case CallArrived(leg) | PhoneDialled(leg):  # the lookout may have found it first
                return leg not in self._out.past
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
