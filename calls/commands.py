"""What to do: the only things that ever leave the engine, in the imperative.

A command returns nothing. Its result, or its failure, comes back as an event. The engine chose every id in
it before it left. The notes (`calls.notes`) are commands too, but do nothing to a telephone.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from calls.command import Command, HangUpReason, TargetKind
from calls.events import OverrideKind
from calls.notes import AnyNote


class AnswerLeg(Command, frozen=True):
    """Pick up the caller's leg (the caller pays from now on)."""

    leg: str


class StartEarlyMedia(Command, frozen=True):
    """Open the way to the caller's ear without picking up (SIP 183): he pays nothing for what he hears."""

    leg: str


class PlayGuidance(Command, frozen=True):
    """Play a guidance text of a project to a leg; `GuidanceFinished(playback)` follows."""

    leg: str
    playback: str
    project: str
    guidance: str
    language: str
    version: int = 1


class StopGuidance(Command, frozen=True):
    """Stop a playback at once; its `GuidanceFinished` still comes and means nothing any more."""

    playback: str


class StartMusic(Command, frozen=True):
    """Play waiting music to a leg until `StopMusic`."""

    leg: str


class StopMusic(Command, frozen=True):
    """Stop the waiting music on a leg."""

    leg: str


class StartRinging(Command, frozen=True):
    """Let whoever holds a leg that is up hear that another telephone rings (ringback) until `StopRinging`."""

    leg: str


class StopRinging(Command, frozen=True):
    """End that tone."""

    leg: str


class RingSeat(Command, frozen=True):
    """Place `leg` to the telephone of a seat on behalf of `call`; `LegRang`, `LegAnswered` or `LegEnded` follow.

    `caller_leg` is empty where nobody waits at the other end yet (a call back). `title`: what the telephone shows
    beside the number, the project's name. `auto_answer`: the telephone is asked to pick up by itself (headset).
    """

    seat: str
    leg: str
    call: str
    caller_leg: str
    caller: str
    title: str = ""
    auto_answer: bool = False


class RingTelephone(Command, frozen=True):
    """Place `leg` to whom the flow transfers `call`; `LegRang`, `LegAnswered` or `LegEnded` follow.

    `target`: a seat's id, an extension's number or an outside number. `phone`: the telephone that is registered
    with us; empty: the target is dialled on the carrier's line. `caller` is the number that is shown, `title` the
    name beside it. `caller_leg` may be empty.
    """

    kind: TargetKind
    target: str
    phone: str
    leg: str
    call: str
    caller_leg: str
    caller: str
    title: str = ""


class ConnectLegs(Command, frozen=True):
    """Put both legs into a new bridge; `LegsConnected(bridge)` follows."""

    bridge: str
    caller_leg: str
    seat_leg: str


class AddToBridge(Command, frozen=True):
    """Put one more leg into a bridge that is there. Only a failure is told."""

    bridge: str
    leg: str


class RemoveFromBridge(Command, frozen=True):
    """Take one leg out of a bridge; leg and bridge stay."""

    bridge: str
    leg: str


class SnoopLeg(Command, frozen=True):
    """Make a leg `snoop` of our own at `leg`; `LegAnswered(snoop)` follows, `LegEnded(snoop)` when it is gone.

    `spy`: whoever is in a bridge with it hears both sides of `leg`, or (off) nothing. `whisper`: the party at `leg`,
    and nobody else, hears what is said to it.
    """

    snoop: str
    leg: str
    spy: bool
    whisper: bool


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


class OverrideHours(Command, frozen=True):
    """Order that a project is closed, open or in its disaster flow until a time; `HoursOverridden` follows.

    A command, not the engine's own doing: whoever carries it out writes it into the audit log first.
    """

    project: str
    kind: OverrideKind
    until: float
    reason: str
    by: str


class StartMessage(Command, frozen=True):
    """After a beep, record what the caller says on `leg` under the id `message`; `MessageFinished(message)` follows.

    It ends after `max_s`, after `silence_s` of silence, or with any key.
    """

    message: str
    leg: str
    project: str
    max_s: float
    silence_s: float


class StopMessage(Command, frozen=True):
    """End the recording of a message now and keep what there is."""

    message: str


class SendNotice(Command, frozen=True):
    """Hand a text to a gateway, once or more, until it took it. `to` may be empty (the gateway knows whom to tell)."""

    notice: str
    call: str
    project: str
    gateway: str
    to: str
    text: str


AnyCommand = (
    AnswerLeg
    | StartEarlyMedia
    | PlayGuidance
    | StopGuidance
    | StartMusic
    | StopMusic
    | StartRinging
    | StopRinging
    | RingSeat
    | RingTelephone
    | ConnectLegs
    | AddToBridge
    | RemoveFromBridge
    | SnoopLeg
    | CloseBridge
    | HangUp
    | StartRecording
    | StartMessage
    | StopMessage
    | SendNotice
    | OverrideHours
    | AnyNote
)

_decoder: msgspec.json.Decoder[list[AnyCommand]] = msgspec.json.Decoder(list[AnyCommand])
_encoder = msgspec.json.Encoder()


def encode_commands(commands: Sequence[Command]) -> bytes:
    """The commands as a JSON list, each with its class name under `type`."""
    return _encoder.encode(commands)


def decode_commands(data: bytes | str) -> list[AnyCommand]:
    """The commands that `encode_commands` wrote; raises msgspec.ValidationError where they are of no known kind."""
    return _decoder.decode(data)
