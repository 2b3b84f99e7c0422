"""What a seat is doing when it has no call: who sits there, breaks, wrap-up, rest, and its turn for the next call."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from acd.seat import Seat
from calls.lifecycle import MOVE, SEAT, STATE
from calls.requests import SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied, WrapUpFinished
from engine.call import Call
from engine.cannot import conflict, unknown
from engine.floor import Floor

Offer = Callable[[Call, list[Seat], float], None]
"""Rings seats for a call."""

Widen = Callable[[Iterable[str], float], None]
"""Which seats may take these waiting calls later on has changed."""


class Seats:
    """The states of all seats; `offer`, `widen` and `left` (nobody is at a seat any more) are put in by the desk."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.offer: Offer = lambda call, seats, now: None
        self.widen: Widen = lambda calls, now: None
        self.left: Callable[[float], None] = lambda now: None

    def named(self, name: str) -> Seat:
        """The seat; raises CannotError where there is none."""
        seat = self._floor.seats.get(name)
        if seat is None:
            raise unknown(f"there is no seat '{name}'")
        return seat

    # ---- what somebody asks for

    def log_in(self, event: SeatLoggedIn, now: float) -> str:
        """Somebody takes the seat, alone or as a person who takes his queues and skills with him."""
        seat, centre = self.named(event.seat), self._floor.centre
        plan, person = centre.plans[seat.id], centre.people.get(event.operator)
        if person is None and (event.operator or plan.personal):
            raise unknown(f"there is no person '{event.operator}'; config/people.yaml has them")
        before = None
        if event.operator != seat.operator:
            self._change_person(seat, event.operator, now)
        else:
            before = seat.resting_state()
        seat.begin_anew()
        seat.logged_in, seat.paused = True, ""
        self._changed(seat, before, now)
        return seat.id

    def log_out(self, event: SeatLoggedOut, now: float) -> str:
        """No further call for this seat; what is in progress is not touched."""
        seat = self.named(event.seat)
        seat.logged_in, seat.paused = False, ""
        if not seat.busy:
            self._forget_person(seat, now)
        self.settle(seat, now)
        return seat.id

    def pause(self, event: SeatPaused, now: float) -> str:
        """A break, after whatever is in progress."""
        seat = self.named(event.seat)
        self._there(seat)
        before = seat.resting_state()
        changed = seat.paused != event.reason
        seat.paused = event.reason or "break"
        self._changed(seat, before if not changed else None, now)
        return seat.id

    def ready(self, event: SeatReadied, now: float) -> str:
        """The end of a break, of not answering and of wrap-up."""
        seat = self.named(event.seat)
        self._there(seat)
        before = seat.resting_state()
        seat.begin_anew()
        seat.paused = ""
        if seat.wrapping:
            self.wrapped_up(seat, now)
        else:
            self._changed(seat, before, now)
        return seat.id

    def finish_record(self, event: WrapUpFinished, now: float) -> str:
        """The operator has written the record; nothing to do at any other time is no mistake of a late timer."""
        seat = self.named(event.seat)
        if not seat.wrapping:
            raise conflict(f"{seat.id} has no record to finish", seat.state)
        self.wrapped_up(seat, now)
        return seat.id

    def reached(self, name: str, now: float, *, reachable: bool) -> None:
        """The telephone of a seat can be reached, or no longer."""
        seat = self._floor.seats.get(name)
        if seat is None:
            return
        before = seat.resting_state()
        if reachable and not seat.reachable:
            seat.begin_anew()
        seat.reachable = reachable
        self._changed(seat, before, now)

    def _there(self, seat: Seat) -> None:
        if not seat.logged_in:
            raise conflict(f"nobody is logged in at {seat.id}", seat.state)

    def _changed(self, seat: Seat, before: object, now: float) -> None:
        if seat.resting_state() is not before:  # a free seat that is told twice keeps its turn
            self.settle(seat, now)

    # ---- who sits there

    def _change_person(self, seat: Seat, operator: str, now: float) -> None:
        floor, centre = self._floor, self._floor.centre
        # Its telephone may be up without a call: it is a star code that says who sits there.
        if seat.call or seat.wrapping:
            raise conflict(f"{seat.id} is in use", seat.state)
        person, plan = centre.people.get(operator), centre.plans[seat.id]
        if person is not None and not centre.fits(plan, person):
            raise conflict(
                f"{operator} serves other projects too: {seat.id} is kept apart from them", seat.state
            )
        other = floor.operators.get(operator)
        if other is not None and other is not seat:
            if other.busy:
                raise conflict(f"{operator} is at {other.id}, in a call", other.state)
            other.logged_in = False
            self._forget_person(other, now)
            self.settle(other, now)
        self._forget_person(seat, now)
        seat.operator, seat.answered = operator, 0
        if operator:
            floor.operators[operator] = seat
        self._serves_anew(seat, now)

    def _forget_person(self, seat: Seat, now: float) -> None:
        if not seat.operator:
            return
        self._floor.operators.pop(seat.operator, None)
        seat.operator = ""
        self._serves_anew(seat, now)

    def _serves_anew(self, seat: Seat, now: float) -> None:
        floor = self._floor
        self.widen(floor.router.serve(seat, floor.serves(seat)), now)

    # ---- wrap-up

    def wrap_up(self, seat: Seat, call: Call, now: float) -> None:
        """The operator writes the record of a call that he is done with, which may go on without him."""
        floor, wrapup = self._floor, call.settings.wrapup_s
        if wrapup == 0:
            self._record_written(seat, now)
            return
        seat.wrapping = True
        floor.note_seat(seat, SEAT.WRAP_UP)
        if wrapup is not None:
            floor.wrapups[seat.id] = floor.timers.set(now + wrapup, "wrapup", seat.id)

    def wrapped_up(self, seat: Seat, now: float) -> None:
        """The record is written (or the time for it over): a call that is over is closed and the seat is free."""
        if seat.wrapping:
            self.stop_wrapping(seat)
            self._record_written(seat, now)

    def _record_written(self, seat: Seat, now: float) -> None:
        floor = self._floor
        call = floor.calls.get(seat.call)
        if call is not None and call.seat is seat and call.state is STATE.WRAP_UP:
            floor.move(call, MOVE.WRAPPED_UP, seat.id)
            floor.close(call)
        self.settle(seat, now)

    def stop_wrapping(self, seat: Seat) -> None:
        """The seat has something else to do than to write a record."""
        seat.wrapping = False
        self._floor.timers.cancel(self._floor.wrapups.pop(seat.id, None))

    # ---- its turn

    def settle(self, seat: Seat, now: float) -> None:
        """A seat that has nothing to do with a call any more takes the next one, or its place among the free."""
        floor = self._floor
        if seat.leg or seat.wrapping:
            return
        seat.call = ""
        if seat.taken:
            floor.router.seat_gone(seat)
            floor.note_seat(seat, SEAT.TALKING)
            return
        if seat.operator and not seat.logged_in:
            self._forget_person(seat, now)
        state = seat.resting_state()
        floor.router.seat_gone(seat)
        if state is not SEAT.READY:
            floor.note_seat(seat, state, seat.why())
            if state is SEAT.LOGGED_OUT:
                self.left(now)
            return
        waiting = floor.router.seat_free(seat, now)
        if waiting is None:
            floor.note_seat(seat, SEAT.READY)
        else:
            self.offer(floor.calls[waiting], [seat], now)

    def missed(self, seat: Seat, call: Call, reason: str, now: float) -> None:
        """The seat did not take a call; after too many of them it takes none for a while.

        Whose telephone was in another call could not take it.
        """
        if seat.taken:
            return
        settings = call.settings
        seat.misses += 1
        if seat.misses >= settings.misses:
            seat.resting, seat.rest_reason = True, reason
            seat.rest_until = float("inf") if settings.rest_s is None else now + settings.rest_s
            if settings.rest_s is not None:
                self._floor.timers.set(seat.rest_until, "rest", seat.id)

    def rested(self, seat: Seat, now: float) -> None:
        """A seat that did not answer is tried again, unless this is the end of an earlier rest."""
        if seat.resting and now >= seat.rest_until:
            seat.begin_anew()
            self.settle(seat, now)
