"""A supervisor becomes the operator in charge."""

from __future__ import annotations

import pytest

from calls.record import fold
from calls.requests import (
    ConferenceAsked,
    ConsultAsked,
    EarAsked,
    EarMode,
    HangUpAsked,
    HoldAsked,
    RetrieveAsked,
    TransferAsked,
)
from tests.engine.ear_town import ears, listens, over, refused, talk

pytestmark = pytest.mark.unit


def test_taking_over() -> None:
    tax = listens()
    tax.happens(20, EarAsked("sv", "take_over", by="mori", ask="b"))
    assert tax.done(20) == [
        (20, "take sv out of the ear"),
        (20, "let sv in"),
        (20, "hang up snoop of anna"),
        (20, "close the ear in anna"),
        (20, "hang up s1"),
    ]
    assert tax.life("anna", 20) == [(20, "TRANSFERRED"), (20, "TALKING")]
    assert tax.life("s1", 20) == [(20, "WRAP_UP")]
    assert ears(tax)[-1] == (20, "sv at s1 in anna: take_over")
    over_taken = next(fold(tax.entries))
    assert (over_taken.seat, over_taken.transfers) == ("sv", ())
    assert [(talk.who, talk.role) for talk in over_taken.talks] == [
        ("seat:s1", "operator"),
        ("seat:sv", "operator"),
    ]
    tax.happens(30, HoldAsked("sv"))
    tax.happens(31, RetrieveAsked("sv"))
    tax.happens(32, TransferAsked("sv", "extension", "35"))
    tax.hangs_up(40, "35", 17)
    tax.picks_up(41, "sv")
    tax.happens(50, HangUpAsked("sv"))
    assert tax.life("sv", 50) == [(50, "WRAP_UP")]
    tax.time_passes(100)
    over(tax)


@pytest.mark.parametrize("mode", ["whisper", "barge"])
def test_taking_over_from_beside_the_operator(mode: EarMode) -> None:
    tax = listens(mode)
    tax.happens(15, EarAsked("sv", "listen"))
    tax.happens(16, EarAsked("sv", mode))
    tax.happens(20, EarAsked("sv", "take_over"))
    assert (20, "hang up s1") in tax.done(20)
    assert ((20, "take sv out of the ear") in tax.done(20)) == (mode == "whisper")
    tax.hangs_up(30, "sv")
    assert tax.life("anna", 30)[-1] == (30, "WRAP_UP")
    tax.time_passes(100)
    over(tax)


def test_taking_over_at_once() -> None:
    tax = listens("take_over")
    assert tax.done(12) == [(12, "let sv in"), (12, "hang up s1")]
    assert [what for _, what in ears(tax)] == ["sv at s1 in anna: listen", "sv at s1 in anna: take_over"]


def test_taking_over_what_has_got_away_meanwhile() -> None:
    tax = talk()
    tax.happens(10, EarAsked("sv", "take_over", "s1"))
    tax.happens(11, TransferAsked("s1", "seat", "s2"))
    tax.picks_up(12, "sv")
    tax.picks_up(15, "s2")
    assert tax.engine.floor.seats["s2"].state == "TALKING"
    assert ears(tax)[-1] == (15, "sv at s2 in anna: listen")


@pytest.mark.parametrize("conference", [True, False])
def test_taking_over_a_consultation(conference: bool) -> None:
    tax = listens()
    tax.happens(20, ConsultAsked("s1", "extension", "35"))
    tax.picks_up(22, "35")
    if conference:
        tax.happens(23, ConferenceAsked("s1"))
    tax.happens(30, EarAsked("sv", "take_over"))
    assert ((30, "hang up 35") in tax.done(30)) is not conference
    assert ((30, "no music to anna") in tax.done(30)) is not conference
    assert tax.life("anna", 30) == [(30, "TRANSFERRED"), (30, "TALKING")]


def test_taking_over_from_an_extension() -> None:
    tax = listens()
    tax.happens(20, TransferAsked("s1", "extension", "35"))
    tax.picks_up(25, "35")
    tax.happens(30, EarAsked("sv", "take_over"))
    assert (30, "hang up 35") in tax.done(30)
    tax.hangs_up(60, "anna")
    assert tax.life("sv", 60) == [(60, "WRAP_UP")]


def test_taking_over_while_somebody_is_rung() -> None:
    tax = listens()
    tax.happens(20, TransferAsked("s1", "extension", "35"))
    assert refused(tax, 21, "sv", "take_over") == ("conflict", "TRANSFERRED")


def test_another_supervisor_whispers_to_who_took_over() -> None:
    tax = listens("whisper")
    tax.happens(15, EarAsked("sv2", "listen", "s1"))
    tax.picks_up(16, "sv2")
    tax.happens(20, EarAsked("sv2", "take_over"))
    assert ears(tax)[-1] == (20, "sv at sv2 in anna: whisper")
    assert (20, "spy and whisper at sv2") in tax.done(20)
    tax.hangs_up(30, "sv2")
    assert tax.engine._ear.listening == {}
    tax.time_passes(100)
    over(tax)
