"""Typed views of the ARI events and objects that we use; everything else arrives as `UnknownEvent`.

Each class names only the fields that somebody reads: the decoder skips the rest. An event's class name is
its ARI type. No `repr` here shows a telephone number or a digit, so that a logged event gives nothing away.
"""

from __future__ import annotations

from typing import Any

import msgspec


class View(msgspec.Struct, frozen=True, gc=False):
    """An object inside an event."""


class CallerId(View, frozen=True, gc=False):
    """A party's name and number; both may be empty (withheld)."""

    name: str = ""
    number: str = ""

    def __repr__(self) -> str:
        return "CallerId(...)"


class Dialplan(View, frozen=True, gc=False):
    """Where a channel stands in the dialplan. `app_data` of Stasis is `app,arg,arg...`."""

    context: str = ""
    exten: str = ""
    priority: int = 0
    app_name: str = ""
    app_data: str = ""

    def __repr__(self) -> str:
        return f"Dialplan({self.context!r}, {self.app_name!r})"


class Channel(View, frozen=True, gc=False):
    """A leg. `state` is Down, Ring, Ringing, Up or Busy; `creationtime` is ISO 8601."""

    id: str
    name: str = ""
    state: str = ""
    caller: CallerId = CallerId()
    connected: CallerId = CallerId()
    dialplan: Dialplan = Dialplan()
    creationtime: str = ""
    protocol_id: str = ""
    accountcode: str = ""
    channelvars: dict[str, str] = {}  # msgspec copies a mutable default

    def __repr__(self) -> str:
        return f"Channel({self.id!r}, {self.state!r})"


class Bridge(View, frozen=True, gc=False):
    """A bridge and the ids of the channels in it."""

    id: str
    bridge_type: str = ""
    technology: str = ""
    name: str = ""
    channels: list[str] = []


class Playback(View, frozen=True, gc=False):
    """`state` is queued, playing, continuing, done (also when stopped) or failed."""

    id: str
    media_uri: str = ""
    target_uri: str = ""
    language: str = ""
    state: str = ""


class LiveRecording(View, frozen=True, gc=False):
    """A recording that ARI itself makes. `duration` is in seconds and comes at the end only.

    `talking_duration` is what of it was not silence, where the recording was to end by silence.
    """

    name: str
    format: str = ""
    target_uri: str = ""
    state: str = ""
    duration: int | None = None
    talking_duration: int | None = None
    cause: str = ""


class StoredRecording(View, frozen=True, gc=False):
    """A file that ARI can play and hand out."""

    name: str
    format: str


class Endpoint(View, frozen=True, gc=False):
    """`state` is online, offline or unknown."""

    technology: str
    resource: str
    state: str | None = None
    channel_ids: list[str] = []


class Application(View, frozen=True, gc=False):
    """What an application is subscribed to; after a reconnect, what Asterisk still holds for it."""

    name: str
    channel_ids: list[str] = []
    bridge_ids: list[str] = []
    endpoint_ids: list[str] = []
    device_names: list[str] = []
    events_allowed: list[dict[str, str]] = []


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
    | ChannelDtmfReceived | ChannelHold | ChannelUnhold | ChannelEnteredBridge | ChannelLeftBridge
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
