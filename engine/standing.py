"""What stands whatever calls there are: who sits where, breaks, and whom we owe a call.

As events that bring a fresh engine to the same: for one that cannot use the memory of the last, because its code or
its configuration is another one.
"""

from __future__ import annotations

from collections.abc import Iterator

from acd.seat import Seat
from calls.event import Event
from calls.requests import CallbackOrdered, SeatLoggedIn, SeatLoggedOut, SeatPaused
from engine.callbacks import reached
from engine.floor import Floor


def standing(floor: Floor) -> list[Event]:
    """The events, in an order in which they can be fed; what is not possible any more is refused by the engine."""
    seats = [event for seat in floor.seats.values() for event in _of_seat(floor, seat)]
    return [*seats, *_callbacks(floor)]


def _of_seat(floor: Floor, seat: Seat) -> Iterator[Event]:
    personal = floor.centre.plans[seat.id].personal
    if not seat.logged_in:
        if not personal:
            yield SeatLoggedOut(seat.id)
        return
    if seat.operator or personal:
        yield SeatLoggedIn(seat.id, seat.operator)
    if seat.paused:
        yield SeatPaused(seat.id, seat.paused)


def _callbacks(floor: Floor) -> Iterator[Event]:
    owed = [one for one in floor.callbacks.values() if not reached(one.call)]
    waiting = [(floor.router.reserve(one.id, 0.0), one) for one in owed]
    for (_, _, since), one in sorted(waiting, key=lambda each: each[0]):
        yield CallbackOrdered(one.id, one.project, one.number, one.queue, since)
