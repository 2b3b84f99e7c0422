"""A process of its own that speaks texts into files: `python -m telephony.speech_worker < orders > replies`.

Why a process: the synthesiser holds the interpreter lock while it works and takes 60 MB that the engine
does not need; and when it dies, only it dies. One JSON object per line each way (`Order`, `Reply`).
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
import numpy.typing as npt

from recordings.durable import write_atomically
from telephony.guidance import RATES
from telephony.speech_audio import telephone_wav

# (text, speed, semitones) -> samples and their rate
Speak = Callable[[str, float, float], tuple[npt.NDArray[np.float64], int]]


@dataclass(frozen=True, slots=True)
class Order:
    """Speak `text` into `media` + each ending of `RATES`."""

    text: str
    media: str
    speed: float
    half_tone: float
    level_db: float


@dataclass(frozen=True, slots=True)
class Reply:
    """`error` is empty when the files are there."""

    media: str
    error: str = ""


def carry_out(order: Order, speak: Speak) -> Reply:
    """Write the files of one order. A text that cannot be spoken is told in the reply; OSError is raised."""
    samples, rate = speak(order.text, order.speed, order.half_tone)
    try:
        files = {end: telephone_wav(samples, rate, target, order.level_db) for end, target in RATES.items()}
    except ValueError as error:
        return Reply(order.media, str(error))
    for ending, data in files.items():
        write_atomically(Path(order.media + ending), data)
    return Reply(order.media)


def _private_stdout() -> TextIO:
    """Our own way to the reader; what libraries print (pyopenjtalk does) goes to standard error."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return replies


def _japanese() -> Speak:
    import pyopenjtalk

    return lambda text, speed, half_tone: pyopenjtalk.tts(text, speed=speed, half_tone=half_tone)


def main() -> None:
    """Carry out the orders on standard input, one after the other."""
    with _private_stdout() as replies:
        speak = _japanese()
        for line in sys.stdin:
            reply = carry_out(Order(**json.loads(line)), speak)
            print(json.dumps(asdict(reply)), file=replies, flush=True)


if __name__ == "__main__":
    main()
