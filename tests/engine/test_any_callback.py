"""Callbacks and own calls among everything else, in any order: nobody is forgotten, and nobody is rung at night."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from calls.commands import RingTelephone
from calls.event import Event
from calls.events import CallArrived, DigitPressed, HoursOverridden, LegAnswered, LegEnded, PhoneRegistered
from calls.lifecycle import SeatState
from calls.notes import NoteCallbackState
from calls.requests import CallbackWithdrawn, DialAsked
from engine.centre import Centre, SeatPlan
from engine.engine import Engine
from tests.engine.any_centres import ASKS, SHARED
from tests.engine.any_requests import AnyRequest
from tests.engine.city import EXTENSIONS, TAX, WATER, project
from tests.engine.test_any_order import LATEST, SEATS

pytestmark = pytest.mark.replay

RULES = {"tries": 2, "interval_s": 60, "ring_s": 20}
QUICK = Centre(
    {
        "tax": project("tax", TAX, {"callback": RULES, "wrapup_s": 5}, nodes=ASKS),
        "water": project(
            "water", WATER, {"callback": RULES | {"tries": 1}, "policy": "ring_all"}, nodes=ASKS
        ),
    },
    (
        SeatPlan("s1", ("tax",), "201"),
        SeatPlan("s2", ("water", "tax"), "202"),
        SeatPlan("s3", ("water",), "203"),
        SeatPlan("s4", ("tax",), "204"),
        SeatPlan("s5", ("water",), "205", personal=True),
    ),
    EXTENSIONS,
)
CALLERS = st.sampled_from(["0900000001", "0900000002", "0900000003"])
PROJECTS = st.sampled_from(["tax", "water"])
OVER = {"reached", "failed", "cancelled"}


class AnyCallback(AnyRequest):
    """The machine of events and requests, and people who want to be called, or call."""

    wishes = 0

    @initialize(quick=st.booleans(), phones=st.sets(SEATS, min_size=2))
    def opens(self, quick: bool, phones: set[str]) -> None:
        """The centre begins to work."""
        self.centre, self.said = QUICK if quick else SHARED[2], dict[str, list[str]]()
        self.engine = Engine(self.centre)
        for phone in sorted(phones):
            self._happens(PhoneRegistered(phone))

    def _happens(self, event: Event) -> None:
        super()._happens(event)
        floor, commands = self.engine.floor, self.entries[-1].commands
        for command in commands:
            if isinstance(command, RingTelephone) and command.call in floor.calls:
                call = floor.calls[command.call]
                if call.direction == "callback" and call.leg == command.leg:
                    assert floor.hours[call.project.project].status(self.now).open
            elif isinstance(command, NoteCallbackState):
                self.said.setdefault(command.callback, []).append(command.state)
        self._nobody_is_forgotten()

    def _nobody_is_forgotten(self) -> None:
        floor = self.engine.floor
        assert not floor.over
        for callback in floor.callbacks.values():
            assert callback.asker == "" or callback.asker in floor.calls
            if callback.waits_at_home:
                assert not floor.hours[callback.project].status(self.now).open
                assert callback.project in self.engine._callbacks._watches
            if callback.call is not None:
                assert floor.calls[callback.call.id] is callback.call
                assert not callback.asker
                assert callback.timer is None
            elif callback.timer is not None:
                assert callback.timer.kind == "callback"
            assert self.said[callback.id][-1] not in OVER - {"reached"}
        served = {call.id for call in floor.calls.values() if call.direction == "callback"}
        assert served == {one.call.id for one in floor.callbacks.values() if one.call is not None}
        wished = [
            (one.queue, one.number) for one in floor.callbacks.values() if self.said[one.id][-1] != "reached"
        ]
        assert max(Counter(wished).values(), default=1) == 1

    @rule(number=st.sampled_from([TAX, WATER]), caller=CALLERS)
    def somebody_wishes_to_be_called_back(self, number: str, caller: str) -> None:
        self.wishes += 1
        self._happens(CallArrived(f"wish{self.wishes}", number, caller))
        self._happens(DigitPressed(f"wish{self.wishes}", "#"))

    @rule(number=st.sampled_from([TAX, WATER]), caller=CALLERS)
    def and_hangs_up(self, number: str, caller: str) -> None:
        self.somebody_wishes_to_be_called_back(number, caller)
        self._happens(LegEnded(f"wish{self.wishes}"))

    def _ours(self, which: int) -> str:
        legs = [leg for leg, call in self.engine.floor.callers.items() if call.direction != "in"]
        return legs[-1 - which % len(legs)] if legs else "nobody"

    @rule(which=LATEST)
    def whom_we_call_picks_up(self, which: int) -> None:
        self._happens(LegAnswered(self._ours(which)))

    @rule(which=LATEST, cause=st.sampled_from([16, 17, 19, 21]))
    def whom_we_call_is_on_the_hook(self, which: int, cause: int) -> None:
        self._happens(LegEnded(self._ours(which), cause))

    @rule(which=LATEST)
    def a_seat_that_rings_is_picked_up(self, which: int) -> None:
        legs = [seat.leg for seat in self.engine.floor.seats.values() if seat.state is SeatState.RINGING]
        self._happens(LegAnswered(legs[which % len(legs)] if legs else "nobody"))

    @rule(which=LATEST)
    def a_callback_is_withdrawn(self, which: int) -> None:
        known = [*self.engine.floor.callbacks, "nobody's"]
        self._asks(CallbackWithdrawn, known[which % len(known)])

    @rule(seat=SEATS, number=st.sampled_from(["0481234567", "0481234567", "201", "202", "203", "35", "99"]))
    def somebody_dials(self, seat: str, number: str) -> None:
        self._asks(DialAsked, seat, number)

    @rule(
        name=PROJECTS,
        kind=st.sampled_from(["closed", "open", "disaster", "none"]),
        hours=st.sampled_from([1, 9]),
    )
    def the_hours_are_overridden(self, name: str, kind: str, hours: int) -> None:
        self._happens(HoursOverridden(name, kind, self.now + hours * 3600, "", "boss"))  # type: ignore[arg-type]

    @rule(hours=st.sampled_from([1, 8, 16]))
    def hours_pass(self, hours: int) -> None:
        until = self.now + hours * 3600.0
        for _ in range(30):
            due = self.engine.next_deadline()
            if due is None or due > until:
                return
            self.the_next_deadline_comes()


TestAnyCallback = AnyCallback.TestCase
TestAnyCallback.settings = settings(
    max_examples=200, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
