"""The board of a new run gets what the store has of the day, as soon as the store has it."""

from __future__ import annotations

import asyncio

import pytest

from calls.events import EngineStarted
from calls.journal import Entry
from calls.lifecycle import State
from calls.record import CallRecord
from store.day_counts import Alike, UnseenCalls
from supervisor.api.filling import Filling, cells, unseen
from supervisor.api.live import Live
from supervisor.board import CountKey
from supervisor.board.counts import Counts

pytestmark = pytest.mark.unit

NOW = 1_778_112_000.0
ANSWERED = Alike("tax", NOW - 1800, "answered", 7, 3)
CUT_OFF = Alike("tax", NOW - 1800, "", -1, 1)


def left(state: State) -> CallRecord:
    """A call of the last run."""
    return CallRecord(
        call="c1", leg="l1", project="tax", number="", caller="", arrived_at=NOW - 60, state=state
    )


class Books:
    """A store that says one thing after the other, the last one again and again; an error is raised."""

    def __init__(self, *told: UnseenCalls | Exception) -> None:
        self.told = [*told]
        self.reads = 0
        self.closes_after = 0
        self.live = Live()
        self.live.observe(Entry(1, NOW, EngineStarted("d"), []))

    async def read(self, _: Counts) -> UnseenCalls:
        """What it says now."""
        self.reads += 1
        found = self.told.pop(0) if len(self.told) > 1 else self.told[0]
        if isinstance(found, Exception):
            raise found
        return found

    async def filled(self) -> None:
        """Until all is known."""
        filling = Filling(self.live, self.read, lambda: self.reads >= self.closes_after, again_s=0.0)
        async with asyncio.timeout(30):
            await filling._work()

    @property
    def counts(self) -> dict[tuple[str, int], int]:
        """The cells of the last half-hour."""
        return {(key.outcome, key.waited): calls for key, calls in self.live.board.counts.items()}


async def test_everything_is_known_at_once() -> None:
    books = Books(UnseenCalls([ANSWERED], []))
    await books.filled()
    assert books.counts == {("", -1): 3, ("answered", 7): 3}
    assert books.reads == 1


async def test_a_store_that_is_away_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    books = Books(OSError("0901234567"), TimeoutError(), UnseenCalls([ANSWERED], []))
    await books.filled()
    assert books.counts == {("", -1): 3, ("answered", 7): 3}
    assert "today's earlier calls cannot be counted (OSError)" in caplog.text
    assert "0901234567" not in caplog.text


async def test_as_long_as_a_call_of_theirs_is_open_more_is_to_come() -> None:
    lost = left(State.CLOSED)
    lost.outcome = "lost_system"
    books = Books(UnseenCalls([ANSWERED], [left(State.IVR)]), UnseenCalls([ANSWERED], [lost]))
    await books.filled()
    assert books.reads == 2
    assert books.counts == {("", -1): 4, ("answered", 7): 3, ("lost_system", -1): 1}


async def test_books_that_are_not_closed_are_read_again() -> None:
    books = Books(UnseenCalls([], []), UnseenCalls([ANSWERED, CUT_OFF], []))
    books.closes_after = 2
    await books.filled()
    assert books.reads == 3
    assert books.counts == {("", -1): 4, ("answered", 7): 3}


async def test_a_board_that_knows_everything_asks_nobody() -> None:
    books = Books(OSError())
    books.live.board.day.whole = True
    await books.filled()
    assert books.reads == 0


def test_what_is_asked_for() -> None:
    books = Books(OSError())
    wanted = unseen(books.live.board.day, "run2", ["tax"])
    assert (wanted.projects, wanted.run, wanted.began) == ({"", "tax"}, "run2", NOW)
    assert NOW - 27 * 3600 < wanted.since <= NOW - 26 * 3600


def test_calls_that_ended_alike_arrived() -> None:
    later = ANSWERED._replace(waited=8, calls=2)
    assert cells([ANSWERED, later, CUT_OFF]) == {
        CountKey("tax", NOW - 1800, "", -1): 6,
        CountKey("tax", NOW - 1800, "answered", 7): 3,
        CountKey("tax", NOW - 1800, "answered", 8): 2,
    }
