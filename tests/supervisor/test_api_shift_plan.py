"""Who should be there at which moment, by the entries of a shift plan."""

from __future__ import annotations

from typing import Any

import pytest

from engine.shifts_file import ShiftEntry
from supervisor.api.office import Duty
from supervisor.api.shift_plan import FileShifts
from tests.engine.city import OPEN
from tests.supervisor.api_office import small_centre

pytestmark = pytest.mark.unit

HOUR, DAY = 3600.0, 86400.0
TEN = OPEN  # 10:00 on a Thursday in Tokyo


def plan(**fields: Any) -> FileShifts:
    """A plan of one entry: op1 and op2 from nine to five on weekdays."""
    data = {"who": "op1-op2", "days": "mon-fri", "hours": "09:00-17:00", "project": "tax"} | fields
    return FileShifts([ShiftEntry.model_validate(data)], small_centre)


def people(shifts: FileShifts, at: float) -> list[str]:
    """Who should be there."""
    return [duty.who for duty in shifts.on_duty(at)]


def test_everybody_from_the_beginning_to_the_end() -> None:
    nine, five = TEN - HOUR, TEN + 7 * HOUR
    assert list(plan().on_duty(TEN)) == [Duty("op1", nine, five), Duty("op2", nine, five)]
    assert people(plan(), nine) == ["op1", "op2"]
    assert people(plan(), nine - 1) == people(plan(), five) == []


def test_a_break_is_told() -> None:
    shifts = plan(breaks="12:00-13:00")
    assert [duty.on_break for duty in shifts.on_duty(TEN + 2 * HOUR)] == [True, True]
    assert [duty.on_break for duty in shifts.on_duty(TEN + 3 * HOUR)] == [False, False]


@pytest.mark.parametrize(
    ("days", "there"), [(-1, True), (0, True), (1, True), (2, False), (3, False), (4, True)]
)
def test_weekdays(days: int, there: bool) -> None:
    assert bool(people(plan(), TEN + days * DAY)) is there


def test_nobody_on_a_day_on_which_the_project_is_closed() -> None:
    every_day = {"days": "mon-sun"}
    saturday = TEN + 2 * DAY
    assert people(plan(**every_day), saturday) == []
    assert people(plan(**every_day, project=""), saturday) == ["op1", "op2"]


def test_the_first_and_the_last_day() -> None:
    shifts = plan(**{"from": "2026-05-07", "to": "2026-05-07"})
    assert [bool(people(shifts, TEN + days * DAY)) for days in (-1, 0, 1)] == [False, True, False]


def test_a_night_that_began_yesterday() -> None:
    shifts = plan(days="thu", hours="22:00-06:00", project="")
    assert [bool(people(shifts, TEN + hours * HOUR)) for hours in (0, 12, 19.9, 20)] == [
        False,
        True,
        True,
        False,
    ]
