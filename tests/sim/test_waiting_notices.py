"""Callers of the simulator are spoken to while they wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from calls.commands import PlayGuidance
from calls.events import DigitPressed
from calls.journal import Entry
from calls.lifecycle import Outcome
from calls.record import fold
from sim.run import run
from sim.scenario import Scenario
from tests.sim.test_run import assert_nothing_is_left

pytestmark = pytest.mark.unit

PATIENCE = 100.0
PROJECT = """\
project: tax
name: Tax
numbers: [{number: 0570-012-229}]
hours: {weekly: {mon-sun: ["00:00-24:00"]}}
guidance: {ask: {ja: 番号を押してください。}, wait: {ja: しばらくお待ちください。}}
flow:
  start: START
  nodes:
    MENU
    line: {type: enqueue, queue: main, full: bye, no_seats: bye, timeout: bye}
    bye: {type: hangup, outcome: timed_out}
queues:
  main: {notices: {first_s: 5, every_s: 10, guidance: wait, position: true, expected_wait: true}}
"""


MENU = 'ask: {type: menu, prompt: ask, keys: {"1": line}, after: bye}'


def simulated(folder: Path, start: str, **flow: object) -> list[Entry]:
    """Three callers for one who could be served."""
    project = PROJECT.replace("START", start).replace("MENU", MENU if start == "ask" else "")
    (folder / "tax.yaml").write_text(project, encoding="utf-8")
    scenario = {
        "project": str(folder / "tax.yaml"),
        "calls": 60,
        "arrivals": {"per_hour": 60},
        "handle": {"mean": 180, "distribution": "constant"},
        "patience": {"mean": PATIENCE, "distribution": "constant"},
        "flow": flow,
        "seats": 1,
    }
    entries: list[Entry] = []
    result = run(Scenario.model_validate(scenario), entries.append)
    assert_nothing_is_left(result.engine)
    return entries


def heard(entries: list[Entry]) -> set[str]:
    """Every text that was played."""
    commands = (command for entry in entries for command in entry.commands)
    return {command.guidance for command in commands if isinstance(command, PlayGuidance)}


def test_they_lose_their_patience_meanwhile(tmp_path: Path) -> None:
    entries = simulated(tmp_path, "line")
    assert heard(entries) >= {"wait", "position_1", "position_2"}
    left = [record for record in fold(entries) if record.outcome == Outcome.ABANDONED_QUEUE]
    assert len(left) > 20
    assert {round(record.wait or 0.0, 3) for record in left} == {PATIENCE}


def test_they_press_keys_in_the_menu_only(tmp_path: Path) -> None:
    entries = simulated(tmp_path, "ask", keys={"1": 1.0})
    assert "position_2" in heard(entries)
    assert sum(isinstance(entry.event, DigitPressed) for entry in entries) == 60


def test_who_is_spoken_to_in_the_line_first_does_not_leave_in_the_first_guidance(tmp_path: Path) -> None:
    entries = simulated(tmp_path, "line", hang_up=1.0)
    left = [record for record in fold(entries) if record.outcome == Outcome.ABANDONED_QUEUE]
    assert {round(record.wait or 0.0, 3) for record in left} == {PATIENCE}
