"""Several telephones ring for one caller: exactly one gets him, and every other one comes back unharmed."""

from __future__ import annotations

import heapq
import random

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
    LegRang,
    LegsConnected,
    PhoneRegistered,
    TimePassed,
)
from calls.lifecycle import SeatState, State
from engine.engine import Engine
from tests.engine.city import OPEN, TAX, City, centre
from tests.engine.conftest import MakeCity
from tests.engine.invariants import check_floor
from tests.engine.observer import Observer

pytestmark = pytest.mark.replay

ROUNDS, PHONES, CALLERS = 1000, 34, 5
ALL = {"policy": "ring_all", "wrapup_s": 0, "misses": 3, "rest_s": 5, "ring_timeout_s": 10}


def ringing(city: MakeCity, **queue: object) -> City:
    """Three telephones ring for Anna from the first second on."""
    tax = city(seats=3, queue={"policy": "ring_all", **queue})
    tax.waits(1, "anna")
    assert tax.done(1)[-3:] == [(1, f"ring {seat} for anna") for seat in ("s1", "s2", "s3")]
    tax.confirms = False
    return tax


def test_the_first_to_pick_up_gets_the_caller_and_the_others_ring_until_then(city: MakeCity) -> None:
    tax = ringing(city)
    tax.picks_up(3, "s2")
    assert tax.done(3) == [(3, "no music to anna"), (3, "connect anna s2")]
    tax.happens(3, LegsConnected(tax.bridge("anna")))
    assert tax.done(3)[2:] == [
        (3, "record anna"),
        (3, "hang up s1 (answered_elsewhere)"),
        (3, "hang up s3 (answered_elsewhere)"),
    ]
    tax.hangs_up(3, "s1", 26)
    tax.hangs_up(4, "s3", 26)
    assert (tax.life("s1", 3), tax.life("s3", 3)) == ([(3, "READY")], [(4, "READY")])
    assert [seat.misses for seat in tax.engine.floor.seats.values()] == [0, 0, 0]


def test_the_second_to_pick_up_gets_him_if_the_first_drops_before_the_bridge(city: MakeCity) -> None:
    tax = ringing(city)
    tax.picks_up(3, "s2")
    tax.picks_up(3, "s1")
    tax.hangs_up(3, "s2")
    # All that are free ring until somebody talks: so does the one that has just dropped.
    assert tax.done(3)[2:] == [(3, "part anna"), (3, "connect anna s1"), (3, "ring s2 for anna")]
    tax.happens(3, LegsConnected(tax.bridge("anna")))
    assert tax.life("s1", 3) == [(3, "TALKING")]


def test_the_others_ring_on_if_the_winner_drops_before_the_bridge(city: MakeCity) -> None:
    tax = ringing(city)
    tax.picks_up(3, "s2")
    tax.hangs_up(3, "s2")
    tax.picks_up(5, "s3")
    assert (5, "connect anna s3") in tax.done(5)
    assert tax.engine.floor.calls["c1778115601-1"].seat is tax.engine.floor.seats["s3"]


def test_whoever_picks_up_too_late_has_no_record_to_write(city: MakeCity) -> None:
    tax = ringing(city)
    tax.picks_up(3, "s2")
    tax.picks_up(3, "s1")
    tax.happens(3, LegsConnected(tax.bridge("anna")))
    tax.hangs_up(3, "s1")
    assert tax.life("s1", 2) == [(3, "READY")]


def test_the_caller_hangs_up_and_all_of_them_come_back(city: MakeCity) -> None:
    tax = ringing(city)
    tax.picks_up(3, "s2")
    tax.hangs_up(3, "anna")
    for seat in ("s1", "s2", "s3"):
        tax.hangs_up(4, seat)
        assert tax.life(seat, 4) == [(4, "READY")]


def test_a_seat_that_becomes_free_rings_along(city: MakeCity) -> None:
    tax = city(seats=2, queue={"policy": "ring_all", "wrapup_s": 0})
    tax.waits(1, "ben")
    tax.picks_up(2, "s1")
    tax.waits(3, "anna")
    assert tax.done(3)[-1] == (3, "ring s2 for anna")
    tax.hangs_up(5, "ben")
    assert tax.done(5)[-1] == (5, "ring s1 for anna")
    tax.picks_up(6, "s1")
    assert (6, "hang up s2 (answered_elsewhere)") in tax.done(6)


def test_only_who_rang_for_the_whole_time_has_missed_the_call(city: MakeCity) -> None:
    tax = city(seats=2, queue={"policy": "ring_all", "wrapup_s": 0, "misses": 1, "ring_timeout_s": 10})
    tax.waits(1, "ben")
    tax.picks_up(2, "s1")
    tax.waits(3, "anna")
    tax.hangs_up(9, "ben")
    tax.time_passes(13.5)
    assert tax.life("s2", 10) == [(13, "NOT_ANSWERING")]
    assert tax.life("s1", 10) == []
    tax.picks_up(15, "s1")
    assert tax.life("s1", 10) == [(15, "TALKING")]


def test_so_many_as_the_queue_says(city: MakeCity) -> None:
    tax = city(seats=3, queue={"ring": 2, "misses": 1})
    tax.waits(1, "anna")
    assert tax.done(1)[-2:] == [(1, "ring s1 for anna"), (1, "ring s2 for anna")]
    tax.hangs_up(3, "s1", 21)
    assert tax.done(3) == [(3, "ring s3 for anna")]
    assert tax.life("s1", 3) == [(3, "NOT_ANSWERING")]


class Round:
    """Five callers at once on telephones of which nobody knows when, and how often, they are picked up."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.centre = centre(PHONES, ALL)
        self.engine = Engine(self.centre)
        self.observer = Observer()
        self.talks: dict[str, list[str]] = {}
        self._heap: list[tuple[float, int, Event]] = []
        self._number = 0
        self._last = self.engine.floor

    def play(self) -> None:
        """To the end."""
        for seat in self.centre.seats:
            self._step(OPEN, PhoneRegistered(seat.id))
        for number in range(CALLERS):
            self._plan(OPEN + self.chance.choice([1.0, 1.0, 1.02]), CallArrived(f"caller{number}", TAX))
        while self._heap or self.engine.next_deadline() is not None:
            due = self.engine.next_deadline()
            if due is not None and (not self._heap or due < self._heap[0][0]):
                self._step(due, TimePassed())
            else:
                at, _, event = heapq.heappop(self._heap)
                self._step(at, event)

    def _plan(self, at: float, event: Event) -> None:
        self._number += 1
        heapq.heappush(self._heap, (at, self._number, event))

    def _step(self, now: float, event: Event) -> None:
        self.observer.happened(event)
        commands = self.engine.handle(event, now)
        self.observer.done(commands)
        for command in commands:
            self._follows(command, now)

    def _follows(self, command: Command, now: float) -> None:
        chance = self.chance
        match command:
            case PlayGuidance(playback=playback):
                self._plan(now, GuidanceFinished(playback))
            case RingSeat(leg=leg):
                self._rung(leg, now)
            case ConnectLegs(bridge, caller_leg, seat_leg):
                if chance.random() < 0.05:
                    self._plan(now, CommandFailed("ConnectLegs", bridge, 409))
                    return
                if chance.random() < 0.1:
                    self._plan(now, LegEnded(seat_leg))
                self._plan(now + 0.004, LegsConnected(bridge))
                self._plan(now + 60, LegEnded(caller_leg))
                self.talks.setdefault(caller_leg, []).append(seat_leg)
            case HangUp(leg):
                if chance.random() < 0.2:
                    self._plan(now, LegAnswered(leg))  # our hang-up and his answer have crossed
                self._plan(now + chance.choice([0.0, 0.01, 0.05]), LegEnded(leg, 26))

    def _rung(self, leg: str, now: float) -> None:
        """Nearly all of them at nearly the same moment; some twice, some refuse, some are not there."""
        chance, kind = self.chance, self.chance.random()
        soon = now + chance.choice([0.5, 0.5, 0.5, 0.501, 0.51, 1.0])
        self._plan(now + 0.003, LegRang(leg))
        if kind < 0.7:
            self._plan(soon, LegAnswered(leg))
        if kind < 0.1:
            self._plan(soon, LegAnswered(leg))
        elif 0.65 < kind < 0.75:
            self._plan(soon, LegEnded(leg, 16))
        elif 0.75 < kind < 0.8:
            self._plan(soon, LegEnded(leg, chance.choice([17, 21])))
        elif 0.8 < kind < 0.85:
            self._plan(now, CommandFailed("RingSeat", leg, 500))


def test_a_thousand_rounds_of_thirty_four_telephones_and_five_callers() -> None:
    for seed in range(ROUNDS):
        played = Round(seed)
        played.play()
        floor = played.engine.floor
        check_floor(floor)
        played.observer.over()
        assert [*played.observer.outcomes.values()] == ["answered"] * CALLERS
        assert set(played.observer.states.values()) == {State.CLOSED}
        assert {seat.state for seat in floor.seats.values()} == {SeatState.READY}
