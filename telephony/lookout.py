"""Looks at the start, after a lost connection and every 15 s whether Asterisk has what the engine believes."""

from __future__ import annotations

import asyncio
import logging
import wave
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

from calls.commands import AnswerLeg
from calls.event import Event
from calls.events import CallArrived, MessageFinished
from engine.belief import Belief, belief
from engine.engine import Engine
from engine.service_line import PIN_NODE
from telephony.adopted_calls import adoptions
from telephony.ari import AriClient, AriError, AriFailure
from telephony.ari import events as ari_events
from telephony.ari.call import Call
from telephony.background import Worker
from telephony.pins import PinPad
from telephony.reconcile import Findings, compare
from telephony.seen import Seen, seen
from telephony.to_asterisk import ToAsterisk

log = logging.getLogger(__name__)

EVERY_S = 15.0
AGAIN_S = 1.0
"""What is found once and may be on its way is looked for again after so long."""

T = TypeVar("T")
Feed = Callable[[Event], None]


async def _at_once() -> None:
    """Nothing has to be done before."""


class Lookout(Worker):
    """Feeds the engine with what it has missed, and puts right in Asterisk what it wanted there.

    `feed` takes events as if Asterisk had told them (through the same filters). `messages`: the folder in which
    Asterisk keeps what callers leave; `keep` is told of a message whose end was missed. `found` counts the findings by
    their kind, and `told` hears of each. `before` is awaited before the look that follows a reconnect. `met` says in
    which of some bridges two have been together (it may block). One look at a time; inside `async with` they come by
    themselves.
    """

    _name = "lookout"

    def __init__(
        self,
        ari: AriClient,
        engine: Engine,
        out: ToAsterisk,
        feed: Feed,
        messages: Path,
        keep: Callable[[str], None],
        every_s: float = EVERY_S,
        again_s: float = AGAIN_S,
        before: Callable[[], Awaitable[None]] = _at_once,
        told: Callable[[str, int], None] = lambda kind, number: None,
        met: Callable[[frozenset[str]], frozenset[str]] = lambda bridges: frozenset(),
    ) -> None:
        self._ari = ari
        self._engine = engine
        self._out = out
        self._feed = feed
        self._messages = messages
        self._keep = keep
        self._every_s = every_s
        self._again_s = again_s
        self._before = before
        self._told = told
        self._met = met
        self.found: Counter[str] = Counter()
        self._suspects: set[str] = set()
        self._ended: set[str] = set()
        self._turn = asyncio.Lock()
        self._wanted = asyncio.Event()
        for kind in (ari_events.StasisEnd, ari_events.ChannelDestroyed):
            ari.on_event(kind, self._leg_ended)
        ari.on_connected(self._wanted.set)

    async def _work(self) -> None:
        while True:
            pause = self._again_s if self._suspects else self._every_s
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wanted.wait()
                await self._before()
            if self._ari.connected:
                await self.look()

    def _leg_ended(self, event: ari_events.StasisEnd | ari_events.ChannelDestroyed) -> None:
        if self._turn.locked():
            self._ended.add(event.channel.id)

    # ---- at the start

    def remember(self, pins: PinPad) -> None:
        """Before anything comes in for an engine that goes on: what the edge itself knew of its legs."""
        believed = belief(self._engine)
        self._out.past.add(believed.legs)
        self._out.connecting |= believed.awaited
        for name, leg in believed.legs.items():
            if leg.bridge:
                self._out.whereabouts.put(leg.bridge, name)
        for call in self._engine.floor.callers.values():
            if call.position.node == PIN_NODE:
                pins.filtered(CallArrived(call.leg, call.number))

    async def adopt(self) -> int:
        """For an engine without a memory: take over what Asterisk has; how many calls. Raises AriFailure."""
        async with self._turn:
            calls = adoptions(await self._see(belief(self._engine)))
        for call in calls:
            self._out.past.add((call.leg,))
            self._tell(call)
        return len(calls)

    # ---- looking

    async def look(self, *, first: bool = False) -> Findings | None:
        """Compare, and act; what was found, or None where Asterisk gave no lists.

        `first`: this engine has begun just now, and nothing of what is nobody's can be on its way.
        """
        async with self._turn:
            self._wanted.clear()
            try:
                return await self._look(first)
            except AriFailure as error:
                log.warning("Asterisk could not be compared with the journal: %s", error)
                return None
            finally:
                self._ended.clear()

    async def _look(self, first: bool) -> Findings:
        before = belief(self._engine)
        there = await self._see(before)
        after = belief(self._engine)
        known = before.legs.keys() | after.legs.keys() | before.bridges | after.bridges
        found = compare(before.agreed(after), there, known, self._out.past)
        for event in found.events:
            if getattr(event, "leg", "") not in self._ended:
                self._tell(event)
        self._put_right(found)
        self._follow(there)
        await self._clear_away(found, first)
        return found

    def _tell(self, event: Event) -> None:
        self._count(type(event).__name__)
        if isinstance(event, MessageFinished):
            self._keep(event.message)
        self._feed(event)

    def _count(self, kind: str, number: int = 1) -> None:
        if number:
            self.found[kind] += number
            self._told(kind, number)
            log.warning("Asterisk and the journal differed: %s (%d)", kind, number)

    def _put_right(self, found: Findings) -> None:
        """What the engine still wants, after all that it has been told now."""
        if not (found.answer or found.put_in or found.take_out):
            return
        wanted = belief(self._engine).legs
        for leg in found.answer:
            if leg in wanted:
                self._count("answer")
                self._out.carry_out(AnswerLeg(leg))
        for bridge, leg in found.put_in:
            if leg in wanted and wanted[leg].bridge == bridge:
                self._count("put_in")
                self._out.put_in(bridge, leg)
        for bridge, leg in found.take_out:
            if leg in wanted and not wanted[leg].bridge:
                self._count("take_out")
                self._ari.bridges.remove_channel(bridge, leg).send()

    def _follow(self, there: Seen) -> None:
        """Be told of the end of every leg that is ours; subscriptions are gone if Asterisk forgot the application."""
        legs = (self._engine.legs() & there.legs.keys()) - there.own_legs
        bridges = (belief(self._engine).bridges & there.bridges.keys()) - there.own_bridges
        for source in (*(f"channel:{leg}" for leg in legs), *(f"bridge:{bridge}" for bridge in bridges)):
            self._count("subscription")
            self._ari.applications.subscribe(self._ari.settings.app, source).send()

    async def _clear_away(self, found: Findings, first: bool) -> None:
        """One after the other: Asterisk has crashed when many were cleared away at the same time."""
        suspects = {*found.hang_up, *found.close}
        sure = suspects if first else suspects & self._suspects
        self._suspects = suspects - sure
        for leg in found.hang_up:
            if leg in sure:
                await self._end("hang_up", self._ari.channels.hangup(leg))
        for bridge in found.close:
            if bridge in sure:
                await self._end("close", self._ari.bridges.destroy(bridge))

    async def _end(self, kind: str, call: Call[None]) -> None:
        self._count(kind)
        try:
            await call
        except AriError as error:  # it has gone by itself
            log.info("%s", error)

    # ---- what Asterisk has

    async def _see(self, believed: Belief) -> Seen:
        """All requests go out together, so that nothing of ours comes between them."""
        ari, app = self._ari, self._ari.settings.app
        lists = asyncio.gather(
            _answer(ari.applications.get(app)), _answer(ari.channels.list()), _answer(ari.bridges.list())
        )
        over = asyncio.gather(
            *(self._is_over(ari.playbacks.get(playback)) for playback in believed.playbacks),
            *(self._is_over(ari.recordings.live(message)) for message in believed.messages),
        )
        own, channels, bridges = await lists
        running = (*believed.playbacks, *believed.messages)
        ended = frozenset(name for name, is_over in zip(running, await over, strict=True) if is_over)
        spoken = {message: self._seconds(message) for message in ended & believed.messages.keys()}
        met = await asyncio.to_thread(self._met, believed.awaited) if believed.awaited else frozenset[str]()
        return seen(own, channels, bridges, ended, spoken, met)

    @staticmethod
    async def _is_over(request: Call[Any]) -> bool:
        try:
            await request
        except AriError as error:
            return error.status == HTTPStatus.NOT_FOUND
        except AriFailure:
            pass  # the lists have failed as well then
        return False

    def _seconds(self, message: str) -> float:
        try:
            with wave.open(str(self._messages / f"{message}.wav")) as audio:
                return audio.getnframes() / audio.getframerate()
        except (OSError, EOFError, wave.Error):
            return 0.0  # it never began


async def _answer(request: Call[T]) -> T:
    return await request
