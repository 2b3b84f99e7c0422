"""Typed views of the ARI events that we use, and of the objects in them; everything else arrives as `UnknownEvent`.

Each class names only the fields that somebody reads: the decoder skips the rest. An event's class name is
its ARI type. No `repr` here shows a telephone number or a digit, so that a logged event gives nothing away.
"""

from __future__ import annotations

from typing import Any

import msgspec

from telephony.ari.objects import Application as Application
from telephony.ari.objects import Bridge as Bridge
from telephony.ari.objects import CallerId as CallerId
from telephony.ari.objects import Channel as Channel
from telephony.ari.objects import Dialplan as Dialplan
from telephony.ari.objects import Endpoint as Endpoint
from telephony.ari.objects import LiveRecording as LiveRecording
from telephony.ari.objects import Playback as Playback
from telephony.ari.objects import ReferredBy as ReferredBy
from telephony.ari.objects import ReferTo as ReferTo
from telephony.ari.objects import Replaced as Replaced
from telephony.ari.objects import StoredRecording as StoredRecording


class Event(msgspec.Struct, frozen=True, gc=False, tag=True, tag_field="type"):
    """Any event. `timestamp` is Asterisk's clock, ISO 8601 with offset."""

    timestamp: str = ""


class ChannelEvent(Event, frozen=True, gc=False, kw_only=True):
    """Any event of one channel."""

    channel: Channel


class StasisStart(ChannelEvent, frozen=True, gc=False, kw_only=True):
    args: list[str] = []
    replace_channel: Channel | None = None

    def __repr__(self) -> str:
        return f"StasisStart({self.channel!r})"


class StasisEnd(ChannelEvent, frozen=True, gc=False, kw_only=True):
    pass


class ChannelCreated(ChannelEvent, frozen=True, gc=False, kw_only=True):
    pass


class ChannelStateChange(ChannelEvent, frozen=True, gc=False, kw_only=True):
    pass


class ChannelHangupRequest(ChannelEvent, frozen=True, gc=False, kw_only=True):
    cause: int = 0
    soft: bool = False


class ChannelDestroyed(ChannelEvent, frozen=True, gc=False, kw_only=True):
    """The last event of a channel. `cause` is Q.850; `tech_cause` is the SIP status where there was one."""

    cause: int = 0
    cause_txt: str = ""
    tech_cause: int = 0


class ChannelDtmfReceived(ChannelEvent, frozen=True, gc=False, kw_only=True):
    digit: str = ""
    duration_ms: int = 0

    def __repr__(self) -> str:
        return f"ChannelDtmfReceived({self.channel!r})"


class ChannelHold(ChannelEvent, frozen=True, gc=False, kw_only=True):
    pass


class ChannelUnhold(ChannelEvent, frozen=True, gc=False, kw_only=True):
    pass


class ChannelTransfer(Event, frozen=True, gc=False, kw_only=True):
    """A telephone sent REFER on a channel that has PJSIP_TRANSFER_HANDLING()=ari-only.

    `state` is empty then. Where it is not, Asterisk tells our own `transfer_progress` back.
    """

    refer_to: ReferTo
    referred_by: ReferredBy
    state: str = ""

    def __repr__(self) -> str:
        return f"ChannelTransfer({self.referred_by.source_channel!r}, {self.state!r})"


class ChannelEnteredBridge(ChannelEvent, frozen=True, gc=False, kw_only=True):
    bridge: Bridge


class ChannelLeftBridge(ChannelEvent, frozen=True, gc=False, kw_only=True):
    bridge: Bridge


class BridgeCreated(Event, frozen=True, gc=False, kw_only=True):
    bridge: Bridge


class BridgeDestroyed(Event, frozen=True, gc=False, kw_only=True):
    bridge: Bridge


class Dial(Event, frozen=True, gc=False, kw_only=True):
    """`dialstatus` is empty at the start, then RINGING, ANSWER, BUSY, NOANSWER, CANCEL, CHANUNAVAIL ..."""

    peer: Channel
    caller: Channel | None = None
    dialstatus: str = ""

    def __repr__(self) -> str:
        return f"Dial({self.peer!r}, {self.dialstatus!r})"


class PlaybackStarted(Event, frozen=True, gc=False, kw_only=True):
    playback: Playback


class PlaybackFinished(Event, frozen=True, gc=False, kw_only=True):
    playback: Playback


class RecordingStarted(Event, frozen=True, gc=False, kw_only=True):
    recording: LiveRecording


class RecordingFinished(Event, frozen=True, gc=False, kw_only=True):
    recording: LiveRecording


class RecordingFailed(Event, frozen=True, gc=False, kw_only=True):
    recording: LiveRecording


class EndpointStateChange(Event, frozen=True, gc=False, kw_only=True):
    endpoint: Endpoint


class ApplicationReplaced(Event, frozen=True, gc=False, kw_only=True):
    application: str = ""


class RESTResponse(Event, frozen=True, gc=False, kw_only=True):
    """The answer to a request; `message_body` is JSON inside a JSON string."""

    request_id: str
    status_code: int
    reason_phrase: str = ""
    message_body: str = ""

    def __repr__(self) -> str:
        return f"RESTResponse({self.request_id!r}, {self.status_code})"


class UnknownEvent(msgspec.Struct, frozen=True):
    """An event without a class here, or one whose fields are not as expected."""

    type: str
    fields: dict[str, Any]

    def __repr__(self) -> str:
        return f"UnknownEvent({self.type!r})"


Known = (
    StasisStart | StasisEnd | ChannelCreated | ChannelStateChange | ChannelHangupRequest | ChannelDestroyed
    | ChannelDtmfReceived | ChannelHold | ChannelUnhold | ChannelTransfer | ChannelEnteredBridge | ChannelLeftBridge
    | BridgeCreated | BridgeDestroyed | Dial | PlaybackStarted | PlaybackFinished | RecordingStarted
    | RecordingFinished | RecordingFailed | EndpointStateChange | ApplicationReplaced | RESTResponse
)  # fmt: skip

_known = msgspec.json.Decoder(Known)
_any = msgspec.json.Decoder(dict[str, Any])


def decode(frame: bytes) -> Known | UnknownEvent:
    """One WebSocket text frame as an event. Raises msgspec.DecodeError if it is no JSON object."""
    try:
        return _known.decode(frame)
    except msgspec.ValidationError:
        fields = _any.decode(frame)
        return UnknownEvent(str(fields.get("type", "")), fields)
