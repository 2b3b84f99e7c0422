"""What a request names besides its seat: somebody who cannot see it is told that it is not there."""

from __future__ import annotations

from calls.requests import ConsultAsked, DialAsked, EarAsked, EarClosed, Request, SeatLoggedIn, TransferAsked
from supervisor.api.errors import RefusedError, missing
from supervisor.api.sight import sees
from supervisor.api.work import Work


def must_see(work: Work, request: Request) -> None:
    """Nothing, if all of it is there for him. Raises RefusedError: the same whether it is hidden or does not exist."""
    match request:
        case SeatLoggedIn(operator=person) if person and not work.desk.house.sees_person(work.who, person):
            raise missing("person", person)
        case DialAsked(seat=seat, project=project) if project:
            _project(work, seat, project)
        case EarAsked(target=target) if target:
            _target(work, target)
        case TransferAsked(kind="seat", target=seat) | ConsultAsked(kind="seat", target=seat):
            _colleague(work, seat)


def must_hear(work: Work, request: EarAsked | EarClosed) -> None:
    """Nothing, unless the seat hears a conversation that is no business of his.

    Raises RefusedError with what the engine says of a seat that hears none, for whoever may be told that.
    """
    house = work.desk.house
    project = house.heard(request).project
    if project and not sees(work.who, (project,)):
        state = house.floor.seats[request.seat].state
        raise RefusedError(409, f"{request.seat} hears no conversation", str(state))


def _project(work: Work, seat: str, project: str) -> None:
    """At his own seat one may call for all that it is there for."""
    house, who = work.desk.house, work.who
    own = house.operator(seat) == who.id and not who.lent and project in house.projects(seat)
    if not (own or house.sees_project(who, project)):
        raise missing("project", project)


def _target(work: Work, target: str) -> None:
    house, who = work.desk.house, work.who
    seat = house.floor.seats.get(target)
    if not (house.sees_seat(who, target) or house.sees_call(who, target if seat is None else seat.call)):
        raise missing("target", target)


def _colleague(work: Work, seat: str) -> None:
    """An operator may give a caller to any seat of the house; with lent rights, to those that one sees."""
    if work.who.lent and not work.desk.house.sees_seat(work.who, seat):
        raise missing("seat", seat)
