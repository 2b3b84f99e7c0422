"""The core's commands, as requests to Asterisk: one table.

Requests go out at once and in order; nothing waits for an answer. Asterisk carries the requests of one
connection out in their order, so a bridge is there before a leg is put into it. Only a refusal comes back, as the
event `CommandFailed`.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from calls import commands as core
from calls.command import Command
from calls.event import Event
from calls.events import CommandFailed
from engine.belief import Role
from telephony.ari import AriBusy, AriClient
from telephony.ari.connection import Disconnected, OnDone, Response
from telephony.caller_id import shown
from telephony.from_asterisk import SEAT, SNOOP
from telephony.marking import Marking
from telephony.past import Past
from telephony.whereabouts import Whereabouts

log = logging.getLogger(__name__)

_HANGUP: dict[str, dict[str, Any]] = {
    "normal": {"reason": "normal"},
    "busy": {"reason": "busy"},
    "no_answer": {"reason": "no_answer"},
    "answered_elsewhere": {"reason": "answered_elsewhere"},
    "congestion": {"reason": "congestion"},
    "unknown_number": {"reason": "unallocated"},
}
_NOT_CARRIED_OUT = 0
_TALK = "mixing,dtmf_events,video_sfu"
"""A bridge in which keys are seen, and that mixes even where there are only two to mix.

Asterisk as Debian builds it drops a packet of audio whose RTP number is older than the one before, wherever audio
changes its format, and never asks whether both are of the same stream. A recording and an ear hang on the leg of the
caller and change the format of whatever he hears. Without a mixer these are the packets of the other telephone, by
its numbers, and each telephone begins anywhere: after every other transfer nothing was recorded of the new party,
whom the caller heard well. A mixer numbers nothing. There is no type of bridge that says so but this one: it was
made for video, and where there is none it means no more than `always mixed`. It costs 20 ms.
"""

_PICK_UP = {
    "PJSIP_HEADER(add,Call-Info)": "<sip:localhost>;answer-after=0",
    "PJSIP_HEADER(add,Alert-Info)": "<http://localhost>;info=alert-autoanswer;delay=0",
}
"""Asks a telephone to pick up by itself: there is no standard for it, and most know one of these two."""

Feed = Callable[[Event], None]


class Media(Protocol):
    """Where guidance audio is."""

    def __call__(self, command: core.PlayGuidance) -> str:
        """The `sound:` name of the text; raises LookupError where it has no audio."""


class Record(Protocol):
    """Starts a recording."""

    def __call__(self, recording: str, leg: str, project: str) -> None:
        """Begin to write what is said on `leg`, in both directions. Does not wait; may `feed` at once."""


class ToAsterisk:
    """Carries commands out on one ARI connection."""

    def __init__(
        self,
        ari: AriClient,
        media: Media,
        record: Record,
        feed: Feed,
        trunk: str = "trunk",
        beep: str = "sound:beep",
    ) -> None:
        self._trunk = trunk
        self._beep = beep
        self._ari = ari
        self._media = media
        self._feed = feed
        self.connecting: set[str] = set()
        """The bridges of `ConnectLegs` in which both legs are not yet."""
        self.whereabouts = Whereabouts()
        self.past = Past()
        self.marking: Marking | None = None
        """Marks the legs of calls; without it they have none."""
        self.before: Callable[[], object] = lambda: None
        """Called before each command that is carried out."""
        self.table: dict[type[Command], Callable[[Any], object]] = {
            core.AnswerLeg: self._answer,
            core.StartEarlyMedia: self._open_early,
            core.PlayGuidance: self._play,
            core.StopGuidance: lambda c: ari.playbacks.stop(c.playback).send(),
            core.StartMusic: lambda c: ari.channels.start_moh(c.leg).send(),
            core.StopMusic: lambda c: ari.channels.stop_moh(c.leg).send(),
            core.StartRinging: lambda c: ari.channels.ring(c.leg).send(),
            core.StopRinging: lambda c: ari.channels.ring_stop(c.leg).send(),
            core.RingSeat: self._ring,
            core.RingTelephone: self._ring_telephone,
            core.ConnectLegs: self._connect,
            core.AddToBridge: self._add,
            core.RemoveFromBridge: self._remove,
            core.SnoopLeg: self._snoop,
            core.CloseBridge: self._close,
            core.HangUp: self._hang_up,
            core.StartRecording: lambda c: record(c.recording, c.leg, c.project),
            core.StartMessage: self._start_message,
            core.StopMessage: lambda c: ari.recordings.stop(c.message).send(),
        }

    def carry_out(self, command: Command) -> None:
        """Send what the command needs. What cannot even be sent fails like what is refused."""
        self.past.take(command)
        do = self.table.get(type(command))
        if do is None:  # a note: nothing for a telephone
            if self.marking is not None:
                self.marking.noted(command)
            return
        self.before()
        try:
            do(command)
        except AriBusy as error:
            log.error("%s", error)
            self._failed(command, _subject(command))(Disconnected("busy"))

    def rejoin(self, leg: str) -> None:
        """Out of its bridge and in again, if it is in one (see `streams`); nobody hears that."""
        bridge = self.whereabouts.of(leg)
        if bridge is not None:
            self._ari.bridges.remove_channel(bridge, leg).send()
            self._ari.bridges.add_channel(bridge, leg).send()

    def put_in(self, bridge: str, leg: str) -> None:
        """Once more, where it should be already; what fails is found by the next look."""
        self.whereabouts.put(bridge, leg)
        self._ari.bridges.create(bridge, type=_TALK).send()  # refused where it is there
        self._ari.bridges.add_channel(bridge, leg).send()

    def _marked(self, role: Role, call: str, seat: str) -> dict[str, str]:
        return self.marking.of_leg(role, call, seat) if self.marking is not None else {}

    def _answer(self, command: core.AnswerLeg) -> None:
        self._ari.channels.answer(command.leg).send(self._failed(command, command.leg))

    def _open_early(self, command: core.StartEarlyMedia) -> None:
        self._ari.channels.progress(command.leg).send(self._failed(command, command.leg))

    def _play(self, command: core.PlayGuidance) -> None:
        failed = self._failed(command, command.playback)
        try:
            media = self._media(command)
        except LookupError as error:
            log.error("%s", error)
            failed(Disconnected("no audio"))
            return
        self._ari.channels.play(command.leg, media, command.playback).send(failed)

    def _ring(self, command: core.RingSeat) -> None:
        variables = self._marked("seat", command.call, command.seat)
        if command.auto_answer:
            variables |= _PICK_UP
        self._originate(command, f"PJSIP/{command.seat}", variables, command.title)

    def _ring_telephone(self, command: core.RingTelephone) -> None:
        role: Role = "party" if command.call else "desk"
        variables = self._marked(role, command.call, command.phone if command.kind == "seat" else "")
        if command.phone:
            self._originate(command, f"PJSIP/{command.phone}", variables, command.title)
        else:  # the carrier passes a number on; a name is none of its business
            self._originate(command, f"PJSIP/{command.target}@{self._trunk}", variables)

    def _originate(
        self,
        command: core.RingSeat | core.RingTelephone,
        endpoint: str,
        variables: Mapping[str, str],
        title: str = "",
    ) -> None:
        self._ari.channels.originate(
            command.leg,
            endpoint,
            app_args=SEAT,
            caller_id=shown(command.caller, title),
            timeout=-1,  # the engine decides how long it rings
            originator=command.caller_leg or None,
            variables=variables or None,
        ).send(self._failed(command, command.leg))

    def _connect(self, command: core.ConnectLegs) -> None:
        failed = self._failed(command, command.bridge)
        self.connecting.add(command.bridge)
        self.whereabouts.put(command.bridge, command.caller_leg, command.seat_leg)
        self._ari.bridges.create(command.bridge, type=_TALK).send()
        self._ari.bridges.add_channel(command.bridge, command.caller_leg, command.seat_leg).send(failed)

    def _add(self, command: core.AddToBridge) -> None:
        self.whereabouts.put(command.bridge, command.leg)
        self._ari.bridges.add_channel(command.bridge, command.leg).send(self._failed(command, command.leg))

    def _remove(self, command: core.RemoveFromBridge) -> None:
        self.whereabouts.out(command.leg)
        self._ari.bridges.remove_channel(command.bridge, command.leg).send()

    def _close(self, command: core.CloseBridge) -> None:
        self.connecting.discard(command.bridge)
        # A leg that is put elsewhere while Asterisk clears its bridge away is, now and then, in no bridge at all
        # afterwards, though nothing was refused. Taken out by name it is out when the next request comes.
        for leg in self.whereabouts.emptied(command.bridge):
            self._ari.bridges.remove_channel(command.bridge, leg).send()
        self._ari.bridges.destroy(command.bridge).send()

    def _snoop(self, command: core.SnoopLeg) -> None:
        # `out` is what the party hears. Asterisk gives it to the spies before it mixes the whisper in, so whoever
        # whispers and listens by one snoop does not hear himself.
        self._ari.channels.snoop(
            command.leg,
            command.snoop,
            spy="both" if command.spy else "none",
            whisper="out" if command.whisper else "none",
            app_args=SNOOP,
        ).send(self._failed(command, command.snoop))

    def _start_message(self, command: core.StartMessage) -> None:
        # A beep of our own: Asterisk's is one of its English sounds, which need not be there. What is asked of one
        # channel is done one after the other, so the recording begins when the beep is over.
        self._ari.channels.play(command.leg, self._beep, f"{command.message}.beep").send()
        self._ari.recordings.start(
            command.leg,
            command.message,
            "wav",
            maxDurationSeconds=math.ceil(command.max_s),
            maxSilenceSeconds=math.ceil(command.silence_s),
            ifExists="overwrite",
            terminateOn="any",
        ).send(self._failed(command, command.message))

    def _hang_up(self, command: core.HangUp) -> None:
        self.whereabouts.out(command.leg)
        call = self._ari.channels.hangup(command.leg, **_HANGUP[command.reason])
        call.send(self._failed(command, command.leg))

    def _failed(self, command: Command, subject: str) -> OnDone:
        name = type(command).__name__

        def done(result: Response | Disconnected) -> None:
            if isinstance(result, Disconnected):
                self._feed(CommandFailed(name, subject, _NOT_CARRIED_OUT))
            elif not result.ok:
                self._feed(CommandFailed(name, subject, _told(name, result.status)))

        return done


def _told(name: str, status: int) -> int:
    """The status as the engine reads it: 404 is a leg that is gone.

    Asterisk says 404 of the bridge, where a leg is put into one; of the leg itself it says 400 (there is none) or
    422 (it is in nobody's hands any more).
    """
    if name != "AddToBridge":
        return status
    return 404 if status in (400, 422) else 409


def _subject(command: Command) -> str:
    if isinstance(command, core.PlayGuidance | core.StopGuidance):
        return command.playback
    if isinstance(command, core.ConnectLegs | core.CloseBridge):
        return command.bridge
    if isinstance(command, core.StartMessage | core.StopMessage):
        return command.message
    if isinstance(command, core.SnoopLeg):
        return command.snoop
    return str(getattr(command, "leg", ""))
