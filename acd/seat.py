"""A seat: a place with a telephone, what it serves, and what it is doing."""

from __future__ import annotations

from typing import NamedTuple

from calls.lifecycle import SEAT, SeatState


class Serves(NamedTuple):
    """That a seat serves a queue, for callers who have waited `after_s` seconds; seats of level 1 are asked first."""

    queue: str
    level: int = 1
    after_s: float = 0.0


class Seat:
    """One seat. The engine changes it; `state` and its `reason` are for people, the other fields decide.

    `operator`: the id of the person who is logged in, empty where nobody said who it is; `shown_operator`: the one
    of whom people were told last.
    `leg` is the telephone leg that this seat still has (also one that is being hung up), so that it is free
    only when its telephone is. `call`: what it is about. `rang_at`: when it was rung last. `taken`: its telephone is
    in a call that is none of ours.
    `paused`: the reason of the break, empty where there is none; it may begin while the seat is busy.
    `resting`: out of rotation because it did not answer; `rest_reason` says how, `rest_until` when it is tried again.
    `misses`: calls missed in a row. `answered`: calls answered since the login.

    The router's: `order` among all seats, `turn` at which it became free the last time, `idle_since` (None: not free).
    """

    __slots__ = (
        "answered",
        "call",
        "id",
        "idle_since",
        "leg",
        "logged_in",
        "misses",
        "operator",
        "order",
        "paused",
        "rang_at",
        "reachable",
        "reason",
        "rest_reason",
        "rest_until",
        "resting",
        "serves",
        "shown_operator",
        "state",
        "taken",
        "turn",
        "wrapping",
    )

    def __init__(self, seat: str, serves: tuple[Serves, ...] = ()) -> None:
        self.id = seat
        self.serves = serves
        self.state: SeatState = SEAT.LOGGED_OUT
        self.reason = ""
        self.logged_in = True
        self.reachable = False
        self.operator = ""
        self.shown_operator = ""
        self.leg = ""
        self.call = ""
        self.rang_at = 0.0
        self.wrapping = self.taken = False
        self.paused = ""
        self.resting = False
        self.rest_reason = ""
        self.rest_until = 0.0
        self.misses = 0
        self.answered = 0
        self.order = 0
        self.turn = 0
        self.idle_since: float | None = None

    def begin_anew(self) -> None:
        """Whoever sits down, or a telephone that is back, has missed nothing."""
        self.resting, self.rest_reason, self.misses = False, "", 0

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues that it serves, at whatever level and delay."""
        return tuple(serves.queue for serves in self.serves)

    @property
    def staffed(self) -> bool:
        """Whether somebody is there who takes calls, now or after what he is doing."""
        return self.logged_in and self.reachable and not self.resting and not self.paused

    @property
    def busy(self) -> bool:
        """Whether the seat has something to do with a call still, be it one of ours or not."""
        return self.wrapping or bool(self.leg) or self.taken

    def resting_state(self) -> SeatState:
        """The state of a seat that has nothing to do with a call."""
        if not (self.logged_in and self.reachable):
            return SEAT.LOGGED_OUT
        if self.paused:
            return SEAT.BREAK
        return SEAT.NOT_ANSWERING if self.resting else SEAT.READY

    def why(self) -> str:
        """The reason of that state, empty where it needs none."""
        state = self.resting_state()
        if state is SEAT.BREAK:
            return self.paused
        return self.rest_reason if state is SEAT.NOT_ANSWERING else ""
