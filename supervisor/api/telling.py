"""One change on its way to all listeners: put together once, and cut to size once for each kind of listener."""

from __future__ import annotations

from collections.abc import Hashable
from types import MappingProxyType

from supervisor.api import sight
from supervisor.api.frames import (
    AnyChange,
    CallbackChanged,
    CallChanged,
    CountChanged,
    EarChanged,
    Gone,
    ProjectChanged,
    QueueChanged,
    SeatChanged,
)
from supervisor.api.house import House
from supervisor.api.rights import Who
from supervisor.api.sight import Places
from supervisor.api.views import Views
from supervisor.board import CallbackPicture, CallPicture, Change, CountPicture, EarPicture, SeatPicture


class Telling:
    """A change as `full` tells it to whoever may see all of it.

    `owners`: the people at whose seats that call is. `places`: the seats that are named in it.
    """

    def __init__(
        self,
        change: Change,
        full: AnyChange,
        owners: frozenset[str] = frozenset(),
        places: Places = MappingProxyType({}),
    ) -> None:
        self.change = change
        self.full = full
        self.owners = owners
        self.places = places
        self._seen: dict[tuple[Hashable, ...], AnyChange | None] = {}

    def seen_by(self, who: Who) -> AnyChange | None:
        """As much of it as somebody may see; None for nothing. All with the same rights see the same."""
        has_it = who.id in self.owners and not who.lent
        here = tuple(place.operator == who.id for place in self.places.values())
        key = (who.admin, who.projects, who.supervises, who.lent, has_it, here)
        if key not in self._seen:
            self._seen[key] = _seen(self.full, who, self.places, has_it=has_it)
        return self._seen[key]

    def gone(self) -> Gone:
        """It is over, or no business of his any more."""
        number, at, kind, id_, _ = self.change
        assert kind != "count"  # whoever sees one sees it for ever
        return Gone(number, at, kind, id_)


def _seen(full: AnyChange, who: Who, places: Places, *, has_it: bool) -> AnyChange | None:
    match full:
        case SeatChanged(seq, at, seat):
            there = sight.seat_for(who, seat, places[seat.seat])
            return None if there is None else SeatChanged(seq, at, there)
        case CallChanged(seq, at, call):
            shown = sight.call_for(who, call, places, has_it=has_it)
            return None if shown is None else CallChanged(seq, at, shown)
        case CallbackChanged(seq, at, callback):
            owed = sight.callback_for(who, callback)
            return None if owed is None else CallbackChanged(seq, at, owed)
        case EarChanged(seq, at, ear):
            heard = sight.ear_for(who, ear, places)
            return None if heard is None else EarChanged(seq, at, heard)
        case QueueChanged(_, _, queue):
            return full if sight.queue_for(who, queue) is not None else None
        case ProjectChanged(_, _, project):
            return full if sight.sees(who, (project.project,)) else None
        case CountChanged(_, _, count):
            return full if sight.sees(who, (count.project,)) else None
    return None


def telling(change: Change, views: Views, house: House) -> Telling:
    """Put a change together as it is told."""
    number, at, _, id_, now = change
    match now:
        case CallPicture():
            call = views.call(now, at)
            places = house.places(sight.seats_in(call))
            return Telling(change, CallChanged(number, at, call), house.holders(id_), places)
        case CallbackPicture():
            return Telling(change, CallbackChanged(number, at, views.callback(now)))
        case EarPicture():
            ear = EarChanged(number, at, views.ear(now, at))
            return Telling(change, ear, places=house.places([now.heard]))
        case SeatPicture():
            seat = SeatChanged(number, at, views.seat(now, at))
            return Telling(change, seat, places={id_: house.place(id_, now.call)})
        case CountPicture():
            return Telling(change, CountChanged(number, at, views.count(now)))
    return Telling(change, _of_name(change, views))


def _of_name(change: Change, views: Views) -> AnyChange:
    number, at, kind, id_, _ = change
    if kind == "queue":
        return QueueChanged(number, at, views.queue(id_, at))
    project = views.project(id_, at) if kind == "project" else None
    if project is not None:
        return ProjectChanged(number, at, project)
    assert kind != "count"  # one of which nothing is left is told with no calls
    return Gone(number, at, kind, id_)
