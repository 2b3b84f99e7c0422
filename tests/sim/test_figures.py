"""The figures of calls that the simulated callers seldom make: turned away, back in the line, given up."""

from __future__ import annotations

import pytest

from calls.command import Command
from calls.events import TimePassed
from calls.journal import Entry
from calls.lifecycle import Move, Outcome, State
from calls.notes import Direction, NoteArrived, NoteMoved, NoteOutcome
from calls.record import fold
from sim.counting.books import balance
from sim.counting.figures import Figures
from sim.counting.levels import Levels

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
    levels = Levels()
    figures = Figures(lambda outcome, arrived_at, wait: waits.append(wait), levels)
    steps = [ARRIVED, *life]
    for at, note in steps:
        figures.notes[type(note)](note, at)
    (record,) = fold(Entry(number, at, TimePassed(), [note]) for number, (at, note) in enumerate(steps, 1))
    assert waits == [record.wait] == [wait]
    assert figures.wait_s == (wait or 0.0)
    assert figures.open_calls == 0
    levels.close(100.0)
    balance(figures, levels, [{"offered": 1}])


def fed(steps: list[Step], levels: Levels | None = None) -> Figures:
    """The figures of some notes."""
    figures = Figures(lambda outcome, arrived_at, wait: None, levels)
    for at, note in steps:
        figures.notes[type(note)](note, at)
    return figures


def test_the_ringing_of_a_transfer_is_no_talk() -> None:
    steps = [
        ARRIVED,
        QUEUED,
        moved(12.0, Move.OFFERED, State.RINGING),
        (20.0, NoteOutcome("c1", Outcome.ANSWERED)),
        moved(20.0, Move.ANSWERED, State.TALKING),
        moved(30.0, Move.HELD, State.HELD),
        moved(50.0, Move.TRANSFERRED, State.TRANSFERRED),
        moved(60.0, Move.ANSWERED, State.TALKING),
        moved(90.0, Move.FINISHED, State.WRAP_UP),
        moved(95.0, Move.WRAPPED_UP, State.CLOSED),
    ]
    levels = Levels()
    figures = fed(steps, levels)
    levels.close(100.0)
    assert levels.whole.busy_s == figures.busy_s == 65.0
    (record,) = fold(Entry(number, at, TimePassed(), [note]) for number, (at, note) in enumerate(steps, 1))
    assert figures.talk_s == record.talk == 60.0
    assert figures.wrapup_s == record.wrapup == 5.0
    lost = fed([*steps[:6], moved(50.0, Move.LOST, State.CLOSED)])
    assert (lost.talk_s, lost.wrapup_s) == (30.0, 0.0)


def test_who_comes_back_to_the_line_after_a_conversation_waits_no_more() -> None:
    levels = Levels()
    figures = fed(
        [
            ARRIVED,
            QUEUED,
            (20.0, NoteOutcome("c1", Outcome.ANSWERED)),
            moved(20.0, Move.ANSWERED, State.TALKING),
            moved(50.0, Move.TRANSFERRED, State.TRANSFERRED),
            moved(60.0, Move.REFUSED, State.IVR),
            moved(61.0, Move.QUEUED, State.QUEUED),
            moved(80.0, Move.OFFERED, State.RINGING),
            moved(82.0, Move.ANSWERED, State.TALKING),
            moved(90.0, Move.FINISHED, State.WRAP_UP),
            moved(95.0, Move.LOST, State.CLOSED),
        ],
        levels,
    )
    levels.close(100.0)
    assert (figures.wait_s, figures.talk_s, figures.wrapup_s, figures.unwritten_s) == (9.0, 38.0, 0.0, 5.0)
    balance(figures, levels, [{"offered": 1}])


def test_calls_of_our_own_are_counted_apart() -> None:
    def ours(call: str, direction: Direction, outcome: Outcome) -> list[Step]:
        return [
            (10.0, NoteArrived(call, "", "tax", "0570012229", "0481234567", direction)),
            (10.0, NoteMoved(call, Move.QUEUED, State.QUEUED)),
            (20.0, NoteOutcome(call, outcome)),
            (30.0, NoteMoved(call, Move.ENDED, State.CLOSED)),
        ]

    waiting = fed(ours("k1", "callback", Outcome.ANSWERED)[:2])
    assert (waiting.open_calls, waiting.offered, waiting.joined) == (1, 0, 0)
    figures = fed(
        [
            *ours("k1", "callback", Outcome.ANSWERED),
            *ours("k2", "callback", Outcome.NOT_REACHED),
            *ours("k3", "callback", Outcome.CANCELLED),
            *ours("o1", "out", Outcome.ANSWERED),
        ]
    )
    summary = figures.summary(0.0)
    assert (summary["offered"], summary["answered"], summary["outcomes"]) == (0, 0, {})
    assert summary["callbacks"] == {"made": 2, "reached": 1}
    assert (figures.open_calls, figures.wait_s, figures.last_at) == (0, 0.0, 30.0)
