"""What Asterisk tells, as events of the core: one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calls import events as core
from telephony.ari import events as ari

INBOUND, SEAT = "inbound", "seat"
"""First argument of our Stasis application: a caller from the dialplan, or a leg that we placed ourselves."""


def _started(event: ari.StasisStart) -> core.Event | None:
    match event.args:
        case [kind, number, caller, *_] if kind == INBOUND:
            return core.CallArrived(event.channel.id, number, caller)
        case [kind, *_] if kind == SEAT:
            # A leg of ours enters Stasis when it is picked up; before that it cannot be bridged.
            return core.LegAnswered(event.channel.id)
    return None


def _state_changed(event: ari.ChannelStateChange) -> core.Event | None:
    return core.LegRang(event.channel.id) if event.channel.state == "Ringing" else None


def _entered(event: ari.ChannelEnteredBridge) -> core.Event | None:
    return core.LegsConnected(event.bridge.id) if len(event.bridge.channels) == 2 else None


_LEAST_SPEECH_S = 2
"""Asterisk counts in whole seconds, and a line on which nobody has spoken a word comes to one second of speech."""


def _message(event: ari.RecordingFinished) -> core.Event | None:
    recording = event.recording
    said = (recording.duration if recording.talking_duration is None else recording.talking_duration) or 0
    return core.MessageFinished(recording.name, float(said) if said >= _LEAST_SPEECH_S else 0.0)


TABLE: dict[type[ari.Event], Callable[[Any], core.Event | None]] = {
    ari.StasisStart: _started,
    ari.ChannelStateChange: _state_changed,
    # A caller's leg may end without ChannelDestroyed: it comes only where the subscription was in time.
    ari.StasisEnd: lambda event: core.LegEnded(event.channel.id),
    ari.ChannelDestroyed: lambda event: core.LegEnded(event.channel.id, event.cause),
    ari.ChannelDtmfReceived: lambda event: core.DigitPressed(event.channel.id, event.digit),
    ari.ChannelEnteredBridge: _entered,
    ari.RecordingFinished: _message,  # ours are all messages: conversations are recorded by MixMonitor
    ari.RecordingFailed: lambda event: core.MessageFinished(event.recording.name, 0.0),
    ari.PlaybackFinished: lambda e: core.GuidanceFinished(e.playback.id, ok=e.playback.state == "done"),
}

EVENT_TYPES = frozenset(event.__name__ for event in TABLE)
"""All that Asterisk needs to send at all."""


def translated(event: ari.Event) -> core.Event | None:
    """The core's event, or None for one that means nothing to it."""
    return TABLE[type(event)](event)
