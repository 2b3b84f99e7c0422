"""Several telephones ring for one caller."""

from __future__ import annotations

import pytest

from acd.seat import Serves
from calls.queue_settings import QueueSettings
from tests.acd.test_router import free, joined, router

pytestmark = pytest.mark.unit


def test_ring_all_rings_everybody_and_whoever_becomes_free_rings_along() -> None:
    calls = router(QueueSettings(policy="ring_all"), s1="tax", s2=(Serves("tax", 2),), s3="tax")
    free(calls, "s2", "s1")
    assert joined(calls, "a") == ["s1", "s2"]
    assert joined(calls, "b") == []
    assert free(calls, "s3") == ["b"]  # who has no telephone comes first
    calls.leave("b", "tax")
    assert free(calls, "s3") == ["a"]
    calls.leave("a", "tax")
    assert free(calls, "s3") == [None]


def test_the_oldest_of_those_who_want_more_telephones_has_them() -> None:
    calls = router(QueueSettings(ring=2), s1="tax", s2="tax", s3="tax", s4="tax")
    free(calls, "s1", "s2")
    assert joined(calls, "a") == ["s1", "s2"]
    joined(calls, "b")
    joined(calls, "c")
    assert free(calls, "s3", "s4") == ["b", "c"]
    calls.leave("a", "tax")
    assert free(calls, "s1", "s2") == ["b", "c"]
    assert free(calls, "s1") == [None]  # each has two by now


def test_a_telephone_that_drops_out_is_replaced() -> None:
    calls = router(QueueSettings(ring=2), s1="tax", s2="tax", s3="tax", s4="tax")
    free(calls, "s1", "s2", "s3")
    assert joined(calls, "a") == ["s1", "s2"]
    assert [seat.id for seat in calls.dropped("a", "tax", 1)] == ["s3"]
    assert calls.dropped("a", "tax", 2) == []
    assert free(calls, "s4", "s1") == ["a", None]


def test_where_one_telephone_rings_nothing_is_replaced() -> None:
    calls = router(s1="tax", s2="tax")
    free(calls, "s1", "s2")
    joined(calls, "a")
    assert (calls.dropped("a", "tax", 1), calls.free("tax")) == ([], 1)


def test_who_wants_more_telephones_gets_those_with_a_delay_in_time() -> None:
    calls = router(
        QueueSettings(ring=3), s1="tax", s2=(Serves("tax", 1, 30.0),), s3=(Serves("tax", 1, 30.0),)
    )
    free(calls, "s1", "s2")
    assert joined(calls, "a") == ["s1"]
    assert calls.next_widening("a", "tax", 0) == 30
    assert [seat.id for seat in calls.widen("a", "tax", 30)] == ["s2"]
    assert free(calls, "s3", "s1", now=31) == ["a", None]


def test_who_comes_back_wants_all_his_telephones_anew() -> None:
    calls = router(QueueSettings(ring=2), s1="tax", s2="tax", s3="tax")
    free(calls, "s1")
    assert joined(calls, "a") == ["s1"]
    assert joined(calls, "a") == []  # nobody picked up
    assert calls.in_line("tax") == ["a"]
    assert free(calls, "s1", "s2", "s3") == ["a", "a", None]
