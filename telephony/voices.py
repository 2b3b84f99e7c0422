"""The voices: Japanese by pyopenjtalk, the other languages by the program espeak-ng. Runs in the worker process."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from telephony.voice import ESPEAK, Order

Samples = npt.NDArray[np.float64]
# samples and their rate
Sound = tuple[Samples, int]

_SECONDS = 60.0
# The Japanese voice leaves such pauses by itself: texts that follow each other do not run into one another.
_LEAD_SECONDS, _TAIL_SECONDS = 0.1, 0.3
# espeak-ng writes no true length into what it sends to a pipe: everything after the header is sound.
_HEADER_BYTES = 44
_RATE_AT = slice(24, 28)
# Measured on its five voices: one semitone is 5.6 of its steps of pitch, whose middle is 50.
_STEPS_PER_HALF_TONE = 5.6


class VoiceError(Exception):
    """A voice that cannot speak; the message says what to do."""


class Voices:
    """All voices; each is loaded when it speaks for the first time."""

    def __init__(self) -> None:
        self._japanese: Callable[..., Sound] | None = None

    def speak(self, order: Order) -> Sound:
        """The sound of an order's text. Raises VoiceError."""
        if order.language != "ja":
            return _espeak(order)
        if self._japanese is None:
            import pyopenjtalk

            self._japanese = pyopenjtalk.tts
        return self._japanese(order.text, speed=order.speed, half_tone=order.half_tone)


def _espeak(order: Order) -> Sound:
    voice = ESPEAK[order.language]
    pitch = min(99, max(0, round(50 + _STEPS_PER_HALF_TONE * order.half_tone)))
    given = ["-v", voice.name, "-s", str(max(80, round(voice.pace * order.speed))), "-p", str(pitch)]
    try:
        done = subprocess.run(
            ["espeak-ng", *given, "-b", "1", "-z", "--stdin", "--stdout"],
            input=order.text.encode(),
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
    except FileNotFoundError:
        raise VoiceError(
            f"the voice for '{order.language}' is missing: install the Debian package espeak-ng (./setup.sh does)"
        ) from None
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip()[-200:]
        raise VoiceError(f"espeak-ng failed; it said: {told}") from error
    samples, rate = _samples(done.stdout)
    return np.pad(samples, (round(_LEAD_SECONDS * rate), round(_TAIL_SECONDS * rate))), rate


def _samples(wav: bytes) -> Sound:
    if len(wav) <= _HEADER_BYTES:
        return np.zeros(0), 8000  # it sends nothing at all where there is nothing to say
    sound = wav[_HEADER_BYTES : len(wav) // 2 * 2]
    return np.frombuffer(sound, "<i2").astype(np.float64), int.from_bytes(wav[_RATE_AT], "little")
