"""Listens to a stereo recording and says who is heard on which side. Pure functions over samples.

Left is what the caller said, right what the caller heard (so, the operator). Each robot speaks a sine of
its own. A side counts as holding a tone when, over the frames in which anything is heard on it at all,
at least half of the energy lies within `TOLERANCE_HZ` of that tone; and as free of a tone when at most a
hundredth does (mu-law's own distortion stays below that: it is 35 dB down).
"""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

TOLERANCE_HZ = 6.0
SHARE_PRESENT = 0.5
SHARE_ABSENT = 0.01
SILENCE_RMS = 100.0
SHORTEST_S = 0.25
_FRAME_S = 0.02


class NotARecording(ValueError):  # noqa: N818  # it says what the file is
    """The file is no stereo 16-bit WAV file with audio in it."""


@dataclass(frozen=True)
class Side:
    """One channel: its strongest tone, and the share of its energy at the two tones asked for (0..1)."""

    heard_s: float
    dominant_hz: float
    own_share: float
    other_share: float

    @property
    def holds_only_its_own(self) -> bool:
        long_enough = self.heard_s >= SHORTEST_S
        return long_enough and self.own_share >= SHARE_PRESENT and self.other_share <= SHARE_ABSENT


@dataclass(frozen=True)
class Verdict:
    """What was heard: `left` should hold the caller alone, `right` the operator alone."""

    left: Side
    right: Side

    @property
    def two_way(self) -> bool:
        return self.left.holds_only_its_own and self.right.holds_only_its_own


def read_stereo(path: Path) -> tuple[int, Samples, Samples]:
    """Sample rate in Hz, left and right samples (-32768..32767). Raises NotARecording, OSError."""
    try:
        with wave.open(str(path), "rb") as recording:
            if (recording.getnchannels(), recording.getsampwidth()) != (2, 2):
                raise NotARecording(f"{path} is not stereo with 16 bits: record with MixMonitor option D")
            rate = recording.getframerate()
            raw = recording.readframes(recording.getnframes())
    except (wave.Error, EOFError) as error:
        raise NotARecording(f"{path} is no WAV file: {error}") from error
    left, right = split_stereo(raw)
    return rate, left, right


def split_stereo(raw: bytes) -> tuple[Samples, Samples]:
    """Left and right samples of interleaved little-endian 16-bit pairs; a torn last pair is left out."""
    samples: Samples = np.frombuffer(raw[: len(raw) // 4 * 4], dtype="<i2").astype(np.float64)
    return samples[0::2], samples[1::2]


def heard(samples: Samples, rate: int) -> Samples:
    """The samples from the first to the last frame (20 ms) that is louder than silence."""
    frame = round(rate * _FRAME_S)
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    loud = np.flatnonzero(np.sqrt(np.mean(frames**2, axis=1)) > SILENCE_RMS) if len(frames) else np.array([])
    if not len(loud):
        return samples[:0]
    return samples[loud[0] * frame : (loud[-1] + 1) * frame]


def _spectrum(samples: Samples, rate: int) -> tuple[Samples, Samples]:
    """Frequencies in Hz and the power at each; a constant offset is taken away first."""
    level = samples - np.mean(samples)
    power: Samples = np.abs(np.fft.rfft(level * np.hanning(len(level)))) ** 2
    frequencies: Samples = np.fft.rfftfreq(len(level), 1 / rate).astype(np.float64)
    return frequencies, power


def tone_share(samples: Samples, rate: int, hz: float) -> float:
    """Share of the energy within TOLERANCE_HZ of this frequency (plus the width of the window), 0..1."""
    if not len(samples):
        return 0.0
    frequencies, power = _spectrum(samples, rate)
    total = float(power.sum())
    near = np.abs(frequencies - hz) <= TOLERANCE_HZ + 2 * rate / len(samples)
    return float(power[near].sum()) / total if total > 0 else 0.0


def dominant_tone(samples: Samples, rate: int) -> tuple[float, float]:
    """The strongest frequency in Hz and its share of the energy; (0.0, 0.0) for silence or no samples."""
    if not len(samples):
        return 0.0, 0.0
    frequencies, power = _spectrum(samples, rate)
    if power.sum() <= 0:
        return 0.0, 0.0
    strongest = float(frequencies[int(np.argmax(power))])
    return strongest, tone_share(samples, rate, strongest)


def _side(samples: Samples, rate: int, own_hz: float, other_hz: float) -> Side:
    sound = heard(samples, rate)
    return Side(
        heard_s=len(sound) / rate,
        dominant_hz=dominant_tone(sound, rate)[0],
        own_share=tone_share(sound, rate, own_hz),
        other_share=tone_share(sound, rate, other_hz),
    )


def judge(left: Samples, right: Samples, rate: int, left_hz: float, right_hz: float) -> Verdict:
    """Listens to two channels; shares are taken over what is heard, silence before and after left out."""
    return Verdict(_side(left, rate, left_hz, right_hz), _side(right, rate, right_hz, left_hz))


def two_way_audio(path: Path, left_hz: float, right_hz: float) -> Verdict:
    """Listens for the caller's tone on the left and the operator's on the right, each without the other.

    Raises NotARecording when the file is no stereo WAV, OSError when it cannot be read.
    """
    rate, left, right = read_stereo(path)
    return judge(left, right, rate, left_hz, right_hz)
