"""Who was lost, and what has become of him: from lost calls, callbacks and later calls alone."""

from __future__ import annotations

import pytest

from calls.lost import Again, LostCall, LostCaller, Owed, lost_callers

pytestmark = pytest.mark.unit

ANNA, BEN = "0900000001", "0900000002"


def call(
    name: str, number: str, since: float, lost_at: float = 100, outcome: str = "lost_system"
) -> LostCall:
    return LostCall(name, "tax", "tax/main", number, since, lost_at, outcome)


def owed(state: str, asked_at: float = 120, number: str = ANNA, project: str = "tax") -> Owed:
    return Owed(project, number, asked_at, state)


def test_in_the_order_in_which_they_had_begun_to_wait() -> None:
    found = lost_callers([call("c2", BEN, 20), call("c1", ANNA, 10)], [], [])
    assert [(one.call, one.state, one.again_at) for one in found] == [
        ("c1", "open", None),
        ("c2", "open", None),
    ]


def test_who_was_lost_twice_is_one_caller_with_his_first_place() -> None:
    later = call("c9", ANNA, 300, 400, "answered")
    [found] = lost_callers([later, call("c1", ANNA, 10)], [], [])
    assert found == LostCaller("c1", "tax", "tax/main", ANNA, 10, 400, "answered", 2)


def test_withheld_numbers_are_each_somebody() -> None:
    found = lost_callers([call("c1", "", 10), call("c2", "", 20)], [owed("reached", number="")], [])
    assert [(one.call, one.state) for one in found] == [("c1", "open"), ("c2", "open")]


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (["waiting"], "ordered"),
        (["ringing"], "ordered"),
        (["retry"], "ordered"),
        (["failed"], "open"),
        (["cancelled"], "open"),
        (["failed", "waiting"], "ordered"),
        (["reached", "waiting"], "called_back"),
    ],
)
def test_what_has_become_of_his_callbacks(states: list[str], state: str) -> None:
    [found] = lost_callers([call("c1", ANNA, 10)], map(owed, states), [])
    assert found.state == state


def test_callbacks_of_others_and_of_earlier_days_are_not_his() -> None:
    others = [owed("reached", 5), owed("reached", number=BEN), owed("reached", project="water")]
    [found] = lost_callers([call("c1", ANNA, 10)], others, [])
    assert found.state == "open"


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (["answered"], "called_again"),
        (["degraded_answered"], "called_again"),
        (["abandoned_queue"], "open"),
        (["", "abandoned_ivr"], "open"),
        (["abandoned_queue", "answered"], "called_again"),
    ],
)
def test_who_has_called_again(outcomes: list[str], state: str) -> None:
    again = [Again("tax", ANNA, 150 + number, outcome) for number, outcome in enumerate(outcomes)]
    [found] = lost_callers([call("c1", ANNA, 10)], [], [Again("tax", ANNA, 50, "answered"), *again])
    assert (found.state, found.again_at) == (state, 149 + len(outcomes))
