"""Typed views of the objects inside ARI's events and answers.

Each class names only the fields that somebody reads: the decoder skips the rest. No `repr` here shows a telephone
number, so that a logged object gives nothing away.
"""

from __future__ import annotations

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


class Replaced(View, frozen=True, gc=False):
    """`destination`: what a telephone dialled, empty for a leg of ours that is to be replaced.

    `protocol_id`: the Call-ID of the SIP dialogue to be replaced; empty: none is.
    """

    destination: str = ""
    protocol_id: str = ""

    def __repr__(self) -> str:
        return "Replaced(...)"


class ReferTo(View, frozen=True, gc=False):
    """Where a REFER wants the other party to go; `destination_channel`: the leg of ours that is to be replaced."""

    requested_destination: Replaced = Replaced()
    destination_channel: Channel | None = None


class ReferredBy(View, frozen=True, gc=False):
    """`source_channel`: the leg on which the REFER came."""

    source_channel: Channel


class Application(View, frozen=True, gc=False):
    """What an application is subscribed to; after a reconnect, what Asterisk still holds for it."""

    name: str
    channel_ids: list[str] = []
    bridge_ids: list[str] = []
    endpoint_ids: list[str] = []
    device_names: list[str] = []
    events_allowed: list[dict[str, str]] = []
