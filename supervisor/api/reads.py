"""What only tells: each of them as much as the person may see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from supervisor.api import sight
from supervisor.api.errors import missing
from supervisor.api.shapes import (
    AlarmList,
    CallbackList,
    CallbackView,
    CallList,
    CallView,
    CountView,
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
from supervisor.api.work import Desk, Work
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
    return _seen(_seat(work, seat, now) for seat in work.desk.office.floor.seats)


def _seat(work: Work, seat: str, now: float) -> SeatView | None:
    view = work.desk.views.seat_now(seat, now)
    return sight.seat_for(work.who, view, work.desk.house.place(seat, view.call))


def calls_now(work: Work, now: float) -> list[CallView]:
    """The calls."""
    return _seen(_call(work, picture, now) for picture in work.desk.board.calls.values())


def _call(work: Work, picture: CallPicture, now: float) -> CallView | None:
    house, view = work.desk.house, work.desk.views.call(picture, now)
    has_it = house.has_call(work.who, picture.call)
    return sight.call_for(work.who, view, house.places(sight.seats_in(view)), has_it=has_it)


def queues_now(work: Work, now: float) -> list[QueueView]:
    """The queues."""
    names = queue_names(work.desk)
    return _seen(sight.queue_for(work.who, work.desk.views.queue(name, now)) for name in names)


def queue_names(desk: Desk) -> list[str]:
    """The queues of the configuration, and old ones in which somebody still waits."""
    waiting = (name for name, line in desk.board.waiting.items() if line)
    return list(dict.fromkeys([*desk.house.centre.queues(), *waiting]))


def callbacks_now(work: Work) -> list[CallbackView]:
    """The callbacks."""
    pictures = work.desk.board.callbacks.values()
    return _seen(sight.callback_for(work.who, work.desk.views.callback(picture)) for picture in pictures)


def ears_now(work: Work, now: float) -> list[EarView]:
    """Who listens to whom."""
    views = [work.desk.views.ear(picture, now) for picture in work.desk.board.ears.values()]
    places = work.desk.house.places(view.heard for view in views)
    return _seen(sight.ear_for(work.who, view, places) for view in views)


def projects_now(work: Work, now: float) -> list[ProjectView]:
    """The projects."""
    return [view for view in work.desk.views.projects(now) if sight.sees(work.who, (view.project,))]


def counts_today(work: Work, now: float) -> list[CountView]:
    """How many calls of today are alike."""
    return [view for view in work.desk.views.counts(now) if sight.sees(work.who, (view.project,))]


def seats(work: Work) -> SeatList:
    """All that may be seen."""
    now = work.desk.views.now()
    return SeatList(now, seats_now(work, now))


def seat(work: Work) -> SeatView:
    """One of them."""
    name = work.path["seat"]
    view = _seat(work, name, work.desk.views.now()) if name in work.desk.office.floor.seats else None
    if view is None:
        raise missing("seat", name)
    return view


def calls(work: Work) -> CallList:
    """All that may be seen."""
    now = work.desk.views.now()
    return CallList(now, calls_now(work, now))


def call(work: Work) -> CallView:
    """One of them."""
    picture = work.desk.board.calls.get(work.path["call"])
    view = _call(work, picture, work.desk.views.now()) if picture is not None else None
    if view is None:
        raise missing("call", work.path["call"])
    return view


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
    now = work.desk.views.now()
    return ProjectList(now, projects_now(work, now))


def alarms(work: Work) -> AlarmList:
    """All of them, to everybody: they concern everybody, and have no personal data."""
    return AlarmList(work.desk.office.alarms.now(), work.desk.views.alarms())


def people(work: Work) -> PeopleList:
    """All that may be seen."""
    views = work.desk.views.people()
    places = work.desk.house.places(view.seat for view in views)
    return PeopleList(_seen(sight.person_for(work.who, view, places) for view in views))


def shifts(work: Work) -> ShiftList:
    """Who should be here of those who may be seen."""
    now = work.desk.views.now()
    found = [_shift(work, shift) for shift in work.desk.views.shifts(now) if _colleague(work, shift)]
    missing = [shift.who for shift in found if not (shift.present or shift.on_break)]
    return ShiftList(now, found, missing)


def _shift(work: Work, shift: ShiftView) -> ShiftView:
    return shift if work.desk.house.sees_seat(work.who, shift.seat) else replace(shift, seat="")


def _colleague(work: Work, shift: ShiftView) -> bool:
    house = work.desk.house
    person = house.who(shift.who)
    projects = house.projects(shift.who) | person.projects | person.supervises
    return shift.who == work.who.id or sight.sees(work.who, projects)


def _seen(views: Iterable[Told | None]) -> list[Told]:
    return [view for view in views if view is not None]
