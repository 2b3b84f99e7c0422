"""Two engines never give the same id to a call, not even in the same second."""

from __future__ import annotations

import pytest

from calls.events import EngineStarted
from tests.engine.city import City
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def first_call(tax: City, run: str) -> str:
    """The id of the first call of an engine that was started as `run`."""
    tax.happens(0, EngineStarted("", run))
    tax.waits(1, "anna")
    (call,) = tax.engine.floor.calls
    return call


def test_the_run_is_a_part_of_the_id(city: MakeCity) -> None:
    ids = [first_call(city(), run) for run in ("", "x0a1b", "x0a1c")]
    assert ids == ["c1778115601-1", "c1778115601x0a1b-1", "c1778115601x0a1c-1"]


def test_what_belongs_to_a_call_is_found_by_such_an_id(city: MakeCity) -> None:
    tax = city()
    first_call(tax, "x0a1b")
    tax.picks_up(1.5, "s1")
    assert tax.life("anna", 1) == [
        (1, "IVR"),
        (1, "QUEUED"),
        (1, "RINGING"),
        (1.5, "answered"),
        (1.5, "TALKING"),
    ]
