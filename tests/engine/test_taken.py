"""A telephone that is in a call of Asterisk's own is not rung, misses nothing, and comes back as its user left it."""

from __future__ import annotations

import pytest

from calls.events import GuidanceFinished, PhoneRegistered, PhoneUnregistered
from calls.notes import NoteAnswered
from calls.outages import PhoneGivenBack, PhoneTaken
from calls.requests import DialAsked, EarAsked, SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied
from tests.engine.city import City
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def taken(tax: City, at: float, seat: str = "s1") -> None:
    tax.happens(at, PhoneTaken(seat))


def given_back(tax: City, at: float, seat: str = "s1") -> None:
    tax.happens(at, PhoneGivenBack(seat))


def test_it_talks_with_nobody_of_ours_and_is_free_again(city: MakeCity) -> None:
    tax = city()
    taken(tax, 1)
    tax.waits(2, "anna")
    given_back(tax, 5)
    assert tax.life("s1", since=1) == [(1, "TALKING"), (5, "RINGING")]
    tax.check()


def test_a_caller_goes_to_another_seat(city: MakeCity) -> None:
    tax = city(seats=2)
    taken(tax, 1)
    tax.waits(2, "anna")
    assert [seat.id for seat in tax.engine.floor.callers["anna"].rings] == ["s2"]


def test_who_is_rung_when_it_is_taken_has_missed_nobody(city: MakeCity) -> None:
    tax = city(queue={"misses": 1})
    tax.waits(2, "anna")
    taken(tax, 3)
    seat = tax.engine.floor.seats["s1"]
    assert (seat.misses, seat.resting, tax.engine.floor.callers["anna"].state) == (0, False, "QUEUED")
    given_back(tax, 9)
    assert tax.life("s1", since=2) == [(2, "RINGING"), (3, "TALKING"), (9, "RINGING")]
    tax.check()


def test_a_ring_that_was_refused_as_busy_is_no_miss(city: MakeCity) -> None:
    tax = city(queue={"misses": 1})
    tax.waits(2, "anna")
    tax.picks_up(3, "s1")
    taken(tax, 4)
    tax.hangs_up(8, "anna")
    tax.time_passes(40)
    assert tax.life("s1", since=3) == [(3, "TALKING"), (8, "WRAP_UP"), (38, "TALKING")]
    given_back(tax, 60)
    assert tax.life("s1", since=60) == [(60, "READY")]


@pytest.mark.parametrize(
    ("event", "after"),
    [
        (SeatPaused("s1", "lunch"), "BREAK"),
        (SeatLoggedOut("s1"), "LOGGED_OUT"),
        (SeatLoggedIn("s1"), "READY"),
        (SeatReadied("s1"), "READY"),
        (PhoneUnregistered("s1"), "LOGGED_OUT"),
        (PhoneRegistered("s1"), "READY"),
        (PhoneTaken("s1"), "READY"),
    ],
)
def test_what_its_user_says_meanwhile_holds_afterwards(city: MakeCity, event: object, after: str) -> None:
    tax = city()
    taken(tax, 1)
    tax.happens(2, event)  # type: ignore[arg-type]
    assert tax.engine.floor.seats["s1"].state == "TALKING"
    given_back(tax, 3)
    assert tax.engine.floor.seats["s1"].state == after
    given_back(tax, 4)
    tax.check()


def test_a_star_code_on_a_second_line_is_done(city: MakeCity) -> None:
    tax = city()
    taken(tax, 1)
    tax.happens(3, GuidanceFinished(f"{tax.dials(2, 's1', '*13')}.said"))
    assert (tax.engine.floor.seats["s1"].state, tax.engine.legs()) == ("TALKING", set())
    given_back(tax, 4)
    assert tax.engine.floor.seats["s1"].state == "BREAK"


def test_it_cannot_call_listen_or_be_asked(city: MakeCity) -> None:
    tax = city(seats=2)
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    taken(tax, 3, "s2")
    for ask, request in enumerate(
        (DialAsked("s2", "0312345678", ask="a0"), EarAsked("s2", "listen", "s1", by="boss", ask="a1"))
    ):
        tax.happens(4, request)
        [answer] = [note for note in tax.entries[-1].commands if isinstance(note, NoteAnswered)]
        assert (answer.ask, answer.refusal, answer.state) == (f"a{ask}", "conflict", "TALKING")
    tax.happens(6, GuidanceFinished(f"{tax.dials(5, 's2', '0312345678')}.said"))
    assert tax.engine.floor.seats["s2"].state == "TALKING"


def test_nobodys_telephone_means_nothing(city: MakeCity) -> None:
    tax = city()
    tax.happens(1, PhoneTaken("ext35"), PhoneGivenBack("ext35"), PhoneTaken("nobody"), PhoneGivenBack("s1"))
    assert tax.life("s1", since=1) == []
