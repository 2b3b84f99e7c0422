"""Who may not listen, or cannot, and what happens where something fails."""

from __future__ import annotations

from typing import Any

import pytest

from calls.commands import ConnectLegs, SnoopLeg
from calls.events import CommandFailed, DigitPressed, LegAnswered, LegEnded, LegsConnected, PhoneUnregistered
from calls.record import fold
from calls.requests import (
    EarAsked,
    SeatLoggedIn,
)
from tests.engine.city import City
from tests.engine.ear_town import ears, listens, over, refused, talk

pytestmark = pytest.mark.unit


# ---- who may, and when not


def test_no_such_seat_or_call() -> None:
    assert refused(talk(), 10, "sv", "listen", "s9") == ("unknown", "")
    assert refused(talk(), 10, "s9", "listen", "s1") == ("unknown", "")


def test_permission_by_project() -> None:
    tax = talk()
    assert refused(tax, 10, "other", "listen", "s1", by="seat:other") == ("forbidden", "")
    assert refused(tax, 11, "hot", "listen", "s1", by="seat:hot") == ("forbidden", "")
    tax.happens(12, SeatLoggedIn("hot", "ld"))
    tax.happens(13, EarAsked("hot", "listen", "s1", by="seat:hot", ask="b"))
    assert tax.answers["b"].refusal == ""
    tax.happens(14, EarAsked("other", "listen", "s1", by="someone the API knows", ask="c"))
    assert tax.answers["c"].refusal == ""
    tax.picks_up(15, "other")
    tax.types(16, "other", "*3")
    assert ears(tax)[-1] == (16, "other at s1 in anna: barge")  # it was asked when he began


def test_nobody_talks_there() -> None:
    tax = talk()
    assert refused(tax, 10, "sv", "listen", "s2") == ("conflict", "READY")
    assert refused(tax, 11, "sv", "listen") == ("conflict", "READY")
    tax.waits(12, "bert")
    (call,) = [call.id for call in tax.engine.floor.calls.values() if call.leg == "bert"]
    assert refused(tax, 12.5, "sv", "listen", call) == ("conflict", "RINGING")
    assert refused(tax, 12.6, "sv", "listen", "s2") == ("conflict", "RINGING")


def test_his_own_seat_is_busy() -> None:
    tax = talk()
    assert refused(tax, 10, "s1", "listen", "s1") == ("conflict", "TALKING")
    tax.hangs_up(20, "anna")
    tax.waits(21, "bert")
    tax.picks_up(22, "s2")
    assert refused(tax, 23, "s1", "listen", "s2") == ("conflict", "WRAP_UP")


def test_his_telephone_is_not_there() -> None:
    tax = talk()
    tax.happens(10, PhoneUnregistered("sv"))
    assert refused(tax, 11, "sv", "listen", "s1") == ("conflict", "LOGGED_OUT")


def test_one_ear_at_a_time() -> None:
    tax = listens()
    tax.waits(20, "bert")
    tax.picks_up(21, "s2")
    assert refused(tax, 22, "sv", "listen", "s2") == ("conflict", "TALKING")
    assert refused(tax, 23, "s2", "listen", "sv") == ("conflict", "TALKING")
    tax.happens(24, EarAsked("sv2", "barge", "s1", ask="b"))
    assert tax.answers["b"].refusal == ""


# ---- what fails


def last_of(tax: City, kind: type[SnoopLeg] | type[ConnectLegs]) -> Any:
    commands = [command for entry in tax.entries for command in entry.commands if isinstance(command, kind)]
    return commands[-1]


def test_no_snoop_at_the_caller() -> None:
    tax = talk()
    tax.confirms = False
    tax.happens(10, EarAsked("sv", "listen", "s1"))
    tax.picks_up(11, "sv")
    tax.happens(12, CommandFailed("SnoopLeg", last_of(tax, SnoopLeg).snoop, 500))
    assert tax.done(12) == [(12, "hang up sv")]
    tax.hangs_up(13, "sv")
    over(tax)


def test_the_snoop_at_the_caller_vanishes() -> None:
    tax = listens()
    tax.happens(20, LegEnded(last_of(tax, SnoopLeg).snoop))
    assert tax.done(20) == [(20, "close the ear in anna"), (20, "hang up sv")]
    over(tax)


@pytest.mark.parametrize("how", ["SnoopLeg", "AddToBridge", "LegEnded"])
def test_no_snoop_at_the_operator(how: str) -> None:
    tax = listens()
    tax.confirms = False
    tax.happens(20, EarAsked("sv", "whisper"))
    snoop = last_of(tax, SnoopLeg).snoop
    if how == "AddToBridge":
        tax.happens(20, LegAnswered(snoop))
    tax.happens(21, LegEnded(snoop) if how == "LegEnded" else CommandFailed(how, snoop, 409))
    assert (21, "let snoop of anna into the ear") in tax.done(21) or how != "AddToBridge"
    assert ears(tax)[-1] == (21, "sv at s1 in anna: listen")
    tax.happens(22, EarAsked("sv", "whisper"))  # he may try again
    assert tax.done(22) == [(22, "spy and whisper at s1")]


def test_no_bridge_for_him() -> None:
    tax = talk()
    tax.confirms = False
    tax.happens(10, EarAsked("sv", "listen", "s1"))
    tax.picks_up(11, "sv")
    tax.happens(11, LegAnswered(last_of(tax, SnoopLeg).snoop))
    tax.happens(12, CommandFailed("ConnectLegs", last_of(tax, ConnectLegs).bridge, 500))
    tax.happens(12, LegsConnected(last_of(tax, ConnectLegs).bridge))
    assert tax.done(12) == [(12, "hang up snoop of anna"), (12, "close the ear in anna"), (12, "hang up sv")]
    tax.hangs_up(13, "sv")
    over(tax)


def test_he_cannot_join() -> None:
    tax = listens()
    tax.happens(20, EarAsked("sv", "barge"))
    tax.happens(21, CommandFailed("AddToBridge", tax.leg("sv"), 409))
    assert tax.done(21) == [(21, "hang up snoop of anna"), (21, "close the ear in anna"), (21, "hang up sv")]
    assert [talk.ended for talk in next(fold(tax.entries)).talks if talk.role == "supervisor"] == [
        tax.start + 21
    ]
    over(tax)


def test_keys_of_a_leg_that_is_still_rung_mean_nothing() -> None:
    tax = talk()
    tax.happens(10, EarAsked("sv", "listen", "s1"))
    tax.happens(11, DigitPressed(tax.leg("sv"), "*"), DigitPressed(tax.leg("sv"), "3"))
    assert [what for _, what in ears(tax)] == ["sv at s1 in anna: listen"]
