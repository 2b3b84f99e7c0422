"""Any house at any moment: who sits where and what goes on there, with the name of its project in everything.

So whatever is told to somebody can be searched for names that he must not read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from acd.seat import Seat
from calls.lifecycle import SeatState, State
from calls.lost import LostCaller
from engine.centre import Centre, Person, Role, SeatPlan
from store.audit import AuditLog
from supervisor.api.office import Duty, Office
from supervisor.api.rights import Who
from supervisor.api.work import Desk
from supervisor.board import Board, CallbackPicture, CallPicture, CountKey, EarPicture, Party, SeatPicture
from tests.engine.city import OPEN, project

NAMES = ("akabane", "bibai", "chitose")
NUMBERS = {"akabane": "0481", "bibai": "0126", "chitose": "0123"}
SEATS = tuple(f"seat-{number}." for number in range(5))
PEOPLE = tuple(f"person-{number}." for number in range(4))
CITIES = {name: project(name, f"{NUMBERS[name]}831111") for name in NAMES}
MIDNIGHT = OPEN - 10 * 3600.0
NOW = OPEN + 60.0

some_projects = st.lists(st.sampled_from(NAMES), unique=True, max_size=2).map(tuple)


@dataclass
class AnyFloor:
    """The seats of a centre, with whoever sits there."""

    centre: Centre
    seats: dict[str, Seat]


@dataclass
class AnyOrders:
    """All projects are open."""

    centre: Centre

    def status(self) -> dict[str, dict[str, Any]]:
        """As `telephony.orders.Orders` has it."""
        plain = {"open": True, "reason": "", "override": None, "until": None, "by": None}
        return dict.fromkeys(self.centre.projects, plain)

    async def override(self, *_: object) -> dict[str, Any]:
        """Nobody gives any."""
        raise AssertionError


@dataclass
class AnyHouse:
    """A centre that does nothing, and a board that can be given anything."""

    floor: AnyFloor
    lost: list[LostCaller]
    duties: list[Duty]
    board: Board = field(default_factory=Board)

    def desk(self) -> Desk:
        """What answers requests."""
        folder = Path(tempfile.gettempdir())
        office = Office(
            feed=lambda event: None,
            floor=self.floor,
            orders=AnyOrders(self.floor.centre),
            audit=AuditLog(folder / "nothing-is-noted"),
            secrets=folder,
            shifts=self,
            clock=lambda: NOW,
            lost=self._lost,
        )
        return Desk(office, self.board)

    def on_duty(self, at: float) -> Iterable[Duty]:
        """The same at any time."""
        return self.duties

    async def _lost(self, since: float) -> list[LostCaller]:
        return self.lost

    def served(self, seat: str) -> set[str]:
        """The projects of a seat's own configuration, and those whose queues it serves."""
        plan = self.floor.centre.plans[seat]
        return {*plan.projects, *(queue.partition("/")[0] for queue in self.floor.seats[seat].queues)}

    def supervised(self, seat: str) -> set[str]:
        """The projects that are supervised from a seat, by its own configuration or by who sits there."""
        centre = self.floor.centre
        person = centre.people.get(self.floor.seats[seat].operator)
        own = person.supervises if person is not None and person.role != "operator" else ()
        return {*centre.plans[seat].supervises, *own}


@st.composite
def houses(draw: st.DrawFn) -> AnyHouse:
    """Any of them, with nothing on the board."""
    roles: st.SearchStrategy[Role] = st.sampled_from(["operator", "leader", "supervisor"])
    people = {
        name: Person(name, "", f"name of {name}", draw(some_projects), {}, draw(some_projects), draw(roles))
        for name in PEOPLE
    }
    plans = tuple(
        SeatPlan(name, draw(some_projects), "", {}, draw(some_projects), personal=draw(st.booleans()))
        for name in SEATS
    )
    centre = Centre({name: CITIES[name] for name in NAMES}, plans, people=people)
    sitting = draw(st.lists(st.sampled_from(("", *PEOPLE)), min_size=len(SEATS), max_size=len(SEATS)))
    seats = {}
    for plan, who in zip(plans, sitting, strict=True):
        person = people.get(who)
        seats[plan.id] = seat = Seat(plan.id, centre.serves(plan, person))
        seat.operator = who if who not in [one.operator for one in seats.values() if one is not seat] else ""
    lost = [
        LostCaller(f"{name}-lost", name, f"{name}/main", f"{NUMBERS[name]}9999", NOW, NOW, "lost_system")
        for name in draw(some_projects)
    ]
    duties = [
        Duty(who, NOW - 60, NOW + 60)
        for who in draw(st.lists(st.sampled_from((*PEOPLE, *SEATS)), max_size=3))
    ]
    return AnyHouse(AnyFloor(centre, seats), lost, duties)


@dataclass(frozen=True)
class Moment:
    """What goes on; everything by its id."""

    calls: Mapping[str, CallPicture]
    seats: Mapping[str, SeatPicture]
    callbacks: Mapping[str, CallbackPicture]
    ears: Mapping[str, EarPicture]
    counts: Mapping[CountKey, int]


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    """Any moment of any house."""
    names = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 2)), unique=True, max_size=4))
    calls = [draw(_calls(name, number)) for name, number in names]
    ids, states = st.sampled_from(["", *(call.call for call in calls)]), st.sampled_from([*SeatState])
    seats = [SeatPicture(name, draw(states), NOW, "", "", draw(ids)) for name in SEATS]
    heard = [call for call in calls if call.seat]
    ears = {}
    if heard:
        for seat in draw(st.lists(st.sampled_from(SEATS), unique=True, max_size=2)):
            call, by = draw(st.sampled_from(heard)), draw(st.sampled_from(PEOPLE))
            ears[seat] = EarPicture(seat, call.call, call.project, call.seat, "listen", by, NOW)
    owed = [
        CallbackPicture(f"{name}-b1", name, f"{name}/main", f"{NUMBERS[name]}777777", 1, NOW)
        for name in draw(some_projects)
    ]
    counts = st.dictionaries(
        st.builds(
            CountKey,
            st.sampled_from(NAMES),
            st.sampled_from([MIDNIGHT - 1800, MIDNIGHT, MIDNIGHT + 36000]),
            st.sampled_from(["", "answered"]),
            st.just(-1),
        ),
        st.integers(1, 9),
        max_size=5,
    )
    return Moment(
        {call.call: call for call in calls},
        {seat.seat: seat for seat in seats},
        {one.callback: one for one in owed},
        ears,
        draw(counts),
    )


@st.composite
def _calls(draw: st.DrawFn, name: str, number: int) -> CallPicture:
    seat = st.sampled_from(("", *SEATS))
    parties = st.builds(
        Party,
        st.one_of(st.sampled_from(SEATS).map("seat:{}".format), st.just(f"outside:{NUMBERS[name]}333333")),
        st.sampled_from(["joined", "supervisor"]),
    )
    return CallPicture(
        f"{name}-c{number}", name, "in", NUMBERS[name], f"{NUMBERS[name]}55555{number}", OPEN, OPEN,
        draw(st.sampled_from([State.IVR, State.QUEUED, State.TALKING])), f"{name}/main", draw(seat),
        parties=tuple(draw(st.lists(parties, max_size=2))), priority=draw(st.integers(0, 9)),
    )  # fmt: skip


rights = st.builds(
    Who,
    st.sampled_from((*PEOPLE, "nobody")),
    st.just("岡"),
    st.just("supervisor"),
    some_projects.map(frozenset),
    some_projects.map(frozenset),
    st.just(True),
)
"""Whoever acts by the administrator's token."""
