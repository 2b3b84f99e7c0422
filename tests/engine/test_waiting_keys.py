"""Keys that lead out of the line, and back into it."""

from __future__ import annotations

from typing import Any

import pytest

from calls.requests import SeatLoggedOut
from tests.engine.city import City
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit

LINE = {"type": "enqueue", "queue": "main", "full": "busy", "no_seats": "nobody", "timeout": "given_up"}
NODES: dict[str, dict[str, Any]] = {
    "line": LINE | {"keys": {"1": "choice", "9": "bye"}},
    "choice": {"type": "menu", "prompt": "info", "keys": {"1": "line", "2": "other"}, "after": "bye"},
    "other": LINE | {"queue": "second"},
}


def at_work(city: MakeCity, queue: dict[str, Any] | None = None, **fields: Any) -> City:
    """The one operator talks from the second second on."""
    main = {"wrapup_s": 0, "ring_timeout_s": 20} | (queue or {})
    queues = {"main": main, "second": {"max_wait_s": 100}}
    tax = city(nodes=NODES, queues=queues, **fields)
    tax.waits(1, "first")
    tax.picks_up(2, "s1")
    return tax


def in_line(tax: City, queue: str = "tax/main") -> list[str]:
    """Who waits, the head first."""
    floor = tax.engine.floor
    return [floor.calls[name].leg for name in floor.router.in_line(queue)]


def test_out_of_the_line(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.presses(4, "ann", "5")
    tax.presses(5, "ann", "1")
    assert tax.done(4) == [(5, "no music to ann"), (5, "play info to ann")]
    assert tax.life("ann", 4) == [(5, "IVR")]
    tax.hangs_up(6, "ann")
    assert tax.life("ann", 6) == [(6, "abandoned_queue"), (6, "CLOSED")]


def test_to_the_end_of_the_flow(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.presses(5, "ann", "9")
    tax.hears(6, "ann")
    assert tax.life("ann", 4) == [(5, "IVR"), (6, "abandoned_queue"), (6, "CLOSED")]


def test_who_goes_on_waiting_has_kept_his_place(city: MakeCity) -> None:
    tax = at_work(city, {"max_waiting": 2})
    tax.waits(3, "ann")
    tax.waits(4, "ben")
    tax.presses(5, "ann", "1")
    tax.waits(6, "carl")  # the line is full again
    tax.presses(7, "ann", "1")
    assert in_line(tax) == ["ann", "ben", "carl"]


def test_into_another_queue(city: MakeCity) -> None:
    tax = at_work(city, {"max_wait_s": 10})
    tax.waits(3, "ann")
    tax.presses(5, "ann", "1")
    tax.presses(6, "ann", "2")
    assert (in_line(tax), in_line(tax, "tax/second")) == ([], ["ann"])
    tax.time_passes(105)
    assert in_line(tax, "tax/second") == ["ann"]  # the time that one may wait is that of the queue
    tax.time_passes(107)
    assert tax.life("ann", 100) == [(106, "IVR")]


def test_keys_make_nobody_wait_longer_than_he_may(city: MakeCity) -> None:
    tax = at_work(city, {"max_wait_s": 10})
    tax.waits(3, "ann")
    tax.presses(5, "ann", "1")
    tax.presses(12, "ann", "1")
    tax.time_passes(14)
    assert tax.life("ann", 12) == [(12, "QUEUED"), (13, "IVR")]


def test_who_comes_back_too_late_is_told_at_once(city: MakeCity) -> None:
    tax = at_work(city, {"max_wait_s": 10})
    tax.waits(3, "ann")
    tax.presses(5, "ann", "1")
    tax.presses(20, "ann", "1")
    tax.time_passes(20)
    assert tax.life("ann", 12) == [(20, "QUEUED"), (20, "IVR")]
    assert tax.done(20)[-1] == (20, "play busy to ann")


def test_whom_a_telephone_rings_for(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.waits(4, "ben")
    tax.hangs_up(10, "first")
    tax.presses(12, "ann", "1")
    assert tax.life("ann", 5) == [(10, "RINGING"), (12, "QUEUED"), (12, "IVR")]
    assert tax.done(12) == [
        (12, "no music to ann"),
        (12, "hang up s1 (answered_elsewhere)"),
        (12, "play info to ann"),
        (12, "ring s1 for ben"),
    ]
    assert tax.engine.floor.seats["s1"].misses == 0
    tax.presses(13, "ann", "1")
    tax.hangs_up(14, "ben")
    assert tax.done(14)[-1] == (14, "ring s1 for ann")


def test_not_once_somebody_has_picked_up(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.hangs_up(10, "first")
    tax.confirms = False
    tax.picks_up(11, "s1")
    tax.presses(11, "ann", "1")
    assert tax.life("ann", 11) == []


def test_in_the_middle_of_a_notice(city: MakeCity) -> None:
    tax = at_work(city, {"notices": {"first_s": 5, "position": True}})
    tax.waits(3, "ann")
    tax.presses(9, "ann", "1")
    assert tax.done(8) == [
        (8, "no music to ann"),
        (8, "play position_1 to ann"),
        (9, "stop p2 of ann"),
        (9, "play info to ann"),
    ]
    tax.presses(10, "ann", "1")
    tax.time_passes(15)
    assert tax.done(15) == [(15, "no music to ann"), (15, "play position_1 to ann")]


def test_nobody_there_any_more(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.presses(5, "ann", "1")
    tax.happens(5.5, SeatLoggedOut("s1"))
    tax.hangs_up(6, "first")
    tax.presses(7, "ann", "1")
    assert tax.done(7)[-1] == (7, "play nobody to ann")
