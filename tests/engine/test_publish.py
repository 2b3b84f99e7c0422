"""Another version of a project in the middle of the day: calls in progress end as they began."""

from __future__ import annotations

from typing import Any

import pytest

from calls.events import HoursClockShifted, PhoneUnregistered, ProjectPublished, ProjectWithdrawn
from calls.journal import differences
from engine.centre import Centre, SeatPlan
from engine.engine import Engine
from ivr.bundle import bundle_of
from tests.engine.city import TAX, WATER, City, plain, project, published
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit

QUIET = {"notice": {"type": "say", "guidance": "web", "next": "line"}}
RENAMED: dict[str, Any] = {
    "nodes": {
        "line": {
            "type": "enqueue",
            "queue": "second",
            "full": "busy",
            "no_seats": "nobody",
            "timeout": "busy",
        }
    },
    "queues": {"second": {"wrapup_s": 5}},
}


def new(version: int = 1, number: str = TAX, **fields: Any) -> ProjectPublished:
    return published("tax", number, version, **fields)


def lines(city: City) -> dict[str, int]:
    """How many wait in each queue."""
    router = city.engine.floor.router
    return {queue: router.waiting(queue) for queue in router._queues}


def test_a_new_caller_finds_the_new_flow_and_the_one_before_goes_on_in_the_old(city: MakeCity) -> None:
    tax = city(nodes={"notice": {"type": "say", "guidance": ["notice", "info"], "next": "line"}})
    tax.arrives(1, "anna")
    tax.happens(2, new(nodes=QUIET))
    tax.hears(3, "anna")
    tax.arrives(4, "ben")
    assert [what for _, what in tax.done(1) if what.startswith("play")] == [
        "play notice to anna",
        "play info to anna",
        "play web to ben",
    ]
    assert [call.version for call in tax.engine.floor.calls.values()] == [0, 1]


def test_a_caller_in_the_menu_of_the_old_version_presses_its_keys(city: MakeCity) -> None:
    tax = city(start=1778115600.0 + 8 * 3600)
    tax.arrives(1, "anna")
    tax.hears(2, "anna")
    tax.happens(
        3, new(nodes={"info": {"type": "hangup", "guidance": "bye"}, "web": {"type": "goto", "node": "bye"}})
    )
    tax.presses(4, "anna", "1")
    assert tax.done(4)[-1] == (4, "play web to anna")


def test_who_waits_keeps_his_place_and_the_settings_of_his_queue(city: MakeCity) -> None:
    tax = city(queue={"wrapup_s": 30})
    tax.waits(1, "anna")
    tax.waits(2, "ben")
    tax.happens(3, new(queue={"wrapup_s": 5}))
    tax.waits(4, "carl")
    tax.picks_up(5, "s1")
    tax.hangs_up(6, "anna")
    tax.time_passes(35)
    assert tax.life("s1", 6) == [(6, "WRAP_UP")]
    tax.time_passes(37)
    assert (36, "ring s1 for ben") in tax.done(36)
    tax.picks_up(38, "s1")
    tax.hangs_up(39, "ben")
    tax.time_passes(70)
    tax.picks_up(70, "s1")
    tax.hangs_up(71, "carl")
    tax.time_passes(100)
    assert (76, "READY") in tax.life("s1", 71)  # the new version gives five seconds for the record


def test_a_queue_that_is_no_more_is_served_to_its_last_caller(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.waits(2, "ben")
    tax.happens(3, new(**RENAMED))
    tax.waits(4, "carl")
    assert lines(tax) == {"tax/main": 1, "tax/second": 1}
    tax.picks_up(5, "s1")
    tax.hangs_up(6, "anna")
    tax.time_passes(37)
    assert tax.done(36)[0] == (36, "ring s1 for ben")  # he came before carl
    tax.hangs_up(38, "ben")
    tax.time_passes(40)
    assert tax.done(38)[-1] == (38, "ring s1 for carl")
    tax.happens(41, new(2, **RENAMED))
    assert lines(tax) == {"tax/second": 0}


def test_a_caller_still_in_the_old_flow_comes_into_its_queue(city: MakeCity) -> None:
    tax = city()
    tax.arrives(1, "anna")
    tax.happens(2, new(**RENAMED))
    tax.hears(3, "anna")
    assert tax.done(3) == [(3, "ring s1 for anna")]
    assert tax.engine.floor.seats["s1"].queues == ("tax/second", "tax/main")


def test_free_seats_keep_their_turn_in_a_new_queue(city: MakeCity) -> None:
    tax = city(seats=3, queue={"wrapup_s": 0})
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.hangs_up(3, "anna")
    tax.happens(4, new(**RENAMED))
    for at, caller in ((5, "ben"), (6, "carl"), (7, "dora")):
        tax.waits(at, caller)
    assert [what for _, what in tax.done(5) if what.startswith("ring")] == [
        "ring s2 for ben",
        "ring s3 for carl",
        "ring s1 for dora",
    ]


def test_a_seat_that_is_away_is_not_free_in_a_new_queue(city: MakeCity) -> None:
    tax = city(seats=2)
    tax.happens(1, PhoneUnregistered("s1"))
    tax.happens(2, new(**RENAMED))
    tax.waits(3, "anna")
    assert tax.done(3)[-1] == (3, "ring s2 for anna")


def test_a_talk_goes_on_and_its_wrap_up_is_that_of_its_version(city: MakeCity) -> None:
    tax = city(queue={"wrapup_s": 30})
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.happens(3, new(**RENAMED))
    assert tax.done(3) == []
    tax.hangs_up(4, "anna")
    tax.time_passes(35)
    assert tax.life("s1", 3) == [(4, "WRAP_UP"), (34, "READY")]


def test_a_number_that_moves_to_another_project() -> None:
    plans = (SeatPlan("s1", ("tax", "water")),)
    both = City(Centre({"tax": project("tax", TAX), "water": project("water", WATER)}, plans))
    both.happens(1, new(number="0480009999"), published("water", TAX, 1))
    both.arrives(2, "anna", TAX)
    both.arrives(3, "ben", WATER)
    [call] = both.engine.floor.calls.values()
    assert (call.project.project, both.life("ben")) == ("water", [(3, "blocked"), (3, "CLOSED")])
    both.check()


def test_a_project_that_is_withdrawn_serves_who_waits(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.waits(2, "ben")
    tax.happens(3, ProjectWithdrawn("tax"), ProjectWithdrawn("tax"))
    tax.arrives(4, "carl")
    assert tax.life("carl") == [(4, "blocked"), (4, "CLOSED")]
    tax.picks_up(5, "s1")
    tax.hangs_up(6, "anna")
    tax.time_passes(37)
    assert tax.done(36) == [(36, "ring s1 for ben")]
    tax.hangs_up(38, "ben")
    assert tax.engine.floor.calls == {}


def test_a_project_that_is_new(city: MakeCity) -> None:
    plans = (SeatPlan("s1", ("tax", "water")),)
    tax = City(Centre({"tax": project("tax", TAX)}, plans))
    tax.happens(1, published("water", WATER, 1))
    tax.arrives(2, "anna", WATER)
    tax.hears(3, "anna")
    assert tax.done(3) == [(3, "ring s1 for anna")]
    tax.check()


def test_the_test_clock_stays_and_still_moves_the_callers_of_both_versions(city: MakeCity) -> None:
    asks_twice = {"notice": {"type": "say", "guidance": "notice", "next": "again"}}
    again = {"again": {"type": "hours", "open": "line", "closed": "sorry"}}
    tax = city(nodes=asks_twice | again)
    tax.arrives(1, "anna")
    tax.happens(2, HoursClockShifted("tax", 8 * 3600.0), new())
    tax.arrives(3, "ben")
    assert tax.done(3)[-1] == (3, "play closed to ben")
    tax.happens(4, HoursClockShifted("tax", 0.0))
    tax.hears(5, "anna")
    assert tax.done(5) == [(5, "ring s1 for anna")]


def test_what_is_no_bundle_changes_nothing() -> None:
    tax = City()
    before = tax.engine.floor.centre
    for bundle in ("", "{}", '{"project": {}, "calendars": {}}', bundle_of(plain("gas", TAX), {})):
        with pytest.raises(ValueError, match=r"."):
            tax.engine.handle(ProjectPublished("tax", 1, bundle), tax.start)
    assert tax.engine.floor.centre is before


def test_a_journal_with_versions_needs_no_file(city: MakeCity) -> None:
    tax = city()
    for at, version in ((1, new(1, **RENAMED)), (10, new(2)), (20, new(3, nodes=QUIET))):
        tax.waits(at - 0.5, f"caller {at}")
        tax.happens(at, version)
    assert list(differences(tax.entries, Engine(tax.centre))) == []
    assert tax.engine.floor.centre.digest() != tax.centre.digest()
