"""What an operator may do with a conversation: hold, consult, confer, transfer."""

from __future__ import annotations

import pytest

from calls import requests as asked
from calls.command import TargetKind
from calls.events import LegAnswered
from calls.lifecycle import SeatState
from tests.engine.city import City
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def talking(city: MakeCity, seats: int = 3, **queue: object) -> City:
    """Anna talks with s1 from the fifth second on."""
    tax = city(seats=seats, queue=queue)
    tax.waits(1, "anna")
    tax.picks_up(5, "s1")
    return tax


def ask(tax: City, at: float, request: asked.Request) -> str:
    """What the engine answers: `done`, or why not."""
    tax.happens(at, request)
    answer = tax.answers[request.ask]
    return answer.refusal or "done"


def test_hold_and_back(city: MakeCity) -> None:
    tax = talking(city)
    assert ask(tax, 10, asked.HoldAsked("s1", ask="1")) == "done"
    assert ask(tax, 20, asked.RetrieveAsked("s1", ask="2")) == "done"
    assert tax.done(10) == [
        (10, "take anna out"),
        (10, "music to anna"),
        (20, "no music to anna"),
        (20, "let anna in"),
    ]
    assert tax.life("s1", 10) == [(10, "HOLDING"), (20, "TALKING")]
    assert tax.life("anna", 10) == [(10, "HELD"), (20, "TALKING")]


@pytest.mark.parametrize("hold", [False, True], ids=["talking", "on hold"])
def test_an_attended_transfer(city: MakeCity, hold: bool) -> None:
    tax = talking(city)
    if hold:
        ask(tax, 9, asked.HoldAsked("s1", ask="0"))
    assert ask(tax, 10, asked.ConsultAsked("s1", "extension", "35", ask="1")) == "done"
    tax.happens(14, LegAnswered(tax.leg("35")))
    assert ask(tax, 30, asked.CompleteAsked("s1", ask="2")) == "done"
    tax.happens(40, asked.WrapUpFinished("s1"))
    tax.hangs_up(60, "anna")
    assert tax.done(9)[2:] == [
        (10, "ring 35 for anna"),
        (14, "let 35 in"),
        (30, "no music to anna"),
        (30, "let anna in"),
        (30, "hang up s1"),
        (60, "part anna"),
        (60, "hang up 35"),
    ]
    assert tax.life("s1", 10) == [(10, "CONSULTING"), (30, "WRAP_UP"), (40, "READY")]
    assert tax.life("anna", 10) == [
        (10, "CONSULTING"),
        (30, "TRANSFERRED"),
        (30, "TALKING"),
        (60, "WRAP_UP"),
        (60, "CLOSED"),
    ]


def test_the_caller_goes_to_a_colleague_who_then_has_him(city: MakeCity) -> None:
    tax = talking(city)
    ask(tax, 10, asked.ConsultAsked("s1", "seat", "s2", ask="1"))
    assert tax.life("s2", 10) == [(10, "RINGING")]
    tax.happens(12, LegAnswered(tax.leg("s2")))
    ask(tax, 20, asked.CompleteAsked("s1", ask="2"))
    assert ask(tax, 25, asked.HoldAsked("s1", ask="3")) == "conflict"
    assert ask(tax, 30, asked.HoldAsked("s2", ask="4")) == "done"
    tax.hangs_up(40, "anna")
    assert (
        tax.life("s2", 12)
        == [(12, "TALKING"), (30, "HOLDING"), (40, "WRAP_UP"), (70, "READY")][: len(tax.life("s2", 12))]
    )
    assert tax.life("s1", 20)[0] == (20, "WRAP_UP")


def test_the_one_who_is_asked_has_no_time(city: MakeCity) -> None:
    tax = talking(city)
    ask(tax, 10, asked.ConsultAsked("s1", "extension", "35", ask="1"))
    tax.happens(12, LegAnswered(tax.leg("35")))
    tax.hangs_up(20, "35")
    assert tax.life("s1", 10) == [(10, "CONSULTING"), (20, "HOLDING")]
    assert ask(tax, 25, asked.CompleteAsked("s1", ask="2")) == "conflict"
    assert ask(tax, 30, asked.RetrieveAsked("s1", ask="3")) == "done"
    assert tax.life("anna", 10) == [(10, "CONSULTING"), (20, "HELD"), (30, "TALKING")]


def test_the_operator_goes_back_before_anybody_has_picked_up(city: MakeCity) -> None:
    tax = talking(city)
    ask(tax, 10, asked.ConsultAsked("s1", "extension", "35", ask="1"))
    ask(tax, 15, asked.RetrieveAsked("s1", ask="2"))
    assert tax.done(15) == [(15, "hang up 35"), (15, "no music to anna"), (15, "let anna in")]


def test_nobody_picks_up_for_a_consultation(city: MakeCity) -> None:
    tax = talking(city)
    ask(tax, 10, asked.ConsultAsked("s1", "extension", "35", ask="1"))
    tax.time_passes(41)
    assert tax.done(11) == [(40, "hang up 35 (no_answer)")]
    assert tax.life("s1", 10) == [(10, "CONSULTING"), (40, "HOLDING")]


@pytest.mark.parametrize(
    ("kind", "target"),
    [("seat", "s2"), ("extension", "35"), ("extension", "1001"), ("outside", "0481234567")],
)
def test_a_blind_transfer(city: MakeCity, kind: TargetKind, target: str) -> None:
    tax = talking(city)
    assert ask(tax, 10, asked.TransferAsked("s1", kind, target, ask="1")) == "done"
    tax.picks_up(14, target)
    tax.hangs_up(60, "anna")
    assert tax.done(10) == [
        (10, "part anna"),
        (10, "hang up s1"),
        (10, f"ring {target} for anna"),
        (10, "music to anna"),
        (14, "no music to anna"),
        (14, f"connect anna {target}"),
        (60, "part anna"),
        (60, f"hang up {target}"),
    ]
    assert tax.life("s1", 10)[0] == (10, "WRAP_UP")


def test_who_is_not_reached_gives_the_caller_back_to_the_operator(city: MakeCity) -> None:
    tax = talking(city, wrapup_s=60)
    ask(tax, 10, asked.TransferAsked("s1", "extension", "35", ask="1"))
    tax.time_passes(40.5)
    assert tax.done(11) == [(40, "hang up 35 (no_answer)"), (40, "ring s1 for anna")]
    tax.picks_up(42, "s1")
    assert tax.life("s1", 10) == [(10, "WRAP_UP"), (40, "RINGING"), (42, "TALKING")]
    assert [state for _, state in tax.life("anna", 10)] == ["TRANSFERRED", "QUEUED", "RINGING", "TALKING"]


def test_or_to_the_head_of_the_line_where_the_operator_has_another_call(city: MakeCity) -> None:
    tax = talking(city, seats=1, wrapup_s=0)
    tax.waits(6, "ben")
    tax.waits(7, "carl")
    ask(tax, 10, asked.TransferAsked("s1", "extension", "35", ask="1"))
    tax.picks_up(12, "s1")  # Ben has him now
    tax.hangs_up(15, "35", 17)
    tax.hangs_up(20, "ben")
    assert tax.done(15) == [(20, "part ben"), (20, "hang up s1"), (20, "ring s1 for anna")]


def test_a_conference_with_an_interpreter(city: MakeCity) -> None:
    tax = talking(city)
    ask(tax, 10, asked.ConsultAsked("s1", "outside", "0481234567", ask="1"))
    tax.happens(14, LegAnswered(tax.leg("0481234567")))
    assert ask(tax, 20, asked.ConferenceAsked("s1", ask="2")) == "done"
    assert tax.done(20) == [(20, "no music to anna"), (20, "let anna in")]
    assert ask(tax, 21, asked.ConferenceAsked("s1", ask="3")) == "conflict"
    tax.hangs_up(50, "0481234567")
    assert tax.life("anna", 20) == [(20, "TALKING")]
    tax.hangs_up(60, "s1")
    assert tax.done(50) == [(60, "hang up anna"), (60, "part anna")]


def test_the_operator_leaves_a_conference(city: MakeCity) -> None:
    tax = talking(city)
    ask(tax, 10, asked.ConsultAsked("s1", "extension", "35", ask="1"))
    tax.happens(14, LegAnswered(tax.leg("35")))
    ask(tax, 20, asked.ConferenceAsked("s1", ask="2"))
    ask(tax, 30, asked.CompleteAsked("s1", ask="3"))
    assert tax.done(30) == [(30, "hang up s1")]
    tax.hangs_up(60, "35")
    assert tax.done(60) == [(60, "hang up anna"), (60, "part anna")]


def test_from_one_to_the_other_and_back(city: MakeCity) -> None:
    tax = talking(city)
    ask(tax, 10, asked.ConsultAsked("s1", "extension", "35", ask="1"))
    tax.happens(14, LegAnswered(tax.leg("35")))
    ask(tax, 20, asked.SwapAsked("s1", ask="2"))
    assert tax.done(20) == [
        (20, "take 35 out"),
        (20, "music to 35"),
        (20, "no music to anna"),
        (20, "let anna in"),
    ]
    ask(tax, 30, asked.SwapAsked("s1", ask="3"))
    assert tax.done(30) == [
        (30, "take anna out"),
        (30, "music to anna"),
        (30, "no music to 35"),
        (30, "let 35 in"),
    ]
    ask(tax, 40, asked.SwapAsked("s1", ask="4"))
    ask(tax, 50, asked.CompleteAsked("s1", ask="5"))
    assert tax.done(50) == [(50, "no music to 35"), (50, "let 35 in"), (50, "hang up s1")]


def test_hanging_up_while_consulting_hands_the_caller_over(city: MakeCity) -> None:
    tax = talking(city)
    ask(tax, 10, asked.ConsultAsked("s1", "extension", "35", ask="1"))
    tax.happens(14, LegAnswered(tax.leg("35")))
    tax.hangs_up(20, "s1")
    assert tax.done(20) == [(20, "no music to anna"), (20, "let anna in")]
    assert tax.life("anna", 20) == [(20, "TRANSFERRED"), (20, "TALKING")]


def test_and_so_it_does_while_the_other_one_is_still_rung(city: MakeCity) -> None:
    tax = talking(city)
    ask(tax, 10, asked.ConsultAsked("s1", "extension", "35", ask="1"))
    tax.hangs_up(12, "s1")
    assert tax.done(12) == [(12, "part anna")]
    tax.picks_up(20, "35")
    assert tax.done(20) == [(20, "no music to anna"), (20, "connect anna 35")]


def test_a_caller_on_hold_is_not_lost_with_the_operator(city: MakeCity) -> None:
    tax = talking(city)
    ask(tax, 10, asked.HoldAsked("s1", ask="1"))
    tax.hangs_up(20, "s1")
    assert tax.done(20) == [(20, "part anna"), (20, "ring s1 for anna")]


@pytest.mark.parametrize("who", ["anna", "s1"])
def test_the_end_of_a_conversation_is_everybodys(city: MakeCity, who: str) -> None:
    tax = talking(city)
    ask(tax, 10, asked.ConsultAsked("s1", "seat", "s2", ask="1"))
    tax.happens(14, LegAnswered(tax.leg("s2")))
    ask(tax, 20, asked.ConferenceAsked("s1", ask="2"))
    tax.hangs_up(30, who)
    other = "s1" if who == "anna" else "anna"
    assert sorted(tax.done(30)) == [(30, f"hang up {other}"), (30, "hang up s2"), (30, "part anna")]
    assert tax.life("s2", 30) == [(30, "READY")]  # no record to write: the call was not hers


@pytest.mark.parametrize(
    "request_",
    [
        asked.HoldAsked("s2", ask="1"),
        asked.RetrieveAsked("s1", ask="1"),
        asked.CompleteAsked("s1", ask="1"),
        asked.SwapAsked("s1", ask="1"),
        asked.ConferenceAsked("s1", ask="1"),
        asked.TransferAsked("s1", "seat", "s1", ask="1"),
        asked.TransferAsked("s2", "extension", "35", ask="1"),
        asked.ConsultAsked("s1", "seat", "s1", ask="1"),
        asked.HangUpAsked("s3", ask="1"),
        asked.WrapUpFinished("s1", ask="1"),
    ],
    ids=lambda request: type(request).__name__,
)
def test_at_the_wrong_moment_nothing_happens(city: MakeCity, request_: asked.Request) -> None:
    tax = talking(city)
    assert ask(tax, 10, request_) == "conflict"
    assert tax.answers["1"].state in set(SeatState) | {"TALKING"}
    assert tax.done(10) == []


@pytest.mark.parametrize(
    "request_",
    [
        asked.HoldAsked("s9", ask="1"),
        asked.TransferAsked("s1", "seat", "s9", ask="1"),
        asked.TransferAsked("s1", "extension", "99", ask="1"),
        asked.ConsultAsked("s1", "extension", "99", ask="1"),
    ],
    ids=["seat", "seat of a transfer", "extension", "extension of a consultation"],
)
def test_who_is_not_there(city: MakeCity, request_: asked.Request) -> None:
    tax = talking(city)
    assert ask(tax, 10, request_) == "unknown"
    assert tax.done(10) == []


def test_an_operator_is_done_with_a_caller(city: MakeCity) -> None:
    tax = talking(city)
    assert ask(tax, 10, asked.HangUpAsked("s1", ask="1")) == "done"
    assert tax.done(10) == [(10, "hang up anna"), (10, "part anna"), (10, "hang up s1")]


def test_two_ask_for_the_same_extension(city: MakeCity) -> None:
    tax = talking(city)
    tax.waits(6, "ben")
    tax.picks_up(7, "s2")
    ask(tax, 10, asked.ConsultAsked("s1", "extension", "35", ask="1"))
    assert ask(tax, 11, asked.TransferAsked("s2", "extension", "35", ask="2")) == "conflict"
    assert tax.life("ben", 8) == []
