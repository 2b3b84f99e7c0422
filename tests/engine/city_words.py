"""What an engine does, in words: the log of a small call centre."""

from __future__ import annotations

from calls.command import Command
from calls.commands import (
    AddToBridge,
    AnswerLeg,
    CloseBridge,
    ConnectLegs,
    HangUp,
    OverrideHours,
    PlayGuidance,
    RemoveFromBridge,
    RingSeat,
    RingTelephone,
    SendNotice,
    SnoopLeg,
    StartEarlyMedia,
    StartMessage,
    StartMusic,
    StartRecording,
    StartRinging,
    StopGuidance,
    StopMessage,
    StopMusic,
    StopRinging,
)
from calls.notes import (
    NoteAnswered,
    NoteArrived,
    NoteCallback,
    NoteCallbackState,
    NoteClass,
    NoteEar,
    NoteMoved,
    NoteOutcome,
    NoteSeat,
    NoteTalk,
)


class Words:
    """Says commands in words, with the names by which a test knows legs: callers, seats, numbers."""

    def __init__(self) -> None:
        self.answers: dict[str, NoteAnswered] = {}
        self._names: dict[str, str] = {}
        self._last: dict[str, str] = {}

    def _said(self, command: Command) -> str:
        for say in (self._noted, self._told, self._heard, self._asked, self._connected, self._talking):
            if said := say(command):
                return said
        raise AssertionError(command)

    def _noted(self, command: Command) -> str:
        match command:
            case NoteArrived(call, leg, direction=direction, caller=number):
                self._names[call] = leg or f"{direction} {number}"
                return f"{self._names[call]} <- {call}"
            case NoteMoved(call, _, state):
                return f"{self._names[call]}: {state}"
            case NoteOutcome(call, outcome):
                return f"{self._names[call]} = {outcome}"
            case NoteSeat(seat, state):
                return f"{seat}: {state}"
        return ""

    def _told(self, command: Command) -> str:
        match command:
            case NoteTalk(call, who, role, talking):
                return f"{self._names[call]} {'<' if talking else '>'} {who} as {role}"
            case NoteClass(call, _, inquiry_class):
                return f"{self._names[call]} is about: {inquiry_class}"
            case NoteCallbackState(callback, state):
                return f"callback {callback}: {state}"
            case NoteEar(call, _, seat, heard, state):
                return f"ear of {seat} at {heard} in {self._names[call]}: {state}"
            case NoteAnswered(ask):
                self.answers[ask] = command
                return f"answer to {ask}: {command.refusal or 'done'}"
        return ""

    def _heard(self, command: Command) -> str:
        match command:
            case AnswerLeg(leg):
                return f"answer {leg}"
            case StartEarlyMedia(leg):
                return f"early media to {leg}"
            case PlayGuidance(leg, playback, _, guidance):
                self._last[f"playback {leg}"] = playback
                return f"play {guidance} to {leg}"
            case StopGuidance(playback):
                call, _, number = playback.partition(".")
                return f"stop {number} of {self._names[call]}"
            case StartMusic(leg):
                return f"music to {self._names.get(leg, leg)}"
            case StopMusic(leg):
                return f"no music to {self._names.get(leg, leg)}"
        return ""

    def _asked(self, command: Command) -> str:
        match command:
            case StartMessage(message, leg):
                self._last[f"message {leg}"] = message
                return f"message of {leg}"
            case StopMessage(message):
                return f"stop {message.rpartition('-')[2]}"
            case SendNotice(_, call, _, gateway, to, text):
                return f"send {text} by {gateway}" + (f" to {to}" if to else "")
            case NoteCallback(_, call, _, queue, _, place):
                return f"call back {self._names[call]} as {queue} {place}"
        return ""

    def _connected(self, command: Command) -> str:
        match command:
            case RingTelephone(_, target, _, leg, call):
                self._last[f"leg {target}"], self._names[leg] = leg, target
                return f"ring {target} for {self._names[call] if call else 'its ear'}"
            case RingSeat(seat, leg, call):
                self._last[f"leg {seat}"], self._names[leg] = leg, seat
                return f"ring {seat} for {self._names[call]}"
            case ConnectLegs(bridge, leg, seat_leg):
                self._last[f"bridge {leg}"] = bridge
                return f"connect {self._names.get(leg, leg)} {self._names.get(seat_leg, seat_leg)}"
            case CloseBridge(bridge) if ".m" in bridge:
                return f"close the ear in {self._names[bridge.partition('.')[0]]}"
            case CloseBridge(bridge):
                return f"part {self._names[bridge.partition('.')[0]]}"
            case HangUp(leg, reason):
                return f"hang up {self._names.get(leg, leg)}" + ("" if reason == "normal" else f" ({reason})")
            case OverrideHours(project, kind):
                return f"order {kind} for {project}"
            case StartRecording(_, leg):
                return f"record {self._names.get(leg, leg)}"
        return ""

    def _talking(self, command: Command) -> str:
        match command:
            case AddToBridge(bridge, leg) if ".m" in bridge:
                return f"let {self._names.get(leg, leg)} into the ear"
            case RemoveFromBridge(bridge, leg) if ".m" in bridge:
                return f"take {self._names.get(leg, leg)} out of the ear"
            case AddToBridge(_, leg):
                return f"let {self._names.get(leg, leg)} in"
            case RemoveFromBridge(_, leg):
                return f"take {self._names.get(leg, leg)} out"
            case SnoopLeg(snoop, leg, spy, whisper):
                how = " and ".join(word for word, on in (("spy", spy), ("whisper", whisper)) if on)
                self._names[snoop] = f"snoop of {self._names.get(leg, leg)}"
                return f"{how} at {self._names.get(leg, leg)}"
            case StartRinging(leg):
                return f"ringback to {self._names.get(leg, leg)}"
            case StopRinging(leg):
                return f"no ringback to {self._names.get(leg, leg)}"
        return ""
