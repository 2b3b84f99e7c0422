"""Callers who go because of what they are told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from calls.lifecycle import Outcome
from calls.record import CallRecord
from sim.habits.balking import shares_by_text
from sim.scenario import Scenario
from tests.sim.people import PROJECT, simulated

pytestmark = pytest.mark.unit


def test_the_share_at_a_text_is_that_of_the_greatest_figure_reached() -> None:
    shares = shares_by_text({3: 0.1, 9: 0.4, 20: 0.9}, {180: 0.2, 600: 0.5, 3600: 0.9})
    assert [shares.get(f"position_{place}") for place in (1, 2, 3, 8, 9, 10, "many")] == [
        None, None, 0.1, 0.1, 0.4, 0.4, 0.4,
    ]  # fmt: skip
    assert [shares.get(f"wait_{minutes}") for minutes in (2, 3, 5, 10, 30)] == [None, 0.2, 0.2, 0.5, 0.5]


def queue_of(folder: Path, **more: Any) -> list[CallRecord]:
    """Many more callers than one operator can serve, all of them with patience for two minutes."""
    (folder / "tax.yaml").write_text(PROJECT, encoding="utf-8")
    scenario = {
        "project": str(folder / "tax.yaml"), "calls": 400, "arrivals": {"per_hour": 120}, "seats": 1,
        "handle": {"mean": 180, "distribution": "constant"},
        "patience": {"mean": 120, "distribution": "constant"},
    }  # fmt: skip
    return simulated(Scenario.model_validate(scenario | more))[1]


def worst_place(record: CallRecord) -> int:
    """The first place that he was told: it only gets better."""
    places = [text.partition("@")[0] for text in record.heard if text.startswith("position_")]
    return int(places[0].removeprefix("position_")) if places else 0


def test_who_is_told_too_much_hears_it_and_goes(tmp_path: Path) -> None:
    records = queue_of(tmp_path, balking={"position": {"3": 1.0}})
    told = [record for record in records if worst_place(record) >= 3]
    assert {record.outcome for record in told} == {Outcome.ABANDONED_QUEUE}
    gone = [record for record in told if worst_place(record) == 3]
    waits = {round(record.wait or 0, 2) for record in gone}
    assert len(waits) == 1  # 5 s and the length of the text
    assert 7 < waits.pop() < 12
    stayed = [r for r in records if r.outcome == Outcome.ABANDONED_QUEUE and worst_place(r) < 3]
    assert {round(record.wait or 0) for record in stayed} == {120}


def test_it_is_the_same_share_however_often_it_is_told(tmp_path: Path) -> None:
    records = queue_of(tmp_path, balking={"position": {"3": 0.3}})
    told = [record for record in records if worst_place(record) >= 3]
    early = sum((record.wait or 0) < 119 for record in told if record.outcome == Outcome.ABANDONED_QUEUE)
    assert max(Counter(r.leg for r in told for text in r.heard if text >= "position_3").values()) > 2
    assert abs(early / len(told) - 0.3) <= 3 * (0.3 * 0.7 / len(told)) ** 0.5


def test_who_loses_patience_while_he_is_told_goes_then(tmp_path: Path) -> None:
    hasty = {"mean": 6, "distribution": "constant"}
    records = queue_of(tmp_path, balking={"position": {"1": 1.0}}, patience=hasty)
    gone = [record for record in records if record.outcome == Outcome.ABANDONED_QUEUE]
    assert {round(record.wait or 0, 3) for record in gone} == {6.0}
