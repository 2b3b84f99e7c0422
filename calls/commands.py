"""What to do: the only things that ever leave the engine, in the imperative.

A command returns nothing. Its result, or its failure, comes back as an event. The engine chose every id in
it before it left. Commands whose name begins with `Note` do nothing to a telephone: they state what the
engine decided, so that records, the board and the reports are folds of the journal and repeat no rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from calls.lifecycle import Move, Outcome, SeatState, State

HangUpReason = Literal["normal", "busy", "no_answer", "answered_elsewhere", "unknown_number", "congestion"]


class Command(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Base of all commands. The tag in the journal is the class name."""


class AnswerLeg(Command, frozen=True):
    """Pick up the caller's leg (the caller pays from now on)."""

    leg: str


class PlayGuidance(Command, frozen=True):
    """Play a guidance text of a project to a leg; `GuidanceFinished(playback)` follows."""

    leg: str
    playback: str
    project: str
    guidance: str
    language: str


class StopGuidance(Command, frozen=True):
    """Stop a playback at once; its `GuidanceFinished` still comes and means nothing any more."""

    playback: str


class StartMusic(Command, frozen=True):
    """Play waiting music to a leg until `StopMusic`."""

    leg: str


class StopMusic(Command, frozen=True):
    """Stop the waiting music on a leg."""

    leg: str


class RingSeat(Command, frozen=True):
    """Place `leg` to the telephone of a seat on behalf of `call`; `LegRang`, `LegAnswered` or `LegEnded` follow."""

    seat: str
    leg: str
    call: str
    caller_leg: str
    caller: str


class ConnectLegs(Command, frozen=True):
    """Put both legs into a new bridge; `LegsConnected(bridge)` follows."""

    bridge: str
    caller_leg: str
    seat_leg: str


class CloseBridge(Command, frozen=True):
    """Take a bridge away; the legs in it stay."""

    bridge: str


class HangUp(Command, frozen=True):
    """End a leg; `LegEnded(leg)` follows."""

    leg: str
    reason: HangUpReason = "normal"


class StartRecording(Command, frozen=True):
    """Record a leg in both directions under the id `recording` (the call's id) of a project.

    It ends with the leg; `RecordingFinished(recording)` follows when the file is complete.
    """

    recording: str
    leg: str
    project: str


class NoteArrived(Command, frozen=True):
    """A call was given its id and its project (empty: nobody's number)."""

    call: str
    leg: str
    project: str
    number: str
    caller: str


class NoteMoved(Command, frozen=True):
    """A call made a move of the lifecycle table; `seat` and `queue` are empty where none is concerned."""

    call: str
    move: Move
    state: State
    queue: str = ""
    seat: str = ""


class NoteOutcome(Command, frozen=True):
    """The one outcome of a call is decided."""

    call: str
    outcome: Outcome


class NoteSeat(Command, frozen=True):
    """A seat changed its state; `call` is the call that it is about, if any."""

    seat: str
    state: SeatState
    call: str = ""


AnyCommand = (
    AnswerLeg
    | PlayGuidance
    | StopGuidance
    | StartMusic
    | StopMusic
    | RingSeat
    | ConnectLegs
    | CloseBridge
    | HangUp
    | StartRecording
    | NoteArrived
    | NoteMoved
    | NoteOutcome
    | NoteSeat
)

_decoder: msgspec.json.Decoder[list[AnyCommand]] = msgspec.json.Decoder(list[AnyCommand])
_encoder = msgspec.json.Encoder()


def encode_commands(commands: Sequence[Command]) -> bytes:
    """The commands as a JSON list, each with its class name under `type`."""
    return _encoder.encode(commands)


def decode_commands(data: bytes | str) -> list[AnyCommand]:
    """The commands that `encode_commands` wrote; raises msgspec.ValidationError where they are of no known kind."""
    return _decoder.decode(data)
