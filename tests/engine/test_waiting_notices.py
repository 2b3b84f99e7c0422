"""What a waiting caller hears besides music."""

from __future__ import annotations

from typing import Any

import pytest

from calls.events import CommandFailed, GuidanceFinished
from engine.speech import GOES_ON_AFTER_S, LONGEST_GUIDANCE_S
from tests.engine.city import City
from tests.engine.conftest import MakeCity
from tests.engine.moving import moving_line

pytestmark = pytest.mark.unit

EVERY = {"first_s": 10, "every_s": 30, "guidance": "web", "position": True}


def at_work(
    city: MakeCity, notices: dict[str, Any], queue: dict[str, Any] | None = None, seats: int = 1
) -> City:
    """All operators talk from the second second on."""
    tax = city(seats=seats, queue={"notices": notices, "wrapup_s": 0} | (queue or {}))
    for number in range(1, seats + 1):
        tax.waits(1, f"first{number}")
        tax.picks_up(2, f"s{number}")
    return tax


def heard(tax: City, caller: str, since: float = 3) -> list[tuple[float, str]]:
    """What sounds in the ear of a waiting caller."""
    return [
        (at, what.removesuffix(f" to {caller}").removesuffix(f" of {caller}"))
        for at, what in tax.done(since)
        if what.endswith(f" to {caller}") or (what.startswith("stop ") and what.endswith(f" of {caller}"))
    ]


def test_guidance_and_place_by_turns_with_music(city: MakeCity) -> None:
    tax = at_work(city, EVERY)
    tax.waits(3, "ann")
    tax.waits(4, "ben")
    tax.hears(17, "ben")
    tax.hears(20, "ben")
    tax.hangs_up(30, "ann")
    tax.time_passes(50)
    assert heard(tax, "ben", 4)[1:] == [
        (4, "music"),
        (14, "no music"),
        (14, "play web"),
        (17, "play position_2"),
        (20, "music"),
        (50, "no music"),
        (50, "play web"),
    ]
    tax.hears(52, "ben")
    assert heard(tax, "ben", 52) == [(52, "play position_1")]


def test_once_only(city: MakeCity) -> None:
    tax = at_work(city, EVERY | {"every_s": None, "position": False})
    tax.waits(3, "ann")
    tax.hears(17, "ann")
    tax.time_passes(5000)
    assert heard(tax, "ann")[-2:] == [(13, "play web"), (17, "music")]
    assert len(tax.engine.floor.timers) == 0


def test_who_never_waits_has_no_deadline_for_it(city: MakeCity) -> None:
    tax = city(queue={"notices": EVERY})
    tax.waits(1, "ann")
    assert tax.engine.floor.calls[next(iter(tax.engine.floor.calls))].notice_timer is None
    tax.picks_up(1.5, "s1")
    tax.time_passes(100)
    assert heard(tax, "ann") == []


def test_nothing_to_be_said_leaves_the_music_alone(city: MakeCity) -> None:
    tax = at_work(city, {"first_s": 10, "every_s": 30, "expected_wait": True})
    tax.waits(3, "ann")
    tax.time_passes(200)
    assert heard(tax, "ann")[1:] == [(3, "music")]
    assert tax.engine.next_deadline() is not None


def test_the_expected_wait_where_it_is_steady(city: MakeCity) -> None:
    tax = city(
        queue={"notices": {"first_s": 10, "expected_wait": True}, "wrapup_s": 0, "ring_timeout_s": 600}
    )
    last = 2000.0
    moving_line(tax, last, 90.0)
    tax.waits(last + 1, "ben")
    tax.waits(last + 1, "carl")
    tax.time_passes(last + 11)
    assert heard(tax, "ben", last + 11) == [(last + 11, "no music"), (last + 11, "play wait_2")]
    assert heard(tax, "carl", last + 11)[1:] == [(last + 11, "play wait_3")]


def test_on_while_a_telephone_rings(city: MakeCity) -> None:
    tax = city(queue={"notices": EVERY | {"position": False}})
    tax.waits(1, "ann")
    tax.time_passes(12)
    assert tax.life("ann")[-1][1] == "RINGING"
    tax.hears(13, "ann")
    assert heard(tax, "ann", 2) == [(2, "music"), (12, "no music"), (12, "play web"), (13, "music")]


def test_a_telephone_that_rings_in_vain_does_not_cut_him_short(city: MakeCity) -> None:
    tax = city(seats=2, queue={"notices": EVERY | {"first_s": 18, "position": False}, "misses": 1})
    tax.waits(1, "ann")
    tax.time_passes(22)
    assert tax.done(20)[-1] == (21, "ring s2 for ann")
    tax.hears(23, "ann")
    assert heard(tax, "ann", 20) == [(20, "no music"), (20, "play web"), (23, "music")]


def test_who_picks_up_ends_it(city: MakeCity) -> None:
    tax = at_work(city, EVERY)
    tax.waits(3, "ann")
    tax.hangs_up(14, "first1")
    playback = tax.playback("ann")
    tax.picks_up(15, "s1")
    assert tax.done(15) == [(15, "stop p2 of ann"), (15, "connect ann s1"), (15, "record ann")]
    tax.happens(15, GuidanceFinished(playback))  # the end of what was stopped means nothing
    tax.time_passes(300)
    assert heard(tax, "ann", 16) == []


def test_the_operator_is_gone_before_the_two_are_connected(city: MakeCity) -> None:
    tax = at_work(city, EVERY, {"misses": 1})
    tax.waits(3, "ann")
    tax.hears(14, "ann")
    tax.hears(15, "ann")
    tax.hangs_up(16, "first1")
    tax.confirms = False
    tax.picks_up(17, "s1")
    tax.hangs_up(18, "s1")
    tax.time_passes(48)
    assert heard(tax, "ann", 17) == [(17, "no music"), (18, "music"), (48, "no music"), (48, "play web")]


def test_the_caller_hangs_up_in_the_middle_of_it(city: MakeCity) -> None:
    tax = at_work(city, EVERY)
    tax.waits(3, "ann")
    tax.hangs_up(14, "ann")
    tax.happens(14, GuidanceFinished(tax.playback("ann"), ok=False))
    tax.time_passes(100)
    assert tax.life("ann", 14) == [(14, "abandoned_queue"), (14, "CLOSED")]
    assert len(tax.engine.floor.timers) == 0


def test_a_text_that_cannot_be_played_is_passed_over(city: MakeCity) -> None:
    tax = at_work(city, EVERY)
    tax.waits(3, "ann")
    for at in (14, 15):
        tax.time_passes(at)
        tax.happens(at, CommandFailed("PlayGuidance", tax.playback("ann")))
    tax.time_passes(20)
    assert heard(tax, "ann", 13)[1:] == [
        (13, "play web"),
        (14 + GOES_ON_AFTER_S, "play position_1"),
        (15 + GOES_ON_AFTER_S, "music"),
    ]


def test_a_playback_of_which_nothing_more_is_heard(city: MakeCity) -> None:
    tax = at_work(city, EVERY | {"position": False})
    tax.waits(3, "ann")
    tax.time_passes(13 + LONGEST_GUIDANCE_S)
    assert heard(tax, "ann")[-2:] == [(13, "play web"), (13 + LONGEST_GUIDANCE_S, "music")]


def test_who_has_waited_too_long_is_not_spoken_to_twice(city: MakeCity) -> None:
    tax = at_work(city, EVERY, {"max_wait_s": 11})
    tax.waits(3, "ann")
    tax.time_passes(14)
    assert heard(tax, "ann", 13) == [
        (13, "no music"),
        (13, "play web"),
        (14, "stop p2"),
        (14, "play busy"),
    ]


def test_in_the_language_of_the_caller(city: MakeCity) -> None:
    nodes = {"gate": {"type": "language", "set": "en", "next": "line"}}
    tax = city(seats=1, queue={"notices": {"position": True}}, nodes=nodes, languages=["ja", "en"])
    tax.arrives(1, "ann")
    tax.picks_up(1, "s1")
    tax.arrives(2, "ben")
    tax.time_passes(17)
    (said,) = [command for command in tax.entries[-1].commands if type(command).__name__ == "PlayGuidance"]
    assert (said.guidance, said.language) == ("position_1", "en")  # type: ignore[attr-defined]
