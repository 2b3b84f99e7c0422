"""What Asterisk tells, as events of the core: one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calls import events as core
from calls.event import Event
from telephony.ari import events as ari

INBOUND, PHONE, SEAT, SNOOP = "inbound", "phone", "seat", "snoop"
"""First argument of our Stasis application: a caller or a telephone of ours from the dialplan, or a leg or a snoop
that we placed ourselves."""


def _started(event: ari.StasisStart) -> Event | None:
    match event.args:
        case [kind, number, caller, *_] if kind == INBOUND:
            return core.CallArrived(event.channel.id, number, caller)
        case [kind, number, phone, *_] if kind == PHONE and phone:
            return core.PhoneDialled(event.channel.id, phone, number)
        case [kind, *_] if kind in (SEAT, SNOOP):
            # A leg of ours enters Stasis when it is picked up; before that it cannot be bridged. A snoop cannot be
            # used before that either.
            return core.LegAnswered(event.channel.id)
    return None


def _state_changed(event: ari.ChannelStateChange) -> Event | None:
    return core.LegRang(event.channel.id) if event.channel.state == "Ringing" else None


def _transferred(event: ari.ChannelTransfer) -> Event | None:
    """None for what leads nowhere: a dialogue that is not ours, or no number at all."""
    leg, wanted = event.referred_by.source_channel.id, event.refer_to.requested_destination
    if event.refer_to.destination_channel is not None:
        return core.LegReferred(leg, wanted.destination, event.refer_to.destination_channel.id)
    if wanted.protocol_id or not wanted.destination:
        return None
    return core.LegReferred(leg, wanted.destination)


def _entered(event: ari.ChannelEnteredBridge) -> Event | None:
    return core.LegsConnected(event.bridge.id) if len(event.bridge.channels) == 2 else None


_LEAST_SPEECH_S = 2
"""Asterisk counts in whole seconds, and a line on which nobody has spoken a word comes to one second of speech."""


def _message(event: ari.RecordingFinished) -> Event | None:
    recording = event.recording
    said = (recording.duration if recording.talking_duration is None else recording.talking_duration) or 0
    return core.MessageFinished(recording.name, float(said) if said >= _LEAST_SPEECH_S else 0.0)


TABLE: dict[type[ari.Event], Callable[[Any], Event | None]] = {
    ari.StasisStart: _started,
    ari.ChannelStateChange: _state_changed,
    # A caller's leg may end without ChannelDestroyed: it comes only where the subscription was in time.
    ari.StasisEnd: lambda event: core.LegEnded(event.channel.id),
    ari.ChannelDestroyed: lambda event: core.LegEnded(event.channel.id, event.cause),
    ari.ChannelDtmfReceived: lambda event: core.DigitPressed(event.channel.id, event.digit),
    ari.ChannelHold: lambda event: core.LegHeld(event.channel.id),
    ari.ChannelUnhold: lambda event: core.LegRetrieved(event.channel.id),
    ari.ChannelTransfer: _transferred,
    ari.ChannelEnteredBridge: _entered,
    ari.RecordingFinished: _message,  # ours are all messages: conversations are recorded by MixMonitor
    ari.RecordingFailed: lambda event: core.MessageFinished(event.recording.name, 0.0),
    ari.PlaybackFinished: lambda e: core.GuidanceFinished(e.playback.id, ok=e.playback.state == "done"),
}

EVENT_TYPES = frozenset(event.__name__ for event in TABLE)
"""All that Asterisk needs to send at all."""


def translated(event: ari.Event) -> Event | None:
    """The core's event, or None for one that means nothing to it."""
    return TABLE[type(event)](event)
