"""Tones that robots speak, as files that SIPp streams: raw 8 kHz mu-law, one second, looped.

Every caller and every operator has a frequency of its own, so that a recording tells by its audio alone
who was heard in it. Frequencies are whole hertz: a file of one second then joins its own start
without a click. DTMF frequencies are left out, so that no detector takes a robot's voice for a key.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 8000
AMPLITUDE = 8000
DTMF_HZ = (697, 770, 852, 941, 1209, 1336, 1477, 1633)
DTMF_MARGIN_HZ = 8

_MU_LAW_BIAS = 0x84
_MU_LAW_CLIP = 32635


def _clear_of_dtmf(hz: int) -> bool:
    return all(abs(hz - key_hz) > DTMF_MARGIN_HZ for key_hz in DTMF_HZ)


CALLER_TONES_HZ = tuple(hz for hz in range(300, 980, 10) if _clear_of_dtmf(hz))
OPERATOR_TONES_HZ = tuple(hz for hz in range(1000, 1900, 20) if _clear_of_dtmf(hz))


def caller_tone_hz(index: int) -> int:
    """Tone of the caller with this number (from 0), in Hz; after 62 callers the tones come round again."""
    return CALLER_TONES_HZ[index % len(CALLER_TONES_HZ)]


def operator_tone_hz(index: int) -> int:
    """Tone of the seat with this number (from 0), in Hz; 42 seats have one of their own."""
    return OPERATOR_TONES_HZ[index % len(OPERATOR_TONES_HZ)]


def mu_law(samples: npt.NDArray[np.int16]) -> bytes:
    """Encodes 16-bit linear samples by ITU-T G.711 mu-law, one byte each."""
    wide = samples.astype(np.int32)
    magnitude = np.minimum(np.abs(wide), _MU_LAW_CLIP) + _MU_LAW_BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(wide < 0, 0x80, 0)
    encoded = ~(sign | (exponent << 4) | mantissa) & 0xFF
    return bytes(encoded.astype(np.uint8))


def tone(hz: int, seconds: float = 1.0) -> npt.NDArray[np.int16]:
    """A sine of this frequency as 16-bit samples at 8 kHz, 12 dB below full scale."""
    if not 0 < hz < SAMPLE_RATE // 2:
        raise ValueError(f"a tone of {hz} Hz does not fit into 8 kHz audio: choose one between 1 and 3999 Hz")
    moments = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return np.rint(AMPLITUDE * np.sin(2 * np.pi * hz * moments)).astype(np.int16)


def tone_file_name(hz: int) -> str:
    return f"tone-{hz}.ul"


def write_tone(directory: Path, hz: int) -> Path:
    """Writes the tone into the directory (kept if it is there already) and returns its path."""
    path = directory / tone_file_name(hz)
    if not path.exists():
        path.write_bytes(mu_law(tone(hz)))
    return path
