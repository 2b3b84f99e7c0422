"""Whether a recording is whole is told by the file itself."""

from __future__ import annotations

import hashlib
import wave
from pathlib import Path

import numpy as np
import pytest

from calls.lifecycle import State
from calls.record import CallRecord
from sim.drill.story import BY_CALLER, Story
from sim.drill.tapes import faults_of, tapes
from sim.live.tones import SAMPLE_RATE, tone

pytestmark = pytest.mark.unit

BEGAN = 1_790_000_000.0
LEFT_HZ, RIGHT_HZ = 440, 1300
TALK = Story(
    "0900000001", LEFT_HZ, BEGAN, BEGAN, BEGAN + 6, BY_CALLER,
    seat="seat01", seat_hz=RIGHT_HZ, seat_answered=BEGAN + 1, seat_ended=BEGAN + 6, heard_s=5.0,
)  # fmt: skip


def recorded(root: Path, seconds: float, *, silent_from: float | None = None) -> CallRecord:
    """A recording in its place, sealed in its record."""
    left, right = tone(LEFT_HZ, seconds), tone(RIGHT_HZ, seconds)
    if silent_from is not None:
        right[round(silent_from * SAMPLE_RATE) :] = 0
    path = root / "drill" / "2026-09-21" / "c1.wav"
    path.parent.mkdir(parents=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.stack((left, right), axis=1).tobytes())
    return CallRecord(
        call="c1", leg="1", project="drill", number="0480000001", caller=TALK.caller, arrived_at=BEGAN,
        state=State.CLOSED, recording_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )  # fmt: skip


def whole(root: Path, record: CallRecord | None, unwritten: tuple[tuple[float, float], ...] = ()) -> str:
    """Empty if it is, else why not."""
    [tape] = tapes(root, [TALK], {TALK.caller: record} if record else {}, unwritten)
    assert tape.whole == (not faults_of([tape]))
    return tape.fault


def test_a_whole_one(tmp_path: Path) -> None:
    assert not whole(tmp_path, recorded(tmp_path, 5.0))


def test_one_that_is_not_there(tmp_path: Path) -> None:
    record = recorded(tmp_path, 5.0)
    (tmp_path / "drill/2026-09-21/c1.wav").unlink()
    assert "No such file" in whole(tmp_path, record)
    assert "no record" in whole(tmp_path, None)


def test_one_without_its_seal(tmp_path: Path) -> None:
    record = recorded(tmp_path, 5.0)
    record.recording_sha256 = ""
    assert "not sealed" in whole(tmp_path, record)


def test_one_that_is_too_short_unless_nobody_could_write_it(tmp_path: Path) -> None:
    record = recorded(tmp_path, 3.0)
    assert "3.0 s of a talk of 5.0 s" in whole(tmp_path, record)
    assert not whole(tmp_path, record, ((BEGAN + 2, BEGAN + 3),))
    assert whole(tmp_path, record, ((BEGAN + 7, BEGAN + 9),))


def test_one_in_which_a_voice_is_missing(tmp_path: Path) -> None:
    assert "2.0 s of a voice are missing" in whole(tmp_path, recorded(tmp_path, 5.0, silent_from=3.0))
