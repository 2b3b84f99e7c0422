"""Classes of inquiry, each with its own talks and records."""

from __future__ import annotations

from pathlib import Path

import pytest

from calls.lifecycle import Outcome
from calls.record import CallRecord
from calls.requests import CallClassified
from sim.scenario import Scenario
from tests.sim.people import CLASSES, PROJECT, simulated
from tests.sim.scenarios import tax_day

pytestmark = pytest.mark.unit


INQUIRIES = {"handle": {"mean": 50.0, "distribution": "constant", "classes": CLASSES}, "seats": 60}


def test_each_class_has_its_share_its_talks_and_its_records() -> None:
    wrapup = {"mean": 10.0, "distribution": "constant"}
    entries, records = simulated(tax_day(**INQUIRIES, wrapup=wrapup, patience=None))
    answered = [record for record in records if record.outcome == Outcome.ANSWERED]
    by_class: dict[str, list[CallRecord]] = {}
    for record in answered:
        by_class.setdefault(record.inquiry_class, []).append(record)
    assert set(by_class) == {"減免", "督促状", ""}
    expected = {"減免": (0.3, 700, 20), "督促状": (0.5, 200, 10), "": (0.2, 50, 10)}
    for name, (share, talk, wrapup_s) in expected.items():
        count = len(by_class[name])
        assert abs(count / len(answered) - share) <= 3 * (share * (1 - share) / len(answered)) ** 0.5
        assert {(round(r.talk or 0, 3), round(r.wrapup or 0, 3)) for r in by_class[name]} == {
            (talk, wrapup_s)
        }
    said = [entry for entry in entries if isinstance(entry.event, CallClassified)]
    assert len(said) == len(by_class["減免"]) + len(by_class["督促状"])


def test_a_class_that_the_project_has_not_is_not_recorded() -> None:
    handle = {"mean": 50.0, "classes": {"雑談": {"share": 1.0, "mean": 90.0, "distribution": "constant"}}}
    entries, records = simulated(tax_day(handle=handle))
    assert not any(isinstance(entry.event, CallClassified) for entry in entries)
    assert {round(r.talk, 3) for r in records if r.talk is not None} == {90.0}


def test_where_nothing_is_written_down_the_class_is_given_during_the_talk(tmp_path: Path) -> None:
    text = PROJECT.replace("main: {", "main: {wrapup_s: 0, ") + "inquiry_classes: [tax]\n"
    (tmp_path / "tax.yaml").write_text(text, encoding="utf-8")
    handle = {"mean": 60, "classes": {"tax": {"share": 1.0, "mean": 60.0}}}
    _, records = simulated(
        Scenario.model_validate(
            {"project": str(tmp_path / "tax.yaml"), "calls": 50, "arrivals": {"per_hour": 30}, "handle": handle,
             "seats": 3}
        )
    )  # fmt: skip
    assert {(record.outcome, record.inquiry_class) for record in records} == {(Outcome.ANSWERED, "tax")}
