"""A project with two queues, of which one goes before the other; a key decides, and all seats serve both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ivr.speech_length import estimated_seconds
from sim.edge import KEY_AFTER_S
from sim.scenario import Scenario

TEXT = "一か、二を、押してください。"
BEFORE_S = estimated_seconds(TEXT, language="ja")
"""So long a caller listens before he thinks of a key."""

PROJECT = f"""
project: two-queues
name: 二つの列
timezone: UTC
numbers: [{{number: "0312345678"}}]
hours: {{weekly: {{mon-sun: ["00:00-24:00"]}}}}
guidance: {{which: {{ja: {TEXT}}}}}
flow:
  start: which
  nodes:
    which: {{type: menu, prompt: which, keys: {{"1": soon, "2": later}}, after: end}}
    soon: {{type: enqueue, queue: soon, full: end, no_seats: end, timeout: end}}
    later: {{type: enqueue, queue: later, full: end, no_seats: end, timeout: end}}
    end: {{type: hangup, outcome: overflowed}}
queues:
  soon: {{priority: 3, wrapup_s: 0}}
  later: {{wrapup_s: 0}}
recording: {{enabled: false}}
"""
SOON, LATER = "two-queues/soon", "two-queues/later"


def two_queues(folder: Path, share: float, **changes: Any) -> Scenario:
    """`share` of all callers goes into the queue that is served first; a free seat answers at once."""
    file = folder / "projects" / "two-queues.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(PROJECT, encoding="utf-8")
    given = {
        "project": str(file),
        "from": "1970-01-01",
        "ring": {"mean": 0.0},
        "flow": {"keys": {"1": share, "2": 1 - share}},
    }
    return Scenario.model_validate(given | changes)


def joins_after(arrived: float) -> float:
    """When a caller is in his queue who dialled at a time."""
    return arrived + BEFORE_S + KEY_AFTER_S
