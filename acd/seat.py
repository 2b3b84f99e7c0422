"""A seat: a place with a telephone, and what it is doing."""

from __future__ import annotations

from calls.lifecycle import SEAT, SeatState


class Seat:
    """One seat. The engine changes it; `state` is for people, the other fields decide.

    `leg` is the telephone leg that this seat still has (also one that is being hung up), so that it is free
    only when its telephone is.
    """

    __slots__ = (
        "call",
        "id",
        "leg",
        "logged_in",
        "misses",
        "queues",
        "reachable",
        "rest_until",
        "resting",
        "state",
        "turn",
        "wrapping",
    )

    def __init__(self, seat: str, queues: tuple[str, ...]) -> None:
        self.id = seat
        self.queues = queues
        self.state = SEAT.LOGGED_OUT
        self.logged_in = True
        self.reachable = False
        self.leg = ""
        self.call = ""
        self.wrapping = False
        self.resting = False
        self.rest_until = 0.0
        self.misses = 0
        self.turn = 0

    def begin_anew(self) -> None:
        """Whoever sits down, or a telephone that is back, has missed nothing."""
        self.resting, self.misses = False, 0

    @property
    def staffed(self) -> bool:
        """Whether somebody is there who takes calls, now or after what he is doing."""
        return self.logged_in and self.reachable and not self.resting

    @property
    def busy(self) -> bool:
        """Whether the seat has something to do with a call still."""
        return self.wrapping or bool(self.leg)

    def resting_state(self) -> SeatState:
        """The state of a seat that has nothing to do with a call."""
        if not (self.logged_in and self.reachable):
            return SEAT.LOGGED_OUT
        return SEAT.NOT_ANSWERING if self.resting else SEAT.READY
