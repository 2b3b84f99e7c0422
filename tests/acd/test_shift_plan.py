from __future__ import annotations

import pytest

from acd.shift_plan import Shift, ShiftPlan, missing, unexpected
from calls.hours import Span

pytestmark = pytest.mark.unit

MON, TUE, FRI, SUN = 0, 1, 4, 6
WEEKDAYS = frozenset(range(5))
EIGHT_THIRTY, NOON, ONE, FIVE_FIFTEEN = 510, 720, 780, 1035

PLAN = ShiftPlan(
    [
        Shift("anna", WEEKDAYS, EIGHT_THIRTY, FIVE_FIFTEEN, (Span(NOON, ONE),)),
        Shift("ben", frozenset({MON}), EIGHT_THIRTY, NOON),
        Shift("ben", frozenset({MON}), ONE, FIVE_FIFTEEN),
        Shift("nora", frozenset({SUN}), 22 * 60, 30 * 60, (Span(26 * 60, 27 * 60),)),
    ]
)


@pytest.mark.parametrize(
    ("at_minute", "weekday", "who"),
    [
        (EIGHT_THIRTY - 1, MON, set()),
        (EIGHT_THIRTY, MON, {"anna", "ben"}),
        (NOON, MON, set()),
        (ONE, MON, {"anna", "ben"}),
        (FIVE_FIFTEEN - 1, TUE, {"anna"}),
        (FIVE_FIFTEEN, TUE, set()),
        (ONE, SUN, set()),
        (23 * 60, SUN, {"nora"}),
        (60, MON, {"nora"}),  # the shift of Sunday
        (2 * 60, MON, set()),  # and its break
        (6 * 60, MON, set()),
        (60, TUE, set()),
    ],
)
def test_who_should_be_there(at_minute: int, weekday: int, who: set[str]) -> None:
    assert PLAN.expected(at_minute, weekday) == who


def test_who_is_not_and_who_is_all_the_same() -> None:
    present = {"anna", "zoe"}
    assert missing(PLAN.expected(600, MON), present) == ["ben"]
    assert unexpected(PLAN.rostered(600, MON), present) == ["zoe"]


def test_nobody_has_to_leave_for_his_break() -> None:
    assert PLAN.rostered(NOON, FRI) == {"anna"}
    assert unexpected(PLAN.rostered(NOON, FRI), {"anna"}) == []
    assert missing(PLAN.expected(NOON, FRI), set()) == []
