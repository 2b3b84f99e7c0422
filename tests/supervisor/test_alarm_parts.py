"""Every alarm is of one part of the system."""

from __future__ import annotations

from typing import get_args

import pytest

from supervisor.board.alarm_parts import Part, part_of
from telephony.alarms import AlarmName

pytestmark = pytest.mark.unit


def test_every_alarm_has_a_part_and_every_part_an_alarm() -> None:
    parts = {alarm: part_of(alarm) for alarm in AlarmName}
    assert {*parts.values()} == {*get_args(Part)}


@pytest.mark.parametrize(
    ("alarm", "part"),
    [
        (AlarmName.JOURNAL_BEHIND, "store"),
        (AlarmName.ASTERISK_DEAD, "asterisk"),
        (AlarmName.TRUNK_DOWN, "trunk"),
        (AlarmName.DISK_LOW, "disk"),
        (AlarmName.CLOCK_STEPPED, "engine"),
    ],
)
def test_where_somebody_looks_first(alarm: AlarmName, part: Part) -> None:
    assert part_of(alarm) == part
