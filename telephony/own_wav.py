"""A WAV of one's own in place of a voice: what is wrong with it, in words that say what to do about it."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from telephony.speech_audio import Samples, active_level

LOWEST_RATE = 8000
SHORTEST_S, LONGEST_S = 0.3, 300.0
LONGEST_PAUSE_S = 2.0
"""Silence before the first word and after the last one."""
_QUIETEST_DB = -45.0  # quieter than this, what is raised is mostly noise
_SILENT_DB = -50.0
_FRAME_S = 0.02
# So many samples in a row at full scale are a flattened peak; a few of them nobody hears.
_FLAT_SAMPLES, _FLAT_PEAKS = 3, 5
_FULL = 0.9995


class OwnWavError(ValueError):
    """The file cannot be used; `problems` says every reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_own_wav(path: Path) -> tuple[Samples, int]:
    """The samples (-1 to 1, both channels of a stereo file mixed) and their rate. Raises OwnWavError."""
    channels, rate = _channels(path)
    problems = _shape_problems(channels, rate) or _sound_problems(channels, rate)
    if problems:
        raise OwnWavError(problems)
    return channels.mean(axis=1), rate


def _channels(path: Path) -> tuple[Samples, int]:
    try:
        with wave.open(str(path), "rb") as file:
            width, count, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except OSError as error:
        raise OwnWavError([f"it cannot be read: {error.strerror or error}"]) from error
    except (wave.Error, EOFError) as error:
        raise OwnWavError(
            [f"it is no WAV file of plain PCM ({error}): save it as WAV, PCM, 16 bit"]
        ) from error
    if width not in (2, 3):
        raise OwnWavError([f"it has {8 * width} bits per sample: save it as WAV, PCM, 16 bit"])
    return _decoded(data, width)[: len(data) // (width * count) * count].reshape(-1, count), rate


def _decoded(data: bytes, width: int) -> Samples:
    whole = data[: len(data) // width * width]
    if width == 2:
        return np.frombuffer(whole, "<i2") / 32768.0
    wide = np.zeros((len(whole) // 3, 4), np.uint8)
    wide[:, 1:] = np.frombuffer(whole, np.uint8).reshape(-1, 3)
    return wide.view("<i4")[:, 0] / 2147483648.0


def _shape_problems(channels: Samples, rate: int) -> list[str]:
    problems = []
    if rate < LOWEST_RATE:
        problems.append(f"it has {rate} samples per second: at least {LOWEST_RATE} are needed")
    if channels.shape[1] > 2:
        problems.append(f"it has {channels.shape[1]} channels: save it with one")
    seconds = len(channels) / rate
    if not SHORTEST_S <= seconds <= LONGEST_S:
        problems.append(f"it lasts {seconds:.1f} s: {SHORTEST_S:g} to {LONGEST_S:g} s are possible")
    return problems


def _sound_problems(channels: Samples, rate: int) -> list[str]:
    mixed = channels.mean(axis=1)
    loud = np.flatnonzero(_frame_levels(mixed, rate) > _SILENT_DB)
    if not len(loud):
        if channels.shape[1] == 2 and np.abs(channels).max() > 0.01:
            return ["its two channels cancel each other out: save it with one"]
        return ["there is nothing to hear in it: record it again"]
    return [*_pauses(loud, len(mixed) / rate), *_too_quiet(mixed, rate), *_clipped(channels)]


def _frame_levels(samples: Samples, rate: int) -> Samples:
    """dB below full scale, frame by frame."""
    frame = int(rate * _FRAME_S)
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    power: Samples = 10 * np.log10((frames**2).mean(axis=1) + 1e-12)
    return power


def _pauses(loud: np.ndarray, seconds: float) -> list[str]:
    before, after = loud[0] * _FRAME_S, seconds - (loud[-1] + 1) * _FRAME_S
    found = (("begins", before), ("ends", after))
    return [
        f"it {where} with {pause:.1f} s of silence: cut it to {LONGEST_PAUSE_S:g} s at most"
        for where, pause in found
        if pause > LONGEST_PAUSE_S
    ]


def _too_quiet(samples: Samples, rate: int) -> list[str]:
    level = 20 * float(np.log10(active_level(samples, rate)))
    if level >= _QUIETEST_DB:
        return []
    return [f"it is too quiet ({-level:.0f} dB below full scale): record it again closer to the microphone"]


def _clipped(channels: Samples) -> list[str]:
    peaks = sum(_flat_peaks(channel) for channel in channels.T)
    if peaks <= _FLAT_PEAKS:
        return []
    return [f"it is clipped ({peaks} flattened peaks): record it again with a lower level"]


def _flat_peaks(channel: Samples) -> int:
    """How often the signal stands at its very end for several samples."""
    full = np.abs(channel) >= _FULL
    edges = np.flatnonzero(np.diff(np.concatenate([[False], full, [False]]).astype(np.int8)))
    return int(np.count_nonzero(edges[1::2] - edges[::2] >= _FLAT_SAMPLES))
