"""The supervisor's ear goes where the conversation goes."""

from __future__ import annotations

import pytest

from calls.requests import (
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    EarMode,
    HoldAsked,
    RetrieveAsked,
    SwapAsked,
    TransferAsked,
)
from tests.engine.ear_town import ears, listens, over

pytestmark = pytest.mark.unit


def test_hold_and_retrieve() -> None:
    tax = listens("barge")
    tax.happens(20, HoldAsked("s1"))
    tax.happens(30, RetrieveAsked("s1"))
    assert tax.done(20) == [
        (20, "take anna out"),
        (20, "music to anna"),
        (30, "no music to anna"),
        (30, "let anna in"),
    ]


@pytest.mark.parametrize("mode", ["listen", "whisper", "barge"])
def test_consulting_swapping_conferring_and_completing(mode: EarMode) -> None:
    tax = listens(mode)
    tax.happens(20, ConsultAsked("s1", "seat", "s2"))
    tax.picks_up(22, "s2")
    tax.happens(25, SwapAsked("s1"))
    tax.happens(26, SwapAsked("s1"))
    tax.happens(30, ConferenceAsked("s1"))
    assert len(ears(tax)) == 1
    tax.happens(40, CompleteAsked("s1"))
    said = [f"sv at s2 in anna: {mode}"]
    assert [what for _, what in ears(tax)[1:]] == said
    assert ((40, "spy and whisper at s2") in tax.done(40)) == (mode == "whisper")
    assert ((40, "hang up snoop of s1") in tax.done(40)) == (mode == "whisper")
    assert (40, "take sv out") not in tax.done(40)
    tax.hangs_up(60, "anna")
    assert (60, "hang up sv") in tax.done(60)
    over(tax)


def test_whispering_goes_to_the_new_operator_of_a_blind_transfer() -> None:
    tax = listens("whisper")
    tax.happens(20, TransferAsked("s1", "seat", "s2"))
    tax.picks_up(25, "s2")
    assert tax.done(20) == [
        (20, "part anna"),
        (20, "hang up s1"),
        (20, "ring s2 for anna"),
        (20, "music to anna"),
        (20, "take snoop of s1 out of the ear"),
        (20, "let snoop of anna into the ear"),
        (20, "hang up snoop of s1"),
        (25, "no music to anna"),
        (25, "connect anna s2"),
        (25, "spy and whisper at s2"),
        (25, "take snoop of anna out of the ear"),
        (25, "let snoop of s2 into the ear"),
    ]
    modes = ["s1 in anna: whisper", " in anna: listen", "s2 in anna: whisper"]
    assert [what for _, what in ears(tax)] == [f"sv at {mode}" for mode in modes]


def test_joining_waits_until_the_transfer_is_answered() -> None:
    tax = listens("barge")
    tax.happens(20, TransferAsked("s1", "extension", "35"))
    tax.picks_up(25, "35")
    tax.hangs_up(60, "35")
    assert tax.done(20) == [
        (20, "part anna"),
        (20, "hang up s1"),
        (20, "ring 35 for anna"),
        (20, "music to anna"),
        (20, "spy at anna"),
        (20, "connect sv snoop of anna"),
        (25, "no music to anna"),
        (25, "connect anna 35"),
        (25, "take sv out of the ear"),
        (25, "let sv in"),
        (60, "hang up anna"),
        (60, "part anna"),
        (60, "hang up snoop of anna"),
        (60, "close the ear in anna"),
        (60, "hang up sv"),
    ]
    over(tax)


def test_back_to_the_operator_who_reached_nobody() -> None:
    tax = listens("barge")
    tax.happens(20, TransferAsked("s1", "extension", "35"))
    tax.hangs_up(30, "35", 17)
    tax.picks_up(35, "s1")
    assert tax.done(30) == [
        (30, "ring s1 for anna"),
        (35, "no music to anna"),
        (35, "connect anna s1"),
        (35, "take sv out of the ear"),
        (35, "let sv in"),
    ]


def test_the_operator_vanishes_while_the_caller_is_on_hold() -> None:
    tax = listens("whisper")
    tax.happens(20, HoldAsked("s1"))
    tax.hangs_up(25, "s1")
    assert ears(tax)[-1] == (25, "sv at  in anna: listen")
    tax.picks_up(30, "s1")
    assert ears(tax)[-1] == (30, "sv at s1 in anna: whisper")
