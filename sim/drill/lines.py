"""One end of a call, as the robot there lived it."""

from __future__ import annotations

import asyncio
import time

from sim.drill.media import Stream
from sim.drill.sound import PACKET_S
from sim.live.phone_sip import Dialogue

HUNG_UP, FAR_END, CANCELLED, DEAD = "hung up", "far end", "cancelled", "dead"
"""How it ended: by the robot, by the other side, before it was answered (by either), or with no word from anybody."""


class Line(Dialogue):
    """`party`: the number of the caller, at both ends. `hz`: what it speaks. Times in seconds since 1970 UTC.

    `began`: dialled, or rang; `answered`: the 200 of either side; `how`: one of the words above, or the status of a
    refusal; empty as long as it lives.
    """

    def __init__(self, call_id: str, stream: Stream, party: str, seat: str = "") -> None:
        super().__init__(call_id)
        self.stream = stream
        self.party = party
        self.seat = seat
        self.began = time.time()
        self.answered: float | None = None
        self.ended: float | None = None
        self.how = ""
        self.invite = ""
        self.sdp_version = 0
        self._summed: dict[int, float] | None = None
        self.up = asyncio.Event()
        self.taken = asyncio.Event()
        """By a seat; of a caller's end. Also if there will be none any more."""
        self.over = asyncio.Event()
        self.final = asyncio.Event()

    def seconds_of(self, hz: int) -> float:
        """How long it has heard this voice. After `sum_up`, only those are known that were named there."""
        if self._summed is not None:
            return self._summed.get(hz, 0.0)
        return len(self.stream.heard(hz)) * PACKET_S

    def sum_up(self, *voices: int) -> None:
        """Keep how long it heard these, and nothing else of what it heard: of many calls that is too much."""
        self._summed = {hz: self.seconds_of(hz) for hz in voices}
        self.stream.forget()

    @property
    def hz(self) -> int:
        """Its voice."""
        return self.stream.hz

    @property
    def alive(self) -> bool:
        """Whether it talks: answered, and not over."""
        return self.answered is not None and not self.how

    def is_up(self) -> None:
        """It was answered."""
        if self.answered is None:
            self.answered = time.time()
            self.up.set()

    def is_over(self, how: str) -> None:
        """It has ended; the first word counts."""
        if not self.how:
            self.how, self.ended = how, time.time()
            for news in (self.up, self.taken, self.over):
                news.set()
