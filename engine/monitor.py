"""Puts a supervisor where he hears what he asked for: into a bridge of his own with a snoop, or into the call's.

Whoever listens sits in his own bridge with a snoop at the caller's leg, which goes along through hold and transfer.
Whoever whispers has one at the operator's leg there instead, which hears as well as it speaks: with both of them the
operator would hear himself. Nothing of this is heard by anybody else.
"""

from __future__ import annotations

from calls.commands import AddToBridge, CloseBridge, ConnectLegs, HangUp, RemoveFromBridge, SnoopLeg
from calls.notes import NoteTalk
from engine.floor import Floor
from engine.listener import Listener, Snoop


class Monitor:
    """Compares what a listener has with what he is to have. `snoops`: whose they are, by id."""

    remembers = ("snoops",)

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.snoops: dict[str, Listener] = {}

    def place(self, one: Listener) -> None:
        """Bring a listener, whose telephone is up, to where he wants to be; what is right already stays as it is."""
        if one.possible == "barge":
            self._whisper_at(one, "")
            self._join(one)
            return
        self._leave(one)
        if one.at_caller is None:
            one.at_caller = self._snoop(one, one.call.leg, whisper=False)
        self._whisper_at(one, one.operator_leg if one.possible == "whisper" else "")
        self._listen(one)

    def take_over(self, one: Listener) -> None:
        """Into the call's bridge for good."""
        if one.inside == one.call.bridge:
            self._note(one, talking=False)
        else:
            self._step_out(one)
            self._floor.out.append(AddToBridge(one.call.bridge, one.leg))
        one.inside = ""
        self.take_down(one)

    def take_down(self, one: Listener) -> None:
        """Nothing of what was built for a listener stays; his telephone is not touched."""
        floor = self._floor
        if one.inside and one.inside != one.bridge:
            self._note(one, talking=False)
        for snoop in (one.at_caller, one.at_operator):
            if snoop is not None:
                del self.snoops[snoop.id]
                floor.out.append(HangUp(snoop.id))
        if one.bridge:
            floor.out.append(CloseBridge(one.bridge))
        one.at_caller = one.at_operator = None
        one.bridge = one.inside = one.heard = ""

    def snoop_is_there(self, name: str) -> None:
        """A snoop can be heard."""
        one = self.snoops.get(name)
        for snoop in (one.at_caller, one.at_operator) if one is not None else ():
            if snoop is not None and snoop.id == name:
                snoop.up = True

    def snoop_is_gone(self, name: str) -> Listener | None:
        """A snoop is no more; the listener is returned who has none at the caller now, and so nothing to hear."""
        one = self.snoops.pop(name, None)
        if one is None:
            return None
        if one.heard == name:
            one.heard = ""
        if one.at_operator is not None and one.at_operator.id == name:
            one.deaf, one.at_operator = one.at_operator.leg, None
            return None
        one.at_caller = None
        return one

    # ---- in the conversation

    def _join(self, one: Listener) -> None:
        if one.inside != one.call.bridge:
            self._step_out(one)
            one.inside = one.call.bridge
            self._floor.out.append(AddToBridge(one.inside, one.leg))
            self._note(one, talking=True)

    def _leave(self, one: Listener) -> None:
        if one.inside and one.inside != one.bridge:
            self._step_out(one)
            self._note(one, talking=False)

    def _step_out(self, one: Listener) -> None:
        """Out of the bridge in which he is; one of the call's may be gone already."""
        if one.inside and (one.inside == one.bridge or one.inside in self._floor.bridges):
            self._floor.out.append(RemoveFromBridge(one.inside, one.leg))
        one.inside = ""

    def _note(self, one: Listener, *, talking: bool) -> None:
        self._floor.out.append(NoteTalk(one.call.id, f"seat:{one.seat.id}", "supervisor", talking=talking))

    # ---- beside it

    def _snoop(self, one: Listener, leg: str, *, whisper: bool) -> Snoop:
        one.call.asks += 1
        snoop = Snoop(f"{one.call.id}.w{one.call.asks}", leg)
        self.snoops[snoop.id] = one
        self._floor.out.append(SnoopLeg(snoop.id, leg, spy=True, whisper=whisper))
        return snoop

    def _whisper_at(self, one: Listener, leg: str) -> None:
        """Have a whispering snoop at this leg, or (empty) none."""
        has = one.at_operator
        if has is not None and has.leg != leg:
            self._hear(one, one.at_caller)
            del self.snoops[has.id]
            self._floor.out.append(HangUp(has.id))
            has = one.at_operator = None
        if leg and has is None:
            one.at_operator = self._snoop(one, leg, whisper=True)

    def _listen(self, one: Listener) -> None:
        whispers = one.at_operator is not None and one.at_operator.up
        snoop = one.at_operator if whispers else one.at_caller
        if one.bridge:
            self._hear(one, snoop)
            if one.inside != one.bridge:
                one.inside = one.bridge
                self._floor.out.append(AddToBridge(one.bridge, one.leg))
        elif snoop is not None and snoop.up:
            one.call.asks += 1
            one.bridge = one.inside = f"{one.call.id}.m{one.call.asks}"
            one.heard = snoop.id
            self._floor.out.append(ConnectLegs(one.bridge, one.leg, snoop.id))

    def _hear(self, one: Listener, snoop: Snoop | None) -> None:
        """Have this snoop in his bridge, once it is there, and no other one."""
        wanted = snoop.id if snoop is not None and snoop.up else ""
        if not one.bridge or one.heard == wanted:
            return
        if one.heard:
            self._floor.out.append(RemoveFromBridge(one.bridge, one.heard))
        if wanted:
            self._floor.out.append(AddToBridge(one.bridge, wanted))
        one.heard = wanted
