"""What the engine believes, against an Asterisk that does at once whatever it is told."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from calls.commands import PlayGuidance, StopGuidance
from calls.event import Event
from calls.events import GuidanceFinished, LegEnded, LegHeld, LegRetrieved, LegsConnected
from engine.belief import Belief, Leg, belief
from tests.engine.button_town import SECOND, consults
from tests.engine.city import City
from tests.engine.test_any_order import AnyOrder
from tests.engine.test_any_phone import AnyPhoneAnywhere
from tests.engine.test_any_request import AnyRequestAnywhere

pytestmark = pytest.mark.replay


class Perfect(AnyOrder):
    """Looks after every step whether the engine believes what there is; mixed into the machines of chance."""

    def _happens(self, event: Event) -> None:
        super()._happens(event)
        agrees(self, belief(self.engine))


def agrees(machine: AnyOrder, believed: Belief) -> None:
    """Nothing that the observer of a machine has seen differs from what its engine believes."""
    observer = machine.observer
    there = {leg for leg, state in observer.legs.items() if not state}
    assert {leg for leg, one in believed.legs.items() if not one.ending} & observer.legs.keys() == there
    assert set(believed.legs) == machine.engine.legs()
    open_bridges = {name: legs for name, legs in observer.bridges.items() if legs is not None}
    assert believed.bridges == set(open_bridges)
    for name, legs in open_bridges.items():
        assert believed.members(name) & observer.legs.keys() == legs & there, name
    assert believed.awaited <= believed.bridges
    assert set(believed.playbacks) <= {*observer.playbacks}
    assert set(believed.playbacks.values()) <= set(believed.legs)
    for message, leg in believed.messages.items():
        assert message in observer.messages
        assert leg in there


def _with(machine: type[AnyOrder]) -> type[AnyOrder]:
    return type(f"Perfect{machine.__name__}", (Perfect, machine), {})


_SETTINGS = settings(
    max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestEvents = _with(AnyOrder).TestCase
TestRequests = _with(AnyRequestAnywhere).TestCase
TestPhones = _with(AnyPhoneAnywhere).TestCase
TestEvents.settings = TestRequests.settings = TestPhones.settings = _SETTINGS


def test_a_call_from_its_arrival_to_its_end() -> None:
    city = City()
    city.arrives(0, "anna")
    call = next(iter(city.engine.floor.calls))
    seat, bridge = f"{call}.s1", f"{call}.b1"
    assert belief(city.engine).legs == {"anna": Leg("caller", call, True)}
    assert belief(city.engine).playbacks == {city.playback("anna"): "anna"}

    city.hears(1, "anna")
    assert belief(city.engine).legs["anna"] == Leg("caller", call, True)
    assert belief(city.engine).legs[seat] == Leg("seat", call, False)
    assert belief(city.engine).playbacks == {}

    city.confirms = False
    city.picks_up(2, "s1")
    connecting = belief(city.engine)
    assert connecting.awaited == {bridge}
    assert connecting.members(bridge) == {"anna", seat}
    city.happens(2, LegsConnected(bridge))
    talking = belief(city.engine)
    assert not talking.awaited
    assert talking.bridges == {bridge}
    assert talking.recordings == {call: ("anna", "tax")}

    city.happens(3, LegEnded("anna"))
    assert belief(city.engine).legs == {seat: Leg("desk", up=True, ending=True)}
    city.happens(3, LegEnded(seat))
    assert belief(city.engine) == Belief({}, frozenset(), frozenset(), {}, {}, {})


def test_only_what_was_believed_at_both_moments_is_agreed() -> None:
    city = City()
    city.arrives(0, "anna")
    before = belief(city.engine)
    city.hears(1, "anna")
    agreed = before.agreed(belief(city.engine))
    assert set(agreed.legs) == {"anna"}
    assert agreed.playbacks == {}


def test_what_is_played_is_what_was_told_last() -> None:
    city = City()
    city.arrives(0, "anna")
    played = [c for entry in city.entries for c in entry.commands if isinstance(c, PlayGuidance)]
    city.happens(1, GuidanceFinished(played[0].playback))
    assert not [c for entry in city.entries for c in entry.commands if isinstance(c, StopGuidance)]
    assert belief(city.engine).playbacks == {}


def test_an_operator_talks_on_one_of_his_two_lines() -> None:
    tax = consults()
    first, third = tax.leg("s1"), tax.leg("35")
    [bridge] = tax.engine.floor.bridges
    assert belief(tax.engine).members(bridge) == {SECOND, third}
    assert belief(tax.engine).legs[SECOND].role == "desk"
    tax.happens(15, LegHeld(SECOND), LegRetrieved(first))
    assert belief(tax.engine).members(bridge) == {"anna", first}
