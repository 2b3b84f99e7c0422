"""Transfers and messages of a flow on virtual time."""

from __future__ import annotations

from pathlib import Path

import pytest

from calls.lifecycle import Outcome
from calls.record import CallRecord, fold
from sim.edge import MESSAGE_S, TRANSFER_RING_S
from sim.scenario import Scenario
from tests.sim.scenarios import journal_of
from tests.sim.test_run import assert_nothing_is_left

pytestmark = pytest.mark.unit

PROJECT = """\
project: city
name: City
numbers: [{number: 0480000001}]
hours: {weekly: {mon-sun: ["00:00-24:00"]}}
guidance: {hello: {ja: はい。}}
flow:
  start: hello
  nodes:
    hello: {type: say, guidance: hello, next: there}
    there: NODE
    bye: {type: hangup, guidance: hello, outcome: timed_out}
queues: {main: {}}
"""


OFFICE = """
    office: {type: transfer, to: {extension: "35"}, unanswered: bye}"""
TELL = """
    tell: {type: notify, gateway: chat, text: "{caller}", next: bye}"""


def simulated(folder: Path, node: str, **more: object) -> list[CallRecord]:
    """A hundred calls through a flow with this node."""
    (folder / "projects").mkdir()
    file = folder / "projects" / "city.yaml"
    file.write_text(PROJECT.replace("NODE", node), encoding="utf-8")
    (folder / "extensions.yaml").write_text("extensions: [{id: ext35, number: '35'}]\n", encoding="utf-8")
    scenario = {
        "project": str(file), "from": "2026-05-07", "calls": 100, "arrivals": {"per_hour": 30},
        "handle": {"mean": 60.0, "distribution": "constant"}, "seats": 1,
    }  # fmt: skip
    entries, result = journal_of(Scenario.model_validate(scenario | more))
    assert_nothing_is_left(result.engine)
    records = list(fold(entries))
    answered = [
        record for record in records if record.direction == "in" and record.outcome == Outcome.ANSWERED
    ]
    assert result.summary["answered"] == len(answered)
    talks = [record.talk for record in answered if record.talk is not None]
    if talks:
        assert result.summary["mean_talk"] == pytest.approx(sum(talks) / len(talks))
    return records


def test_a_transfer_is_answered_after_some_rings(tmp_path: Path) -> None:
    node = "{type: transfer, to: {outside: 0481234567}, unanswered: bye}"
    records = simulated(tmp_path, node)
    assert {(record.outcome, record.transferred_to) for record in records} == {
        (Outcome.ANSWERED, "outside:0481234567")
    }
    assert all(record.talk == pytest.approx(60.0) for record in records)


def test_it_does_not_ring_long_enough(tmp_path: Path) -> None:
    ring_s = TRANSFER_RING_S / 2
    node = f"{{type: transfer, to: {{outside: 0481234567}}, ring_s: {ring_s}, unanswered: office}}"
    records = simulated(tmp_path, node + OFFICE)
    # One telephone, one call at a time: who comes in the middle of another's talk hears the farewell.
    reached = {(record.outcome, record.transferred_to) for record in records}
    assert reached == {(Outcome.ANSWERED, "extension:35"), (Outcome.TIMED_OUT, "")}


def test_impatient_callers_give_up_while_it_rings(tmp_path: Path) -> None:
    node = "{type: transfer, to: {outside: 0481234567}, unanswered: bye}"
    records = simulated(tmp_path, node, patience={"mean": TRANSFER_RING_S / 2, "distribution": "constant"})
    assert {record.outcome for record in records} == {Outcome.ABANDONED_IVR}


def test_everybody_leaves_a_message(tmp_path: Path) -> None:
    node = "{type: message, prompt: hello, next: tell}" + TELL
    records = simulated(tmp_path, node)
    assert {record.outcome for record in records} == {Outcome.TIMED_OUT}  # the farewell's own word comes last
    assert min(record.closed_at - record.arrived_at for record in records if record.closed_at) > MESSAGE_S


def test_everybody_is_called_back(tmp_path: Path) -> None:
    node = "{type: callback, queue: main, accepted: bye, refused: office}" + OFFICE
    records = simulated(tmp_path, node)
    ours = [record for record in records if record.direction == "callback"]
    assert len(records) - len(ours) == 100
    assert {record.outcome for record in ours} == {Outcome.ANSWERED}
    assert all(record.talk == pytest.approx(60.0) for record in ours)
