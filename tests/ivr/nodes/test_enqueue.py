from __future__ import annotations

import pytest

from calls.lifecycle import Outcome
from ivr.nodes.enqueue import Enqueue
from ivr.steps import Enqueue as IntoLine
from ivr.steps import Entered, Goto, Input, Key, Played, Refused, Silence, Stay
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit

WAYS = {"full": "overload", "no_seats": "nobody", "timeout": "given_up"}
MORE = {
    "priority": 5,
    "keys": {"1": "call_me", "#": "menu"},
    "long_wait": "long",
    "closing": "last_call",
    "closed": "good_night",
}
LINE = Enqueue.model_validate({"type": "enqueue", "queue": "main", **WAYS})
ALL = Enqueue.model_validate({"type": "enqueue", "queue": "main", **WAYS, **MORE})
INTO_ALL = IntoLine("main", 5, ("1", "#"))


@pytest.mark.parametrize(
    ("reason", "node", "instead"),
    [
        ("full", "overload", "overload"),
        ("no_seats", "nobody", "nobody"),
        ("timeout", "given_up", "given_up"),
        ("long_wait", "long", "overload"),
        ("closing", "last_call", "nobody"),
        ("closed", "good_night", "given_up"),
    ],
)
def test_a_caller_whom_the_line_gives_back_goes_on(reason: str, node: str, instead: str) -> None:
    assert walk(ALL, Entered(), Refused(reason))[1] == [INTO_ALL, Goto(node)]
    assert walk(LINE, Entered(), Refused(reason))[1] == [IntoLine("main"), Goto(instead)]


def test_a_key_leads_out_of_the_line_and_he_was_not_answered() -> None:
    position, actions = walk(ALL, Entered(), Key("2"), Key("1"))
    assert actions == [INTO_ALL, Stay(), Goto("call_me")]
    assert position.outcome is Outcome.ABANDONED_QUEUE


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("full", Outcome.OVERFLOWED),
        ("no_seats", Outcome.OVERFLOWED),
        ("long_wait", Outcome.OVERFLOWED),
        ("closing", Outcome.OVERFLOWED),
        ("timeout", Outcome.TIMED_OUT),
        ("closed", Outcome.TIMED_OUT),
    ],
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
    keys = {"keys.1": "call_me", "keys.#": "menu"}
    late = {"long_wait": "long", "closing": "last_call", "closed": "good_night"}
    assert ALL.exits() == WAYS | keys | late
    assert (ALL.at_once(), ALL.unasked()) == (["overload", "nobody", "long", "last_call"],) * 2
