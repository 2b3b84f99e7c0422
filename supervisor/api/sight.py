"""What a person may see of a thing: all of it, a part, or (None) nothing. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from supervisor.api.rights import Who
from supervisor.api.shapes import CallbackView, CallView, EarView, PersonView, QueueView, SeatView
from supervisor.board import Party

HIDDEN = 4
"""So many digits of a number are hidden, from its end."""
SEAT = "seat:"
"""How the `who` of a party at a seat begins."""


class Place(NamedTuple):
    """What decides who sees a seat: who sits there, what it is there for, and the project of its call (or empty).

    `supervised`: the projects that are supervised from there, by its configuration or by who sits there.
    """

    operator: str
    projects: frozenset[str]
    supervised: frozenset[str]
    call: str = ""


Places = Mapping[str, Place]
"""Seats by their id; one that is not among them is seen by the administrator alone."""


def masked(number: str) -> str:
    """A number without its last digits."""
    return number[:-HIDDEN] + "*" * min(HIDDEN, len(number))


def sees(who: Who, projects: Collection[str]) -> bool:
    """Whether things of any of these projects are his business."""
    return who.admin or any(name in who.projects or name in who.supervises for name in projects)


def supervises(who: Who, project: str) -> bool:
    """Whether he watches over this project."""
    return who.admin or project in who.supervises


def sees_place(who: Who, place: Place | None) -> bool:
    """Whether a seat is his business: his own, one of his projects, or one from which what he supervises is heard."""
    if who.admin or place is None:
        return who.admin
    supervised = not place.supervised.isdisjoint(who.supervises)
    return place.operator == who.id or supervised or sees(who, place.projects)


def seat_for(who: Who, seat: SeatView, place: Place) -> SeatView | None:
    """A seat; that it has a call, and whose, is told to its operator and to supervisors of the call's project only.

    So no operator learns from the seat of a supervisor that somebody is listened to.
    """
    if not sees_place(who, place):
        return None
    own = place.operator == who.id
    if who.admin or (own and not who.lent):
        return seat
    told = supervises(who, place.call) or (own and sees(who, (place.call,)))
    return replace(
        seat,
        call=seat.call if told else "",
        projects=_his(who, seat.projects),
        queues=[queue for queue in seat.queues if sees(who, (queue.partition("/")[0],))],
        supervises=_his(who, seat.supervises),
    )


def call_for(who: Who, call: CallView, places: Places, *, has_it: bool) -> CallView | None:
    """A call; the number in full for who has it or supervises its project, supervisors in it only for the latter.

    `places`: the seats that are named in it.
    """
    supervised = supervises(who, call.project)
    if not (supervised or has_it or sees(who, (call.project,))):
        return None
    whole = supervised or has_it
    parties = [party for party in call.parties if supervised or party.role != "supervisor"]
    return replace(
        call,
        caller=call.caller if whole else masked(call.caller),
        seat=call.seat if has_it else _told(who, call.seat, places),
        parties=[_party_for(who, party, places, has_it=has_it) for party in parties] if whole else [],
    )


def seats_in(call: CallView) -> list[str]:
    """The seats that are named in a call."""
    parties = (party.who.removeprefix(SEAT) for party in call.parties if party.who.startswith(SEAT))
    return [seat for seat in (call.seat, *parties) if seat]


def _party_for(who: Who, party: Party, places: Places, *, has_it: bool) -> Party:
    if has_it or not party.who.startswith(SEAT):
        return party
    return replace(party, who=SEAT + _told(who, party.who.removeprefix(SEAT), places))


def _told(who: Who, seat: str, places: Places) -> str:
    return seat if sees_place(who, places.get(seat)) else ""


def _his(who: Who, projects: Iterable[str]) -> list[str]:
    return [project for project in projects if sees(who, (project,))]


def queue_for(who: Who, queue: QueueView) -> QueueView | None:
    """A queue."""
    return queue if sees(who, (queue.project,)) else None


def callback_for(who: Who, callback: CallbackView) -> CallbackView | None:
    """A callback; its number in full only for who supervises its project."""
    if supervises(who, callback.project):
        return callback
    return replace(callback, number=masked(callback.number)) if sees(who, (callback.project,)) else None


def ear_for(who: Who, ear: EarView, places: Places) -> EarView | None:
    """Who listens to whom: nobody who is listened to learns of it here. `places`: the seat that is heard."""
    if not supervises(who, ear.project):
        return None
    return replace(ear, heard=_told(who, ear.heard, places))


def person_for(who: Who, person: PersonView, places: Places) -> PersonView | None:
    """A colleague of the same projects. What he types to log in is his own business, and his supervisors'.

    `places`: where he sits.
    """
    both = (*person.projects, *person.supervises)
    himself = person.person == who.id
    if who.admin or (himself and not who.lent):
        return person
    if not (himself or sees(who, both)):
        return None
    whole = himself or any(project in who.supervises for project in both)
    return replace(
        person,
        number=person.number if whole else "",
        projects=_his(who, person.projects),
        supervises=_his(who, person.supervises),
        seat=_told(who, person.seat, places),
    )
