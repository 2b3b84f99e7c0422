"""Who is who and what belongs to what, as the engine and the board know it at this moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from calls.requests import EarAsked, EarClosed
from engine.centre import Centre
from supervisor.api import sight
from supervisor.api.errors import missing
from supervisor.api.office import FloorView
from supervisor.api.rights import ADMIN, ADMINISTRATOR, About, Who, who_is
from supervisor.api.sight import Place
from supervisor.board import Board


class Heard(NamedTuple):
    """A conversation that is heard, or is to be: its call and project, both empty where there is none."""

    call: str = ""
    project: str = ""


class House:
    """Answers questions; changes nothing. Raises RefusedError (404) for what is not there."""

    def __init__(self, floor: FloorView, board: Board) -> None:
        self.floor = floor
        self.board = board

    @property
    def centre(self) -> Centre:
        """The configuration at work."""
        return self.floor.centre

    # ---- people

    def who(self, person: str) -> Who:
        """Who has this id; somebody without any right if he is not in the configuration any more."""
        if person == ADMIN:
            return ADMINISTRATOR
        known = self.centre.people.get(person)
        return who_is(known) if known is not None else Who(person)

    def person(self, person: str) -> Who:
        """The same of somebody who has to be there."""
        if person not in self.centre.people:
            raise missing("person", person)
        return self.who(person)

    def name(self, person: str) -> str:
        """The name of a person; empty where he has none."""
        known = self.centre.people.get(person)
        return known.name if known is not None else ""

    def seats_of(self, person: str) -> list[str]:
        """Where somebody sits now."""
        return [seat.id for seat in self.floor.seats.values() if person and seat.operator == person]

    def sitting(self) -> dict[str, list[str]]:
        """The seats of everybody who sits somewhere."""
        found: dict[str, list[str]] = {}
        for seat in self.floor.seats.values():
            if seat.operator:
                found.setdefault(seat.operator, []).append(seat.id)
        return found

    # ---- seats

    def operator(self, seat: str) -> str:
        """Who sits there; empty for nobody in particular."""
        known = self.floor.seats.get(seat)
        return known.operator if known is not None else ""

    def queues(self, seat: str) -> tuple[str, ...]:
        """The queues that a seat serves now."""
        known = self.floor.seats.get(seat)
        return known.queues if known is not None else ()

    def projects(self, seat: str) -> frozenset[str]:
        """The projects that a seat is there for: its own, and those of who sits there."""
        plan = self.centre.plans.get(seat)
        own = plan.projects if plan is not None else ()
        return frozenset(own) | {queue.partition("/")[0] for queue in self.queues(seat)}

    def supervises(self, seat: str) -> frozenset[str]:
        """The projects whose conversations may be heard from a seat: by who sits there, else by its configuration."""
        operator, plan = self.operator(seat), self.centre.plans.get(seat)
        if operator:
            return self.who(operator).supervises
        return frozenset() if plan is None or plan.personal else frozenset(plan.supervises)

    def place(self, seat: str, call: str = "") -> Place:
        """What decides who sees a seat, and that it has this call."""
        picture, plan = self.board.calls.get(call), self.centre.plans.get(seat)
        supervised = self.supervises(seat) | frozenset(plan.supervises if plan is not None else ())
        project = picture.project if picture is not None else ""
        return Place(self.operator(seat), self.projects(seat), supervised, project)

    def places(self, seats: Iterable[str]) -> dict[str, Place]:
        """The same of several."""
        return {seat: self.place(seat) for seat in seats if seat in self.floor.seats}

    # ---- what a request is about

    def about_seat(self, seat: str) -> About:
        """A seat: those who may supervise its projects, or from it."""
        plan = self.centre.plans.get(seat)
        supervised = frozenset(plan.supervises) if plan is not None else frozenset()
        return About(self.operator(seat), self.projects(seat) | supervised)

    def about_call_at(self, seat: str) -> About:
        """The call at a seat; without one, the seat."""
        call = self.board.calls.get(self.floor.seats[seat].call)
        if call is None:
            return self.about_seat(seat)
        return About(self.operator(seat), frozenset({call.project}))

    def about_ear(self, request: EarAsked | EarClosed, who: Who) -> About:
        """The conversation that is to be heard, or is heard already; one that is no business of his is none."""
        operator, project = self.operator(request.seat), self.heard(request).project
        desk = frozenset() if operator else self.supervises(request.seat)
        named = isinstance(request, EarAsked) and request.target
        known = project and (named or sight.sees(who, (project,)))
        return About(operator, frozenset({project} if known else ()), desk=desk)

    def heard(self, request: EarAsked | EarClosed) -> Heard:
        """The same conversation by its name."""
        target = request.target if isinstance(request, EarAsked) else ""
        if not target:
            ear = self.board.ears.get(request.seat)
            return Heard(ear.call, ear.project) if ear is not None else Heard()
        seat = self.floor.seats.get(target)
        call = self.board.calls.get(target if seat is None else seat.call)
        return Heard(call.call, call.project) if call is not None else Heard()

    def holders(self, call: str) -> frozenset[str]:
        """The people at whose seats a call is."""
        picture = self.board.calls.get(call)
        at = picture.seat if picture is not None else ""
        seats = (seat for seat in self.floor.seats.values() if seat.call == call or seat.id == at)
        return frozenset(seat.operator for seat in seats if seat.operator)

    # ---- who sees it

    def sees_seat(self, who: Who, seat: str) -> bool:
        """Whether there is such a seat for somebody."""
        return seat in self.floor.seats and sight.sees_place(who, self.place(seat))

    def has_call(self, who: Who, call: str) -> bool:
        """Whether a call is his because it is at his seat."""
        return not who.lent and who.id in self.holders(call)

    def sees_call(self, who: Who, call: str) -> bool:
        """Whether there is such a call for somebody."""
        known = self.board.calls.get(call)
        return known is not None and (sight.sees(who, (known.project,)) or self.has_call(who, call))

    def sees_project(self, who: Who, project: str) -> bool:
        """Whether there is such a project for somebody."""
        return project in self.centre.projects and sight.sees(who, (project,))

    def sees_person(self, who: Who, person: str) -> bool:
        """Whether there is such a person for somebody."""
        known = self.centre.people.get(person)
        if known is None:
            return False
        return person == who.id or sight.sees(who, (*known.projects, *known.supervises))
