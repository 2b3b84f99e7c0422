"""Whether the recordings of a drill are whole: there, sealed, as long as the talk, with both voices all the way."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from calls.record import CallRecord
from recordings.analysis import NotARecording, read_stereo
from recordings.finish import recording_directory
from sim.drill.judge import Fault
from sim.drill.sound import missing_s
from sim.drill.story import Story

Span = tuple[float, float]
LENGTH_S = 1.0
WRITES_S = 1.0
MISSING_S = 0.5
"""So much of a voice may be missing in all: the tape runs a moment before the first word, and after the last one."""
_ZONE = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Tape:
    """The recording of a talk. `seconds` of it; `missing_s`: of either voice. `fault`: empty if it is whole."""

    caller: str
    seconds: float
    missing_s: float
    fault: str

    @property
    def whole(self) -> bool:
        return not self.fault


def tapes(
    root: Path, talks: Sequence[Story], records: Mapping[str, CallRecord], unwritten: Sequence[Span] = ()
) -> list[Tape]:
    """One for each talk, in order; `records` by the caller's number. Reads the files: not for an event loop.

    `unwritten`: when nobody could write a recording; what was said then is not missed in it.
    """
    return [_tape(root, talk, records.get(talk.caller), unwritten) for talk in talks]


def faults_of(found: Sequence[Tape]) -> list[Fault]:
    """Those that are not whole."""
    return [Fault(tape.caller, "recording", "whole", tape.fault) for tape in found if not tape.whole]


def _tape(root: Path, talk: Story, record: CallRecord | None, unwritten: Sequence[Span]) -> Tape:
    if record is None:
        return Tape(talk.caller, 0.0, 0.0, "no record that it could belong to")
    path = _path(root, record)
    try:
        rate, left, right = read_stereo(path)
    except (OSError, NotARecording) as error:
        return Tape(talk.caller, 0.0, 0.0, f"{error}")
    seconds = len(left) / rate
    missing = round(max(missing_s(left, talk.hz), missing_s(right, talk.seat_hz)), 1)
    lost = sum(_overlap(talk, span) for span in unwritten)
    return Tape(talk.caller, seconds, missing, _fault(talk, record, path, seconds, missing, lost))


def _overlap(talk: Story, span: Span) -> float:
    """How much of a talk lies in a span; Asterisk writes a second's worth at a time."""
    began, ended = talk.seat_answered or 0.0, talk.talk_ended or 0.0
    common = min(ended, span[1]) - max(began, span[0])
    return common + WRITES_S if common > 0 else 0.0


def _path(root: Path, record: CallRecord) -> Path:
    day = dt.datetime.fromtimestamp(record.arrived_at, _ZONE).date().isoformat()
    return recording_directory(root, record.project, day) / f"{record.call}.wav"


def _fault(talk: Story, record: CallRecord, path: Path, seconds: float, missing: float, lost: float) -> str:
    if record.recording_sha256 != hashlib.sha256(path.read_bytes()).hexdigest():
        return "not sealed: its record has another digest, or none"
    assert talk.seat_answered is not None
    length = (talk.talk_ended or talk.seat_answered) - talk.seat_answered
    # A talk of which one party was already gone is recorded until the other one is, too.
    longest = max(talk.ended or 0.0, talk.seat_ended or 0.0, talk.talk_ended or 0.0) - talk.seat_answered
    if not length - lost - LENGTH_S <= seconds <= longest + LENGTH_S:
        return f"{seconds:.1f} s of a talk of {length:.1f} s"
    if missing > MISSING_S + (longest - length):
        return f"{missing:.1f} s of a voice are missing"
    return ""
