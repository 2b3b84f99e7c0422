"""One change on its way to all listeners: put together once, and cut to size once for each kind of listener."""

from __future__ import annotations

from supervisor.api import sight
from supervisor.api.frames import (
    AnyChange,
    CallbackChanged,
    CallChanged,
    EarChanged,
    Gone,
    ProjectChanged,
    QueueChanged,
    SeatChanged,
)
from supervisor.api.house import House
from supervisor.api.rights import Who
from supervisor.api.views import Views
from supervisor.board import CallbackPicture, CallPicture, Change, EarPicture, SeatPicture


class Telling:
    """A change as `full` tells it to whoever may see all of it. `owners`: the people whose own seat or call it is."""

    def __init__(self, change: Change, full: AnyChange, owners: frozenset[str]) -> None:
        self.change = change
        self.full = full
        self.owners = owners
        self._seen: dict[tuple[bool, frozenset[str], frozenset[str], bool], AnyChange | None] = {}

    def seen_by(self, who: Who) -> AnyChange | None:
        """As much of it as somebody may see; None for nothing. All with the same rights see the same."""
        own = who.id in self.owners
        key = (who.admin, who.projects, who.supervises, own)
        if key not in self._seen:
            self._seen[key] = _seen(self.full, who, own=own)
        return self._seen[key]

    def gone(self) -> Gone:
        """It is over, or no business of his any more."""
        number, at, kind, id_, _ = self.change
        return Gone(number, at, kind, id_)


def _seen(full: AnyChange, who: Who, *, own: bool) -> AnyChange | None:
    match full:
        case SeatChanged(seq, at, seat):
            place = sight.seat_for(who, seat)
            return None if place is None else SeatChanged(seq, at, place)
        case CallChanged(seq, at, call):
            shown = sight.call_for(who, call, has_it=own)
            return None if shown is None else CallChanged(seq, at, shown)
        case CallbackChanged(seq, at, callback):
            owed = sight.callback_for(who, callback)
            return None if owed is None else CallbackChanged(seq, at, owed)
        case EarChanged(_, _, ear):
            return full if sight.ear_for(who, ear) is not None else None
        case QueueChanged(_, _, queue):
            return full if sight.queue_for(who, queue) is not None else None
        case ProjectChanged(_, _, project):
            return full if sight.sees(who, (project.project,)) else None
    return None


def telling(change: Change, views: Views, house: House) -> Telling:
    """Put a change together as it is told."""
    number, at, _, id_, now = change
    match now:
        case CallPicture():
            return Telling(change, CallChanged(number, at, views.call(now, at)), house.holders(id_))
        case CallbackPicture():
            return Telling(change, CallbackChanged(number, at, views.callback(now)), frozenset())
        case EarPicture():
            return Telling(change, EarChanged(number, at, views.ear(now, at)), frozenset())
        case SeatPicture():
            view = views.seat(now, at)
            return Telling(change, SeatChanged(number, at, view), frozenset({view.operator}))
    return Telling(change, _of_name(change, views), frozenset())


def _of_name(change: Change, views: Views) -> AnyChange:
    number, at, kind, id_, _ = change
    if kind == "queue":
        return QueueChanged(number, at, views.queue(id_, at))
    project = views.project(id_) if kind == "project" else None
    return ProjectChanged(number, at, project) if project is not None else Gone(number, at, kind, id_)
