"""What the page has words for is what the server can tell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from calls.lifecycle import Outcome, SeatState, State
from supervisor.board.alarm_parts import Part
from supervisor.monitor.mirror import AWAY, STORE
from supervisor.monitor.problems import Code
from supervisor.users.roles import Act
from telephony.alarms import AlarmName

pytestmark = pytest.mark.unit

CORE = Path(__file__).parents[2] / "supervisor/page/src/core"


def words(name: str, file: str = "protocol.ts") -> set[str]:
    """The words of a list of the page: `NAME = [...]`, `name: [...]`."""
    told = re.search(rf"\b{name}(?: =|:) \[(.*?)\]", (CORE / file).read_text(encoding="utf-8"), re.DOTALL)
    assert told is not None, f"{file} has no list {name}"
    return set(re.findall(r'"(\w+)"', told[1]))


def test_for_every_alarm_and_every_part() -> None:
    assert words("ALARMS") == {*map(str, AlarmName), AWAY, STORE}
    assert words("PARTS") == {*get_args(Part)}


def test_for_every_refusal() -> None:
    assert words("CODES") == {*get_args(Code), "unreachable"}  # the last one is the page's own


def test_for_every_state_and_outcome() -> None:
    assert words("SEAT_STATES") == {*map(str, SeatState)}
    assert words("call", "i18n.ts") == {*map(str, State)}
    assert words("outcome", "i18n.ts") == {*map(str, Outcome)}


def test_for_every_act() -> None:
    told = re.search(r"type Act = ([^;]*);", (CORE / "protocol.ts").read_text(encoding="utf-8"))
    assert told is not None
    own = set(re.findall(r'"(\w+)"', told[1]))
    assert own | words("EAR_MODES") == {*map(str, Act)}
