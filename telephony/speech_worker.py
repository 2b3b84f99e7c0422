"""A process of its own that speaks texts into files: `python -m telephony.speech_worker < orders > replies`.

Why a process: the synthesiser holds the interpreter lock while it works and takes 60 MB that the engine
does not need; and when it dies, only it dies. One JSON object per line each way (`Order`, `Reply`).
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from store.durable import write_atomically
from telephony.own_wav import read_own_wav
from telephony.speech_audio import telephone_wav
from telephony.voice import RATES, Order, Reply
from telephony.voices import Sound, VoiceError, Voices

Speak = Callable[[Order], Sound]


def carry_out(order: Order, speak: Speak) -> Reply:
    """Write the files of one order. What cannot be spoken is told in the reply; OSError is raised."""
    try:
        samples, rate = read_own_wav(Path(order.wav)) if order.wav else speak(order)
        files = {end: telephone_wav(samples, rate, target, order.level_db) for end, target in RATES.items()}
    except (ValueError, VoiceError) as error:
        return Reply(order.media, str(error))
    for ending, data in files.items():
        write_atomically(Path(order.media + ending), data)
    return Reply(order.media)


def _private_stdout() -> TextIO:
    """Our own way to the reader; what libraries print (pyopenjtalk does) goes to standard error."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return replies


def main() -> None:
    """Carry out the orders on standard input, one after the other."""
    with _private_stdout() as replies:
        speak = Voices().speak
        for line in sys.stdin:
            reply = carry_out(Order(**json.loads(line)), speak)
            print(json.dumps(asdict(reply)), file=replies, flush=True)


if __name__ == "__main__":
    main()
