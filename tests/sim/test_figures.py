"""The figures of calls that the simulated callers seldom make: turned away, back in the line, given up."""

from __future__ import annotations

import pytest

from calls.commands import Command, NoteArrived, NoteMoved, NoteOutcome
from calls.events import TimePassed
from calls.journal import Entry
from calls.lifecycle import Move, Outcome, State
from calls.record import fold
from sim.figures import Figures

pytestmark = pytest.mark.unit

Step = tuple[float, Command]


def moved(at: float, move: Move, state: State) -> Step:
    """A move of the call c1 at a time."""
    return at, NoteMoved("c1", move, state, "tax/main")


ARRIVED: Step = (10.0, NoteArrived("c1", "leg1", "tax", "0570012229", ""))
QUEUED, REFUSED = moved(11.0, Move.QUEUED, State.QUEUED), moved(20.0, Move.REFUSED, State.IVR)
AGAIN = moved(30.0, Move.QUEUED, State.QUEUED)


def ends(at: float, outcome: Outcome, move: Move) -> tuple[Step, Step]:
    """The end of the call c1."""
    return (at, NoteOutcome("c1", outcome)), moved(at, move, State.CLOSED)


LIVES = [
    pytest.param([*ends(15.0, Outcome.ABANDONED_IVR, Move.HUNG_UP)], None, id="never in the line"),
    pytest.param([QUEUED, *ends(18.0, Outcome.ABANDONED_QUEUE, Move.HUNG_UP)], 7.0, id="gave up"),
    pytest.param([QUEUED, REFUSED, *ends(27.0, Outcome.TIMED_OUT, Move.ENDED)], 9.0, id="turned away"),
    pytest.param(
        [QUEUED, REFUSED, AGAIN, *ends(35.0, Outcome.ABANDONED_QUEUE, Move.HUNG_UP)], 24.0, id="gave up later"
    ),
    pytest.param(
        [
            QUEUED,
            REFUSED,
            AGAIN,
            moved(40.0, Move.REFUSED, State.IVR),
            *ends(45.0, Outcome.TIMED_OUT, Move.ENDED),
        ],
        29.0,
        id="turned away twice",
    ),
]


@pytest.mark.parametrize(("life", "wait"), LIVES)
def test_the_wait_ends_where_the_caller_leaves_the_line(life: list[Step], wait: float | None) -> None:
    waits: list[float | None] = []
    figures = Figures(lambda outcome, arrived_at, wait: waits.append(wait))
    steps = [ARRIVED, *life]
    for at, note in steps:
        figures.notes[type(note)](note, at)
    (record,) = fold(Entry(number, at, TimePassed(), [note]) for number, (at, note) in enumerate(steps, 1))
    assert waits == [record.wait] == [wait]
    assert figures.wait_s == (wait or 0.0)
    assert figures.open_calls == 0
