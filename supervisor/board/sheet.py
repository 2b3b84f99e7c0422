"""A board as one mapping: what `denwaban board` prints, of now and of any moment before."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Set
from typing import Any
from zoneinfo import ZoneInfo

from calls.budget import NOBODY, Counts, counts_so
from engine.centre import Centre
from ivr.project import Project
from supervisor.api.sight import masked
from supervisor.board.fold import Board
from supervisor.board.pictures import CallPicture, SeatPicture

Row = dict[str, Any]


class Sheet:
    """What a board shows of some projects at a moment. Numbers are masked, times are on the clock of `zone`."""

    def __init__(self, board: Board, centre: Centre, projects: Set[str], at: float, zone: ZoneInfo) -> None:
        self._board = board
        self._centre = centre
        self._projects = projects
        self._at = at
        self._zone = zone

    def mapping(self) -> Row:
        """`at`, `waiting` (the head of a line first), `calls`, `seats`, `callbacks`, `ears`, `projects` (by name)."""
        board, centre = self._board, self._centre
        calls = [call for call in board.calls.values() if call.project in self._projects]
        return {
            "at": self.time(self._at),
            "waiting": [self._waiting(call) for call in self._in_line(calls)],
            "calls": [self._call(call) for call in calls],
            "seats": [self._seat(seat) for seat in self._seats()],
            "callbacks": [
                {
                    "callback": one.callback, "project": one.project, "queue": one.queue,
                    "number": masked(one.number), "state": one.state, "call": one.call, "tries": one.tries,
                    "asked_at": self.time(one.asked_at), "due": self.time(one.due),
                }
                for one in board.callbacks.values()
                if one.project in self._projects
            ],
            "ears": [
                {
                    "seat": one.seat, "call": one.call, "project": one.project, "heard": one.heard,
                    "mode": one.mode, "by": one.by, "since": self.time(one.since),
                }
                for one in board.ears.values()
                if one.project in self._projects
            ],
            "projects": {
                name: self._figures(project)
                for name, project in centre.projects.items()
                if name in self._projects
            },
        }  # fmt: skip

    def time(self, at: float | None) -> str | None:
        """A time to the millisecond."""
        if at is None:
            return None
        return dt.datetime.fromtimestamp(at, self._zone).isoformat(timespec="milliseconds")

    # ---- calls

    def _in_line(self, calls: list[CallPicture]) -> list[CallPicture]:
        waiting = [call for call in calls if call.call in self._board.waiting.get(call.queue, {})]
        return sorted(waiting, key=lambda call: (call.queue, -self._priority(call), call.queued_at or 0.0))

    def _priority(self, call: CallPicture) -> int:
        """Its own, and that of its queue as it is configured now."""
        project, _, name = call.queue.partition("/")
        known = self._centre.projects.get(project)
        queue = known.queues.get(name) if known is not None else None
        return call.priority + (queue.priority if queue is not None else 0)

    def _waiting(self, call: CallPicture) -> Row:
        since = self._board.waiting[call.queue][call.call]
        return {
            "call": call.call,
            "queue": call.queue,
            "caller": masked(call.caller),
            "priority": self._priority(call),
            "since": self.time(since),
            "waited": round(self._at - since, 3),
        }

    def _call(self, call: CallPicture) -> Row:
        return {
            "call": call.call, "project": call.project, "direction": call.direction, "state": call.state,
            "since": self.time(call.since), "number": call.number, "caller": masked(call.caller),
            "queue": call.queue, "seat": call.seat, "arrived_at": self.time(call.arrived_at),
            "queued_at": self.time(call.queued_at), "answered_at": self.time(call.answered_at),
            "inquiry_class": call.inquiry_class,
            "parties": [{"who": _masked_who(party.who), "role": party.role} for party in call.parties],
        }  # fmt: skip

    # ---- seats

    def _seats(self) -> Iterator[SeatPicture]:
        """Those that are configured now, in their order, then those that are not any more."""
        seen = self._board.seats
        for name in dict.fromkeys([*self._centre.plans, *sorted(seen)]):
            seat = seen.get(name, SeatPicture(name, since=self._board.began))
            if self._serves(seat):
                yield seat

    def _serves(self, seat: SeatPicture) -> bool:
        """Whether it is there for one of the projects, or has a call of one."""
        plan, person = self._centre.plans.get(seat.seat), self._centre.people.get(seat.operator)
        call = self._board.calls.get(seat.call)
        if call is not None and call.project in self._projects:
            return True
        if self._projects >= self._centre.projects.keys():
            return True
        there_for = {
            *(plan.projects if plan is not None else ()),
            *(person.projects if person is not None else ()),
        }
        return not there_for.isdisjoint(self._projects)

    def _seat(self, seat: SeatPicture) -> Row:
        plan, person = self._centre.plans.get(seat.seat), self._centre.people.get(seat.operator)
        call = self._board.calls.get(seat.call)
        return {
            "seat": seat.seat,
            "number": plan.number if plan is not None else "",
            "state": seat.state,
            "since": self.time(seat.since),
            "operator": seat.operator,
            "name": person.name if person is not None else "",
            "reason": seat.reason,
            "call": seat.call if call is None or call.project in self._projects else "",
        }

    # ---- figures

    def _figures(self, project: Project) -> Row:
        """Of the day of the moment, by the project's promise."""
        midnight = dt.datetime.combine(
            dt.datetime.fromtimestamp(self._at, ZoneInfo(project.timezone)).date(),
            dt.time(),
            ZoneInfo(project.timezone),
        )
        received, outcomes, total = 0, Counter[str](), NOBODY
        for key, calls in self._board.counts.items():
            if key.project != project.project or key.start < midnight.timestamp():
                continue
            if not key.outcome:
                received += calls
                continue
            outcomes[key.outcome] += calls
            each = counts_so(project.promise, key.outcome, None if key.waited < 0 else float(key.waited))
            total += Counts(each.answered * calls, each.counted * calls)
        return {
            "name": project.name,
            "date": midnight.date().isoformat(),
            "received": received,
            "outcomes": dict(sorted(outcomes.items())),
            "answered": total.answered,
            "counted": total.counted,
            "rate": total.rate,
            "promise": project.promise.value_for(midnight.month),
            "promise_version": project.promise.version,
        }


def _masked_who(who: str) -> str:
    kind, _, name = who.partition(":")
    return f"{kind}:{masked(name)}" if kind == "outside" else who
