from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.router import Router
from acd.seat import Seat, Serves
from calls.queue_settings import QueueSettings

pytestmark = pytest.mark.unit

PLAIN = QueueSettings()


def router(settings: QueueSettings = PLAIN, **seats: tuple[Serves, ...] | str) -> Router:
    """A router over the queues tax and water; a seat's name serves one queue, or what is written out."""
    found = [
        Seat(name, (Serves(serves),) if isinstance(serves, str) else serves) for name, serves in seats.items()
    ]
    for seat in found:
        seat.reachable = True
    return Router({"tax": settings, "water": PLAIN}, found)


def both(level: int = 1, after_s: float = 0.0) -> tuple[Serves, ...]:
    """Serves both queues."""
    return (Serves("tax", level, after_s), Serves("water", level, after_s))


def free(of: Router, *names: str, now: float = 0.0) -> list[str | None]:
    """Seats become free one after the other; the call each takes."""
    return [of.seat_free(of.seats[name], now) for name in names]


def joined(of: Router, call: str, queue: str = "tax", now: float = 0.0, priority: int = 0) -> list[str]:
    """A call joins; the seats that ring for it."""
    return [seat.id for seat in of.join(call, queue, now, priority)]


# ---- one caller, one seat


def test_a_caller_goes_to_the_seat_that_is_free_for_the_longest_time() -> None:
    calls = router(s1="tax", s2="tax")
    assert free(calls, "s2", "s1") == [None, None]
    assert (calls.free("tax"), calls.free("water")) == (2, 0)
    assert [joined(calls, call) for call in "abc"] == [["s2"], ["s1"], []]
    assert (calls.free("tax"), calls.waiting("tax"), calls.in_line("tax")) == (0, 1, ["c"])


def test_oldest_caller_first_across_all_queues_of_a_seat() -> None:
    calls = router(s1=both())
    for call, queue in (("a", "water"), ("b", "tax"), ("c", "water")):
        assert joined(calls, call, queue) == []
    assert free(calls, "s1", "s1", "s1", "s1") == ["a", "b", "c", None]


def test_who_comes_back_has_the_place_that_he_had() -> None:
    calls = router(s1="tax")
    for call in "abc":
        joined(calls, call)
    assert free(calls, "s1") == ["a"]
    joined(calls, "a", now=20)
    assert calls.in_line("tax") == ["a", "b", "c"]
    assert calls.standing_since("tax", 30) == 0.0
    calls.leave("a", "tax")
    calls.forget("a")
    joined(calls, "a", now=40)
    assert calls.in_line("tax") == ["b", "c", "a"]


def test_the_head_of_an_empty_line_waits_since_now() -> None:
    assert router().standing_since("tax", 30) == 30


def test_a_seat_taken_by_one_queue_is_free_for_none() -> None:
    calls = router(s1=both())
    free(calls, "s1", now=7)
    idle_since = [calls.seats["s1"].idle_since]
    assert joined(calls, "a", "water") == ["s1"]
    idle_since.append(calls.seats["s1"].idle_since)
    assert idle_since == [7, None]
    assert joined(calls, "b", "tax") == []


def test_a_seat_that_is_gone_gets_nothing() -> None:
    calls = router(s1="tax")
    free(calls, "s1")
    calls.seat_gone(calls.seats["s1"])
    calls.seat_gone(calls.seats["s1"])
    assert joined(calls, "a") == []


def test_a_free_seat_that_becomes_free_once_more_goes_behind_the_others() -> None:
    calls = router(s1="tax", s2="tax")
    free(calls, "s1", "s2", "s1")
    assert (calls.free("tax"), joined(calls, "a")) == (2, ["s2"])


def test_a_queue_is_staffed_while_somebody_serves_it_free_or_busy() -> None:
    calls = router(s1=(Serves("tax", 1, 30.0),))
    assert (calls.staffed("tax"), calls.staffed("water")) == (True, False)
    calls.seats["s1"].resting = True
    assert not calls.staffed("tax")
    calls.seats["s1"].resting = False
    free(calls, "s1")
    assert (calls.staffed("tax"), calls.free("tax")) == (True, 0)  # not for a new caller


def test_the_place_that_a_call_would_have() -> None:
    calls = router()
    for call in ("anna", "ben", "cora"):
        joined(calls, call)
    assert calls.place("dora", "tax") == 4
    calls.leave("ben", "tax")
    assert (calls.place("ben", "tax"), calls.place("dora", "tax")) == (2, 3)
    calls.forget("ben")
    assert calls.place("ben", "tax") == 3


# ---- priorities


def test_a_higher_priority_comes_first() -> None:
    calls = router(s1=both())
    joined(calls, "a", "tax")
    joined(calls, "vip", "water", priority=1)
    assert calls.place("vip", "tax") == 1
    assert free(calls, "s1", "s1") == ["vip", "a"]


def test_the_priority_of_the_queue_and_of_the_caller_are_added() -> None:
    calls = router(QueueSettings(priority=2), s1=both())
    joined(calls, "c", "water", priority=1)
    joined(calls, "b", "water", priority=2)
    joined(calls, "d", "tax", priority=-1)
    joined(calls, "a", "tax", priority=1)
    assert free(calls, "s1", "s1", "s1", "s1") == ["a", "b", "c", "d"]


def test_the_priority_may_be_another_one_when_a_call_comes_back() -> None:
    calls = router(s1=both())
    joined(calls, "a")
    joined(calls, "b")
    calls.leave("b", "tax")
    joined(calls, "b", "water", priority=1)
    assert free(calls, "s1", "s1") == ["b", "a"]


# ---- skills: level and delay


def test_the_better_skill_is_asked_first_and_inside_a_level_the_policy_decides() -> None:
    calls = router(s1=(Serves("tax", 2),), s2="tax", s3="tax")
    free(calls, "s1", "s3", "s2")
    assert [joined(calls, call) for call in "abc"] == [["s3"], ["s2"], ["s1"]]


def test_a_seat_with_a_delay_takes_only_those_who_have_waited_for_it() -> None:
    calls = router(s1=(Serves("tax", 1, 30.0),))
    free(calls, "s1")
    assert joined(calls, "a", now=100) == []
    assert calls.next_widening("a", "tax", 101) == 130
    assert calls.widen("a", "tax", 129) == []
    assert calls.next_widening("a", "tax", 129) == 130
    assert [seat.id for seat in calls.widen("a", "tax", 130)] == ["s1"]
    assert (calls.waiting("tax"), calls.next_widening("a", "tax", 130)) == (0, None)


def test_who_has_waited_for_it_is_taken_when_such_a_seat_becomes_free() -> None:
    calls = router(s1=(Serves("tax", 1, 30.0), Serves("water")))
    for call, queue, now in (("a", "tax", 0), ("b", "tax", 10), ("c", "water", 20)):
        joined(calls, call, queue, now)
    assert calls.widen("a", "tax", 30) == []
    assert calls.next_widening("a", "tax", 30) is None
    assert free(calls, "s1", "s1", "s1", now=31) == ["a", "c", None]
    assert [seat.id for seat in calls.widen("b", "tax", 40)] == ["s1"]


def test_who_comes_back_has_waited_already() -> None:
    calls = router(s1="tax", s2=(Serves("tax", 1, 30.0),))
    free(calls, "s1", "s2")
    assert joined(calls, "a", now=0) == ["s1"]
    assert calls.next_widening("a", "tax", 0) is None  # rings
    assert joined(calls, "a", now=35) == ["s2"]


def test_several_delays_one_after_the_other() -> None:
    calls = router(s1=(Serves("tax", 1, 30.0),), s2=(Serves("tax", 1, 60.0),), s3=(Serves("tax", 1, 90.0),))
    free(calls, "s2")
    joined(calls, "a")
    seen = []
    while (at := calls.next_widening("a", "tax", 0)) is not None:
        seen.append((at, [seat.id for seat in calls.widen("a", "tax", at)]))
    assert seen == [(30, []), (60, ["s2"])]


def test_nobody_is_widened_who_does_not_wait() -> None:
    calls = router(s1="tax", s2=(Serves("tax", 1, 30.0),))
    free(calls, "s1")
    joined(calls, "a")
    assert (calls.widen("a", "tax", 30), calls.next_widening("x", "tax", 0)) == ([], None)


# ---- policies


def test_round_robin_and_fewest_calls() -> None:
    turns = router(QueueSettings(policy="round_robin"), s1="tax", s2="tax", s3="tax")
    free(turns, "s3", "s1", "s2")
    assert [joined(turns, call) for call in "ab"] == [["s1"], ["s2"]]
    free(turns, "s1")
    assert joined(turns, "c") == ["s3"]
    fewest = router(QueueSettings(policy="fewest_calls"), s1="tax", s2="tax")
    fewest.seats["s1"].answered = 1
    free(fewest, "s1", "s2")
    assert [joined(fewest, call) for call in "ab"] == [["s2"], ["s1"]]


def test_the_last_operator_is_asked_first_where_the_queue_is_sticky() -> None:
    calls = router(QueueSettings(sticky=True), s1=both(), s2=both(2), s3="water")
    free(calls, "s1", "s2", "s3")
    assert calls.join("b", "water", 0, last="s2") == [calls.seats["s1"]]  # not a sticky queue
    free(calls, "s1")
    assert calls.join("a", "tax", 0, last="s2") == [calls.seats["s2"]]
    assert calls.join("c", "tax", 0, last="s3") == [calls.seats["s1"]]  # serves another queue
    assert calls.join("d", "tax", 0, last="gone") == []


# ---- heirs


def test_an_heir_has_the_number_and_the_wait_start() -> None:
    calls = router(s1=(Serves("tax", 1, 30.0),))
    joined(calls, "a", now=0)
    joined(calls, "b", now=1)
    calls.leave("a", "tax")
    calls.inherit("a", "call back")
    calls.forget("a")
    joined(calls, "call back", now=20)
    assert calls.in_line("tax") == ["call back", "b"]
    assert calls.next_widening("call back", "tax", 20) == 30


def test_nothing_is_inherited_from_a_call_without_a_place() -> None:
    calls = router()
    joined(calls, "a")
    calls.inherit("x", "b")
    joined(calls, "b")
    assert calls.in_line("tax") == ["a", "b"]


def test_a_place_is_reserved_once_for_who_joins_later() -> None:
    calls = router(s1="tax")
    calls.reserve("call back", 10)
    joined(calls, "a", now=20)
    assert calls.reserve("call back", 30) == (0, 1, 10)
    assert calls.place("call back", "tax") == 1
    joined(calls, "call back", now=40)
    assert calls.in_line("tax") == ["call back", "a"]


# ---- who has waited before anybody here knew of him


@given(st.lists(st.tuples(st.integers(1, 100), st.booleans()), max_size=40))
def test_who_is_adopted_stands_where_his_wait_puts_him(callers: list[tuple[int, bool]]) -> None:
    """Whoever joins does so in the order of time, and whoever is adopted in any."""
    calls, came, now = router(), list[tuple[int, int, str]](), 0
    for number, (seconds, adopted) in enumerate(callers):
        name, since = f"c{number:02}", min(seconds, now) if adopted else now + seconds
        if adopted:
            calls.adopt(name, since)
        now = max(now, since)
        calls.join(name, "tax", now)
        came.append((since, number, name))
    expected = [name for _, _, name in sorted(came)]
    assert calls.in_line("tax") == expected
    assert [calls.place(name, "tax") for name in expected] == [*range(1, len(expected) + 1)]
    assert calls.standing_since("tax", now) == min((since for since, _, _ in came), default=now)
