"""Going on with a run after its engine died: what the database has of it, and what it has not."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import uuid4

import msgspec
from sqlalchemy import update

from calls.journal import Entry
from store.batch_rows import BatchRows
from store.database import WRITING, Database
from store.journal_reader import JournalGapError, last_number, read_journal
from store.models import JOURNAL
from store.rows import Row

AT_A_TIME = 250


class Batch(NamedTuple):
    """So many `entries`, up to the number `last`; `rows` are those of each statement in turn."""

    last: int
    entries: int
    rows: tuple[list[Row], ...]


class Frozen(NamedTuple):
    """The folds of a journal writer as bytes, fed with all entries up to `number`."""

    number: int
    data: bytes


class Resumed(NamedTuple):
    """How a run goes on: with the folds as they were (None: as at its beginning) and the entries that are known of it.

    `entries` are in order without gaps; the first is the one behind `frozen.number`, or an earlier one. The next entry
    of the run is to be `next_number`.
    """

    frozen: Frozen | None
    entries: Sequence[Entry]
    next_number: int


NEW_RUN = Resumed(None, (), 1)
"""A run that has just begun under an id that nobody has: the database need not be asked."""


class Settled(NamedTuple):
    """Where the writer begins: `written` is the last entry that the database has, `fed` the last in the folds `rows`.

    `unwritten`: a batch that is in the folds and not in the database.
    """

    rows: BatchRows
    fed: int
    written: int
    unwritten: Batch | None = None


def freeze_folds(fed: int, rows: BatchRows, unwritten: Batch | None) -> Frozen:
    """The folds, and the batch that is in them and may not be in the database yet."""
    return Frozen(fed, pickle.dumps((rows, unwritten), protocol=pickle.HIGHEST_PROTOCOL))


async def settle(database: Database, run: str, resumed: Resumed, tell: Callable[[str], None]) -> Settled:
    """Ask the database how far it is and bring the folds there; `tell` is told of entries that nobody has.

    Raises what the database raises; it may be called again then.
    """
    written = await _written(database, run, resumed, tell)
    rows, fed, unwritten = _thawed(run, resumed.frozen)
    if written < fed and unwritten is not None and unwritten.last - unwritten.entries == written:
        return Settled(rows, fed, written, unwritten)
    if written < fed:  # the database has lost what it had: after a power cut, or restored from a copy
        rows, fed = BatchRows(run), 0
    if written > fed:
        await _feed(database, run, rows, fed, written, resumed.entries, tell)
    _look_for_lost(run, resumed, written, tell)
    return Settled(rows, written, written)


async def _written(database: Database, run: str, resumed: Resumed, tell: Callable[[str], None]) -> int:
    written, known = await last_number(database, run), resumed.next_number - 1
    if written <= known:
        return written
    # Only after a power cut of this machine alone, or with a spool that took nothing. The engine does not know of
    # these entries and uses their numbers again: they are kept under another name.
    other = f"{run}-until-{uuid4().hex[:8]}"
    tell(
        f"the database has entries {known + 1} to {written} of run {run}, of which the engine knows nothing: "
        f"they are kept as run {other}"
    )
    later = update(JOURNAL).where(JOURNAL.c.run == run, JOURNAL.c.number > known).values(run=other)
    async with database.engine.execution_options(**WRITING).begin() as connection:
        await connection.execute(later)
    return known


def _thawed(run: str, frozen: Frozen | None) -> tuple[BatchRows, int, Batch | None]:
    if frozen is None:
        return BatchRows(run), 0, None
    rows, unwritten = pickle.loads(frozen.data)  # noqa: S301 - our own file, whose checksum was looked at
    return rows, frozen.number, unwritten


async def _feed(
    database: Database,
    run: str,
    rows: BatchRows,
    fed: int,
    written: int,
    entries: Sequence[Entry],
    tell: Callable[[str], None],
) -> None:
    known = [entry for entry in entries if fed < entry.number <= written]
    if len(known) == written - fed:
        for start in range(0, len(known), AT_A_TIME):
            rows.feed(known[start : start + AT_A_TIME])
            await asyncio.sleep(0)  # calls go on
        return
    try:
        async for entry in read_journal(database, run, fed):
            rows.feed([entry])
    except (JournalGapError, msgspec.DecodeError) as error:
        text = str(error) if isinstance(error, JournalGapError) else "an entry cannot be read"
        tell(f"records of calls that go on may be incomplete: {text}")


def _look_for_lost(run: str, resumed: Resumed, written: int, tell: Callable[[str], None]) -> None:
    later = [entry.number for entry in resumed.entries if entry.number > written]
    first = later[0] if later else resumed.next_number
    if first > written + 1:
        tell(
            f"entries {written + 1} to {first - 1} of run {run} are neither in the database nor in the spool"
        )
