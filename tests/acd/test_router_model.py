"""The router decides what the plainest model decides, whatever callers, operators and administrators do."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from acd.router import Router
from acd.seat import Seat, Serves
from calls.queue_settings import QueueSettings
from tests.acd.reference import Caller, Reference

pytestmark = pytest.mark.unit

QUEUES = ("gas", "tax", "water")
SEATS = ("s1", "s2", "s3", "s4", "s5")
DELAYS = (0.0, 0.0, 10.0, 30.0)

Queues = dict[str, QueueSettings]
ServesAll = dict[str, tuple[Serves, ...]]

one_queue = st.builds(
    QueueSettings,
    policy=st.sampled_from(["longest_idle", "fewest_calls", "round_robin", "ring_all"]),
    ring=st.sampled_from([1, 1, 1, 2, 3]),
    sticky=st.booleans(),
    priority=st.integers(-1, 1),
)
served = st.lists(
    st.builds(Serves, st.sampled_from(QUEUES), st.integers(1, 2), st.sampled_from(DELAYS)),
    max_size=3,
    unique_by=lambda serves: serves.queue,
).map(tuple)
all_queues = st.fixed_dictionaries(dict.fromkeys(QUEUES, one_queue))
all_serves = st.fixed_dictionaries(dict.fromkeys(SEATS, served))


class Floor(RuleBasedStateMachine):
    """Callers and seats come and go. `busy`: seats in a call or away; those that ring are with their callers."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.calls = 0
        self.router = Router({}, [])
        self.model = Reference({}, {})
        self.busy: set[str] = set()

    @initialize(queues=all_queues, serves=all_serves)
    def the_centre_opens(self, queues: Queues, serves: ServesAll) -> None:
        self.router = Router(queues, [Seat(seat, serves[seat]) for seat in SEATS])
        self.model = Reference(queues, serves)
        self.busy = set(SEATS)

    def _named(self, seats: list[Seat]) -> list[str]:
        return [seat.id for seat in seats]

    # ---- callers

    @rule(queue=st.sampled_from(QUEUES), priority=st.integers(-1, 1), last=st.sampled_from(("", *SEATS)))
    def a_caller_comes(self, queue: str, priority: int, last: str) -> None:
        self.calls += 1
        self._join(Caller(f"c{self.calls}", queue, priority, self._number(), self.now), last)

    def _number(self) -> int:
        self.model.number += 1
        return self.model.number

    def _join(self, caller: Caller, last: str = "") -> None:
        rung = self.router.join(caller.id, caller.queue, self.now, caller.priority, last)
        assert self._named(rung) == self.model.join(caller, self.now, last)

    @precondition(lambda self: self.model.callers)
    @rule(data=st.data(), heir=st.booleans())
    def a_caller_gives_up(self, data: st.DataObject, heir: bool) -> None:
        """Perhaps he is called back: then somebody has his place."""
        caller = self._any(data)
        if heir:
            self._heir_of(caller)
        self._end(caller)

    def _heir_of(self, caller: Caller) -> None:
        self.router.leave(caller.id, caller.queue)
        missing, caller.missing = caller.missing, 0
        self.calls += 1
        self.router.inherit(caller.id, f"c{self.calls}")
        self._join(Caller(f"c{self.calls}", caller.queue, caller.priority, caller.number, caller.since))
        caller.missing = missing

    @precondition(lambda self: any(caller.rings for caller in self.model.callers.values()))
    @rule(data=st.data())
    def an_operator_picks_up(self, data: st.DataObject) -> None:
        caller = self._any(data, ringing=True)
        winner = data.draw(st.sampled_from(caller.rings))
        caller.rings.remove(winner)
        self.busy.add(winner)
        self.model.answered[winner] += 1
        self.router.seats[winner].answered += 1
        self._end(caller)

    def _end(self, caller: Caller) -> None:
        self.router.leave(caller.id, caller.queue)
        self.router.forget(caller.id)
        del self.model.callers[caller.id]
        for seat in caller.rings:
            self._free(seat)

    @precondition(lambda self: any(caller.rings for caller in self.model.callers.values()))
    @rule(data=st.data(), elsewhere=st.sampled_from(("", *QUEUES)))
    def a_telephone_is_not_picked_up(self, data: st.DataObject, elsewhere: str) -> None:
        """If it was the last one the caller goes back to the line, or perhaps into another one."""
        caller = self._any(data, ringing=True)
        seat = data.draw(st.sampled_from(caller.rings))
        if len(caller.rings) > 1:
            rung = self.router.dropped(caller.id, caller.queue, self.now)
            assert self._named(rung) == self.model.dropped(caller, seat, self.now)
        else:
            self.router.leave(caller.id, caller.queue)
            caller.queue = elsewhere or caller.queue
            self._join(caller)
        self._free(seat)

    def _any(self, data: st.DataObject, *, ringing: bool = False) -> Caller:
        found = [caller for caller in self.model.callers.values() if caller.rings or not ringing]
        return data.draw(st.sampled_from(found))

    # ---- seats

    @precondition(lambda self: self.busy)
    @rule(data=st.data())
    def a_seat_becomes_free(self, data: st.DataObject) -> None:
        seat = data.draw(st.sampled_from(sorted(self.busy)))
        self.busy.remove(seat)
        self._free(seat)

    def _free(self, seat: str) -> None:
        assert self.router.seat_free(self.router.seats[seat], self.now) == self.model.seat_free(seat)

    @precondition(lambda self: self.model.idle)
    @rule(data=st.data())
    def a_free_seat_goes(self, data: st.DataObject) -> None:
        seat = data.draw(st.sampled_from(self.model.idle))
        self.router.seat_gone(self.router.seats[seat])
        self.model.idle.remove(seat)
        self.busy.add(seat)

    @precondition(lambda self: self.busy)
    @rule(data=st.data(), serves=served)
    def somebody_else_sits_down(self, data: st.DataObject, serves: tuple[Serves, ...]) -> None:
        seat = data.draw(st.sampled_from(sorted(self.busy)))
        told = self.router.serve(self.router.seats[seat], serves)
        before = {caller.id: self.model.due(caller) for caller in self.model.callers.values()}
        self.model.serve(seat, serves)
        sooner = {c.id for c in self.model.callers.values() if self.model.due(c) != before[c.id] and c.waits}
        assert sooner <= set(told)
        self._let_time_come()

    @rule(queues=all_queues, serves=all_serves)
    def everything_is_published_anew(self, queues: Queues, serves: ServesAll) -> None:
        changes = self.router.reorganise(queues, serves)
        assert self._named(changes.seats) == self.model.reorganise(queues, serves)
        for seat in changes.seats:
            self._free(seat.id)
        self._let_time_come()

    # ---- time

    @rule(seconds=st.sampled_from([1.0, 7.0, 20.0, 100.0]))
    def time_passes(self, seconds: float) -> None:
        end = self.now + seconds
        while (at := min(self._moments(), default=end)) < end:
            self.now = at
            self._let_time_come()
        self.now = end
        self._let_time_come()

    def _moments(self) -> list[float]:
        moments = ((caller, self.model.due(caller)) for caller in self.model.callers.values())
        return [max(self.now, at) for _, at in moments if at is not None]

    def _let_time_come(self) -> None:
        for caller in list(self.model.callers.values()):
            at = self.model.due(caller)
            soonest = None if at is None else max(self.now, at)
            assert self.router.next_widening(caller.id, caller.queue, self.now) == soonest
            if at is not None and at <= self.now:
                rung = self.router.widen(caller.id, caller.queue, self.now)
                assert self._named(rung) == self.model.widen(caller, self.now)

    # ---- what always holds

    @invariant()
    def nobody_waits_beside_a_free_seat(self) -> None:
        for caller in self.model.callers.values():
            for seat in self.model.idle if caller.missing else ():
                ways = self.model.ways(seat, caller.queue)
                assert not any(caller.since + way.after_s <= self.now for way in ways)

    @invariant()
    def the_lines_are_in_order(self) -> None:
        for queue in self.model.queues:
            line = [caller.id for caller in self.model.line(queue)]
            assert self.router.in_line(queue) == line
            assert self.router.waiting(queue) == len(line)
            assert [self.router.place(call, queue) for call in line] == [*range(1, len(line) + 1)]

    @invariant()
    def the_same_seats_are_free(self) -> None:
        for queue in self.model.queues:
            assert self.router.free(queue) == self.model.free(queue)
        idle = {seat.id for seat in self.router.seats.values() if seat.idle_since is not None}
        assert idle == set(self.model.idle)

    @invariant()
    def nothing_is_kept_of_calls_that_are_over(self) -> None:
        wanting = {c.id for c in self.model.callers.values() if c.rings and c.missing}
        assert set(self.router._places) == set(self.model.callers)
        assert set(self.router._wants) == wanting


TestFloor = Floor.TestCase
TestFloor.settings = settings(max_examples=100, stateful_step_count=60)
