"""Every alarm is of one part of the system."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from supervisor.board.alarm_parts import Part, part_of
from supervisor.monitor.mirror import AWAY, STORE
from telephony.alarms import AlarmName

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


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


def test_the_page_has_words_for_every_alarm() -> None:
    protocol = (ROOT / "supervisor/page/src/core/protocol.ts").read_text(encoding="utf-8")
    told = re.search(r"export const ALARMS = \[(.*?)\] as const;", protocol, re.DOTALL)
    assert told is not None
    assert set(re.findall(r'"(\w+)"', told[1])) == {*map(str, AlarmName), AWAY, STORE}
