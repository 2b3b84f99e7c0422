"""The beginning of an engine: alone on its site, with the memory of the one before."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from ivr.bundle import bundle_of_file
from store.database import Database
from store.journal_writer import JournalUnwrittenError, JournalWriter
from store.memory import Memory, put_aside
from store.memory_errors import MemorySchemaError
from store.migrations import upgrade_database
from store.recovered import filled
from store.spool_state import SpoolState
from telephony.alarms import AlarmName, Alarms
from telephony.program import digest
from telephony.revival import Life, revive
from telephony.stack import Stack
from telephony.versions import BUNDLE

log = logging.getLogger(__name__)

LOCK, JOURNAL = "engine.lock", "journal"
"""Below var/."""

JOURNAL_ROOM = 200_000
"""So many entries may wait for the database."""
WINDOW_S = 0.1
"""So long entries wait for company on their way to it: the spool has them on the disk long before."""
HASTE_S, PATIENCE_S = 1.0, 30.0

CODE = digest()
"""The code that is loaded here: what lies on the disk when a later engine is forked may be newer."""

_SPOOL = {
    SpoolState.FULL: AlarmName.SPOOL_FULL,
    SpoolState.UNWRITABLE: AlarmName.SPOOL_UNWRITABLE,
    SpoolState.GAP: AlarmName.SPOOL_UNWRITABLE,
}


class Awakened(NamedTuple):
    """What is there before anything else is."""

    memory: Memory
    life: Life


async def awaken(stack: Stack, alarms: Alarms, database: Database, undo: ExitStack) -> Awakened:
    """Read the memory of the site, which is locked, and go on with it, if that can be.

    `undo` closes what was opened. Raises OSError where the directory of the journal cannot be used.
    """
    memory = _open(stack.site.var_directory / JOURNAL, CODE, alarms)
    undo.callback(memory.close)
    if memory.damages:
        alarms.sound(AlarmName.MEMORY_DAMAGED, "; ".join(memory.damages))
    found = memory.recovered
    if found is not None:
        found = await filled(database, found)
    life = revive(found, CODE, stack.centre, lambda project: _bundle(stack, project))
    memory.begin(life.run)
    return Awakened(memory, life)


def journal_of(life: Life, memory: Memory, database: Database, alarms: Alarms) -> JournalWriter:
    """The way of its entries to the database, which may be away: they are in the spool as long."""

    def written(number: int) -> None:
        alarms.clear(AlarmName.JOURNAL_BEHIND)
        memory.release(number)

    return JournalWriter(
        database,
        life.run,
        capacity=JOURNAL_ROOM,
        window=WINDOW_S,
        prepare=lambda: upgrade_database(database),
        on_trouble=lambda text: alarms.sound(AlarmName.JOURNAL_BEHIND, text),
        on_recovered=lambda: alarms.clear(AlarmName.JOURNAL_BEHIND),
        on_written=written,
    )


async def close_journal(journal: JournalWriter, *, in_haste: bool) -> None:
    """Who leaves his calls to the next engine does not let them wait for a database that is away."""
    try:
        await journal.close(HASTE_S if in_haste else PATIENCE_S)
    except JournalUnwrittenError as error:
        log.warning("%s; they are in the spool, and the next engine writes them", error)


def _open(directory: Path, code: str, alarms: Alarms) -> Memory:
    def spool(state: SpoolState, text: str) -> None:
        for bad, name in _SPOOL.items():
            if state is bad:
                alarms.sound(name, text)
            elif _SPOOL.get(state) is not name:
                alarms.clear(name)

    def snapshot(trouble: str) -> None:
        if trouble:
            alarms.sound(AlarmName.SNAPSHOT_FAILED, trouble)
        else:
            alarms.clear(AlarmName.SNAPSHOT_FAILED)

    try:
        return Memory.open(directory, code, on_state=spool, on_snapshot=snapshot)
    except MemorySchemaError as error:
        alarms.sound(AlarmName.MEMORY_DAMAGED, str(error))
        put_aside(directory)
        return Memory.open(directory, code, on_state=spool, on_snapshot=snapshot)


def _bundle(stack: Stack, project: str) -> str:
    if project in stack.wavs:  # it was published: its files lie with its version
        return (stack.wavs[project].parent / BUNDLE).read_text(encoding="utf-8")
    return bundle_of_file(stack.config / "projects" / f"{project}.yaml", stack.config / "calendars")
