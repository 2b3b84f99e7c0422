"""How long it takes until somebody sees what the engine knows: matched fact by fact."""

from __future__ import annotations

import time

import pytest

from calls.events import TimePassed
from calls.journal import Entry
from calls.lifecycle import Move, SeatState, State
from calls.notes import NoteMoved, NoteSeat
from supervisor.bench.sightings import CLOSED, Eyes, Facts, p95, states_of

pytestmark = pytest.mark.unit


def test_each_sighting_is_of_the_last_fact_before_it() -> None:
    facts, before = Facts(), time.time()
    for state in (State.QUEUED, State.RINGING, State.QUEUED):
        facts.observe(Entry(1, 0.0, TimePassed(), [NoteMoved("c1", Move.QUEUED, state)]))
    facts.observe(Entry(2, 0.0, TimePassed(), [NoteSeat("s1", SeatState.READY)]))
    now = time.time()
    seen = [
        ("c1", "QUEUED", now + 1),
        ("c1", "RINGING", now + 2),
        ("s1", "READY", now + 3),
        ("s1", "BREAK", now),
    ]
    delays = facts.delays_ms(seen, before)
    assert [round(delay / 1000) for delay in delays] == [1, 2, 3]
    assert facts.delays_ms(seen, now + 1) == []
    assert facts.delays_ms([("c1", "QUEUED", before - 1)], 0.0) == []


def test_what_is_new_to_somebody() -> None:
    eyes = Eyes()
    eyes.look({"c1": "QUEUED", "c2": "IVR"}, 1.0)
    eyes.look({"c1": "QUEUED"}, 2.0)
    eyes.look({"c1": "TALKING"}, 3.0, gone=["c2", "c9"])
    eyes.look({"s1": "READY"}, 4.0, whole=True)
    assert eyes.seen == [
        ("c1", "QUEUED", 1.0),
        ("c2", "IVR", 1.0),
        ("c2", CLOSED, 3.0),
        ("c1", "TALKING", 3.0),
        ("c1", CLOSED, 4.0),
        ("s1", "READY", 4.0),
    ]


def test_the_states_of_rows() -> None:
    assert states_of([{"id": "c1", "state": "IVR", "more": 1}], "id") == {"c1": "IVR"}


@pytest.mark.parametrize(("count", "value"), [(1, 1), (20, 19), (100, 95), (101, 96)])
def test_95_of_100(count: int, value: int) -> None:
    assert p95(range(1, count + 1)) == value
    assert p95([]) is None
