"""Who is who and what belongs to what, as the engine and the board know it at this moment."""

from __future__ import annotations

from calls.requests import EarAsked, EarClosed
from engine.centre import Centre
from supervisor.api.errors import RefusedError
from supervisor.api.office import FloorView
from supervisor.api.rights import ADMIN, ADMINISTRATOR, About, Who, who_is
from supervisor.board import Board


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
            raise RefusedError(404, f"there is no person '{person}'; GET /v1/people tells who there is")
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

    def known_seat(self, seat: str) -> None:
        """Nothing, if there is such a seat."""
        if seat not in self.floor.seats:
            raise RefusedError(404, f"there is no seat '{seat}'; GET /v1/seats tells which there are")

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

    def about_ear(self, request: EarAsked | EarClosed) -> About:
        """The conversation that is to be heard, or is heard already."""
        return About(self.operator(request.seat), self._heard(request))

    def _heard(self, request: EarAsked | EarClosed) -> frozenset[str]:
        target = request.target if isinstance(request, EarAsked) else ""
        if not target:
            ear = self.board.ears.get(request.seat)
            return frozenset({ear.project}) if ear is not None else frozenset()
        seat = self.floor.seats.get(target)
        call = self.board.calls.get(target if seat is None else seat.call)
        return frozenset({call.project}) if call is not None else frozenset()

    def holders(self, call: str) -> frozenset[str]:
        """The people at whose seats a call is."""
        picture = self.board.calls.get(call)
        at = picture.seat if picture is not None else ""
        seats = (seat for seat in self.floor.seats.values() if seat.call == call or seat.id == at)
        return frozenset(seat.operator for seat in seats if seat.operator)
