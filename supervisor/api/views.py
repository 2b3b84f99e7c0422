"""Puts together what the API tells: the board's pictures, the configuration, and what only the engine knows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec.structs import asdict

from calls.lifecycle import SeatState, State
from calls.promise import Promise
from supervisor.api.house import House
from supervisor.api.office import Duty, Office
from supervisor.api.rights import Who
from supervisor.api.shapes import (
    AlarmView,
    CallbackView,
    CallView,
    CountView,
    EarView,
    Me,
    PersonView,
    ProjectView,
    PromiseView,
    QueueView,
    SeatView,
    ShiftView,
)
from supervisor.board import CallbackPicture, CallPicture, CountPicture, EarPicture, SeatPicture
from supervisor.standing import local, midnight_of, open_today
from telephony.alarms import SEVERITY


class Views:
    """Everything as it is at this moment, for whoever may see all of it (see `supervisor.api.sight`)."""

    def __init__(self, office: Office, house: House) -> None:
        self._office = office
        self._house = house

    def now(self) -> float:
        """This moment, never before the last change."""
        return max(self._office.clock(), self._house.board.at)

    def me(self, who: Who) -> Me:
        """Somebody himself."""
        known = (sorted(who.projects), sorted(who.supervises), self._house.seats_of(who.id))
        return Me(who.id, who.name, who.role, *known)

    def seat_now(self, seat: str, now: float) -> SeatView:
        """A seat; one of which nothing was heard yet is logged out."""
        board = self._house.board
        return self.seat(board.seats.get(seat, SeatPicture(seat, since=board.began)), now)

    def seat(self, picture: SeatPicture, now: float) -> SeatView:
        """The same, as it was in a picture."""
        house, seat = self._house, picture.seat
        plan, operator = house.centre.plans.get(seat), house.operator(seat)
        return SeatView(
            seat=seat,
            number=plan.number if plan is not None else "",
            state=picture.state,
            since=picture.since,
            seconds=_since(picture.since, now),
            operator=operator,
            operator_name=house.name(operator),
            reason=picture.reason,
            call=picture.call,
            projects=sorted(house.projects(seat)),
            queues=list(house.queues(seat)),
            supervises=sorted(house.supervises(seat)),
        )

    def call(self, picture: CallPicture, now: float) -> CallView:
        """A call."""
        told = {name: getattr(picture, name) for name in picture.__struct_fields__}
        told |= {"parties": list(picture.parties), "priority": self._priority(picture)}
        return CallView(**told, seconds=_since(picture.since, now), wait=_waited(picture, now))

    def _priority(self, picture: CallPicture) -> int:
        if picture.state is not State.QUEUED:
            return 0
        settings = self._house.centre.queues().get(picture.queue)
        return picture.priority + (settings.priority if settings is not None else 0)

    def queue(self, queue: str, now: float) -> QueueView:
        """A queue."""
        waiting, since = self._house.board.waits(queue)
        known = queue in self._house.centre.queues()
        return QueueView(
            queue=queue,
            project=queue.partition("/")[0],
            waiting=waiting,
            longest_since=since,
            longest_wait=None if since is None else _since(since, now),
            expected_wait=self._office.expected_wait(queue, now) if known else None,
            pace=self._office.pace(queue, now) if known else None,
            seats=self._states(queue),
        )

    def _states(self, queue: str) -> dict[str, int]:
        seats, house = self._house.board.seats, self._house
        serving = [seat for seat in house.floor.seats if queue in house.queues(seat)]
        states = (seats[seat].state if seat in seats else SeatState.LOGGED_OUT for seat in serving)
        return dict(Counter(str(state) for state in states))

    def callback(self, picture: CallbackPicture) -> CallbackView:
        """A callback."""
        return CallbackView(**asdict(picture))

    def ear(self, picture: EarPicture, now: float) -> EarView:
        """A supervisor who takes part in a call."""
        return EarView(**asdict(picture), seconds=_since(picture.since, now))

    def projects(self, now: float) -> list[ProjectView]:
        """All projects."""
        return [self._project(name, status, now) for name, status in self._office.orders.status().items()]

    def project(self, name: str, now: float) -> ProjectView | None:
        """One project; None where there is none (any more)."""
        status = self._office.orders.status().get(name)
        return self._project(name, status, now) if status is not None else None

    def _project(self, name: str, status: dict[str, Any], now: float) -> ProjectView:
        centre = self._house.centre
        project = centre.projects[name]
        return ProjectView(
            project=name,
            name=project.name,
            **{key: status[key] for key in ("open", "reason", "override", "until", "by")},
            numbers=[number.number for number in project.numbers],
            queues=[f"{name}/{queue}" for queue in project.queues],
            inquiry_classes=list(project.inquiry_classes),
            version=centre.version_of(name),
            timezone=project.timezone,
            promise=_promise(project.promise, local(project, now).month),
            hours_today=list(open_today(project, now)),
        )

    def counts(self, now: float) -> Iterator[CountView]:
        """How many calls are alike of those that came today, by each project's own clock."""
        projects = self._house.centre.projects.values()
        midnights = {project.project: midnight_of(project, now) for project in projects}
        for key, calls in self._house.board.counts.items():
            if key.start >= midnights.get(key.project, math.inf):
                yield CountView(*key, calls)

    def count(self, picture: CountPicture) -> CountView:
        """How many calls are alike now."""
        return CountView(**asdict(picture))

    def alarms(self) -> list[AlarmView]:
        """The alarms that stand, the oldest first."""
        now = self._office.alarms.now()
        return [
            AlarmView(alarm.name, SEVERITY[alarm.name], alarm.since, _since(alarm.since, now), alarm.text)
            for alarm in self._office.alarms.standing()
        ]

    def people(self) -> list[PersonView]:
        """All people."""
        return [
            PersonView(
                person.id,
                person.number,
                person.name,
                person.role,
                list(person.projects),
                list(person.supervises),
                next(iter(self._house.seats_of(person.id)), ""),
            )
            for person in self._house.centre.people.values()
        ]

    def shifts(self, now: float) -> list[ShiftView]:
        """Who should be here. A person is present who is logged in anywhere, also on a break."""
        return [self._shift(duty) for duty in self._office.shifts.on_duty(now)]

    def _shift(self, duty: Duty) -> ShiftView:
        house = self._house
        is_seat = duty.who in house.floor.seats
        seat = duty.who if is_seat else next(iter(house.seats_of(duty.who)), "")
        state = house.board.seats.get(seat, SeatPicture(seat)).state
        present = state is not SeatState.LOGGED_OUT if is_seat else bool(seat)
        return ShiftView(
            duty.who, house.name(duty.who), duty.begins, duty.ends, duty.on_break, present, seat, state
        )


def _promise(promise: Promise, month: int) -> PromiseView:
    return PromiseView(
        version=promise.version,
        numerator=[str(outcome) for outcome in promise.numerator],
        denominator=[str(outcome) for outcome in promise.denominator],
        short_abandon_s=promise.short_abandon_s,
        period=promise.period,
        value=promise.value_for(month),
        base=promise.value,
        months=dict(promise.months),
    )


def _since(then: float, now: float) -> float:
    return round(max(0.0, now - then), 3)


def _waited(call: CallPicture, now: float) -> float | None:
    if call.queued_at is None:
        return None
    if call.answered_at is not None:
        return _since(call.queued_at, call.answered_at)
    return _since(call.queued_at, now if call.state in (State.QUEUED, State.RINGING) else call.since)
