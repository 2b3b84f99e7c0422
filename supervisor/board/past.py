"""The board of any moment of which there is a journal, folded as the running service folds its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from calls.journal import Entry
from store.database import Database
from store.day_journal import Fault, read_from, runs_between
from store.journal_reader import Run, runs
from supervisor.board.fold import Board


class NoJournalError(Exception):
    """Nothing is known of a moment; says since when something is."""

    def __init__(self, first: float | None) -> None:
        super().__init__("there is no journal of that moment")
        self.first = first


class PastBoard(NamedTuple):
    """`board` as it was, and the `run` that was the newest then; `entries` of it are in it, the last from `last_at`.

    `faults`: what could not be read, in words.
    """

    board: Board
    run: str
    entries: int
    last_at: float
    faults: list[str]


async def board_at(database: Database, at: float, day_began: float) -> PastBoard:
    """What the board showed at a moment, with the figures of the day that began at `day_began` (seconds since 1970).

    All entries up to the moment count, that of the moment itself too. The calls of the day come from all of its runs,
    everything else from the one that was the newest. Raises NoJournalError before the first run.
    """
    known = await runs(database)
    begun = [run for run in known if run.started_at <= at]
    if not begun:
        raise NoJournalError(known[0].started_at if known else None)
    newest, faults, board, entries = begun[-1], list[str](), Board(), 0
    for run in await runs_between(database, day_began, at):
        if run in begun and run != newest:
            async for entry in _until(database, run, day_began, at, faults):
                board.feed(entry)
    async for entry in _until(database, newest, 0.0, at, faults):
        board.feed(entry)
        entries = entry.number
    return PastBoard(board, newest.run, entries, board.at, faults)


async def _until(
    database: Database, run: Run, since: float, at: float, faults: list[str]
) -> AsyncIterator[Entry]:
    async for found in read_from(database, run, since):
        if isinstance(found, Fault):
            faults.append(f"run {found.run}, entry {found.number}: {found.text}")
        elif found.at > at:
            return
        else:
            yield found
