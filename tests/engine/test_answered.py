"""Calls that an operator answers, and what comes after."""

from __future__ import annotations

import pytest

from calls.commands import RingSeat, StartRecording
from calls.events import LegsConnected
from calls.requests import WrapUpFinished
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def test_from_the_number_to_the_end_of_the_record(city: MakeCity) -> None:
    tax = city()
    tax.arrives(1, "anna")
    tax.hears(9, "anna")
    tax.picks_up(12, "s1")
    tax.hangs_up(72, "anna")
    tax.time_passes(200)
    assert tax.done() == [
        (1, "answer anna"),
        (1, "play notice to anna"),
        (9, "ring s1 for anna"),
        (10, "music to anna"),
        (12, "no music to anna"),
        (12, "connect anna s1"),
        (12, "record anna"),
        (72, "part anna"),
        (72, "hang up s1"),
    ]
    assert tax.life("anna") == [
        (1, "IVR"),
        (9, "QUEUED"),
        (9, "RINGING"),
        (12, "answered"),
        (12, "TALKING"),
        (72, "WRAP_UP"),
        (102, "CLOSED"),
    ]
    assert tax.life("s1") == [(0, "READY"), (9, "RINGING"), (12, "TALKING"), (72, "WRAP_UP"), (102, "READY")]
    assert tax.engine.next_deadline() is None


def test_the_operator_hangs_up(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.hangs_up(10, "s1")
    assert tax.done(10) == [(10, "hang up anna"), (10, "part anna")]
    assert tax.life("anna", 10) == [(10, "WRAP_UP")]


def test_the_operator_hangs_up_and_the_caller_in_the_same_moment(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.confirms = False
    tax.hangs_up(10, "s1")
    tax.hangs_up(10, "anna")
    assert tax.done(10) == [(10, "hang up anna"), (10, "part anna")]
    assert tax.life("anna", 10) == [(10, "WRAP_UP")]


def test_the_record_is_finished_before_its_time(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.waits(3, "ben")
    tax.hangs_up(10, "anna")
    tax.happens(15, WrapUpFinished("s1"))
    assert tax.done(11) == [(15, "ring s1 for ben")]
    tax.happens(16, WrapUpFinished("s1"))  # means nothing while it rings
    assert tax.life("anna", 11) == [(15, "CLOSED")]


def test_no_time_for_the_record(city: MakeCity) -> None:
    tax = city(queue={"wrapup_s": 0})
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.waits(3, "ben")
    tax.hangs_up(10, "anna")
    assert tax.done(10) == [(10, "part anna"), (10, "hang up s1"), (10, "ring s1 for ben")]
    assert tax.life("s1", 10) == [(10, "RINGING")]


def test_a_record_without_a_limit(city: MakeCity) -> None:
    tax = city(queue={"wrapup_s": None})
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.hangs_up(10, "anna")
    tax.time_passes(100_000)
    assert tax.life("s1", 10) == [(10, "WRAP_UP")]
    tax.happens(100_001, WrapUpFinished("s1"))
    assert tax.life("s1", 11) == [(100_001, "READY")]


def test_the_seat_is_not_free_before_its_telephone_is(city: MakeCity) -> None:
    tax = city(queue={"wrapup_s": 0})
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.waits(3, "ben")
    tax.confirms = False
    tax.hangs_up(10, "anna")
    assert tax.done(11) == []
    tax.hangs_up(12, "s1")
    assert tax.done(11) == [(12, "ring s1 for ben")]


def test_thirty_four_at_once_each_on_a_seat_of_his_own(city: MakeCity) -> None:
    tax = city(seats=34)
    for number in range(34):
        tax.waits(1, f"caller{number}")
    rung = [
        command.seat for entry in tax.entries for command in entry.commands if isinstance(command, RingSeat)
    ]
    assert rung == [f"s{number}" for number in range(1, 35)]
    for seat in rung:
        tax.picks_up(2, seat)
    assert sum(isinstance(c, StartRecording) for entry in tax.entries for c in entry.commands) == 34
    assert {seat.state for seat in tax.engine.floor.seats.values()} == {"TALKING"}


def test_the_seat_that_is_free_for_the_longest_time(city: MakeCity) -> None:
    tax = city(seats=3, queue={"wrapup_s": 0})
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.hangs_up(3, "anna")
    for caller in ("ben", "cora", "dan"):
        tax.waits(4, caller)
    assert tax.done(4)[2::3] == [(4, "ring s2 for ben"), (4, "ring s3 for cora"), (4, "ring s1 for dan")]


def test_a_project_that_does_not_record(city: MakeCity) -> None:
    tax = city(recording={"enabled": False})
    tax.waits(1, "anna")
    tax.picks_up(1.5, "s1")
    assert tax.done(1.5) == [(1.5, "connect anna s1")]


def test_answered_twice_and_connected_twice(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.picks_up(3, "s1")
    tax.happens(4, LegsConnected(tax.bridge("anna")))
    assert tax.done(3) == []
