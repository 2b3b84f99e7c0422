"""The music for callers who wait: made here, so that it belongs to nobody else. Soft broken chords."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

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
    if any(directory.iterdir()):
        return
    samples = (_melody() * 32767).astype("<i2")
    with wave.open(str(directory / "waiting.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())


def _melody() -> np.ndarray:
    notes = [_note(chord[step]) for _ in range(_ROUNDS) for chord in _CHORDS for step in _ORDER]
    return np.concatenate(notes) * _PEAK


def _note(half_tones: int) -> np.ndarray:
    time = np.arange(int(_RATE * _NOTE_S)) / _RATE
    attack = np.minimum(time / 0.02, 1) * np.minimum((_NOTE_S - time) / 0.02, 1)  # no clicks at either end
    frequency = 220 * 2 ** (half_tones / 12)
    tone = np.sin(2 * np.pi * frequency * time) + 0.3 * np.sin(4 * np.pi * frequency * time)
    return tone / 1.3 * attack * np.exp(-_FADE_PER_S * time)
