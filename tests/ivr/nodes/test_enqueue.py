from __future__ import annotations

import pytest

from calls.lifecycle import Outcome
from ivr.nodes.enqueue import Enqueue
from ivr.steps import Enqueue as IntoLine
from ivr.steps import Entered, Goto, Input, Key, Played, Refused, Silence, Stay
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit

LINE = Enqueue(type="enqueue", queue="main", full="overload", no_seats="nobody", timeout="given_up")


@pytest.mark.parametrize(
    ("reason", "node"), [("full", "overload"), ("no_seats", "nobody"), ("timeout", "given_up")]
)
def test_a_caller_whom_the_line_gives_back_goes_on(reason: str, node: str) -> None:
    assert walk(LINE, Entered(), Refused(reason))[1] == [IntoLine("main"), Goto(node)]


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [("full", Outcome.OVERFLOWED), ("no_seats", Outcome.OVERFLOWED), ("timeout", Outcome.TIMED_OUT)],
)
def test_who_is_turned_away_and_hangs_up_at_the_next_node_was_turned_away(
    reason: str, outcome: Outcome
) -> None:
    assert walk(LINE, Entered(), Refused(reason))[0].outcome is outcome


@pytest.mark.parametrize("given", [Key("1"), Silence(), Played()])
def test_nothing_else_means_anything(given: Input) -> None:
    assert walk(LINE, Entered(), given)[1] == [IntoLine("main"), Stay()]


def test_what_the_loader_checks() -> None:
    assert LINE.exits() == {"full": "overload", "no_seats": "nobody", "timeout": "given_up"}
    assert LINE.queues() == {"queue": "main"}
    assert (LINE.at_once(), LINE.unasked()) == (["overload", "nobody"],) * 2
