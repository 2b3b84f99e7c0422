"""A simulated day's journal, fed to a fresh engine, gives the same commands."""

from __future__ import annotations

import pytest

from calls.commands import decode_commands, encode_commands
from calls.events import decode_event, encode_event
from calls.journal import Entry, differences
from engine.engine import Engine
from sim.scenario import Scenario
from sim.world import build
from tests.sim.scenarios import bare, journal_of, tax_day

pytestmark = pytest.mark.replay

SCENARIOS = [
    pytest.param(bare(lines=8, wrapup={"mean": 20.0}, ring={"mean": 12.0}), id="bare"),
    pytest.param(bare(seats={"by_half_hour": {"09:00": 3, "09:30": 5, "17:00": 2}}, calls=300), id="shifts"),
    pytest.param(tax_day(), id="tax"),
    pytest.param(tax_day(seats=4, wrapup={"mean": 0.0}), id="tax, overloaded"),
]


def written_and_read(entry: Entry) -> Entry:
    """The entry as it comes back from a file."""
    event, commands = encode_event(entry.event), encode_commands(entry.commands)
    return Entry(entry.number, entry.at, decode_event(event), list(decode_commands(commands)))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_fresh_engine_does_the_same(scenario: Scenario) -> None:
    entries, _ = journal_of(scenario)
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert list(differences(entries, Engine(build(scenario).centre))) == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_journal_that_was_written_and_read_says_the_same(scenario: Scenario) -> None:
    entries, _ = journal_of(scenario)
    again = map(written_and_read, entries)
    assert list(differences(again, Engine(build(scenario).centre))) == []


def test_another_configuration_does_something_else() -> None:
    entries, _ = journal_of(tax_day())
    assert any(differences(entries, Engine(build(tax_day(seats=3)).centre)))
