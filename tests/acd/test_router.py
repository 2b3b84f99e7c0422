from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from acd.router import Router
from acd.seat import Seat

pytestmark = pytest.mark.unit

QUEUES = ("tax", "water")


def router(**seats: tuple[str, ...]) -> Router:
    """A router over some seats, all there and none free yet."""
    found = [Seat(name, queues) for name, queues in seats.items()]
    for seat in found:
        seat.reachable = True
    return Router(QUEUES, found)


def free(of: Router, name: str) -> str | None:
    """A seat becomes free; the call it takes."""
    return of.seat_free(of.seats[name])


def joined(of: Router, call: str, queue: str = "tax", priority: int = 0) -> str | None:
    """A call joins; the seat it goes to."""
    seat = of.join(call, queue, priority)
    return None if seat is None else seat.id


def test_a_caller_goes_to_the_seat_that_is_free_for_the_longest_time() -> None:
    calls = router(s1=("tax",), s2=("tax",))
    assert [free(calls, "s2"), free(calls, "s1")] == [None, None]
    assert [joined(calls, call) for call in "abc"] == ["s2", "s1", None]


def test_a_seat_takes_the_oldest_caller_of_all_its_queues() -> None:
    calls = router(s1=("tax", "water"))
    for call, queue in (("a", "water"), ("b", "tax"), ("c", "water")):
        assert joined(calls, call, queue) is None
    assert [free(calls, "s1") for _ in range(4)] == ["a", "b", "c", None]


def test_a_higher_priority_comes_first() -> None:
    calls = router(s1=("tax", "water"))
    joined(calls, "a", "tax")
    joined(calls, "vip", "water", 1)
    assert [free(calls, "s1"), free(calls, "s1")] == ["vip", "a"]


def test_who_comes_back_has_the_place_that_he_had() -> None:
    calls = router(s1=("tax",))
    for call in "abc":
        joined(calls, call)
    assert free(calls, "s1") == "a"
    joined(calls, "a")
    assert calls.lines["tax"].in_order() == ["a", "b", "c"]
    calls.leave("a", "tax")
    calls.forget("a")
    joined(calls, "a")
    assert calls.lines["tax"].in_order() == ["b", "c", "a"]


def test_a_seat_taken_by_one_queue_is_free_for_none() -> None:
    calls = router(s1=("tax", "water"))
    free(calls, "s1")
    assert joined(calls, "a", "water") == "s1"
    assert joined(calls, "b", "tax") is None


def test_a_seat_that_is_gone_gets_nothing() -> None:
    calls = router(s1=("tax",))
    free(calls, "s1")
    calls.seat_gone(calls.seats["s1"])
    assert joined(calls, "a") is None


def test_a_queue_is_staffed_while_somebody_serves_it_free_or_busy() -> None:
    calls = router(s1=("tax",))
    assert (calls.staffed("tax"), calls.staffed("water")) == (True, False)
    calls.seats["s1"].resting = True
    assert not calls.staffed("tax")


SEATS = {"s1": ("tax",), "s2": ("water",), "s3": ("tax", "water"), "s4": ()}


class Floor(RuleBasedStateMachine):
    """Callers and seats come and go against a plain model of who waits where since when."""

    def __init__(self) -> None:
        super().__init__()
        self.router = router(**SEATS)
        self.waiting: dict[str, tuple[tuple[int, int], str]] = {}
        self.places: dict[str, tuple[int, int]] = {}
        self.served: dict[str, str] = {}
        self.idle: list[str] = []
        self.number = 0

    @rule(queue=st.sampled_from(QUEUES), priority=st.integers(0, 1))
    def a_caller_comes(self, queue: str, priority: int) -> None:
        self.number += 1
        call = f"c{self.number}"
        self.places[call] = (-priority, self.number)
        self._join(call, queue, priority)

    @precondition(lambda self: self.served)
    @rule(queue=st.sampled_from(QUEUES), data=st.data())
    def a_caller_comes_back(self, queue: str, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(sorted(self.served)))
        del self.served[call]
        self._join(call, queue, 0)

    def _join(self, call: str, queue: str, priority: int) -> None:
        seat = self.router.join(call, queue, priority)
        able = [name for name in self.idle if queue in SEATS[name]]
        assert (seat.id if seat else None) == (able[0] if able else None)
        if seat is None:
            self.waiting[call] = (self.places[call], queue)
        else:
            self.idle.remove(seat.id)
            self.served[call] = queue

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def a_caller_gives_up(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(sorted(self.waiting)))
        self.router.leave(call, self.waiting.pop(call)[1])
        self.router.forget(call)

    @rule(name=st.sampled_from(sorted(SEATS)))
    def a_seat_becomes_free(self, name: str) -> None:
        if name in self.idle:
            return
        call = free(self.router, name)
        able = {call: place for call, (place, queue) in self.waiting.items() if queue in SEATS[name]}
        assert call == min(able, key=able.__getitem__, default=None)
        if call is None:
            self.idle.append(name)
        else:
            self.served[call] = self.waiting.pop(call)[1]

    @rule(name=st.sampled_from(sorted(SEATS)))
    def a_seat_goes(self, name: str) -> None:
        self.router.seat_gone(self.router.seats[name])
        if name in self.idle:
            self.idle.remove(name)

    @invariant()
    def nobody_waits_beside_a_free_seat(self) -> None:
        for _, queue in self.waiting.values():
            assert not any(queue in SEATS[name] for name in self.idle)

    @invariant()
    def the_lines_are_in_order(self) -> None:
        for queue in QUEUES:
            model = sorted((place, call) for call, (place, at) in self.waiting.items() if at == queue)
            assert self.router.lines[queue].in_order() == [call for _, call in model]


TestFloor = Floor.TestCase


def test_the_place_that_a_call_would_have() -> None:
    router = Router(["tax"], [])
    for call in ("anna", "ben", "cora"):
        router.join(call, "tax")
    assert router.place("dora", "tax") == 4
    router.leave("ben", "tax")
    assert (router.place("ben", "tax"), router.place("dora", "tax")) == (2, 3)
    router.forget("ben")
    assert router.place("ben", "tax") == 3
