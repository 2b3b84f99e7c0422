"""Outages among everything else: Asterisk dies, unknown calls are found, telephones are taken, clocks jump."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from calls.commands import OverrideHours, SendNotice
from calls.events import PhoneRegistered
from calls.notes import AnyNote
from calls.outages import (
    AdoptedState,
    AsteriskEnded,
    CallAdopted,
    ClockStepped,
    EngineResumed,
    PhoneGivenBack,
    PhoneTaken,
)
from calls.requests import CallbackOrdered
from tests.engine.any_requests import AnyRequest
from tests.engine.city import TAX, WATER
from tests.engine.test_any_order import SEATS

STATES: list[AdoptedState] = ["flow", "waiting", "waiting", "talking", "talking"]
QUEUES = ["tax/main", "water/main", "water/second", "gas/main", ""]
PLACES = [("tax", TAX), ("water", WATER), ("tax", TAX), ("gone", WATER), ("gone", "0999")]
AGO = [0.0, 1.0, 20.0, 400.0]
HOURS = [-8, 0, 0, 1, 8]
"""By which the clock on the wall is wrong."""


class AnyOutage(AnyRequest):
    """The machine of events and requests, and whatever an outage brings."""

    found = 0

    @rule(back=st.sets(SEATS))
    def asterisk_ends(self, back: set[str]) -> None:
        self._happens(AsteriskEnded("crashed"))
        said = self.entries[-1].commands
        assert all(isinstance(command, AnyNote | OverrideHours | SendNotice) for command in said)
        assert self.engine.legs() == set()
        assert not any(seat.reachable for seat in self.engine.floor.seats.values())
        for phone in sorted(back):
            self._happens(PhoneRegistered(phone))

    @rule(
        state=st.sampled_from(STATES),
        place=st.sampled_from(PLACES),
        queue=st.sampled_from(QUEUES),
        seat=SEATS,
        ago=st.sampled_from(AGO),
        with_leg=st.booleans(),
    )
    def a_call_is_adopted(
        self,
        state: AdoptedState,
        place: tuple[str, str],
        queue: str,
        seat: str,
        ago: float,
        with_leg: bool,
    ) -> None:
        self.found += 1
        name, there = f"old{self.found}", with_leg and state == "talking"
        event = CallAdopted(
            f"{name}-caller", name, *place, "0901234567", state, 1, queue, self.now - ago,
            self.now + 30 if ago else 0.0, seat, f"{name}.s1" if there else "", f"{name}.b1" if there else "",
        )  # fmt: skip
        self._happens(event)
        self._happens(event)
        assert self.entries[-1].commands == []

    @rule(phone=st.one_of(SEATS, st.just("ext35")))
    def a_telephone_is_taken(self, phone: str) -> None:
        self._happens(PhoneTaken(phone))

    @rule(phone=st.one_of(SEATS, st.just("ext35")))
    def a_telephone_is_given_back(self, phone: str) -> None:
        self._happens(PhoneGivenBack(phone))

    @rule(hours=st.sampled_from(HOURS))
    def the_clock_steps(self, hours: int) -> None:
        self._happens(ClockStepped(hours * 3600.0))

    @rule(away_s=st.sampled_from([0.5, 60.0]))
    def the_engine_was_away(self, away_s: float) -> None:
        self.now += away_s
        self._happens(EngineResumed(away_s))

    @rule(
        project=st.sampled_from(["tax", "water", "gone"]),
        number=st.sampled_from(["0900000001", "0900000002", "0901234567", ""]),
        queue=st.sampled_from(QUEUES),
        ago=st.sampled_from(AGO),
    )
    def a_lost_caller_is_to_be_called_back(self, project: str, number: str, queue: str, ago: float) -> None:
        self._happens(CallbackOrdered(f"lost{self.found}", project, number, queue, self.now - ago))

    def teardown(self) -> None:
        """Every telephone is its owner's again."""
        if self.entries:
            for seat in self.engine.floor.seats:
                self._happens(PhoneGivenBack(seat))
        super().teardown()
