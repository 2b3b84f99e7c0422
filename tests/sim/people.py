"""Projects and habits for tests of callers and operators."""

from __future__ import annotations

from calls.journal import Entry
from calls.record import CallRecord, fold
from sim.scenario import Scenario
from tests.sim.scenarios import journal_of
from tests.sim.test_run import assert_nothing_is_left

PROJECT = """\
project: tax
name: Tax
numbers: [{number: 0570-012-229}]
hours: {weekly: {mon-sun: ["00:00-24:00"]}}
flow:
  start: line
  nodes:
    line: {type: enqueue, queue: main, full: bye, no_seats: bye, timeout: bye}
    bye: {type: hangup, outcome: timed_out}
queues:
  main: {notices: {first_s: 5, every_s: 10, position: true, expected_wait: true}}
"""

CLASSES = {
    "減免": {"share": 0.3, "mean": 700.0, "distribution": "constant", "wrapup": {"mean": 20, "distribution": "fixed"}},
    "督促状": {"share": 0.5, "mean": 200.0, "distribution": "constant"},
}  # fmt: skip
SHIFT = {"seats": 6, "from": "09:00", "to": "12:00", "breaks": [{"at": "10:00", "minutes": 15, "groups": 3}]}


def simulated(scenario: Scenario) -> tuple[list[Entry], list[CallRecord]]:
    """What happened, and the calls of it."""
    entries, result = journal_of(scenario)
    assert_nothing_is_left(result.engine)
    return entries, list(fold(entries))
