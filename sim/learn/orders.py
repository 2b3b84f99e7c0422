"""Who was at which seat, and what was ordered, as events for a replay: as recorded, or by another plan."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from acd.seat import Seat
from calls.activity import SeatActivity
from calls.event import Event
from calls.events import PhoneDialled, PhoneRegistered, ProjectPublished, ProjectWithdrawn
from calls.lifecycle import SeatState
from calls.requests import SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied
from engine.centre import Centre, SeatPlan
from engine.star_codes import Wish, read
from sim.learn.journal_fold import Order
from sim.learn.past import Past
from sim.shifts import Shifts, seat_names

OUTBOUND, BREAK = "outbound", "break"
"""The reasons of breaks: one stands for a call that an operator made himself, one is planned."""
_SEATS = (SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied)


def with_seats(centre: Centre, project: str, names: Iterable[str]) -> Centre:
    """The centre with the seats that were there then and are not in its configuration any more."""
    missing = sorted(set(names) - centre.plans.keys())
    return replace(centre, seats=(*centre.seats, *(SeatPlan(name, (project,)) for name in missing)))


def recorded_orders(past: Past, centre: Centre, replaced: str = "") -> list[Order]:
    """Everything as it was. `replaced`: a project whose published versions of that day do not count."""
    seats = opening(past, centre) if not past.opened else []
    told = [one for order in past.orders for one in _read(order, centre, replaced)]
    return [*seats, *sorted([*told, *_own_calls(past)], key=lambda order: order.at)]


def planned_orders(past: Past, shifts: Shifts, replaced: str) -> list[Order]:
    """The seats of a plan, with its breaks at their very times; all else as it was."""
    changes = itertools.takewhile(lambda change: change[0] < past.end, shifts.after(past.start))
    seats = [Order(past.start, event) for event in shifts.opening(past.start)]
    seats += [Order(at, event) for at, event in changes]
    away = {one.event.seat for one in seats if isinstance(one.event, SeatLoggedOut) and one.at == past.start}
    comes = [(one.at, one.event.seat) for one in seats if isinstance(one.event, SeatLoggedIn)]
    comes += [(past.start, name) for name in seat_names(shifts.most) if name not in away]
    for at, seat in comes:
        for begins, seconds in shifts.breaks(seat, at):
            seats += [Order(begins, SeatPaused(seat, BREAK)), Order(begins + seconds, SeatReadied(seat))]
    seated = (*_SEATS, PhoneRegistered, PhoneDialled)
    others = [
        order for order in past.orders if not isinstance(order.event, seated) and _counts(order, replaced)
    ]
    return sorted([*seats, *others], key=lambda order: order.at)


def opening(past: Past, centre: Centre) -> list[Order]:
    """What stood when the first day began, where the engine had been at work before: seat by seat, who was free the
    longest first. A seat of which nothing is known has no telephone yet."""
    before = [one for one in past.activity if one.began < past.start and one.seat in centre.plans]
    last = {one.seat: one for one in before}
    there = sorted(last.values(), key=lambda one: one.began)
    return [Order(past.start, event) for one in there for event in _standing(one, _first(past, one.seat))]


def _standing(one: SeatActivity, first: Event | None) -> Iterator[Event]:
    if one.state is SeatState.LOGGED_OUT:
        if isinstance(first, PhoneRegistered):
            return  # somebody was there, and only the telephone was not
        yield SeatLoggedOut(one.seat)
    elif one.operator:
        yield SeatLoggedIn(one.seat, one.operator)
    yield PhoneRegistered(one.seat)
    if one.state is SeatState.BREAK:
        yield SeatPaused(one.seat, one.reason)


def _first(past: Past, seat: str) -> Event | None:
    """What is told first of a seat's presence."""
    for _, event in past.orders:
        if isinstance(event, SeatLoggedIn) and event.seat == seat:
            return event
        if isinstance(event, PhoneRegistered) and event.phone == seat:
            return event
    return None


def _read(order: Order, centre: Centre, replaced: str) -> Iterator[Order]:
    """An order as it is; a star code as what it asks for."""
    event = order.event
    if not isinstance(event, PhoneDialled):
        if _counts(order, replaced):
            yield order
        return
    if event.phone not in centre.plans or not event.number.startswith("*"):
        return
    wish = read(event.number, Seat(event.phone), centre)
    if isinstance(wish, Wish):
        yield from (Order(order.at, asked) for asked in wish.requests if isinstance(asked, _SEATS))


def _counts(order: Order, replaced: str) -> bool:
    event = order.event
    return not (isinstance(event, ProjectPublished | ProjectWithdrawn) and event.project == replaced)


def _own_calls(past: Past) -> Iterator[Order]:
    """Calls that operators made themselves keep their seats busy: as breaks."""
    own = {name for name, one in past.calls.items() if one.direction in ("out", "internal")}
    for one in past.activity:
        if one.call in own and past.start <= one.began < past.end and one.ended is not None:
            yield Order(one.began, SeatPaused(one.seat, OUTBOUND))
            yield Order(one.ended, SeatReadied(one.seat))
