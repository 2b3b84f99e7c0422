"""What the engine believes to be there: each leg and what it is doing, each bridge and who is in it.

Asterisk is compared with it after an outage, and now and then besides (`telephony.reconcile`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from acd.seat import Seat
from calls.lifecycle import STATE
from engine.call import Call, Party
from engine.engine import Engine
from engine.floor import Floor
from engine.listener import Listener
from engine.second_line import SecondLine
from engine.talk import CONVERSATION

Role = Literal["caller", "seat", "party", "snoop", "desk"]
"""`desk`: a leg of a seat or a supervisor that belongs to no call of its own (star codes, second lines, ears)."""


class Leg(msgspec.Struct, frozen=True):
    """A leg that is to be there.

    `up`: whether it has been picked up, None where the engine does not know. `bridge`: in which it is to be, empty
    where in none. `call`: the call's id, empty where it belongs to none. `ending`: it was told to end.
    """

    role: Role
    call: str = ""
    up: bool | None = None
    bridge: str = ""
    ending: bool = False


class Belief(msgspec.Struct, frozen=True):
    """What is to be there at one moment.

    `legs` by id; `bridges` are the ids of all. `awaited`: the bridges in which two legs are to be brought together,
    and of which that has not been told yet. `playbacks`: on which leg each runs; `messages` the same of what callers
    leave. `recordings`: leg and project of each conversation that is recorded.
    """

    legs: dict[str, Leg]
    bridges: frozenset[str]
    awaited: frozenset[str]
    playbacks: dict[str, str]
    messages: dict[str, str]
    recordings: dict[str, tuple[str, str]]

    def members(self, bridge: str) -> set[str]:
        """The legs that are to be in a bridge."""
        return {name for name, leg in self.legs.items() if leg.bridge == bridge and not leg.ending}

    def agreed(self, later: Belief) -> Belief:
        """What was believed at both moments."""
        return Belief(
            dict(self.legs.items() & later.legs.items()),
            self.bridges & later.bridges,
            self.awaited & later.awaited,
            dict(self.playbacks.items() & later.playbacks.items()),
            dict(self.messages.items() & later.messages.items()),
            dict(self.recordings.items() & later.recordings.items()),
        )


def belief(engine: Engine) -> Belief:
    """Between two steps of the engine."""
    floor, calls = engine.floor, engine.floor.calls.values()
    lines = engine._phones.second_lines.lines
    said = engine._phones._calls.open
    ears = engine._ear.listening
    places = dict(_places(floor, lines, ears))
    legs: dict[str, Leg] = {}
    for name, leg in _legs(floor, lines, ears, _goes_on(engine)):
        legs[name] = msgspec.structs.replace(leg, bridge="" if leg.ending else places.get(name, ""))
    for name in said.keys() - legs.keys():
        legs[name] = Leg("desk", up=True)
    playing = [(call.playback, call.leg) for call in calls if call.playback]
    return Belief(
        legs,
        frozenset(floor.bridges) | {one.bridge for one in ears.values() if one.bridge},
        frozenset(name for name, call in floor.bridges.items() if call.state not in CONVERSATION),
        dict(playing) | {one.playback: one.leg for one in said.values()},
        {call.message.id: call.leg for call in calls if call.message and call.message.seconds is None},
        {
            call.id: (call.leg, call.project.project)
            for call in calls
            if call.recorded and floor.callers.get(call.leg) is call
        },
    )


# ---- legs


def _goes_on(engine: Engine) -> set[str]:
    """The legs on which something is said, but for those of an ear that has been closed meanwhile."""
    listening = {one.leg for one in engine._ear.listening.values()}
    said = engine._phones._calls.open
    return {leg for leg, one in said.items() if one.then != engine._ear.picked_up or leg in listening}


def _legs(
    floor: Floor, lines: dict[str, SecondLine], ears: dict[str, Listener], said: set[str]
) -> Iterator[tuple[str, Leg]]:
    for name, party in floor.parties.items():
        yield name, _party(floor, party)
    for name, call in floor.callers.items():
        role: Role = "caller" if call.direction == "in" else "party"
        yield name, Leg(role, call.id, call.answered)
    for name, seat in floor.seat_legs.items():
        yield name, _seat(floor, name, seat, ears, said)
    for name, line in lines.items():
        yield name, Leg("desk", line.call.id, up=True)
    for one in ears.values():
        for snoop in (one.at_caller, one.at_operator):
            if snoop is not None:
                yield snoop.id, Leg("snoop", one.call.id, snoop.up)


def _party(floor: Floor, party: Party) -> Leg:
    call = party.call
    if party in call.parties or call.transfer is party:
        picked_up = party.talking or (call.transfer is party and bool(call.bridge))
        return Leg("party", call.id, picked_up)
    return Leg(
        "party", call.id, ending=True
    )  # a party that was dialled and is there still stands among the callers


def _seat(floor: Floor, leg: str, seat: Seat, ears: dict[str, Listener], said: set[str]) -> Leg:
    one = ears.get(seat.id)
    if one is not None and one.leg == leg:
        return Leg("desk", one.call.id, one.up or leg in said)
    call = floor.calls.get(seat.call)
    if call is not None and seat.leg == leg:
        if call.seat is seat and call.state is not STATE.WRAP_UP:
            # His own call, that he wants to make: he may still be rung for it himself.
            return Leg("seat", call.id, call.state is not STATE.ARRIVED)
        if seat in call.rings:
            return Leg("seat", call.id, seat in call.late)
    return Leg("desk", up=True, ending=leg not in said)


# ---- bridges


def _places(
    floor: Floor, lines: dict[str, SecondLine], ears: dict[str, Listener]
) -> Iterator[tuple[str, str]]:
    for bridge, call in floor.bridges.items():
        yield from ((leg, bridge) for leg in _together(floor, call))
    for line in lines.values():
        if line.talks:
            yield line.first, ""
            yield line.leg, line.call.bridge
    for one in ears.values():
        yield one.leg, one.inside
        yield one.heard, one.bridge


def _together(floor: Floor, call: Call) -> Iterator[str]:
    """Who is in a call's bridge, but for supervisors and second lines."""
    if not call.music and call.leg in floor.callers:
        yield call.leg
    if call.seat is not None:
        yield call.seat.leg
    if call.transfer is not None:
        yield call.transfer.id
    for party in call.parties:
        if party.talking and not party.held:
            yield party.id
