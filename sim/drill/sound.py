"""What a robot heard, packet by packet: which of them carry a voice, and how long none did. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from recordings.analysis import Samples
from sim.live.audio import linear
from sim.live.tones import SAMPLE_RATE

PACKET_S = 0.02
PACKET = round(SAMPLE_RATE * PACKET_S)
VOICED_SHARE = 0.5
"""Share of a packet's energy from which it carries a voice; another one 50 Hz away is not told from it so shortly."""
LOUD_RMS = 500.0
WINDOW_S = 0.1

Flags = npt.NDArray[np.bool_]
Times = npt.NDArray[np.float64]


@lru_cache(maxsize=256)
def _waves(hz: int, length: int) -> Samples:
    angle = 2 * np.pi * hz * np.arange(length) / SAMPLE_RATE
    return np.stack((np.cos(angle), np.sin(angle)), axis=1)


def share_of(frames: Samples, hz: int) -> Samples:
    """The share (0 to 1) that a tone has in the energy of each frame (a row of samples); 0 for a silent one."""
    length = frames.shape[1]
    energy = np.sum(frames**2, axis=1)
    power = np.sum((frames @ _waves(hz, length)) ** 2, axis=1) * 2 / length
    loud = energy > LOUD_RMS**2 * length
    return np.where(loud, power / np.where(loud, energy, 1.0), 0.0)


def voiced(packets: Sequence[bytes], hz: int) -> Flags:
    """Which of these packets (mu-law, 20 ms each) carry this voice; one of another length carries none."""
    whole = [packet if len(packet) == PACKET else b"\xff" * PACKET for packet in packets]
    frames = linear(b"".join(whole)).reshape(-1, PACKET)
    return share_of(frames, hz) >= VOICED_SHARE


def longest_gap(times: Times, began: float, ended: float) -> float:
    """The longest time (s) between `began` and `ended` that no packet of 20 ms fills. `times`: when each came."""
    if ended <= began:
        return 0.0
    inside = np.sort(times[(times >= began) & (times <= ended)])
    borders = np.concatenate(([began], inside, [ended]))
    # A packet tells of the 20 ms before it: where one follows the other, nothing is missing.
    return round(max(0.0, float(np.diff(borders).max()) - PACKET_S), 3)


def missing_s(samples: Samples, hz: int) -> float:
    """How long this tone is missing (s): all windows of WINDOW_S in which not one packet carries it.

    A packet that came too late leaves a hole of 20 ms, and a jump in the tone: neither is anything missing.
    """
    frames = samples[: len(samples) // PACKET * PACKET].reshape(-1, PACKET)
    flags = share_of(frames, hz) >= VOICED_SHARE
    each = round(WINDOW_S / PACKET_S)
    windows = flags[: len(flags) // each * each].reshape(-1, each)
    return float(np.sum(~windows.any(axis=1))) * WINDOW_S
