"""What happened: the only things that ever enter the engine, in the past tense.

Every event is an immutable msgspec struct, so that it costs a tenth of a microsecond to make and can be
written to the journal as it is. A *leg* is one telephone connection (the caller's, or one to a seat); its id
is the caller's own channel id for an incoming call and is chosen by the engine for every other leg.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from calls.event import Event
from calls.outages import AnyOutage
from calls.requests import AnyRequest

OverrideKind = Literal["closed", "open", "disaster", "none"]


class EngineStarted(Event, frozen=True):
    """The engine began to work with the configuration of this digest (SHA-256, hexadecimal).

    `run` becomes a part of every call's id, so that two engines never give the same one.
    """

    configuration: str
    run: str = ""


class TimePassed(Event, frozen=True):
    """Nothing but time passed: fires whatever deadline is due."""


class CallArrived(Event, frozen=True):
    """A caller dialled `number` (national form, leading 0); `caller` is empty where the number is withheld."""

    leg: str
    number: str
    caller: str = ""


class DigitPressed(Event, frozen=True):
    """The party on `leg` pressed one key (0-9, *, #, A-D)."""

    leg: str
    digit: str


class GuidanceFinished(Event, frozen=True):
    """A playback came to its end, was stopped, or (`ok` false) could not be played at all."""

    playback: str
    ok: bool = True


class LegRang(Event, frozen=True):
    """The telephone at the other end of a leg that we placed began to ring (SIP 180)."""

    leg: str


class LegAnswered(Event, frozen=True):
    """The telephone at the other end of a leg that we placed was picked up (SIP 200)."""

    leg: str


class LegEnded(Event, frozen=True):
    """A leg is gone. `cause` is the Q.850 cause: 16 normal, 17 busy, 19 no answer, 21 rejected."""

    leg: str
    cause: int = 16


class LegsConnected(Event, frozen=True):
    """Both legs are in the bridge: from now on the two hear each other."""

    bridge: str


class CommandFailed(Event, frozen=True):
    """A command (`name` is its class) on `subject` (leg, playback, bridge or recording) was refused.

    `status` is the HTTP status of the refusal, 0 where the connection was lost before an answer came.
    """

    name: str
    subject: str
    status: int = 0


class RecordingFinished(Event, frozen=True):
    """The file of a recording is complete: `seconds` long, `sha256` in hexadecimal."""

    recording: str
    seconds: float
    sha256: str


class MessageFinished(Event, frozen=True):
    """The caller's message is over: `seconds` of speech, 0 where nothing was said or nothing could be recorded."""

    message: str
    seconds: float


class MessageStored(Event, frozen=True):
    """The file of a message is in its place: `seconds` long, `sha256` in hexadecimal."""

    message: str
    seconds: float
    sha256: str


class QualityMeasured(Event, frozen=True):
    """What RTCP told of a leg at its end: jitter and round trip in ms, loss in percent of packets."""

    leg: str
    jitter_ms: float
    loss_percent: float
    rtt_ms: float


class LegHeld(Event, frozen=True):
    """The telephone of a leg put its other party on hold by its own button."""

    leg: str


class LegRetrieved(Event, frozen=True):
    """And took it back."""

    leg: str


class LegReferred(Event, frozen=True):
    """The telephone of a leg asked by SIP REFER that its other party goes to `target` (what it dialled).

    `replaces`: the other leg of the same telephone whose party is meant (attended); empty: `target` is to be rung.
    """

    leg: str
    target: str
    replaces: str = ""


class PhoneDialled(Event, frozen=True):
    """A telephone of ours (`phone`: its id) dialled something: a star code or a number. `leg` is its own leg."""

    leg: str
    phone: str
    number: str


class PhoneRegistered(Event, frozen=True):
    """The telephone of a seat or extension can be reached."""

    phone: str


class PhoneUnregistered(Event, frozen=True):
    """The telephone of a seat or extension can no longer be reached."""

    phone: str


class HoursClockShifted(Event, frozen=True):
    """A test clock: the opening hours of one project are read `seconds` away from the real time."""

    project: str
    seconds: float


class HoursOverridden(Event, frozen=True):
    """Somebody ordered that a project is closed, open or in its disaster flow until a time, whatever its hours say.

    `none` takes the order back. `until`: seconds since 1970 UTC; `by`: who ordered it.
    """

    project: str
    kind: OverrideKind
    until: float
    reason: str
    by: str


class PinEntered(Event, frozen=True):
    """The caller of a service number has typed a PIN: the right one or not. Its digits never come here."""

    leg: str
    ok: bool


class ProjectPublished(Event, frozen=True):
    """A project works as `bundle` says from now on (see `ivr.bundle`); calls in progress end as they began.

    `version` is its number among all that were ever published of this project.
    """

    project: str
    version: int
    bundle: str


class ProjectWithdrawn(Event, frozen=True):
    """The numbers of a project are nobody's from now on; calls in progress end as they began."""

    project: str


AnyEvent = (
    EngineStarted
    | TimePassed
    | CallArrived
    | DigitPressed
    | GuidanceFinished
    | LegRang
    | LegAnswered
    | LegEnded
    | LegsConnected
    | CommandFailed
    | RecordingFinished
    | MessageFinished
    | MessageStored
    | QualityMeasured
    | LegHeld
    | LegRetrieved
    | LegReferred
    | PhoneDialled
    | PhoneRegistered
    | PhoneUnregistered
    | HoursClockShifted
    | ProjectPublished
    | ProjectWithdrawn
    | HoursOverridden
    | PinEntered
    | AnyOutage
    | AnyRequest
)

_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_encoder = msgspec.json.Encoder()


def encode_event(event: Event) -> bytes:
    """The event as one JSON object with its class name under `type`."""
    return _encoder.encode(event)


def decode_event(data: bytes | str) -> AnyEvent:
    """The event that `encode_event` wrote.

    Raises msgspec.ValidationError where the data are of no known event (written by a newer version, or torn).
    """
    return _decoder.decode(data)


def as_mapping(event: Event) -> dict[str, Any]:
    """The event's fields by name, for people and for tests."""
    return {name: getattr(event, name) for name in event.__struct_fields__}
