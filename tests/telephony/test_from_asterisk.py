"""What Asterisk tells, as events of the core."""

from __future__ import annotations

import pytest

from calls.event import Event
from calls.events import (
    CallArrived,
    DigitPressed,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegHeld,
    LegRang,
    LegReferred,
    LegRetrieved,
    LegsConnected,
    MessageFinished,
    PhoneDialled,
)
from telephony.ari import events as ari
from telephony.ari.objects import Bridge, Channel, LiveRecording, Playback, ReferredBy, ReferTo, Replaced
from telephony.from_asterisk import translated

pytestmark = pytest.mark.unit

LEG = Channel("leg1", state="Ringing")


def referred(destination: str, call_id: str = "", replaced: Channel | None = None) -> ari.ChannelTransfer:
    """A REFER on the leg."""
    wanted = ReferTo(Replaced(destination, call_id), replaced)
    return ari.ChannelTransfer(refer_to=wanted, referred_by=ReferredBy(LEG))


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (ari.StasisStart(channel=LEG, args=["inbound", "0480000001", "0900000001", "0"]),
         CallArrived("leg1", "0480000001", "0900000001")),
        (ari.StasisStart(channel=LEG, args=["inbound", "0480000001", "", "1"]), CallArrived("leg1", "0480000001")),
        (ari.StasisStart(channel=LEG, args=["seat"]), LegAnswered("leg1")),
        (ari.StasisStart(channel=LEG, args=["snoop"]), LegAnswered("leg1")),
        (ari.StasisStart(channel=LEG, args=["phone", "*21201", "seat01"]), PhoneDialled("leg1", "seat01", "*21201")),
        (ari.StasisStart(channel=LEG, args=["phone", "35", ""]), None),  # nobody's telephone
        (ari.StasisStart(channel=LEG, args=["something", "else"]), None),
        (ari.StasisStart(channel=LEG, args=[]), None),
        (ari.ChannelStateChange(channel=LEG), LegRang("leg1")),
        (ari.ChannelStateChange(channel=Channel("leg1", state="Up")), None),
        (ari.StasisEnd(channel=LEG), LegEnded("leg1")),
        (ari.ChannelDestroyed(channel=LEG, cause=17), LegEnded("leg1", 17)),
        (ari.ChannelDtmfReceived(channel=LEG, digit="#"), DigitPressed("leg1", "#")),
        (ari.ChannelHold(channel=LEG), LegHeld("leg1")),
        (ari.ChannelUnhold(channel=LEG), LegRetrieved("leg1")),
        (referred("35"), LegReferred("leg1", "35")),
        (referred("", "call-id", Channel("leg2")), LegReferred("leg1", "", "leg2")),
        (referred("35", "call-id"), None),  # to be put in place of a dialogue that is not there
        (referred(""), None),
        (ari.ChannelEnteredBridge(channel=LEG, bridge=Bridge("b1", channels=["leg1"])), None),
        (ari.ChannelEnteredBridge(channel=LEG, bridge=Bridge("b1", channels=["leg0", "leg1"])), LegsConnected("b1")),
        (ari.RecordingFinished(recording=LiveRecording("c1-message", duration=9)), MessageFinished("c1-message", 9)),
        (ari.RecordingFinished(recording=LiveRecording("c1-message", duration=9, talking_duration=4)),
         MessageFinished("c1-message", 4)),
        (ari.RecordingFinished(recording=LiveRecording("c1-message", duration=9, talking_duration=1)),
         MessageFinished("c1-message", 0)),
        (ari.RecordingFailed(recording=LiveRecording("c1-message")), MessageFinished("c1-message", 0)),
        (ari.PlaybackFinished(playback=Playback("p1", state="done")), GuidanceFinished("p1")),
        (ari.PlaybackFinished(playback=Playback("p1", state="failed")), GuidanceFinished("p1", ok=False)),
    ],
)  # fmt: skip
def test_what_asterisk_tells(told: ari.Event, meant: Event | None) -> None:
    assert translated(told) == meant
