"""A small Asterisk, and an engine at the other end of a wire on which commands and events wait, or are lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from calls.command import Command
from calls.commands import (
    AddToBridge,
    AnswerLeg,
    CloseBridge,
    ConnectLegs,
    HangUp,
    PlayGuidance,
    RemoveFromBridge,
    RingSeat,
    RingTelephone,
    StopGuidance,
)
from calls.event import Event
from calls.events import (
    CallArrived,
    CommandFailed,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegsConnected,
    PhoneRegistered,
    TimePassed,
)
from calls.notes import NoteArrived
from engine.belief import Belief, belief
from engine.centre import Centre
from engine.engine import Engine
from telephony.past import Past
from telephony.reconcile import Findings, compare
from telephony.seen import Seen, SeenLeg
from tests.engine.city import OPEN
from tests.engine.invariants import check_floor


class SmallAsterisk:
    """Legs, bridges and playbacks; `tell` is given what happens."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self.legs: dict[str, SeenLeg] = {}
        self.bridges: dict[str, set[str]] = {}
        self.playing: dict[str, str] = {}
        self.killed: list[str] = []
        self._tell = tell
        self._made = 0

    def seen(self) -> Seen:
        """Its lists."""
        return Seen(
            dict(self.legs),
            {name: frozenset(legs) for name, legs in self.bridges.items()},
            frozenset(self.legs),
            frozenset(self.bridges),
        )

    # ---- what people do

    def arrives(self, number: str) -> None:
        self._made += 1
        leg = f"17.{self._made}"
        self.legs[leg] = SeenLeg(leg, False, ("inbound", number, ""), since=f"{self._made:05}")
        self._tell(CallArrived(leg, number))

    def picks_up(self, leg: str) -> None:
        if not self.legs[leg].up and "." in leg and leg.startswith("c"):
            self.legs[leg] = SeenLeg(leg, True, ("seat",))
            self._tell(LegAnswered(leg))

    def goes(self, leg: str) -> None:
        if self.legs.pop(leg, None) is None:
            return
        for members in self.bridges.values():
            members.discard(leg)
        for playback in [one for one, where in self.playing.items() if where == leg]:
            self.is_played(playback)
        self._tell(LegEnded(leg))

    def is_played(self, playback: str) -> None:
        if self.playing.pop(playback, None) is not None:
            self._tell(GuidanceFinished(playback))

    # ---- what it is told

    def carry_out(self, command: Command) -> None:
        match command:
            case AnswerLeg(leg) if leg in self.legs:
                self.legs[leg] = SeenLeg(leg, True, self.legs[leg].args, since=self.legs[leg].since)
            case RingSeat(leg=leg) | RingTelephone(leg=leg):
                self.legs[leg] = SeenLeg(leg, False)
            case PlayGuidance(leg, playback):
                self._plays(leg, playback)
            case StopGuidance(playback):
                self.is_played(playback)
            case HangUp(leg):
                self.goes(leg)
            case ConnectLegs(bridge, caller_leg, seat_leg):
                self.put_in(bridge, caller_leg, seat_leg)
            case AddToBridge(bridge, leg):
                self.put_in(bridge, leg)
            case RemoveFromBridge(bridge, leg):
                self.bridges.get(bridge, set()).discard(leg)
            case CloseBridge(bridge):
                self.bridges.pop(bridge, None)

    def _plays(self, leg: str, playback: str) -> None:
        if leg in self.legs:
            self.playing[playback] = leg
        else:
            self._tell(CommandFailed("PlayGuidance", playback, 404))

    def put_in(self, bridge: str, *legs: str) -> None:
        members = self.bridges.setdefault(bridge, set())
        for leg in legs:
            if leg in self.legs:
                for others in self.bridges.values():
                    others.discard(leg)
                members.add(leg)
                if len(members) == 2:
                    self._tell(LegsConnected(bridge))


class Wire:
    """Engine and Asterisk; nothing gets to the other side before `Wire` is told so."""

    def __init__(self, centre: Centre) -> None:
        self.now = OPEN
        self.engine = Engine(centre)
        self.down: deque[Command | None] = deque()  # None: the lists are asked for
        self.up: deque[Event] = deque()
        self.asterisk = SmallAsterisk(self.up.append)
        self.past = Past()
        self.connecting: set[str] = set()
        self.arrived: list[str] = []
        self.before: Belief | None = None
        self.lists: Seen | None = None
        self.ended: set[str] = set()
        self.suspects: set[str] = set()
        for seat in centre.seats:
            self.feed(PhoneRegistered(seat.id))

    # ---- the engine's side

    def feed(self, event: Event) -> None:
        commands = self.engine.handle(event, self.now)
        check_floor(self.engine.floor)
        for command in commands:
            self.past.take(command)
            match command:
                case NoteArrived(leg=leg) if leg:
                    self.arrived.append(leg)
                case ConnectLegs(bridge):
                    self.connecting.add(bridge)
                case CloseBridge(bridge):
                    self.connecting.discard(bridge)
        self.down.extend(command for command in commands if not type(command).__name__.startswith("Note"))

    def receive(self) -> None:
        """The next event, through the filters of the intake."""
        event = self.up.popleft()
        match event:
            case CallArrived(leg):
                news = leg not in self.past
            case LegEnded(leg):
                news = leg in self.engine.legs()
                self.ended.add(leg)
            case LegsConnected(bridge):
                news = bridge in self.connecting
                self.connecting.discard(bridge)
            case _:
                news = True
        if news:
            self.feed(event)

    def send(self) -> None:
        """The next command."""
        command = self.down.popleft()
        if command is None:
            self.lists = self._lists()
        else:
            self.asterisk.carry_out(command)

    def _lists(self) -> Seen:
        assert self.before is not None
        seen = self.asterisk.seen()
        over = frozenset(self.before.playbacks.keys() - self.asterisk.playing.keys())
        return Seen(seen.legs, seen.bridges, seen.own_legs, seen.own_bridges, over)

    def is_lost(self, down: bool) -> None:
        """The connection breaks: what was told is lost; what was asked for, if it had not left yet."""
        self.up.clear()
        if down:
            self.down.clear()
            self.before = self.lists = None
        elif self.lists is not None:
            self.before = self.lists = None

    # ---- looking

    def ask(self) -> None:
        if self.before is None:
            self.before = belief(self.engine)
            self.ended.clear()
            self.down.append(None)

    def look(self) -> Findings | None:
        """The lists are there: compare and act, as the lookout does."""
        if self.before is None or self.lists is None:
            return None
        before, lists, after = self.before, self.lists, belief(self.engine)
        self.before = self.lists = None
        known = before.legs.keys() | after.legs.keys() | before.bridges | after.bridges
        found = compare(before.agreed(after), lists, known, self.past)
        for event in found.events:
            if getattr(event, "leg", "") not in self.ended:
                self._is_true(event)
                self.feed(event)
        wanted = belief(self.engine)
        for bridge, leg in found.put_in:
            if leg in wanted.legs and wanted.legs[leg].bridge == bridge:
                self.down.append(AddToBridge(bridge, leg))
        for bridge, leg in found.take_out:
            if leg in wanted.legs and not wanted.legs[leg].bridge:
                self.down.append(RemoveFromBridge(bridge, leg))
        self.down.extend(AnswerLeg(leg) for leg in found.answer if leg in wanted.legs)
        self._clear_away(found)
        return found

    def _is_true(self, event: Event) -> None:
        match event:
            case LegEnded(leg):
                assert leg not in self.asterisk.legs, "of a leg that lives"
            case LegAnswered(leg):
                assert leg not in self.asterisk.legs or self.asterisk.legs[leg].up
            case CallArrived(leg):
                assert leg not in self.arrived, "a second time"

    def _clear_away(self, found: Findings) -> None:
        suspects = {*found.hang_up, *found.close}
        sure, self.suspects = suspects & self.suspects, suspects - self.suspects
        wanted = belief(self.engine)
        for leg in sure & {*found.hang_up}:
            assert leg not in wanted.legs or wanted.legs[leg].ending, "a living call"
            self.down.append(HangUp(leg))
        for bridge in sure & {*found.close}:
            assert bridge not in wanted.bridges, "a bridge that is in use"
            self.down.append(CloseBridge(bridge))

    # ---- the end

    def settle(self) -> None:
        """Everything gets to the other side, and whoever looks looks until there is nothing more to be found."""
        for _ in range(30):
            self._quiet()
            self.ask()
            self._quiet()
            found = self.look()
            self._quiet()
            if found is not None and not found:
                return
        raise AssertionError(f"they never agree: {found}")

    def _quiet(self) -> None:
        while self.up or self.down:
            while self.down:
                self.send()
            while self.up:
                self.receive()

    def agree(self) -> None:
        """The engine believes what there is."""
        believed, there = belief(self.engine), self.asterisk
        assert set(believed.legs) == set(there.legs)
        assert all(one.up is None or there.legs[leg].up or not one.up for leg, one in believed.legs.items())
        answered = {leg for leg, one in there.legs.items() if one.up and one.args == ("seat",)}
        assert {leg for leg in answered if believed.legs[leg].up is False} == set()
        assert believed.bridges == set(there.bridges)
        for bridge, members in there.bridges.items():
            assert believed.members(bridge) == members
        assert set(believed.playbacks) <= set(there.playing)

    def passes(self, seconds: float) -> None:
        self.now += seconds
        self.feed(TimePassed())
