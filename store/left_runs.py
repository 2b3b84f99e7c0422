"""Entries of runs that are over and that the database may not have yet."""

from __future__ import annotations

import logging
from collections.abc import Callable

from store.database import Database
from store.insist import Insistence
from store.journal_reader import last_number
from store.journal_resume import Resumed
from store.journal_writer import JournalWriter
from store.memory import Memory
from store.spool_reader import StoredRun, decoded

logger = logging.getLogger(__name__)


async def hand_over(
    database: Database, memory: Memory, on_trouble: Callable[[str], None] = logger.warning
) -> None:
    """Bring what is `left` in a memory to the database, however long that is away, and free their room."""
    for left in list(memory.left):
        await _hand_over(database, left, on_trouble)
        memory.release_run(left.run)


async def _hand_over(database: Database, left: StoredRun, on_trouble: Callable[[str], None]) -> None:
    def failed(error: Exception, _pause: float) -> None:
        on_trouble(f"the database does not answer ({type(error).__name__}): entries of run {left.run} wait")

    insistence = Insistence(30.0, failed, lambda: None)
    written = await insistence.until_done(lambda: last_number(database, left.run))
    entries, damages = decoded(one for one in left.entries if one.number > written)
    for text in damages:
        on_trouble(f"run {left.run}: {text}")
    if entries:
        writer = JournalWriter(database, left.run, on_trouble=on_trouble)
        await writer.start(Resumed(None, entries, entries[-1].number + 1))
        try:
            await writer.flush()
        finally:
            await writer.close()
