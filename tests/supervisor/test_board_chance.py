"""The board beside an engine to which anything happens: after every step both say the same."""

from __future__ import annotations

import random

import pytest

from calls.event import Event
from calls.events import PhoneRegistered
from calls.lifecycle import SeatState, State
from engine.call import Callback
from engine.engine import Engine
from supervisor.board import Board, SeatPicture
from tests.engine.any_centres import SHARED
from tests.engine.test_hundred_thousand import SEATS, STEPS_BY_WEIGHT, AnyThing

pytestmark = pytest.mark.replay

STEPS = 400
IN_CHARGE = frozenset({State.TALKING, State.HELD, State.CONSULTING})
RESTING = frozenset({SeatState.READY, SeatState.BREAK, SeatState.NOT_ANSWERING})


def _reached(callback: Callback) -> bool:
    """Whether nothing is owed to him any more."""
    return callback.call is not None and (
        callback.call.state in IN_CHARGE or callback.call.outcome is not None
    )


class Beside(AnyThing):
    """The machine of all events and requests, with a board that folds what comes of them."""

    board = Board()

    def _happens(self, event: Event) -> None:
        super()._happens(event)
        self.board.feed(self.entries[-1])
        self._same()

    def _same(self) -> None:
        floor, board = self.engine.floor, self.board
        assert board.calls.keys() == floor.calls.keys()
        for call in floor.calls.values():
            seen = board.calls[call.id]
            assert seen.state == call.state
            if call.state is State.QUEUED:
                assert seen.priority == call.priority
            if call.state in IN_CHARGE:
                assert seen.seat == (call.seat.id if call.seat is not None else ""), call.state
        for seat in floor.seats.values():
            place = board.seats.get(seat.id, SeatPicture(seat.id))
            assert (place.state, place.reason) == (seat.state, seat.reason)
            if place.state in RESTING:
                assert place.operator == seat.operator
        for queue in floor.centre.queues():
            assert board.waits(queue)[0] == len(floor.router.in_line(queue))
        owed = {callback.id for callback in floor.callbacks.values() if not _reached(callback)}
        assert board.callbacks.keys() == owed


@pytest.mark.parametrize("seed", range(12))
def test_the_board_says_what_the_engine_does(seed: int) -> None:
    chance, machine = random.Random(seed), Beside()
    machine.board = Board()
    machine.centre, machine.said = SHARED[seed % len(SHARED)], {}
    machine.engine = Engine(machine.centre)
    for phone in SEATS:
        machine._happens(PhoneRegistered(phone))
    weights = [weight for weight, _ in STEPS_BY_WEIGHT]
    for _, step in chance.choices(STEPS_BY_WEIGHT, weights, k=STEPS):
        step(machine, chance)
