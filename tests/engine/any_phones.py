"""Everything that the telephones of a centre may do by themselves, and supervisors with them, at any moment."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from calls import requests as asked
from calls.event import Event
from calls.events import (
    CommandFailed,
    DigitPressed,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegHeld,
    LegReferred,
    LegRetrieved,
    LegsConnected,
    PhoneDialled,
)
from calls.lifecycle import SeatState, State
from tests.engine.any_requests import AnyRequest
from tests.engine.city import WATER
from tests.engine.test_any_order import ANY, LATEST, SEATS

TALK = frozenset({State.TALKING, State.HELD, State.CONSULTING})
MODES = st.sampled_from(["listen", "whisper", "barge", "take_over"])
CODES = st.sampled_from(
    [
        *("*11", "*11101", "*11102", "*11999", "*12", "*13", "*139", "*14", "*151", "*159", "*16", "*99"),
        *("*21201", "*22201", "*23202", "*24203", "*24201", "*21999"),
    ]
)
NUMBERS = st.sampled_from(["201", "202", "203", "35", "1001", "0481234567", "999", ""])
KEYS = st.sampled_from(
    ["*1", "*235#", "*2202#", "*335#", "*3203#", "*30481234567#", "*4", "*5", "*6", "*7", "*2*3", "1#"]
)
PHONES = st.one_of(SEATS, st.sampled_from(["ext35", "nobody"]))


class AnyPhone(AnyRequest):
    """The machine of events and requests in any order, with telephones that dial and supervisors who listen."""

    lines = 0

    def _happens(self, event: Event) -> None:
        super()._happens(event)
        members = {bridge: legs for bridge, legs in self.observer.bridges.items() if legs is not None}
        assert all(
            len(legs & self.engine._ear.legs()) <= 1 for legs in members.values()
        )  # or they hear each other
        for one in self.engine._ear.listening.values():
            assert members.get(one.bridge, set()) & self.engine.legs() <= {one.leg, one.heard}
            beside = one.leg in members.get(one.call.bridge, set())
            assert beside == (one.up and one.possible == "barge")

    def _busy_leg(self, which: int) -> str:
        legs = [leg for leg in self.engine.legs() if leg not in self.engine.floor.callers]
        return sorted(legs)[which % len(legs)] if legs else "nobody"

    def _in_charge(self, which: int) -> str:
        """A seat in charge of a conversation, or none at all."""
        seats = [
            call.seat.id for call in self.engine.floor.calls.values() if call.seat and call.state in TALK
        ]
        return seats[-1 - which % len(seats)] if seats else "s1"

    @rule()
    def somebody_talks(self) -> None:
        self.lines += 1
        self.a_call_comes_to_the_line(WATER, 1000 + self.lines)
        self._picks_up()

    def _picks_up(self) -> None:
        """Whoever is rung, and is brought together with the caller."""
        floor = self.engine.floor
        ringing = [seat.leg for seat in floor.seats.values() if seat.state is SeatState.RINGING]
        for leg in [*ringing[:1], *floor.parties]:
            self._happens(LegAnswered(leg))
        for bridge in [*floor.bridges]:
            self._happens(LegsConnected(bridge))

    @rule()
    def all_who_are_rung_pick_up(self) -> None:
        self._picks_up()

    @rule(seat=SEATS, mode=MODES, which=LATEST)
    def somebody_listens(self, seat: str, mode: str, which: int) -> None:
        self._asks(asked.EarAsked, seat, mode, self._in_charge(which))

    @rule(seat=st.sampled_from(["s4", "s4", "s3"]), mode=MODES)
    def somebody_listens_and_is_there(self, seat: str, mode: str) -> None:
        self.somebody_talks()
        self._asks(asked.EarAsked, seat, mode, self._in_charge(0))
        self._happens(LegAnswered(self.engine.floor.seats[seat].leg))
        self.a_snoop_is_there(0)
        self.a_snoop_is_there(1)

    @rule(seat=SEATS, mode=MODES)
    def somebody_listens_in_another_way(self, seat: str, mode: str) -> None:
        if not self.engine._ear.listening:
            self.somebody_listens_and_is_there("s4", "listen")
        self._asks(asked.EarAsked, next(iter(self.engine._ear.listening), seat), mode)
        self.a_snoop_is_there(0)

    @rule(seat=SEATS)
    def somebody_has_heard_enough(self, seat: str) -> None:
        self._asks(asked.EarClosed, seat)

    def _snoop(self, which: int) -> str:
        snoops = sorted(self.engine._ear.legs())
        return snoops[-1 - which % len(snoops)] if snoops else "nobody"

    @rule(which=LATEST)
    def a_snoop_is_there(self, which: int) -> None:
        self._happens(LegAnswered(self._snoop(which)))

    @rule(which=LATEST, how=st.sampled_from(["LegEnded", "SnoopLeg", "AddToBridge"]), gone=st.booleans())
    def a_snoop_is_gone(self, which: int, how: str, gone: bool) -> None:
        snoop = self._snoop(which)
        failed = CommandFailed(how, snoop, 404 if gone else 409)
        if snoop != "nobody":
            self._happens(LegEnded(snoop) if how == "LegEnded" else failed)

    @rule(phone=PHONES, number=st.one_of(CODES, CODES, NUMBERS), answered=st.booleans())
    def a_telephone_dials(self, phone: str, number: str, answered: bool) -> None:
        self.lines += 1
        leg = f"line{self.lines}"
        self._happens(PhoneDialled(leg, phone, number))
        if answered:
            self._happens(GuidanceFinished(f"{leg}.said"))

    @rule(which=LATEST, number=NUMBERS, answered=st.booleans())
    def a_second_line_is_dialled(self, which: int, number: str, answered: bool) -> None:
        seat = self._in_charge(which)
        self._happens(LegHeld(self.engine.floor.seats[seat].leg))
        self.a_telephone_dials(seat, number, answered=False)
        if answered:
            self._picks_up()

    @rule(which=ANY, keys=KEYS, supervisor=st.booleans())
    def somebody_types(self, which: int, keys: str, supervisor: bool) -> None:
        legs = [one.leg for one in self.engine._ear.listening.values()]
        leg = legs[0] if legs and supervisor else self._busy_leg(which)
        for key in keys:
            self._happens(DigitPressed(leg, key))

    @rule(which=ANY, back=st.booleans())
    def a_button_is_pressed(self, which: int, back: bool) -> None:
        self._happens((LegRetrieved if back else LegHeld)(self._busy_leg(which)))

    @rule(back=st.booleans(), second=st.booleans())
    def a_line_is_changed(self, back: bool, second: bool) -> None:
        for line in [*self.engine._phones.second_lines.lines.values()]:
            self._happens((LegRetrieved if back else LegHeld)(line.leg if second else line.first))

    @rule(which=ANY, number=NUMBERS)
    def a_telephone_transfers(self, which: int, number: str) -> None:
        self._happens(LegReferred(self._busy_leg(which), number))

    @rule(which=ANY, other=ANY)
    def a_telephone_completes(self, which: int, other: int) -> None:
        self._happens(LegReferred(self._busy_leg(which), "", self._busy_leg(other)))

    @rule()
    def two_lines_are_brought_together(self) -> None:
        for line in [*self.engine._phones.second_lines.lines.values()]:
            self._happens(LegReferred(line.first, "", line.leg))

    @rule(which=ANY)
    def a_busy_leg_ends(self, which: int) -> None:
        self._happens(LegEnded(self._busy_leg(which)))

    def _over(self) -> None:
        super()._over()
        assert self.engine.legs() == set()
        assert self.engine._ear.listening == {}
        assert self.engine._phones._codes.typed == {}
        assert self.engine._phones._calls._by_playback == {}
