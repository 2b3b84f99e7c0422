"""What was found on the disk when an engine starts, put together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from calls.journal import Entry
from store.database import Database
from store.journal_reader import JournalGapError, read_journal
from store.journal_resume import Frozen, Resumed
from store.snapshots import Snapshot
from store.spool_reader import StoredEntry, StoredRun, decoded


class Recovered(NamedTuple):
    """The memory of a run that was cut off.

    `parts`, `number`, `at`, `code`: the newest whole snapshot, what it had seen last and when, and the program that
    wrote it; number 0 and no parts where the run had none yet. `entries`: what is to be replayed on it, the first is
    `number` + 1, without gaps. The run goes on with `next_number`; `resumed` is for its journal writer. `beyond`: what
    was found behind a gap. `damages`: what is wrong, in words, and if anything is missing, which numbers.
    """

    run: str
    number: int
    at: float
    code: str
    parts: dict[str, bytes]
    entries: list[Entry]
    next_number: int
    resumed: Resumed
    beyond: list[Entry]
    damages: list[str]


def from_snapshot(snapshot: Snapshot, found: Sequence[StoredEntry]) -> Recovered:
    """Of a run with a snapshot; `found` are the entries that the spool has of it."""
    header = snapshot.header
    known, damages = decoded(one for one in found if one.number > header.needs)
    base = Recovered(
        header.run,
        header.number,
        header.at,
        header.code,
        {name: part for name, part in snapshot.parts.items() if name != FOLDS},
        [],
        0,
        Resumed(Frozen(header.folded, snapshot.parts[FOLDS]) if FOLDS in snapshot.parts else None, (), 0),
        [],
        damages,
    )
    return _with_entries(base, known)


FOLDS = "journal folds"
"""The part of a snapshot in which the journal writer's folds are."""


def from_beginning(run: StoredRun, code: str) -> Recovered | None:
    """Of a run without a snapshot; None where its beginning is not there any more."""
    if not run.entries or run.entries[0].number != 1:
        return None
    known, damages = decoded(run.entries)
    at = known[0].at if known else 0.0
    return _with_entries(Recovered(run.run, 0, at, code, {}, [], 0, Resumed(None, (), 0), [], damages), known)


async def filled(database: Database, recovered: Recovered, within: float = 0.5) -> Recovered:
    """With what the database has of it and the spool has not; as it is where the database does not answer in time."""
    more: list[Entry] = []
    try:
        async with asyncio.timeout(within):
            async for entry in read_journal(database, recovered.run, recovered.next_number - 1):
                more.append(entry)  # noqa: PERF401 - what was read counts, also when the next page fails
    except (SQLAlchemyError, OSError, JournalGapError, msgspec.DecodeError):
        pass
    if not more:
        return recovered
    spooled = {entry.number: entry for entry in [*recovered.resumed.entries, *recovered.beyond]}
    for entry in more:
        spooled.setdefault(entry.number, entry)
    note = f"entries {more[0].number} to {more[-1].number} were taken from the database"
    again = recovered._replace(damages=[*recovered.damages, note])
    return _with_entries(again, [spooled[number] for number in sorted(spooled)])


def _with_entries(recovered: Recovered, known: Sequence[Entry]) -> Recovered:
    tail = _without_gap(known, recovered.number)
    last = tail[-1].number if tail else recovered.number
    beyond = [entry for entry in known if entry.number > last]
    damages = list(recovered.damages)
    if beyond:
        damages.append(
            f"run {recovered.run}: entries {last + 1} to {beyond[0].number - 1} are missing in the spool; "
            f"{len(beyond)} behind them cannot be replayed without them"
        )
    resumed = recovered.resumed._replace(entries=_up_to(known, last), next_number=last + 1)
    return recovered._replace(
        entries=tail, next_number=last + 1, resumed=resumed, beyond=beyond, damages=damages
    )


def _without_gap(entries: Iterable[Entry], after: int) -> list[Entry]:
    tail: list[Entry] = []
    for entry in entries:
        if entry.number == after + 1:
            tail.append(entry)
            after += 1
    return tail


def _up_to(entries: Sequence[Entry], last: int) -> list[Entry]:
    """Those that lead to `last` without a gap."""
    found: list[Entry] = []
    for entry in reversed(entries):
        if entry.number == last:
            found.append(entry)
            last -= 1
    return found[::-1]
