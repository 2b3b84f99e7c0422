"""Looks at an engine from outside only: is every call, leg and bridge accounted for in what it says?"""

from __future__ import annotations

from calls.commands import (
    AnswerLeg,
    CloseBridge,
    Command,
    ConnectLegs,
    HangUp,
    NoteArrived,
    NoteMoved,
    NoteOutcome,
    NoteSeat,
    PlayGuidance,
    RingSeat,
    RingTelephone,
    StartMessage,
    StartMusic,
    StartRecording,
    StopMusic,
)
from calls.events import CallArrived, CommandFailed, Event, GuidanceFinished, LegEnded
from calls.lifecycle import LIFECYCLE, SeatState, State


class Observer:
    """Reads the events and commands of a centre as they come and asserts what has to hold between them."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self.outcomes: dict[str, str] = {}
        self.seats: dict[str, SeatState] = {}
        self.calls: dict[str, str] = {}
        self.legs: dict[str, str] = {}  # legs that are up -> "" or "hung up"
        self.bridges: dict[str, bool] = {}  # bridge -> whether it is there
        self.playbacks: list[str] = []
        self.messages: list[str] = []
        self.music: set[str] = set()
        self.recordings: set[str] = set()

    def happened(self, event: Event) -> None:
        """An event, before the engine sees it."""
        match event:
            case CallArrived(leg):
                self.legs.setdefault(leg, "")
            case (
                LegEnded(leg)
                | CommandFailed("RingSeat" | "RingTelephone", leg)
                | CommandFailed("HangUp" | "AnswerLeg", leg, 404)
            ):
                self.legs.pop(leg, None)
                self.music.discard(leg)

    def done(self, commands: list[Command]) -> None:
        """The commands that the engine gave for it."""
        for command in commands:
            self._noted(command)
            self._told(command)

    def _noted(self, command: Command) -> None:
        match command:
            case NoteArrived(call, leg):
                assert call not in self.states
                self.states[call], self.calls[call] = State.ARRIVED, leg
                self.legs[leg] = ""
            case NoteMoved(call, move, state):
                assert LIFECYCLE[self.states[call]][move] is state
                self.states[call] = state
                assert (state is not State.CLOSED) or call in self.outcomes
            case NoteOutcome(call, outcome):
                assert call not in self.outcomes
                assert self.states[call] is not State.CLOSED
                self.outcomes[call] = outcome
            case NoteSeat(seat, state):
                assert self.seats.get(seat) is not state
                self.seats[seat] = state

    def _told(self, command: Command) -> None:
        match command:
            case RingSeat(_, leg, call, caller_leg) | RingTelephone(_, _, _, leg, call, caller_leg):
                assert leg not in self.legs
                ringing = State.RINGING if isinstance(command, RingSeat) else State.TRANSFERRED
                assert self.states[call] is ringing
                assert caller_leg == self.calls[call]
                self.legs[leg] = ""
            case HangUp(leg):
                assert self.legs.get(leg) == "", "hung up twice, or after its end"
                self.legs[leg] = "hung up"
            case ConnectLegs(bridge, caller_leg, seat_leg):
                assert (self.legs.get(caller_leg), self.legs.get(seat_leg)) == ("", "")
                assert bridge not in self.bridges
                self.bridges[bridge] = True
            case CloseBridge(bridge):
                assert self.bridges[bridge]
                self.bridges[bridge] = False
            case StartMusic(leg):
                assert self.legs.get(leg) == ""
                assert leg not in self.music
                self.music.add(leg)
            case StopMusic(leg):
                self.music.remove(leg)
            case PlayGuidance(leg, playback):
                assert self.legs.get(leg) == ""
                assert leg not in self.music
                assert playback not in self.playbacks
                self.playbacks.append(playback)
            case StartMessage(message, leg):
                assert message not in self.messages
                self.messages.append(message)
                assert self.legs.get(leg) == ""
                assert leg not in self.music
            case AnswerLeg(leg) | StartRecording(_, leg):
                assert self.legs.get(leg) == ""

    def tracked(self, known: set[str]) -> None:
        """Every leg that is up is one that the engine knows, or one that it has hung up."""
        assert {leg for leg, state in self.legs.items() if not state} <= known

    def over(self) -> None:
        """Everybody has gone home."""
        assert set(self.states.values()) <= {State.CLOSED}
        assert set(self.outcomes) == set(self.states)
        assert not any(self.bridges.values())
        assert self.legs == {}


def ended(playback: str) -> GuidanceFinished:
    """The end of a playback."""
    return GuidanceFinished(playback)
