"""The music for callers who wait: made here, so that it belongs to nobody else. Soft broken chords."""

from __future__ import annotations

from math import exp, pi, sin
from pathlib import Path

from recordings.durable import write_atomically
from recordings.wav import wav_header

_RATE = 8000  # Hz
_NOTE_S = 0.4
_FADE_PER_S = 2.2
_PEAK = 0.18  # of full scale: well below a voice
# Four chords, as half tones above A3: A, F sharp minor, D, E.
_CHORDS = ((0, 4, 7, 12), (-3, 0, 4, 9), (5, 9, 12, 17), (7, 11, 14, 19))
_ORDER = (0, 1, 2, 3, 2, 1)  # up and down each chord
_ROUNDS = 4


def write_music(directory: Path) -> None:
    """Puts `waiting.wav` (8 kHz, 16 bit, mono, 38 s) there, unless audio is there already."""
    if any(directory.glob("*.wav")):
        return
    data = b"".join(_chord(chord) for chord in _CHORDS) * _ROUNDS
    write_atomically(directory / "waiting.wav", wav_header(len(data), channels=1, rate=_RATE) + data)


def _chord(chord: tuple[int, ...]) -> bytes:
    samples = [round(sample * _PEAK * 32767) for step in _ORDER for sample in _note(chord[step])]
    return b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples)


def _note(half_tones: int) -> list[float]:
    frequency = 220 * 2 ** (half_tones / 12)
    return [_sample(number / _RATE, frequency) for number in range(int(_RATE * _NOTE_S))]


def _sample(time: float, frequency: float) -> float:
    attack = min(time / 0.02, 1.0) * min((_NOTE_S - time) / 0.02, 1.0)  # no clicks at either end
    tone = sin(2 * pi * frequency * time) + 0.3 * sin(4 * pi * frequency * time)
    return tone / 1.3 * attack * exp(-_FADE_PER_S * time)
