"""The driver: one event after the other, journal first, deadlines by the engine."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import pytest

from calls.command import Command
from calls.commands import ConnectLegs, HangUp, PlayGuidance, RingSeat
from calls.event import Event
from calls.events import (
    CallArrived,
    CommandFailed,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    PhoneRegistered,
    TimePassed,
)
from calls.journal import Entry, differences
from engine.engine import Engine
from telephony.driver import Driver
from tests.live.centre import MENU_NUMBER, NUMBER, small_centre

pytestmark = pytest.mark.unit


class Clock:
    """Goes where it is told to, also back."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Stage:
    """A driver whose commands and journal are only written down."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.journal: list[Entry] = []
        self.done: list[tuple[Command, int]] = []
        self.answers: dict[type[Command], Event] = {}
        self.steps: list[float] = []
        self.driver = Driver(
            Engine(small_centre()),
            self._carry_out,
            self.journal.append,
            self.clock,
            stepped=self._stepped,
        )

    def _stepped(self, seconds: float) -> None:
        assert len(self.steps) == len(self.journal)  # of this step nothing is known elsewhere yet
        self.steps.append(seconds)

    def _carry_out(self, command: Command) -> None:
        self.done.append((command, len(self.journal)))
        if (event := self.answers.get(type(command))) is not None:
            self.driver.feed(event)

    def events(self) -> list[type[Event]]:
        return [type(entry.event) for entry in self.journal]


C = TypeVar("C", bound=Command)


def _last(stage: Stage, kind: type[C]) -> C:
    return [command for command, _ in stage.done if isinstance(command, kind)][-1]


@pytest.fixture
async def stage() -> Stage:
    return Stage()


async def test_a_step_is_in_the_journal_before_its_commands_go_out(stage: Stage) -> None:
    stage.driver.feed(CallArrived("leg1", NUMBER))
    assert stage.done
    assert all(written == 1 for _, written in stage.done)


async def test_what_fails_at_once_waits_for_the_step_to_end(stage: Stage) -> None:
    stage.driver.feed(PhoneRegistered("seat01"))
    stage.answers[RingSeat] = CommandFailed("RingSeat", "", 503)
    stage.driver.feed(CallArrived("leg1", MENU_NUMBER))
    assert [entry.number for entry in stage.journal] == list(range(1, len(stage.journal) + 1))
    assert not list(differences(stage.journal, Engine(small_centre())))


async def test_the_time_of_an_entry_never_goes_back(stage: Stage) -> None:
    stage.driver.feed(CallArrived("leg1", NUMBER))
    stage.clock.now -= 3600
    stage.driver.feed(LegEnded("leg1"))
    assert stage.journal[1].at == stage.journal[0].at


async def test_a_deadline_comes_by_itself(stage: Stage) -> None:
    stage.driver.feed(CallArrived("leg1", "0480009999"))
    stage.driver.feed(CallArrived("leg2", MENU_NUMBER))
    deadline = stage.driver.engine.next_deadline()
    assert deadline is not None
    stage.clock.now = deadline
    stage.driver.feed(TimePassed())
    assert stage.events()[-1] is TimePassed


async def test_idle_waits_for_the_last_call(stage: Stage) -> None:
    stage.driver.feed(CallArrived("leg1", NUMBER))
    waiting = asyncio.create_task(stage.driver.idle())
    await asyncio.sleep(0)
    assert not waiting.done()
    stage.driver.feed(LegEnded("leg1"))
    await waiting
    await stage.driver.idle()
    stage.driver.close()


async def test_an_unknown_number_is_turned_away(stage: Stage) -> None:
    stage.driver.feed(CallArrived("leg1", "0480009999"))
    assert stage.done[-1][0] == HangUp("leg1", "unknown_number")


async def test_what_comes_while_it_is_held_waits_and_no_deadline_fires(stage: Stage) -> None:
    stage.driver.feed(PhoneRegistered("seat01"))
    stage.driver.feed(CallArrived("leg1", MENU_NUMBER))
    stage.driver.hold()
    before = len(stage.journal)
    stage.clock.now += 3600
    stage.driver.feed(LegEnded("leg1"))
    assert len(stage.journal) == before
    stage.driver.go_on()
    assert stage.events()[before:] == [LegEnded]


async def test_what_was_missed_happened_before_the_next_deadline(stage: Stage) -> None:
    stage.driver.feed(PhoneRegistered("seat01"))
    stage.driver.feed(CallArrived("leg1", NUMBER))
    stage.driver.feed(GuidanceFinished(_last(stage, PlayGuidance).playback))
    leg = _last(stage, RingSeat).leg
    stage.driver.hold()
    stage.clock.now += 60  # it would have rung too long
    stage.driver.feed_missed(LegAnswered(leg))
    stage.driver.go_on()
    assert _last(stage, ConnectLegs).seat_leg == leg
    assert not [command for command, _ in stage.done if isinstance(command, HangUp)]


async def test_an_engine_that_goes_on_counts_on(stage: Stage) -> None:
    now = stage.clock.now + 9
    driver = Driver(stage.driver.engine, lambda _: None, stage.journal.append, stage.clock, 41, now)
    driver.feed(CallArrived("leg1", NUMBER))
    assert (stage.journal[-1].number, stage.journal[-1].at) == (42, stage.clock.now + 9)


async def test_each_step_is_told_once_with_what_it_took(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = iter(range(100))
    monkeypatch.setattr("telephony.driver.time.perf_counter", lambda: float(next(readings)))
    stage.driver.feed(PhoneRegistered("seat01"))
    stage.answers[RingSeat] = CommandFailed("RingSeat", "", 503)
    stage.driver.feed(CallArrived("leg1", MENU_NUMBER))
    stage.driver.hold()
    stage.driver.feed(LegEnded("leg1"))
    stage.driver.feed_missed(TimePassed())
    stage.driver.go_on()
    assert stage.steps == [1.0] * len(stage.journal)
