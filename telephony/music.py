"""The music for callers who wait, and the beep before a message: made here, so that they belong to nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, pi, sin
from pathlib import Path

from recordings.wav import wav_header
from store.durable import write_atomically

_RATE = 8000  # Hz
_NOTE_S = 0.4
_FADE_PER_S = 2.2
_PEAK = 0.18  # of full scale: well below a voice
# Four chords, as half tones above A3: A, F sharp minor, D, E.
_CHORDS = ((0, 4, 7, 12), (-3, 0, 4, 9), (5, 9, 12, 17), (7, 11, 14, 19))
_ORDER = (0, 1, 2, 3, 2, 1)  # up and down each chord
_ROUNDS = 4
_BEEP_HZ, _BEEP_S = 1400, 0.35  # the tone that says "recording" on Japan's telephones


def write_music(directory: Path) -> None:
    """Puts `waiting.wav`, soft broken chords (8 kHz, 16 bit, mono, 38 s) there, unless audio is there already."""
    if any(directory.glob("*.wav")):
        return
    data = b"".join(_chord(chord) for chord in _CHORDS) * _ROUNDS
    write_atomically(directory / "waiting.wav", wav_header(len(data), channels=1, rate=_RATE) + data)


def write_beep(file: Path) -> None:
    """Makes the beep (8 kHz, 16 bit, mono), unless there is one already."""
    if file.exists():
        return
    times = (number / _RATE for number in range(int(_RATE * _BEEP_S)))
    data = _pcm(
        _PEAK * sin(2 * pi * _BEEP_HZ * time) * min(time / 0.01, (_BEEP_S - time) / 0.01, 1.0)
        for time in times
    )
    write_atomically(file, wav_header(len(data), channels=1, rate=_RATE) + data)


def _pcm(samples: Iterable[float]) -> bytes:
    return b"".join(round(sample * 32767).to_bytes(2, "little", signed=True) for sample in samples)


def _chord(chord: tuple[int, ...]) -> bytes:
    return _pcm(sample * _PEAK for step in _ORDER for sample in _note(chord[step]))


def _note(half_tones: int) -> list[float]:
    frequency = 220 * 2 ** (half_tones / 12)
    return [_sample(number / _RATE, frequency) for number in range(int(_RATE * _NOTE_S))]


def _sample(time: float, frequency: float) -> float:
    attack = min(time / 0.02, 1.0) * min((_NOTE_S - time) / 0.02, 1.0)  # no clicks at either end
    tone = sin(2 * pi * frequency * time) + 0.3 * sin(4 * pi * frequency * time)
    return tone / 1.3 * attack * exp(-_FADE_PER_S * time)
