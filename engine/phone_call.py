"""What is said on a telephone of ours that has dialled."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from engine.timers import Timer

Then = Callable[[str, float], None]
"""What follows on a leg when the text is over."""


class PhoneCall(msgspec.Struct, eq=False):
    """A leg on which something is said to whoever dialled; `playback` is what, `timer` its longest time."""

    leg: str
    playback: str
    timer: Timer
    then: Then
