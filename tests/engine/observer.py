"""Looks at an engine from outside only: is every call, leg and bridge accounted for in what it says?"""

from __future__ import annotations

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
    SnoopLeg,
    StartMessage,
    StartMusic,
    StartRecording,
    StartRinging,
    StopMusic,
    StopRinging,
)
from calls.event import Event
from calls.events import CallArrived, CommandFailed, GuidanceFinished, LegEnded, PhoneDialled
from calls.lifecycle import LIFECYCLE, SeatState, State
from calls.notes import NoteAnswered, NoteArrived, NoteMoved, NoteOutcome, NoteSeat, NoteTalk
from calls.outages import AsteriskEnded, CallAdopted


class Observer:
    """Reads the events and commands of a centre as they come and asserts what has to hold between them."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self.outcomes: dict[str, str] = {}
        self.seats: dict[str, tuple[SeatState, str, str]] = {}
        self.calls: dict[str, str] = {}
        self.legs: dict[str, str] = {}  # legs that are up -> "" or "hung up"
        self.bridges: dict[str, set[str] | None] = {}  # bridge -> the legs in it, None once it is closed
        self.ringback: set[str] = set()
        self.talks: set[tuple[str, str, str]] = set()
        self.answers: list[str] = []  # requests that were answered
        self.playbacks: list[str] = []
        self.messages: list[str] = []
        self.music: set[str] = set()
        self.adopted: set[str] = set()  # they may hear music, which nobody knows
        self.recordings: set[str] = set()

    def happened(self, event: Event) -> None:
        """An event, before the engine sees it."""
        match event:
            case CallArrived(leg) | PhoneDialled(leg):
                self.legs.setdefault(leg, "")
            case AsteriskEnded():
                self._all_is_gone()
            case CallAdopted(leg, seat_leg=other, bridge=bridge) if leg not in self.legs:
                self.legs |= dict.fromkeys(filter(None, (leg, other)), "")
                self.adopted.add(leg)
                if bridge:
                    self.bridges[bridge] = {leg, other}
            case (
                LegEnded(leg)
                | CommandFailed("RingSeat" | "RingTelephone" | "SnoopLeg", leg)
                | CommandFailed("HangUp" | "AnswerLeg" | "AddToBridge", leg, 404)
            ):
                self.legs.pop(leg, None)
                self.music.discard(leg)
                self.ringback.discard(leg)
                for members in self.bridges.values():
                    if members is not None:
                        members.discard(leg)

    def _all_is_gone(self) -> None:
        for everything in (self.legs, self.music, self.ringback):
            everything.clear()
        self.bridges = dict.fromkeys(self.bridges)

    def done(self, commands: list[Command]) -> None:
        """The commands that the engine gave for it."""
        for command in commands:
            self._noted(command)
            self._told(command)
            self._heard(command)
            self._bridged(command)

    def _noted(self, command: Command) -> None:
        match command:
            case NoteArrived(call, leg):
                assert call not in self.states
                self.states[call], self.calls[call] = State.ARRIVED, leg
                if leg:
                    self.legs[leg] = ""
                    self.music.discard(leg)  # it may have the name of one that was hung up and is still there
            case NoteMoved(call, move, state):
                assert LIFECYCLE[self.states[call]][move] is state
                self.states[call] = state
                assert (state is not State.CLOSED) or call in self.outcomes
            case NoteOutcome(call, outcome):
                assert call not in self.outcomes
                assert self.states[call] is not State.CLOSED
                self.outcomes[call] = outcome
            case NoteSeat(seat, state, operator=operator, reason=reason):
                assert self.seats.get(seat) != (state, reason, operator)
                self.seats[seat] = state, reason, operator
            case NoteAnswered(ask):
                assert ask not in self.answers
                self.answers.append(ask)
            case NoteTalk(call, who, role, talking):
                assert ((call, who, role) in self.talks) is not talking
                (self.talks.add if talking else self.talks.remove)((call, who, role))

    def _told(self, command: Command) -> None:
        match command:
            case RingSeat(_, leg, call, caller_leg) | RingTelephone(_, _, _, leg, call, caller_leg):
                assert leg not in self.legs
                if isinstance(command, RingSeat):
                    # An operator who wants to call somebody is rung himself, before anybody is dialled.
                    assert self.states[call] in {State.RINGING, State.ARRIVED}
                if call:  # the telephone of a supervisor who listens belongs to none
                    assert self.states[call] is not State.CLOSED
                    assert caller_leg in {self.calls[call], ""} or self.legs[caller_leg] == ""
                self.legs[leg] = ""
            case SnoopLeg(snoop, leg):
                assert snoop not in self.legs
                assert self.legs.get(leg) == ""
                self.legs[snoop] = ""
            case HangUp(leg):
                assert self.legs.get(leg) == "", "hung up twice, or after its end"
                self.legs[leg] = "hung up"

    def _heard(self, command: Command) -> None:
        match command:
            case StartMusic(leg):
                self._hears_nothing_else(leg)
                self.music.add(leg)
            case StopMusic(leg):
                assert leg in self.music | self.adopted
                self.music.discard(leg)
                self.adopted.discard(leg)
            case StartRinging(leg):
                self._hears_nothing_else(leg)
                self.ringback.add(leg)
            case StopRinging(leg):
                self.ringback.remove(leg)
            case PlayGuidance(leg, playback):
                self._hears_nothing_else(leg)
                assert playback not in self.playbacks
                self.playbacks.append(playback)
            case StartMessage(message, leg):
                assert message not in self.messages
                self.messages.append(message)
                assert self.legs.get(leg) == ""
                assert leg not in self.music
            case AnswerLeg(leg) | StartRecording(_, leg):
                assert self.legs.get(leg) == ""

    def _bridged(self, command: Command) -> None:
        match command:
            case ConnectLegs(bridge, caller_leg, seat_leg):
                assert bridge not in self.bridges
                self._hears_nothing_else(caller_leg)
                self._hears_nothing_else(seat_leg)
                self.bridges[bridge] = {caller_leg, seat_leg}
            case AddToBridge(bridge, leg):
                self._hears_nothing_else(leg)
                members = self.bridges[bridge]
                assert members is not None
                members.add(leg)
            case RemoveFromBridge(bridge, leg):
                members = self.bridges[bridge]
                assert members is not None
                members.remove(leg)
            case CloseBridge(bridge):
                assert self.bridges[bridge] is not None
                self.bridges[bridge] = None

    def _hears_nothing_else(self, leg: str) -> None:
        assert self.legs.get(leg) == "", "a leg that is not up"
        assert leg not in self.music | self.ringback
        assert not any(leg in members for members in self.bridges.values() if members), (
            "in a conversation already"
        )

    def hears(self, leg: str) -> set[str]:
        """Whom a leg hears: everybody else in its bridge."""
        found = [members for members in self.bridges.values() if members and leg in members]
        return found[0] - {leg} if found else set()

    def tracked(self, known: set[str]) -> None:
        """Every leg that is up is one that the engine knows, or one that it has hung up."""
        assert {leg for leg, state in self.legs.items() if not state} <= known

    def over(self) -> None:
        """Everybody has gone home."""
        assert set(self.states.values()) <= {State.CLOSED}
        assert set(self.outcomes) == set(self.states)
        assert all(members is None for members in self.bridges.values())
        assert self.talks == set()
        assert self.legs == {}


def ended(playback: str) -> GuidanceFinished:
    """The end of a playback."""
    return GuidanceFinished(playback)
