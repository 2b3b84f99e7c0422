"""The core's commands, as requests to Asterisk: one table.

Requests go out at once and in order; nothing waits for an answer. Asterisk carries the requests of one
connection out in their order, so a bridge is there before a leg is put into it. Only a refusal comes back, as the
event `CommandFailed`.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import Any, Protocol

from calls import commands as core
from calls.events import CommandFailed, Event
from telephony.ari import AriBusy, AriClient
from telephony.ari.connection import Disconnected, OnDone, Response
from telephony.from_asterisk import SEAT

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
        self.table: dict[type[core.Command], Callable[[Any], object]] = {
            core.AnswerLeg: self._answer,
            core.StartEarlyMedia: self._open_early,
            core.PlayGuidance: self._play,
            core.StopGuidance: lambda c: ari.playbacks.stop(c.playback).send(),
            core.StartMusic: lambda c: ari.channels.start_moh(c.leg).send(),
            core.StopMusic: lambda c: ari.channels.stop_moh(c.leg).send(),
            core.RingSeat: self._ring,
            core.RingTelephone: self._ring_telephone,
            core.ConnectLegs: self._connect,
            core.CloseBridge: lambda c: ari.bridges.destroy(c.bridge).send(),
            core.HangUp: self._hang_up,
            core.StartRecording: lambda c: record(c.recording, c.leg, c.project),
            core.StartMessage: self._start_message,
            core.StopMessage: lambda c: ari.recordings.stop(c.message).send(),
        }

    def carry_out(self, command: core.Command) -> None:
        """Send what the command needs. What cannot even be sent fails like what is refused."""
        do = self.table.get(type(command))
        if do is None:
            return  # a note: nothing for a telephone
        try:
            do(command)
        except AriBusy as error:
            log.error("%s", error)
            self._failed(command, _subject(command))(Disconnected("busy"))

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
        self._originate(command, f"PJSIP/{command.seat}")

    def _ring_telephone(self, command: core.RingTelephone) -> None:
        self._originate(command, f"PJSIP/{command.phone or f'{command.target}@{self._trunk}'}")

    def _originate(self, command: core.RingSeat | core.RingTelephone, endpoint: str) -> None:
        self._ari.channels.originate(
            command.leg,
            endpoint,
            app_args=SEAT,
            caller_id=command.caller or "anonymous",
            timeout=-1,  # the engine decides how long it rings
            originator=command.caller_leg,
        ).send(self._failed(command, command.leg))

    def _connect(self, command: core.ConnectLegs) -> None:
        failed = self._failed(command, command.bridge)
        self._ari.bridges.create(command.bridge).send()
        self._ari.bridges.add_channel(command.bridge, command.caller_leg, command.seat_leg).send(failed)

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
        call = self._ari.channels.hangup(command.leg, **_HANGUP[command.reason])
        call.send(self._failed(command, command.leg))

    def _failed(self, command: core.Command, subject: str) -> OnDone:
        name = type(command).__name__

        def done(result: Response | Disconnected) -> None:
            if isinstance(result, Disconnected):
                self._feed(CommandFailed(name, subject, _NOT_CARRIED_OUT))
            elif not result.ok:
                self._feed(CommandFailed(name, subject, result.status))

        return done


def _subject(command: core.Command) -> str:
    if isinstance(command, core.PlayGuidance | core.StopGuidance):
        return command.playback
    if isinstance(command, core.ConnectLegs | core.CloseBridge):
        return command.bridge
    if isinstance(command, core.StartMessage | core.StopMessage):
        return command.message
    return str(getattr(command, "leg", ""))
