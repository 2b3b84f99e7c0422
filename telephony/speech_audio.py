"""From the floats of a speech synthesiser, or of a file, to the 16-bit sound of a telephone. numpy only."""

import math

import numpy as np
import numpy.typing as npt

from recordings.wav import wav_header

Samples = npt.NDArray[np.float64]

FULL_SCALE = 32767.0
# Nothing louder than this is let through: -1 dB below full scale.
_PEAK = 0.89
_FADE_SECONDS = 0.005
_FRAME_SECONDS = 0.02
_SHORTEST_SECONDS = 0.05
# Frames more than 30 dB below the loudest one are pauses and do not count for loudness.
_PAUSE = 10 ** (-30 / 20)
# Zero crossings of the filter on each side, and the part of the new band that it lets through:
# flat up to 3.4 kHz at 8 kHz, and 70 dB down from 4 kHz on.
_CROSSINGS = 36
_PASSED = 0.93
_KAISER_BETA = 6.8


def decimate(samples: Samples, factor: int) -> Samples:
    """Keep every `factor`-th sample, after a low-pass filter has removed what the lower rate cannot carry."""
    half = _CROSSINGS * factor
    time = np.arange(-half, half + 1) * (_PASSED / factor)
    taps = np.sinc(time) * np.kaiser(2 * half + 1, _KAISER_BETA)
    return (
        np.convolve(samples, taps / taps.sum(), mode="same")[::factor]
        if len(samples) > 2 * half
        else samples[:0]
    )


def resampled(samples: Samples, rate: int, target: int) -> Samples:
    """At `target` samples per second; what the lower one of both rates cannot carry is removed."""
    shared = math.gcd(rate, target)
    up, down = target // shared, rate // shared
    if up == 1:
        return samples if down == 1 else decimate(samples, down)
    return _by_phases(samples, up, down)


def _by_phases(samples: Samples, up: int, down: int) -> Samples:
    """`up` new samples for `down` old ones. Every up-th new one lies the same way between old ones: a phase."""
    band = min(1.0, up / down)
    half = math.ceil(_CROSSINGS / band)
    padded = np.pad(samples, half)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half)
    result = np.zeros(len(samples) * up // down)
    for phase in range(min(up, len(result))):
        whole, part = divmod(phase * down, up)
        count = len(result[phase::up])
        taps = _taps(np.arange(1.0 - half, half + 1.0) - part / up, band, half)
        result[phase::up] = windows[whole + 1 : whole + 1 + count * down : down][:count] @ taps
    return result


def _taps(time: Samples, band: float, half: int) -> Samples:
    """The low-pass filter at these moments (in old samples), for `band` (0-1) of the old rate's."""
    edge = np.clip(1 - (time / half) ** 2, 0.0, None)
    taps: Samples = np.sinc(time * band * _PASSED) * np.i0(_KAISER_BETA * np.sqrt(edge))
    return taps / taps.sum()


def active_level(samples: Samples, rate: int) -> float:
    """Root mean square of the frames in which somebody speaks (pauses left out), in the samples' own unit.

    `samples` have to last one frame (0.02 s) at least.
    """
    frame = int(rate * _FRAME_SECONDS)
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    levels = np.sqrt((frames**2).mean(axis=1))
    return float(np.sqrt((levels[levels >= levels.max() * _PAUSE] ** 2).mean()))


def evened(samples: Samples, rate: int, level_db: float) -> Samples:
    """Brought to `level_db` dB relative to full scale (1.0), or less where a peak would clip; ends faded."""
    gain = min(10 ** (level_db / 20) / active_level(samples, rate), _PEAK / float(np.abs(samples).max()))
    louder = samples * gain
    fade = int(rate * _FADE_SECONDS)
    ramp = np.linspace(0.0, 1.0, fade)
    louder[:fade] *= ramp
    louder[-fade:] *= ramp[::-1]
    return louder


def wav(samples: Samples, rate: int) -> bytes:
    """One mono 16-bit WAV file; `samples` lie between -1 and 1."""
    data = np.rint(samples * FULL_SCALE).astype("<i2").tobytes()
    return wav_header(len(data), rate=rate) + data


def telephone_wav(samples: Samples, rate: int, target_rate: int, level_db: float) -> bytes:
    """`samples` (any unit, `rate` per second) as a WAV of `target_rate`, at one loudness."""
    lower = resampled(samples, rate, target_rate)
    if len(lower) < target_rate * _SHORTEST_SECONDS or not lower.any():
        raise ValueError("there is no sound in it: give a text that can be spoken")
    return wav(evened(lower, target_rate, level_db), target_rate)
