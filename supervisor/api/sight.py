"""What a person may see of a thing: all of it, a part, or (None) nothing. Pure."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from supervisor.api.rights import Who
from supervisor.api.shapes import CallbackView, CallView, EarView, PersonView, QueueView, SeatView

HIDDEN = 4
"""So many digits of a number are hidden, from its end."""


def masked(number: str) -> str:
    """A number without its last digits."""
    return number[:-HIDDEN] + "*" * min(HIDDEN, len(number))


def sees(who: Who, projects: Collection[str]) -> bool:
    """Whether things of any of these projects are his business."""
    return who.admin or any(name in who.projects or name in who.supervises for name in projects)


def supervises(who: Who, project: str) -> bool:
    """Whether he watches over this project."""
    return who.admin or project in who.supervises


def seat_for(who: Who, seat: SeatView) -> SeatView | None:
    """A seat; that it has a call, and whose, is told to its operator and to supervisors of its projects only.

    So no operator learns from the seat of a supervisor that somebody is listened to.
    """
    own = seat.operator == who.id
    if own or who.admin or any(project in who.supervises for project in seat.projects):
        return seat
    return replace(seat, call="") if sees(who, seat.projects) else None


def call_for(who: Who, call: CallView, *, has_it: bool) -> CallView | None:
    """A call; the number in full for who has it or supervises its project, supervisors in it only for the latter."""
    if supervises(who, call.project):
        return call
    if has_it:
        return replace(call, parties=[party for party in call.parties if party.role != "supervisor"])
    if not sees(who, (call.project,)):
        return None
    return replace(call, caller=masked(call.caller), parties=[])


def queue_for(who: Who, queue: QueueView) -> QueueView | None:
    """A queue."""
    return queue if sees(who, (queue.project,)) else None


def callback_for(who: Who, callback: CallbackView) -> CallbackView | None:
    """A callback; its number in full only for who supervises its project."""
    if supervises(who, callback.project):
        return callback
    return replace(callback, number=masked(callback.number)) if sees(who, (callback.project,)) else None


def ear_for(who: Who, ear: EarView) -> EarView | None:
    """Who listens to whom: nobody who is listened to learns of it here."""
    return ear if supervises(who, ear.project) else None


def person_for(who: Who, person: PersonView) -> PersonView | None:
    """A colleague of the same projects. What he types to log in is his own business, and his supervisors'."""
    both = (*person.projects, *person.supervises)
    if person.person == who.id or who.admin or any(project in who.supervises for project in both):
        return person
    return replace(person, number="") if sees(who, both) else None
