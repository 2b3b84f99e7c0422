"""Callers of the simulator type numbers too."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from calls.events import DigitPressed
from calls.journal import Entry
from sim.edge import DIGIT_AFTER_S, KEY_AFTER_S
from sim.run import run
from sim.scenario import Scenario

pytestmark = pytest.mark.unit

PROJECT = """\
project: tax
name: Tax
numbers: [{number: 0570-012-229}]
hours: {weekly: {mon-sun: ["00:00-24:00"]}}
guidance: {ask: {ja: 番号を押してください。}}
flow:
  start: ask
  nodes:
    ask: {type: collect, prompt: ask, into: CODE, length: 4, next: typed, after: silent}
    typed: {type: hangup, outcome: self_served}
    silent: {type: hangup, outcome: timed_out}
"""


def test_the_first_digit_as_the_scenario_says_and_the_rest_by_chance(tmp_path: Path) -> None:
    (tmp_path / "tax.yaml").write_text(PROJECT, encoding="utf-8")
    scenario = Scenario.model_validate(
        {
            "project": str(tmp_path / "tax.yaml"),
            "calls": 50,
            "arrivals": {"per_hour": 10},
            "handle": {"mean": 60},
            "flow": {"keys": {"7": 1.0}},
            "seats": 1,
        }
    )
    entries: list[Entry] = []
    assert run(scenario, entries.append).summary["outcomes"] == {"self_served": 50}
    typed: dict[str, list[DigitPressed]] = {}
    times: dict[str, list[float]] = {}
    for entry in entries:
        if isinstance(entry.event, DigitPressed):
            typed.setdefault(entry.event.leg, []).append(entry.event)
            times.setdefault(entry.event.leg, []).append(entry.at)
    codes = {"".join(event.digit for event in events) for events in typed.values()}
    assert {(len(code), code[0]) for code in codes} == {(4, "7")}
    assert len(codes) > 40
    pauses = [later - at for each in times.values() for at, later in pairwise(each)]
    assert max(pauses) == pytest.approx(DIGIT_AFTER_S)
    assert DIGIT_AFTER_S < KEY_AFTER_S
