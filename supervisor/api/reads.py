"""What only tells: each of them as much as the person may see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import msgspec

from supervisor.api import sight
from supervisor.api.errors import RefusedError
from supervisor.api.shapes import (
    AlarmList,
    CallbackList,
    CallbackView,
    CallList,
    CallView,
    EarList,
    EarView,
    Me,
    PeopleList,
    ProjectList,
    ProjectView,
    QueueList,
    QueueView,
    SeatList,
    SeatView,
    ShiftList,
    ShiftView,
)
from supervisor.api.work import Work
from supervisor.board import CallPicture

Told = TypeVar("Told", bound=msgspec.Struct)


def reading(read: Callable[[Work], Told]) -> Callable[[Work], Awaitable[Told]]:
    """A function that only reads, as a row of the table wants it."""

    async def do(work: Work) -> Told:
        return read(work)

    return do


def me(work: Work) -> Me:
    """Who asks."""
    return work.desk.views.me(work.who)


def seats_now(work: Work, now: float) -> list[SeatView]:
    """The seats."""
    views = (work.desk.views.seat_now(seat, now) for seat in work.desk.office.floor.seats)
    return _seen(sight.seat_for(work.who, view) for view in views)


def calls_now(work: Work, now: float) -> list[CallView]:
    """The calls."""
    return _seen(_call(work, picture, now) for picture in work.desk.board.calls.values())


def _call(work: Work, picture: CallPicture, now: float) -> CallView | None:
    has_it = work.who.id in work.desk.house.holders(picture.call)
    return sight.call_for(work.who, work.desk.views.call(picture, now), has_it=has_it)


def queues_now(work: Work, now: float) -> list[QueueView]:
    """The queues: those of the configuration, and old ones in which somebody still waits."""
    board = work.desk.board
    names = dict.fromkeys(
        [*work.desk.house.centre.queues(), *(name for name, line in board.waiting.items() if line)]
    )
    return _seen(sight.queue_for(work.who, work.desk.views.queue(name, now)) for name in names)


def callbacks_now(work: Work) -> list[CallbackView]:
    """The callbacks."""
    pictures = work.desk.board.callbacks.values()
    return _seen(sight.callback_for(work.who, work.desk.views.callback(picture)) for picture in pictures)


def ears_now(work: Work, now: float) -> list[EarView]:
    """Who listens to whom."""
    pictures = work.desk.board.ears.values()
    return _seen(sight.ear_for(work.who, work.desk.views.ear(picture, now)) for picture in pictures)


def projects_now(work: Work) -> list[ProjectView]:
    """The projects."""
    return [view for view in work.desk.views.projects() if sight.sees(work.who, (view.project,))]


def seats(work: Work) -> SeatList:
    """All that may be seen."""
    now = work.desk.views.now()
    return SeatList(now, seats_now(work, now))


def seat(work: Work) -> SeatView:
    """One of them."""
    work.desk.house.known_seat(work.path["seat"])
    view = work.desk.views.seat_now(work.path["seat"], work.desk.views.now())
    return _may_see(sight.seat_for(work.who, view), "seat")


def calls(work: Work) -> CallList:
    """All that may be seen."""
    now = work.desk.views.now()
    return CallList(now, calls_now(work, now))


def call(work: Work) -> CallView:
    """One of them."""
    picture = work.desk.board.calls.get(work.path["call"])
    if picture is None:
        raise RefusedError(404, f"there is no call '{work.path['call']}', or it is over")
    return _may_see(_call(work, picture, work.desk.views.now()), "call")


def queues(work: Work) -> QueueList:
    """All that may be seen."""
    now = work.desk.views.now()
    return QueueList(now, queues_now(work, now))


def callbacks(work: Work) -> CallbackList:
    """All that may be seen."""
    return CallbackList(work.desk.views.now(), callbacks_now(work))


def ears(work: Work) -> EarList:
    """All that may be seen."""
    now = work.desk.views.now()
    return EarList(now, ears_now(work, now))


def projects(work: Work) -> ProjectList:
    """All that may be seen."""
    return ProjectList(work.desk.views.now(), projects_now(work))


def alarms(work: Work) -> AlarmList:
    """All of them, to everybody: they concern everybody, and have no personal data."""
    return AlarmList(work.desk.office.alarms.now(), work.desk.views.alarms())


def people(work: Work) -> PeopleList:
    """All that may be seen."""
    return PeopleList(_seen(sight.person_for(work.who, view) for view in work.desk.views.people()))


def shifts(work: Work) -> ShiftList:
    """Who should be here of those who may be seen."""
    now = work.desk.views.now()
    found = [shift for shift in work.desk.views.shifts(now) if _colleague(work, shift)]
    missing = [shift.who for shift in found if not (shift.present or shift.on_break)]
    return ShiftList(now, found, missing)


def _colleague(work: Work, shift: ShiftView) -> bool:
    house = work.desk.house
    person = house.who(shift.who)
    projects = house.projects(shift.who) | person.projects | person.supervises
    return shift.who == work.who.id or sight.sees(work.who, projects)


def _seen(views: Iterable[Told | None]) -> list[Told]:
    return [view for view in views if view is not None]


def _may_see(view: Told | None, what: str) -> Told:
    if view is None:
        raise RefusedError(403, f"this {what} belongs to projects that you neither serve nor supervise")
    return view
