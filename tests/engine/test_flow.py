"""The flow out of hours, the test clock, and guidance that does not behave."""

from __future__ import annotations

import pytest

from calls.commands import PlayGuidance
from calls.event import Event
from calls.events import CommandFailed, GuidanceFinished, HoursClockShifted
from tests.engine.city import CLOSED, City, centre
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def test_served_by_the_menu(city: MakeCity) -> None:
    tax = city(start=CLOSED)
    tax.arrives(1, "anna")
    tax.hears(10, "anna")
    tax.presses(12, "anna", "1")
    tax.hears(20, "anna")
    tax.hears(22, "anna")
    assert tax.done() == [
        (1, "answer anna"),
        (1, "play closed to anna"),
        (10, "play info to anna"),
        (12, "stop p2 of anna"),
        (12, "play web to anna"),
        (20, "play bye to anna"),
        (22, "hang up anna"),
    ]
    assert tax.life("anna") == [(1, "IVR"), (22, "self_served"), (22, "CLOSED")]


def test_silent_until_the_end(city: MakeCity) -> None:
    tax = city(start=CLOSED)
    tax.arrives(1, "anna")
    tax.hears(10, "anna")
    tax.hears(15, "anna")
    tax.hears(22, "anna")
    tax.time_passes(27)
    tax.hears(29, "anna")
    assert tax.done(15) == [
        (20, "play info to anna"),
        (27, "play bye to anna"),
        (29, "hang up anna"),
    ]
    assert tax.life("anna", 29) == [(29, "closed"), (29, "CLOSED")]


def test_a_key_in_time_stops_the_silence(city: MakeCity) -> None:
    tax = city(start=CLOSED)
    tax.arrives(1, "anna")
    tax.hears(10, "anna")
    tax.hears(15, "anna")
    tax.presses(19, "anna", "0")
    assert tax.done(11) == [(19, "play info to anna")]
    tax.time_passes(30)
    assert tax.done(20) == []


def test_the_test_clock_moves_the_hours_of_one_project(city: MakeCity) -> None:
    tax = city()
    tax.happens(1, HoursClockShifted("tax", 8 * 3600), HoursClockShifted("water", 1))
    tax.arrives(1, "anna")
    tax.happens(2, HoursClockShifted("tax", 0))
    tax.arrives(2, "ben")
    assert [what for _, what in tax.done() if "play" in what] == ["play closed to anna", "play notice to ben"]


def test_the_hours_change_with_the_time(city: MakeCity) -> None:
    tax = city()
    closing = 7.25 * 3600  # 17:15
    for at in (closing - 0.001, closing, closing + 15.25 * 3600 - 0.001, closing + 15.25 * 3600):
        tax.arrives(at, f"caller{at}")
    heard = [what.split()[1] for _, what in tax.done() if "play" in what and "busy" not in what]
    assert [text for text in heard if text in ("notice", "closed")] == [
        "notice",
        "closed",
        "closed",
        "notice",
    ]


def playback(tax: City) -> str:
    """The playback that was begun last."""
    commands = [command for entry in tax.entries for command in entry.commands]
    return next(command.playback for command in reversed(commands) if isinstance(command, PlayGuidance))


def failed(tax: City) -> list[Event]:
    """Both ways to learn that the last guidance could not be played."""
    return [CommandFailed("PlayGuidance", playback(tax), 500), GuidanceFinished(playback(tax), ok=False)]


@pytest.mark.parametrize("which", [0, 1])
def test_a_guidance_that_cannot_be_played_does_not_keep_the_caller(city: MakeCity, which: int) -> None:
    tax = city()
    tax.arrives(1, "anna")
    tax.happens(1, failed(tax)[which])
    tax.time_passes(2)
    assert tax.done(1)[2:] == [(1.5, "ring s1 for anna")]


@pytest.mark.parametrize("which", [0, 1])
def test_a_guidance_that_failed_because_the_caller_has_gone(city: MakeCity, which: int) -> None:
    tax = city()
    tax.arrives(1, "anna")
    tax.happens(2, failed(tax)[which])
    tax.hangs_up(2, "anna")
    assert tax.life("anna", 2) == [(2, "abandoned_ivr"), (2, "CLOSED")]
    assert tax.engine.next_deadline() is None


def test_a_guidance_that_failed_is_told_twice_and_passed_over_once(city: MakeCity) -> None:
    tax = city(seats=0)
    tax.arrives(1, "anna")
    tax.happens(1, *failed(tax))
    tax.time_passes(1.49)
    assert tax.done(1)[2:] == []
    tax.time_passes(1.5)
    assert tax.done(1)[2:] == [(1.5, "play nobody to anna")]


def test_a_key_does_not_wait_for_a_guidance_that_failed(city: MakeCity) -> None:
    tax = city(start=CLOSED)
    tax.arrives(1, "anna")
    tax.hears(10, "anna")
    tax.happens(11, *failed(tax))
    tax.presses(11.25, "anna", "1")
    tax.time_passes(20)
    assert tax.done(11) == [(11.25, "stop p2 of anna"), (11.25, "play web to anna")]


def test_a_guidance_whose_end_is_never_told(city: MakeCity) -> None:
    tax = city()
    tax.arrives(1, "anna")
    tax.time_passes(601)
    assert tax.done(2) == [(601, "ring s1 for anna")]


def test_the_end_of_an_earlier_guidance_means_nothing(city: MakeCity) -> None:
    tax = city(start=CLOSED)
    tax.arrives(1, "anna")
    (call,) = tax.engine.floor.calls
    tax.hears(10, "anna")
    tax.presses(12, "anna", "1")
    tax.happens(12, GuidanceFinished(f"{call}.p2"), GuidanceFinished(f"{call}.p1"), GuidanceFinished(call))
    assert tax.done(12) == [(12, "stop p2 of anna"), (12, "play web to anna")]


def test_keys_mean_nothing_in_the_line_and_in_the_conversation(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.presses(2, "anna", "1")
    tax.picks_up(3, "s1")
    tax.presses(4, "anna", "1")
    assert tax.done(4) == []


def test_a_flow_that_goes_round_ends_the_call_as_lost_by_the_system() -> None:
    tax = City(centre(nodes={"sorry": {"type": "hours", "open": "gate", "closed": "gate"}}), CLOSED)
    tax.arrives(1, "anna")
    assert tax.done() == [(1, "hang up anna (congestion)")]
    assert tax.life("anna") == [(1, "IVR"), (1, "lost_system"), (1, "CLOSED")]
    tax.check()


def test_a_flow_that_goes_from_a_full_line_to_a_full_line_ends_too() -> None:
    nodes = {
        "line": {"type": "enqueue", "queue": "main", "full": "line", "no_seats": "line", "timeout": "busy"}
    }
    tax = City(centre(seats=0, nodes=nodes))
    tax.waits(1, "anna")
    assert tax.life("anna") == [(1, "IVR"), (1, "lost_system"), (1, "CLOSED")]
    tax.check()
