"""Who serves what changes: hot desking, and projects that are published and withdrawn."""

from __future__ import annotations

import pytest

from acd.seat import Serves
from calls.queue_settings import QueueSettings
from tests.acd.test_router import PLAIN, both, free, joined, router

pytestmark = pytest.mark.unit


def test_a_person_takes_his_queues_to_another_seat() -> None:
    calls = router(s1="tax")
    joined(calls, "a", "water")
    assert calls.serve(calls.seats["s1"], (Serves("water"),)) == []
    assert (calls.seats["s1"].queues, calls.staffed("tax"), calls.staffed("water")) == (
        ("water",),
        False,
        True,
    )
    assert free(calls, "s1", "s1") == ["a", None]
    assert (calls.free("tax"), calls.free("water")) == (0, 1)


def test_a_seat_that_serves_something_else_is_not_free_for_what_it_served() -> None:
    calls = router(s1="tax")
    free(calls, "s1")
    calls.serve(calls.seats["s1"], (Serves("water"),))
    assert (joined(calls, "a"), joined(calls, "b", "water")) == ([], [])


def test_a_delay_that_nobody_had_before_has_to_be_waited_for() -> None:
    calls = router(s1="tax")
    for call, now in (("a", 0), ("b", 10)):
        joined(calls, call, now=now)
    assert calls.next_widening("a", "tax", 20) is None
    assert calls.serve(calls.seats["s1"], (Serves("tax", 1, 15.0),)) == ["a", "b"]
    assert [calls.next_widening(call, "tax", 20) for call in "ab"] == [20, 25]
    assert free(calls, "s1", now=20) == [None]
    assert [seat.id for seat in calls.widen("a", "tax", 20)] == ["s1"]
    assert calls.serve(calls.seats["s1"], (Serves("tax", 2, 15.0),)) == []  # known by now


def test_who_waits_keeps_his_place_and_free_seats_their_turn() -> None:
    calls = router(s1="tax", s2="tax", s3="water")
    free(calls, "s2", "s1")
    for call in "abc":
        joined(calls, call, "water")
    queues = {"water": PLAIN, "gas": PLAIN}
    serves = {"s1": (Serves("gas"),), "s2": (Serves("gas"),), "s3": (Serves("water"),)}
    assert calls.reorganise(queues, serves) == ([], [])
    assert calls.in_line("water") == ["a", "b", "c"]
    assert [joined(calls, call, "gas") for call in "de"] == [["s2"], ["s1"]]


def test_a_queue_that_comes_and_one_that_goes() -> None:
    calls = router(s1=both())
    free(calls, "s1")
    calls.reorganise({"gas": PLAIN}, {"s1": (Serves("gas"),)})
    assert (calls.seats["s1"].queues, calls.free("gas")) == (("gas",), 1)
    with pytest.raises(KeyError):
        calls.free("tax")


def test_a_queue_in_which_somebody_waits_stays() -> None:
    calls = router(s1="tax")
    joined(calls, "a")
    with pytest.raises(ValueError, match="tax: keep the queue until nobody"):
        calls.reorganise({"water": PLAIN}, {"s1": ()})
    assert (calls.in_line("tax"), free(calls, "s1")) == (["a"], ["a"])


def test_a_queue_of_which_somebody_wants_more_telephones_stays() -> None:
    calls = router(QueueSettings(ring=2), s1="tax")
    free(calls, "s1")
    joined(calls, "a")
    with pytest.raises(ValueError, match="keep the queue"):
        calls.reorganise({}, {"s1": ()})


def test_a_free_seat_that_may_serve_somebody_now_is_named() -> None:
    calls = router(s1="tax", s2="tax", s3="tax")
    free(calls, "s3", "s2", "s1")
    joined(calls, "a", "water")
    serves = {"s1": both(), "s2": (Serves("tax"),), "s3": both()}
    changes = calls.reorganise({"tax": PLAIN, "water": PLAIN}, serves)
    assert [seat.id for seat in changes.seats] == ["s3", "s1"]
    assert (calls.free("tax"), free(calls, "s3", "s1")) == (1, ["a", None])


def test_settings_change_while_callers_wait() -> None:
    calls = router(s1=both(), s2=both())
    joined(calls, "a", "water")
    joined(calls, "b", "tax")
    joined(calls, "c", "tax", priority=-2)
    raised = QueueSettings(priority=1, ring=2)
    calls.reorganise({"tax": raised, "water": PLAIN}, {"s1": both(), "s2": both()})
    assert free(calls, "s1", "s2", "s1", "s2") == ["b", "a", "c", "b"]


def test_who_has_waited_for_a_delay_has_waited_for_the_shorter_ones() -> None:
    calls = router(s1=(Serves("tax", 1, 60.0),))
    joined(calls, "a", now=0)
    joined(calls, "b", now=1)
    calls.widen("a", "tax", 60)
    changes = calls.reorganise({"tax": PLAIN, "water": PLAIN}, {"s1": (Serves("tax", 1, 30.0),)})
    assert changes.calls == ["a", "b"]
    assert [calls.next_widening(call, "tax", 60) for call in "ab"] == [None, 60]
    assert (free(calls, "s1", now=60), calls.widen("b", "tax", 60)) == (["a"], [])
    assert free(calls, "s1", now=60) == ["b"]


def test_who_rings_goes_on_wanting_telephones() -> None:
    two = QueueSettings(ring=2)
    calls = router(two, s1="tax", s2="tax")
    free(calls, "s1")
    joined(calls, "a")
    calls.reorganise({"tax": two}, {"s1": (Serves("tax"),), "s2": (Serves("tax"),)})
    assert free(calls, "s2", "s1") == ["a", None]
