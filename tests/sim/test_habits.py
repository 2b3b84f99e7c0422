"""All habits of callers and operators together, and none of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.notes import NoteArrived
from sim.run import run
from tests.sim.people import CLASSES, SHIFT, simulated
from tests.sim.scenarios import tax_day

pytestmark = pytest.mark.unit


shares = st.sampled_from([0.0, 0.1, 0.5])
seconds = st.sampled_from([1.0, 60.0, 600.0])
mean = st.fixed_dictionaries({"mean": seconds})
again = st.fixed_dictionaries({"share": shares, "wait": mean})
changes = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**32),
        "redial": st.none() | st.fixed_dictionaries({"after_busy": again, "after_abandon": again}),
        "balking": st.none() | st.just({"position": {"2": 0.3, "5": 0.6}, "expected_wait": {"60": 0.5}}),
        "handle": st.sampled_from([{"mean": 200.0}, {"mean": 60.0, "classes": CLASSES}]),
        "lines": st.sampled_from([None, 8]),
        "flow": st.just({}) | st.just({"menus": {"info": {"1": 0.4, "0": 0.3}}, "keys": {"1": 0.5}}),
        "operators": st.fixed_dictionaries(
            {
                "misses": shares,
                "away": mean,
                "speed": st.none() | st.just({"cv": 0.5}),
                "lateness": st.none() | mean,
                "breaks": st.none() | st.just({"every": {"mean": 900.0}, "length": {"mean": 120.0}}),
            }
        ),
        "seats": st.sampled_from([
            5,
            {"by_half_hour": {"08:30": 2, "09:00": 5, "16:30": 1}},
            {"by_date": {"2026-05-07": {"09:00": 3, "09:30": 1, "17:00": 2}}},
            {"shifts": [SHIFT, {"seats": 2, "from": "12:00", "to": "17:00", "dates": ["2026-05-07"]}]},
        ]),
    }
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(changes)
def test_whatever_people_do_no_call_and_no_seat_is_left_behind(drawn: dict[str, Any]) -> None:
    scenario = tax_day(
        **drawn, arrivals={"by_half_hour": {"08:00": 5, "09:00": 60, "16:30": 40, "17:00": 20}}
    )
    result = run(scenario)
    assert result.summary["offered"] == sum(result.summary["outcomes"].values())
    floor = result.engine.floor
    assert (floor.calls, floor.callers, floor.seat_legs, floor.bridges) == ({}, {}, {}, {})
    assert len(floor.timers) == 0


def test_switched_off_nothing_of_it_is_there() -> None:
    entries, _ = simulated(tax_day())
    again, _ = simulated(tax_day(redial=None, balking=None, operators={}, flow=tax_day().flow.model_dump()))
    assert entries == again
    assert sum(isinstance(c, NoteArrived) for entry in entries for c in entry.commands) > 300


HABITS: list[dict[str, Any]] = [
    {"redial": {"after_abandon": {"share": 0.5, "wait": {"mean": 60.0}}}},
    {"handle": {"mean": 300.0, "classes": {"減免": {"share": 0.5, "mean": 60.0}}}},
    {"flow": {"menus": {"info": {"1": 0.4}}}},
    {"balking": {"position": {"2": 0.5}}},
    {"operators": {"misses": 0.1}},
    {"operators": {"speed": {"cv": 0.5}}},
    {"operators": {"breaks": {"every": {"mean": 900.0}, "length": {"mean": 120.0}}}},
    {"patience": {"mean": 60.0, "distribution": "weibull", "shape": 0.7}},
]


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: ", ".join(habit))
def test_no_habit_changes_who_calls_and_when(habit: dict[str, Any]) -> None:
    day = {"arrivals": {"by_half_hour": {"09:00": 60, "16:30": 20}}, "seats": 6}
    usual, other = (simulated(tax_day(**day, **more))[1] for more in ({}, habit))
    times = [
        {record.leg: (record.caller, record.arrived_at) for record in each if "." not in record.leg}
        for each in (usual, other)
    ]
    assert times[0] == times[1]
    assert [r.closed_at for r in usual] != [r.closed_at for r in other][: len(usual)]
