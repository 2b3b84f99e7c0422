"""Each kind of difference between what the engine believes and what Asterisk has."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from calls.events import (
    CallArrived,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegsConnected,
    MessageFinished,
    PhoneDialled,
)
from engine.belief import Belief, Leg
from telephony.marks import Mark
from telephony.past import Past
from telephony.reconcile import Findings, compare
from telephony.seen import Seen, SeenLeg

pytestmark = pytest.mark.unit

CALL, BRIDGE, SEAT_LEG = "c17x-1", "c17x-1.b1", "c17x-1.s1"
CALLER = SeenLeg("anna", True, ("inbound", "0570", "048", "0"))
TALKS = SeenLeg(SEAT_LEG, True, ("seat",))
RINGS = SeenLeg(SEAT_LEG, False)


def believed(
    *, up: bool = True, bridge: str = "", awaited: bool = False, ending: bool = False, **more: dict[str, str]
) -> Belief:
    """A caller who was answered, and the seat of his call."""
    legs = {
        "anna": Leg("caller", CALL, True, bridge),
        SEAT_LEG: Leg("seat", CALL, up, "" if ending else bridge, ending),
    }
    bridges = frozenset({bridge} - {""})
    return Belief(
        legs,
        bridges,
        bridges if awaited else frozenset(),
        more.get("playbacks", {}),
        more.get("messages", {}),
        {},
    )


def there(*legs: SeenLeg, over: frozenset[str] = frozenset(), **bridges: set[str]) -> Seen:
    """Asterisk has these legs, and BRIDGE (`b1`) with some of them, where it is named."""
    names = {"b1": BRIDGE, "orphan": "c16x-9.m3", "other": "conference-5"}
    return Seen(
        {leg.id: leg for leg in legs},
        {names[name]: frozenset(members) for name, members in bridges.items()},
        frozenset(leg.id for leg in legs),
        frozenset(names.values()),
        over,
        {"c17x-1-message": 4.5},
    )


def found(belief: Belief, seen: Seen, past: tuple[str, ...] = ()) -> Findings:
    """By one look, with nothing new meanwhile."""
    legs = Past()
    legs.add(past)
    return compare(belief, seen, belief.legs.keys() | belief.bridges, legs)


BOTH = {"anna", SEAT_LEG}


@pytest.mark.parametrize(
    ("belief", "seen", "findings"),
    [
        (believed(bridge=BRIDGE), there(CALLER, TALKS, b1=BOTH), Findings()),
        (believed(up=False), there(CALLER, RINGS), Findings()),
        (believed(bridge=BRIDGE), there(), Findings([LegEnded("anna"), LegEnded(SEAT_LEG)])),
        (
            believed(bridge=BRIDGE),
            there(TALKS, b1={SEAT_LEG}),
            Findings([LegEnded("anna")]),
        ),
        (believed(up=False), there(CALLER, TALKS), Findings([LegAnswered(SEAT_LEG)])),
        # Picked up, but not with us yet: it tries to come in.
        (believed(up=False), there(CALLER, SeenLeg(SEAT_LEG, True)), Findings()),
        (
            believed(bridge=BRIDGE, awaited=True),
            there(CALLER, TALKS, b1=BOTH),
            Findings([LegsConnected(BRIDGE)]),
        ),
        (
            believed(bridge=BRIDGE, awaited=True),
            there(CALLER, TALKS, b1={"anna"}),
            Findings(put_in=[(BRIDGE, SEAT_LEG)]),
        ),
        (
            believed(bridge=BRIDGE),
            there(CALLER, TALKS),
            Findings(put_in=[(BRIDGE, "anna"), (BRIDGE, SEAT_LEG)]),
        ),
        (
            believed(playbacks={"p1": "anna"}),
            there(CALLER, TALKS, over=frozenset({"p1"})),
            Findings([GuidanceFinished("p1")]),
        ),
        (
            believed(messages={"c17x-1-message": "anna"}),
            there(CALLER, TALKS, over=frozenset({"c17x-1-message"})),
            Findings([MessageFinished("c17x-1-message", 4.5)]),
        ),
        # In the hands of the dialplan again, that serves him while no engine does.
        (believed(), there(SeenLeg("anna", True), TALKS), Findings([LegEnded("anna")])),
        (believed(), there(SeenLeg("anna", False, CALLER.args), TALKS), Findings(answer=["anna"])),
        (
            believed(playbacks={"p1": "anna"}),
            there(SeenLeg("anna", False, CALLER.args), TALKS),
            Findings(),
        ),
        (
            believed(playbacks={"p1": "anna"}),
            there(SeenLeg("anna", False, CALLER.args), TALKS, over=frozenset({"p1"})),
            Findings([GuidanceFinished("p1")], answer=["anna"]),
        ),
        (believed(ending=True), there(CALLER, TALKS), Findings(hang_up=[SEAT_LEG])),
        (
            believed(bridge=BRIDGE),
            there(CALLER, TALKS, b1=BOTH, orphan=set(), other={"somebody"}),
            Findings(close=["c16x-9.m3"]),
        ),
    ],
)
def test_a_difference(belief: Belief, seen: Seen, findings: Findings) -> None:
    assert found(belief, seen) == findings


NOTHING = Belief({}, frozenset(), frozenset(), {}, {}, {})


def test_who_arrived_unheard_comes_in_his_order() -> None:
    late = SeenLeg("9.2", False, ("inbound", "0571", "", "1"), since="2026-05-07T10:00:02")
    early = SeenLeg("9.3", False, ("inbound", "0570", "048", "0"), since="2026-05-07T10:00:01")
    dials = SeenLeg("9.4", False, ("phone", "*14", "seat01"), since="2026-05-07T10:00:03")
    assert found(NOTHING, there(late, early, dials)) == Findings(
        [
            CallArrived("9.3", "0570", "048"),
            CallArrived("9.2", "0571", ""),
            PhoneDialled("9.4", "seat01", "*14"),
        ]
    )


def test_who_was_here_already_does_not_arrive_again() -> None:
    assert found(NOTHING, there(CALLER), past=("anna",)) == Findings(hang_up=["anna"])


@pytest.mark.parametrize(
    ("leg", "ours"),
    [
        (SeenLeg("c17x-1.t2", False), True),
        (SeenLeg("c17x-1.w5", True, ("snoop",)), True),
        (SeenLeg("9.2", True), False),  # in a queue of Asterisk's own
        (SeenLeg("9.2", True, ("waiting", "0570", "")), False),  # of a kind that is not known here
    ],
)
def test_which_legs_are_nobodys(leg: SeenLeg, ours: bool) -> None:
    assert found(NOTHING, there(leg)).hang_up == [leg.id] * ours


def test_a_leg_of_another_engine_is_not_touched() -> None:
    leg = SeenLeg("c17y-1.s1", False)
    seen = Seen({leg.id: leg}, {"c17y-1.b1": frozenset({leg.id})})
    assert not found(NOTHING, seen)
    marked = Seen({leg.id: SeenLeg(leg.id, False, mark=Mark("seat"))}, {})
    assert found(NOTHING, marked).hang_up == [leg.id]


def test_who_is_to_be_in_no_bridge_is_taken_out_of_it() -> None:
    belief = believed(bridge=BRIDGE)
    belief.legs["anna"] = Leg("caller", CALL, True)
    assert found(belief, there(CALLER, TALKS, b1=BOTH)) == Findings(take_out=[(BRIDGE, "anna")])


def test_what_the_engine_has_come_to_know_meanwhile_is_no_stranger() -> None:
    findings = compare(NOTHING, there(TALKS, b1={SEAT_LEG}), {SEAT_LEG, BRIDGE}, Past())
    assert not findings


def test_only_so_many_legs_are_remembered() -> None:
    past = Past(most=2)
    past.add(("a", "b", "c"))
    assert [leg in past for leg in "abc"] == [False, True, True]


@pytest.mark.parametrize("left", [(), (CALLER,), (TALKS,), (CALLER, TALKS)])
def test_who_talked_and_has_gone_since_talked_first(left: tuple[SeenLeg, ...]) -> None:
    seen = replace(there(*left, b1={leg.id for leg in left}), met=frozenset({BRIDGE}))
    findings = found(believed(bridge=BRIDGE, awaited=True), seen)
    gone = [LegEnded(leg) for leg in ("anna", SEAT_LEG) if leg not in {one.id for one in left}]
    assert findings == Findings([LegsConnected(BRIDGE), *gone])  # once, and before anybody has ended


def test_a_bridge_that_is_not_waited_for_is_not_connected_again() -> None:
    seen = replace(there(CALLER, TALKS, b1=BOTH), met=frozenset({BRIDGE}))
    assert not found(believed(bridge=BRIDGE), seen)


def test_who_met_nobody_has_given_up() -> None:
    findings = found(believed(bridge=BRIDGE, awaited=True), there(TALKS, b1={SEAT_LEG}))
    assert findings == Findings([LegEnded("anna")])
