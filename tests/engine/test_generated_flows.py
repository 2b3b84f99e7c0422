"""Generated flows through the whole engine, in virtual time, with callers and operators of chance."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from calls.lifecycle import Outcome
from sim.run import run
from sim.scenario import Scenario
from tests.engine.invariants import check_floor
from tests.ivr.flows import accepted, project_files

pytestmark = pytest.mark.replay

CALLS = 20


def scenario(project: Path, seed: int, keys: str) -> Scenario:
    """Twenty callers in ten minutes, two operators; nobody waits for ever."""
    return Scenario.model_validate(
        {
            "project": str(project),
            "seed": seed,
            "calls": CALLS,
            "arrivals": {"by_half_hour": {"09:00": 30, "20:00": 30}},
            "handle": {"mean": 60},
            "wrapup": {"mean": 5},
            "patience": {"mean": 60},
            "flow": {"hang_up": 0.1, "keys": dict.fromkeys(keys, 0.8 / len(keys))},
            "seats": 2,
        }
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(content=project_files(), seed=st.integers(0, 99), keys=st.sampled_from(["0", "12", "0123#", "19*"]))
def test_every_call_ends(content: dict[str, Any], seed: int, keys: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = accepted(content, Path(folder))
        event("accepted" if path else "refused")
        if path is None:
            return
        result = run(scenario(path, seed, keys))
    outcomes = result.summary["outcomes"]
    assert sum(outcomes.values()) == CALLS
    assert Outcome.LOST_SYSTEM not in outcomes
    floor = result.engine.floor
    check_floor(floor)
    assert (floor.calls, floor.callers, floor.seat_legs, floor.bridges) == ({}, {}, {}, {})
