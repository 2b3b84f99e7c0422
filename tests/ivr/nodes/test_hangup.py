from __future__ import annotations

import pytest

from calls.lifecycle import Outcome
from ivr.nodes.hangup import HangUp
from ivr.steps import End, Entered, Key, Played, Position, Say, Silence, Stay
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit


def test_the_farewell_then_the_end() -> None:
    node = HangUp(type="hangup", guidance=("sorry", "bye"), outcome=Outcome.OVERFLOWED)
    _, actions = walk(node, Entered(), Played(), Played())
    assert actions == [Say("sorry"), Say("bye"), End(Outcome.OVERFLOWED)]


def test_without_a_farewell_it_ends_at_once() -> None:
    assert walk(HangUp(type="hangup"), Entered())[1] == [End(Outcome.SELF_SERVED)]


@pytest.mark.parametrize(
    ("of_node", "of_way", "ended"),
    [
        (Outcome.TIMED_OUT, Outcome.CLOSED, Outcome.TIMED_OUT),
        (None, Outcome.CLOSED, Outcome.CLOSED),
        (None, None, Outcome.SELF_SERVED),
    ],
)
def test_whose_outcome_it_is(of_node: Outcome | None, of_way: Outcome | None, ended: Outcome) -> None:
    node = HangUp(type="hangup", outcome=of_node)
    assert walk(node, Entered(), start=Position("here", outcome=of_way))[1] == [End(ended)]


def test_who_hangs_up_during_the_farewell_has_its_outcome() -> None:
    node = HangUp(type="hangup", guidance=("sorry",), outcome=Outcome.OVERFLOWED)
    assert walk(node, Entered())[0].outcome is Outcome.OVERFLOWED
    assert walk(HangUp(type="hangup", guidance=("bye",)), Entered())[0].outcome is None


def test_nothing_else_means_anything() -> None:
    node = HangUp(type="hangup", guidance=("bye",))
    assert walk(node, Entered(), Key("1"), Silence())[1] == [Say("bye"), Stay(), Stay()]
