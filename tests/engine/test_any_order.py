"""Events in any order, twice, late and without sense: the engine leaves nothing and nobody behind."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from calls.adopted import as_it_was
from calls.event import Event
from calls.events import (
    CallArrived,
    CommandFailed,
    DigitPressed,
    EngineStarted,
    GuidanceFinished,
    HoursClockShifted,
    LegAnswered,
    LegEnded,
    LegRang,
    LegsConnected,
    MessageFinished,
    PhoneRegistered,
    PhoneUnregistered,
    ProjectPublished,
    ProjectWithdrawn,
    QualityMeasured,
    RecordingFinished,
    TimePassed,
)
from calls.journal import Entry, differences
from calls.notes import NoteOutcome
from calls.record import fold
from calls.requests import CallbackWithdrawn, SeatLoggedIn, SeatLoggedOut, SeatReadied, WrapUpFinished
from engine.engine import Engine
from sim.counting.figures import Figures
from tests.engine.any_centres import CENTRES, VERSIONS
from tests.engine.city import OPEN, TAX, WATER
from tests.engine.invariants import check_floor
from tests.engine.observer import Observer

pytestmark = pytest.mark.replay

SEATS = st.sampled_from(["s1", "s2", "s3", "s4", "s5"])
STATUS = st.sampled_from([0, 404, 409, 500])
ANY = st.integers(0, 7)
LATEST = st.integers(0, 2)


def waits_by_the_figures(entries: list[Entry]) -> dict[str, float | None]:
    """The wait of each call as the simulator counts it."""
    waits: dict[str, float | None] = {}
    calls: list[str] = []
    figures = Figures(lambda outcome, arrived_at, wait: waits.__setitem__(calls[-1], wait))
    for entry in (part for whole in entries for part in as_it_was(whole)):
        for command in entry.commands:
            if isinstance(command, NoteOutcome):
                calls.append(command.call)
            if (note := figures.notes.get(type(command))) is not None:
                note(command, entry.at)
    return waits


class AnyOrder(RuleBasedStateMachine):
    """`which` counts from the newest leg, playback or bridge back, so that what matters is met often."""

    def __init__(self) -> None:
        super().__init__()
        self.now = OPEN
        self.observer = Observer()
        self.entries: list[Entry] = []

    @initialize(centre=st.sampled_from([0, 1, 2, 2, 2]), phones=st.sets(SEATS, min_size=1))
    def opens(self, centre: int, phones: set[str]) -> None:
        """The centre begins to work."""
        self.centre = CENTRES[centre]
        self.engine = Engine(self.centre)
        for phone in sorted(phones):
            self._happens(PhoneRegistered(phone))

    def _happens(self, event: Event) -> None:
        self.observer.happened(event)
        commands = self.engine.handle(event, self.now)
        self.entries.append(Entry(len(self.entries) + 1, self.now, event, commands))
        self.observer.done(commands)
        floor = self.engine.floor
        check_floor(floor)
        self.observer.tracked(self.engine.legs())

    def _leg(self, which: int) -> str:
        legs = [*self.observer.legs]
        return legs[-1 - which % len(legs)] if legs else "nobody"

    def _seat_leg(self, which: int) -> str:
        legs = [leg for leg in self.observer.legs if "." in leg]
        return legs[-1 - which % len(legs)] if legs else "nobody"

    def _bridge(self, which: int) -> str:
        bridges = [*self.observer.bridges]
        return bridges[-1 - which % len(bridges)] if bridges else "nowhere"

    def _playback(self, which: int) -> str:
        playbacks = self.observer.playbacks
        return playbacks[-1 - which % len(playbacks)] if playbacks else "nothing"

    @rule(caller=st.integers(0, 12), number=st.sampled_from([TAX, TAX, TAX, WATER, WATER, "0312345678"]))
    def a_call_arrives(self, caller: int, number: str) -> None:
        self._happens(CallArrived(f"caller{caller}", number))

    @rule(number=st.sampled_from([TAX, WATER]), caller=st.integers(100, 200))
    def a_call_comes_to_the_line(self, number: str, caller: int) -> None:
        self._happens(CallArrived(f"caller{caller}", number))
        self._happens(GuidanceFinished(self._playback(0)))

    @rule(which=ANY, digit=st.sampled_from("0179#"))
    def a_key_is_pressed(self, which: int, digit: str) -> None:
        self._happens(DigitPressed(self._leg(which), digit))

    @rule(which=LATEST, ok=st.booleans())
    def a_guidance_ends(self, which: int, ok: bool) -> None:
        self._happens(GuidanceFinished(self._playback(which), ok))

    @rule(which=LATEST)
    def a_telephone_is_picked_up(self, which: int) -> None:
        self._happens(LegRang(self._seat_leg(which)))
        self._happens(LegAnswered(self._seat_leg(which)))

    @rule(number=st.sampled_from([WATER, TAX]), caller=st.integers(300, 400), digit=st.sampled_from("0179#"))
    def a_call_asks_for_something(self, number: str, caller: int, digit: str) -> None:
        self._happens(CallArrived(f"caller{caller}", number, "0900000001"))
        self._happens(DigitPressed(f"caller{caller}", digit))

    @rule(number=st.sampled_from([WATER, TAX]), caller=st.integers(400, 500), digit=st.sampled_from("017"))
    def a_call_is_transferred_and_answered(self, number: str, caller: int, digit: str) -> None:
        self.a_call_asks_for_something(number, caller, digit)
        self.an_operator_answers_and_talks(0)

    @rule(which=LATEST, seconds=st.sampled_from([0.0, 5.0]))
    def a_message_is_over(self, which: int, seconds: float) -> None:
        messages = self.observer.messages
        message = messages[-1 - which % len(messages)] if messages else "nobody-message"
        self._happens(MessageFinished(message, seconds))

    @rule(which=LATEST)
    def two_are_connected(self, which: int) -> None:
        self._happens(LegsConnected(self._bridge(which)))

    @rule(which=LATEST)
    def an_operator_answers_and_talks(self, which: int) -> None:
        self._happens(LegAnswered(self._seat_leg(which)))
        self._happens(LegsConnected(self._bridge(0)))

    @rule(which=ANY, cause=st.sampled_from([16, 17, 19, 21]), times=st.integers(1, 2))
    def a_leg_ends(self, which: int, cause: int, times: int) -> None:
        leg = self._leg(which)
        for _ in range(times):
            self._happens(LegEnded(leg, cause))

    @rule(which=LATEST)
    def a_seat_leg_ends(self, which: int) -> None:
        self._happens(LegEnded(self._seat_leg(which)))

    @rule()
    def all_that_was_hung_up_ends(self) -> None:
        for leg in [leg for leg, state in self.observer.legs.items() if state]:
            self._happens(LegEnded(leg))

    @rule(
        name=st.sampled_from(["RingSeat", "RingTelephone", "HangUp", "AnswerLeg", "StartMusic"]),
        which=ANY,
        status=STATUS,
    )
    def a_command_on_a_leg_fails(self, name: str, which: int, status: int) -> None:
        self._happens(CommandFailed(name, self._leg(which), status))

    @rule(which=LATEST, status=STATUS)
    def a_connection_fails(self, which: int, status: int) -> None:
        self._happens(CommandFailed("ConnectLegs", self._bridge(which), status))

    @rule(which=LATEST, status=STATUS)
    def a_guidance_fails(self, which: int, status: int) -> None:
        self._happens(CommandFailed("PlayGuidance", self._playback(which), status))

    @rule(seat=SEATS, kind=st.sampled_from([SeatLoggedIn, SeatLoggedOut, PhoneRegistered, PhoneUnregistered]))
    def a_seat_changes(self, seat: str, kind: type[Event]) -> None:
        self._happens(kind(seat))

    @rule(seat=SEATS)
    def a_record_is_finished(self, seat: str) -> None:
        self._happens(WrapUpFinished(seat))

    @rule(name=st.sampled_from(["tax", "water", "gas"]), hours=st.sampled_from([0, 8]))
    def the_test_clock_is_set(self, name: str, hours: int) -> None:
        self._happens(HoursClockShifted(name, hours * 3600.0))

    @rule(version=st.sampled_from(VERSIONS))
    def a_version_is_published_or_withdrawn(self, version: ProjectPublished | ProjectWithdrawn) -> None:
        self._happens(version)

    @rule(seconds=st.sampled_from([0.0, 0.5, 1.0, 5.0, 20.0, 60.0, 900.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self._happens(TimePassed())

    @rule()
    def the_next_deadline_comes(self) -> None:
        self.now = max(self.now, self.engine.next_deadline() or self.now)
        self._happens(TimePassed())

    @rule(which=ANY, run=st.sampled_from(["", "x0a1b"]))
    def something_for_the_records(self, which: int, run: str) -> None:
        self._happens(EngineStarted("", run))
        self._happens(RecordingFinished(next(iter(self.observer.states), ""), 1.0, ""))
        self._happens(QualityMeasured(self._leg(which), 1.0, 0.0, 1.0))

    def teardown(self) -> None:
        """All telephones go on the hook and time passes: everything is over, and a fresh engine agrees."""
        if not self.entries:
            return
        self._nobody_stays()
        for seat in self.engine.floor.seats:
            self._happens(WrapUpFinished(seat))
            self._happens(SeatReadied(seat))
        while (due := self.engine.next_deadline()) is not None:
            self.now = max(self.now, due)
            self._happens(TimePassed())
            self._nobody_stays()
        self._over()

    def _nobody_stays(self) -> None:
        self._nobody_is_called_back()
        while self.observer.legs:
            for leg in sorted(self.observer.legs):
                self._happens(LegEnded(leg))
            self._nobody_is_called_back()

    def _nobody_is_called_back(self) -> None:
        for callback in [*self.engine.floor.callbacks]:
            self._happens(CallbackWithdrawn(callback))

    def _over(self) -> None:
        floor = self.engine.floor
        self.observer.over()
        legs = floor.seat_legs | floor.parties
        assert (floor.calls, floor.callers, legs, floor.bridges, len(floor.timers)) == (
            {},
            {},
            {},
            {},
            0,
        )
        assert not any(seat.busy for seat in floor.seats.values())
        assert not any(seat.resting and seat.rest_until < math.inf for seat in floor.seats.values())
        assert {
            name: (seat.state, seat.reason, seat.operator)
            for name, seat in floor.seats.items()
            if name in self.observer.seats
        } == self.observer.seats
        records = list(fold(self.entries))
        assert {record.call: record.outcome for record in records} == self.observer.outcomes
        assert all(record.closed_at is not None for record in records)
        waits = {record.call: record.wait for record in records if record.direction == "in"}
        assert waits == waits_by_the_figures(self.entries)
        assert list(differences(self.entries, Engine(self.centre))) == []


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=150, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
