"""What a flow sees of the centre: queues, seats, days, further hours, lists of numbers."""

from __future__ import annotations

from typing import Any

import pytest

from calls.events import CallArrived, HoursClockShifted
from tests.engine.city import CLOSED, NODES, OPEN, TAX, City
from tests.engine.conftest import MakeCity
from tests.engine.moving import moving_line

pytestmark = pytest.mark.unit

DAY_S = 86400.0


def branch(when: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A caller hears `busy` if a condition holds, and else goes into the line at once."""
    return {"gate": {"type": "branch", "cases": [{"when": when, "to": "busy"}], "otherwise": "line"}}


def heard(city: City, caller: str) -> list[str]:
    """What was played to a caller."""
    return [what.split()[1] for _, what in city.done() if what.startswith("play") and what.endswith(caller)]


def test_callers_who_wait(city: MakeCity) -> None:
    tax = city(seats=1, nodes=branch({"queue_length": {"queue": "main", "at_least": 2}}))
    for at, caller in enumerate(("anna", "ben", "carl", "dora")):
        tax.arrives(at, caller)
    assert [heard(tax, caller) for caller in ("anna", "ben", "carl", "dora")] == [[], [], [], ["busy"]]
    tax.hangs_up(10, "carl")
    tax.arrives(11, "emil")
    assert heard(tax, "emil") == []


def test_seats_that_are_free(city: MakeCity) -> None:
    tax = city(seats=2, nodes=branch({"seats_free": {"queue": "main", "at_least": 2}}))
    tax.arrives(1, "anna")
    tax.hangs_up(2, "anna")
    tax.arrives(3, "ben")
    assert heard(tax, "ben") == ["busy"]


def test_the_wait_that_is_to_be_expected(city: MakeCity) -> None:
    when = {"expected_wait": {"queue": "main", "at_least_s": 150}}
    tax = city(seats=1, queue={"wrapup_s": 0, "ring_timeout_s": 600}, nodes=branch(when))
    moving_line(tax, 3000, 100)
    for caller in ("anna", "ben"):
        tax.arrives(3000, caller)
    assert [heard(tax, caller) for caller in ("anna", "ben")] == [[], ["busy"]]


def test_none_is_to_be_expected_where_a_seat_is_free(city: MakeCity) -> None:
    when = {"expected_wait": {"queue": "main", "at_least_s": 1}}
    tax = city(seats=1, queue={"wrapup_s": 0}, nodes=branch(when))
    moving_line(tax, 3000, 100)
    tax.hangs_up(3050, "mover20")
    tax.arrives(3060, "anna")
    assert heard(tax, "anna") == []


def test_who_kept_his_place_has_less_to_wait(city: MakeCity) -> None:
    when = {"expected_wait": {"queue": "main", "at_least_s": 150}}
    nodes = {
        "gate": {"type": "say", "guidance": "notice", "next": "line"},
        "line": NODES["line"] | {"keys": {"1": "ask"}},
        "ask": {"type": "branch", "cases": [{"when": when, "to": "busy"}], "otherwise": "web"},
    }
    tax = city(seats=1, queue={"wrapup_s": 0}, nodes=nodes)
    moving_line(tax, 3000, 100)
    for caller in ("anna", "ben", "carl"):
        tax.waits(3000, caller)
    tax.presses(3001, "carl", "1")
    tax.presses(3001, "anna", "1")
    assert [heard(tax, caller)[1:] for caller in ("anna", "carl")] == [["web"], ["busy"]]


def test_nothing_is_foretold_before_a_handful_of_answers(city: MakeCity) -> None:
    tax = city(seats=1, nodes=branch({"expected_wait": {"queue": "main", "at_least_s": 0.001}}))
    for at, caller in enumerate(("anna", "ben", "carl")):
        tax.arrives(at, caller)
    assert heard(tax, "carl") == []


@pytest.mark.parametrize(("days", "text"), [(-7, ["busy"]), (0, []), (1, [])])
def test_the_day_on_the_test_clock(city: MakeCity, days: int, text: list[str]) -> None:
    tax = city(nodes=branch({"date": {"from": "2026-04-01", "to": "2026-05-06"}}))
    tax.happens(1, HoursClockShifted("tax", days * DAY_S))
    tax.arrives(2, "anna")
    assert heard(tax, "anna") == text


@pytest.mark.parametrize(("start", "text"), [(OPEN, "closed"), (CLOSED, "notice")])
def test_a_second_set_of_hours(city: MakeCity, start: float, text: str) -> None:
    nodes = {"gate": {"type": "hours", "calendar": "night", "open": "notice", "closed": "sorry"}}
    tax = city(start, nodes=nodes, hours_sets={"night": {"weekly": {"mon-sun": ["17:15-23:00"]}}})
    tax.arrives(1, "anna")
    assert heard(tax, "anna") == [text]


@pytest.mark.parametrize(
    ("caller", "text"),
    [("0466251111", ["busy"]), ("09012345678", ["busy"]), ("09012345679", []), ("", [])],
)
def test_a_list_of_numbers(city: MakeCity, caller: str, text: list[str]) -> None:
    lists = {"city": ["0466-25-*", "090-1234-5678"]}
    tax = city(nodes=branch({"caller_in": "city"}), number_lists=lists)
    tax.happens(1, CallArrived("anna", TAX, caller))
    assert heard(tax, "anna") == text


def test_digits_one_by_one_and_read_back(city: MakeCity) -> None:
    gate = {
        "type": "collect", "prompt": "info", "into": "code", "length": 2, "confirm": "web",
        "next": "busy", "after": "nobody",
    }  # fmt: skip
    tax = city(nodes={"gate": gate})
    tax.arrives(1, "anna")
    tax.presses(2, "anna", "4")
    tax.presses(6.9, "anna", "2")  # the time for a digit begins anew with each
    for at in (8, 9, 10, 11):
        tax.hears(at, "anna")
    tax.presses(12, "anna", "1")
    assert heard(tax, "anna") == ["info", "web", "digit_4", "digit_2", "confirm_keys", "busy"]


def test_silence_after_the_first_digit(city: MakeCity) -> None:
    gate = {
        "type": "collect",
        "prompt": "info",
        "into": "code",
        "length": [1, 9],
        "next": "busy",
        "after": "nobody",
    }
    tax = city(nodes={"gate": gate})
    tax.arrives(1, "anna")
    tax.presses(2, "anna", "4")
    tax.time_passes(7)
    assert (heard(tax, "anna"), tax.done(7)[0]) == (["info", "busy"], (7, "play busy to anna"))
