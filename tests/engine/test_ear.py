"""The supervisor's ear: what he hears, that nobody hears it, and that nothing of it is left."""

from __future__ import annotations

import pytest

from calls.events import CommandFailed, LegEnded
from calls.record import fold
from calls.requests import (
    EarAsked,
    EarClosed,
    SeatPaused,
)
from tests.engine.ear_town import ears, listens, over, talk

pytestmark = pytest.mark.unit


# ---- listening


def test_listening_is_heard_by_nobody() -> None:
    tax = listens()
    tax.hangs_up(60, "sv")
    assert tax.done(10) == [
        (10, "ring sv for its ear"),
        (12, "spy at anna"),
        (12, "connect sv snoop of anna"),
        (60, "hang up snoop of anna"),
        (60, "close the ear in anna"),
    ]
    assert tax.life("sv") == [(0, "READY"), (10, "RINGING"), (12, "TALKING"), (60, "READY")]
    assert ears(tax) == [(10, "sv at s1 in anna: listen"), (60, "sv at s1 in anna: ended")]
    assert tax.engine.floor.seats["s1"].state == "TALKING"
    over(tax)


def test_his_telephone_does_not_name_the_call() -> None:
    record = next(fold(listens().entries))
    assert (record.transferred_to, record.transfers, [talk.who for talk in record.talks]) == (
        "",
        (),
        ["seat:s1"],
    )


def test_the_call_is_over() -> None:
    tax = listens()
    tax.hangs_up(60, "anna")
    assert tax.done(60) == [
        (60, "part anna"),
        (60, "hang up s1"),
        (60, "hang up snoop of anna"),
        (60, "close the ear in anna"),
        (60, "hang up sv"),
    ]
    over(tax)


def test_he_has_heard_enough() -> None:
    tax = listens()
    tax.happens(60, EarClosed("sv", by="mori", ask="b"))
    assert tax.answers["b"].subject == tax.answers["a"].subject != ""
    assert tax.done(60) == [
        (60, "hang up snoop of anna"),
        (60, "close the ear in anna"),
        (60, "hang up sv"),
    ]
    over(tax)
    tax.happens(61, EarClosed("sv", ask="c"))
    assert (tax.answers["c"].refusal, tax.answers["c"].state) == ("conflict", "READY")


def test_he_does_not_pick_up() -> None:
    tax = talk()
    tax.happens(10, EarAsked("sv", "listen", "s1"))
    tax.time_passes(45)
    assert tax.done(10) == [(10, "ring sv for its ear"), (40, "hang up sv (no_answer)")]
    over(tax)


@pytest.mark.parametrize("how", [LegEnded("", 21), CommandFailed("RingTelephone", "", 500)])
def test_his_telephone_cannot_be_rung(how: LegEnded | CommandFailed) -> None:
    tax = talk()
    tax.happens(10, EarAsked("sv", "listen", "s1"))
    leg = tax.leg("sv")
    tax.happens(
        11, LegEnded(leg, 21) if isinstance(how, LegEnded) else CommandFailed("RingTelephone", leg, 500)
    )
    assert tax.done(11) == []
    over(tax)


def test_the_call_ends_while_he_is_rung() -> None:
    tax = talk()
    tax.happens(10, EarAsked("sv", "listen", "s1"))
    tax.hangs_up(11, "anna")
    assert tax.done(11)[-1] == (11, "hang up sv")
    over(tax)


def test_he_asks_for_something_else_while_he_is_rung() -> None:
    tax = talk()
    tax.happens(10, EarAsked("sv", "listen", "s1"))
    tax.happens(11, EarAsked("sv", "barge", by="mori"))
    tax.picks_up(12, "sv")
    assert tax.done(12) == [(12, "let sv in")]
    assert [said for _, said in ears(tax)] == ["sv at s1 in anna: listen", "sv at s1 in anna: barge"]


def test_a_call_may_be_named_instead_of_a_seat() -> None:
    tax = talk()
    (call,) = tax.engine.floor.calls
    tax.happens(10, EarAsked("sv", "listen", call, ask="a"))
    assert tax.answers["a"].subject == call


def test_his_seat_takes_no_call_meanwhile() -> None:
    tax = listens()
    tax.happens(20, SeatPaused("s2", "lunch"))
    floor = tax.engine.floor
    floor.router.serve(floor.seats["sv"], floor.seats["s1"].serves)
    tax.waits(30, "bert")
    assert tax.life("bert")[-1] == (30, "QUEUED")
    tax.hangs_up(40, "sv")
    assert tax.done(40)[-1] == (40, "ring sv for bert")


# ---- whispering and joining


def test_whispering_takes_the_place_of_listening() -> None:
    tax = listens()
    tax.happens(20, EarAsked("sv", "whisper", by="mori"))
    tax.happens(30, EarAsked("sv", "listen", by="mori"))
    assert tax.done(20) == [
        (20, "spy and whisper at s1"),
        (20, "take snoop of anna out of the ear"),
        (20, "let snoop of s1 into the ear"),
        (30, "take snoop of s1 out of the ear"),
        (30, "let snoop of anna into the ear"),
        (30, "hang up snoop of s1"),
    ]
    assert [said for _, said in ears(tax)[1:]] == ["sv at s1 in anna: whisper", "sv at s1 in anna: listen"]


def test_whispering_from_the_beginning() -> None:
    tax = listens("whisper")
    assert tax.done(12) == [
        (12, "spy at anna"),
        (12, "spy and whisper at s1"),
        (12, "connect sv snoop of anna"),
        (12, "take snoop of anna out of the ear"),
        (12, "let snoop of s1 into the ear"),
    ]
    tax.hangs_up(60, "sv")
    over(tax)


def test_joining_and_leaving() -> None:
    tax = listens()
    tax.happens(20, EarAsked("sv", "barge"))
    tax.happens(30, EarAsked("sv", "listen"))
    assert tax.done(20) == [
        (20, "take sv out of the ear"),
        (20, "let sv in"),
        (30, "take sv out"),
        (30, "let sv into the ear"),
    ]
    assert [(talk.role, talk.began, talk.ended) for talk in next(fold(tax.entries)).talks[1:]] == [
        ("supervisor", tax.start + 20, tax.start + 30)
    ]


def test_joining_from_the_beginning_and_whispering_after_it() -> None:
    tax = listens("barge")
    assert tax.done(12) == [(12, "let sv in")]
    tax.happens(20, EarAsked("sv", "whisper"))
    assert tax.done(20) == [
        (20, "take sv out"),
        (20, "spy at anna"),
        (20, "spy and whisper at s1"),
        (20, "connect sv snoop of anna"),
        (20, "take snoop of anna out of the ear"),
        (20, "let snoop of s1 into the ear"),
    ]
    tax.happens(30, EarAsked("sv", "barge"))
    assert tax.done(30) == [
        (30, "take snoop of s1 out of the ear"),
        (30, "let snoop of anna into the ear"),
        (30, "hang up snoop of s1"),
        (30, "take sv out of the ear"),
        (30, "let sv in"),
    ]
    tax.hangs_up(60, "sv")
    over(tax)


def test_by_the_keys_of_his_telephone() -> None:
    tax = listens()
    tax.types(20, "sv", "*2")
    tax.types(21, "sv", "*3")
    tax.types(22, "sv", "*1")
    tax.types(23, "sv", "*9*#4*")
    tax.types(30, "sv", "2")  # more than five seconds after the star
    assert [said for _, said in ears(tax)[1:]] == [
        f"sv at s1 in anna: {m}" for m in ("whisper", "barge", "listen")
    ]
    tax.types(31, "sv", "*4")
    assert ears(tax)[-1] == (31, "sv at s1 in anna: take_over")
