"""How a run goes on after its engine died, on every database; a module per database inherits it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from calls.activity import activity
from calls.journal import Entry
from calls.record import fold
from store.activity import read_activity
from store.batch_rows import BatchRows
from store.database import Database
from store.journal_resume import NEW_RUN, Frozen, Resumed
from store.journal_writer import JournalWriter
from store.models import JOURNAL
from store.records import read_record
from store.rows import Row
from tests.store.helpers import LIMIT, Troubles, broken, execute, fresh_run, plain, read, write
from tests.store.journal_behaviour import arrival, examples
from tests.store.strategies import DAY, histories


class Life:
    """The writer of one life of an engine, that is killed at its end: nothing is flushed and nothing closed."""

    def __init__(self, database: Database, run: str, resumed: Resumed = NEW_RUN) -> None:
        self.troubles = Troubles()
        self.recovered = asyncio.Event()
        self.written: list[int] = []
        self.writer = JournalWriter(
            database,
            run,
            batch=3,
            window=0.0,
            on_trouble=self.troubles,
            on_recovered=self.recovered.set,
            on_written=self.written.append,
        )
        self._resumed = resumed

    async def __aenter__(self) -> Life:
        await self.writer.start(self._resumed)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.writer._stop()

    async def put(self, entries: Sequence[Entry]) -> None:
        """Write them."""
        for entry in entries:
            self.writer.put(entry)
        await asyncio.wait_for(self.writer.flush(), LIMIT)


def resumed(frozen: Frozen | None, entries: Sequence[Entry], spooled: int = 0) -> Resumed:
    """As a memory gives it whose spool begins behind the entry `spooled`."""
    return Resumed(frozen, entries[spooled:], len(entries) + 1)


class ResumeBehaviour:
    """Inherit it next to a fixture `database` (empty, with its tables)."""

    @examples
    @given(entries=histories(), data=st.data())
    async def test_a_run_goes_on_from_frozen_folds(
        self, database: Database, entries: list[Entry], data: st.DataObject
    ) -> None:
        for emptied in ("DELETE FROM talks", "DELETE FROM calls", "DELETE FROM seat_activity"):
            await execute(database, emptied)
        run, end = fresh_run(), len(entries)
        frozen_at = data.draw(st.integers(0, end))
        written = data.draw(st.integers(frozen_at, end))
        known = data.draw(st.integers(written, end))
        async with Life(database, run) as first:
            await first.put(entries[:frozen_at])
            frozen = first.writer.freeze()
            await first.put(entries[frozen_at:written])
        assert frozen.number == frozen_at
        async with Life(database, run, resumed(frozen, entries[:known], frozen_at)) as second:
            await second.put(entries[known:])
            assert second.troubles.messages == []
        await self._all_is_there(database, run, entries)

    async def _all_is_there(self, database: Database, run: str, entries: list[Entry]) -> None:
        assert await read(database, run) == entries
        for record in fold(entries):
            assert await read_record(database, record.call) == record
        end = entries[-1].at
        expected = sorted(activity(entries), key=lambda one: (one.seat, one.began, one.number))
        for one in expected:
            one.ended = end if one.ended is None else one.ended
        assert await read_activity(database, "nobody's", DAY - 1, end + 1) == expected

    async def test_a_batch_that_was_under_way_when_the_folds_were_frozen_is_written(
        self, database: Database
    ) -> None:
        entries = [arrival(number, f"call-{number}") for number in range(1, 6)]
        async with Life(database, "run") as first, broken(database):
            for entry in entries:
                first.writer.put(entry)
            await first.troubles.wait()
            frozen = first.writer.freeze()
        assert frozen.number == 3
        async with Life(database, "run", resumed(frozen, entries, 3)) as second:
            await second.put([arrival(6, "call-6")])
            assert second.written == [0, 3, 6]
        await self._all_is_there(database, "run", [*entries, arrival(6, "call-6")])

    async def test_the_database_may_be_away_at_the_start(self, database: Database) -> None:
        entries = [arrival(number, f"call-{number}") for number in range(1, 6)]
        async with Life(database, "run") as first:
            await first.put(entries[:2])
            frozen = first.writer.freeze()
        await execute(database, "ALTER TABLE journal RENAME TO journal_away")
        async with Life(database, "run", resumed(frozen, entries, 2)) as second:
            await second.troubles.wait()
            second.writer.put(arrival(6, "call-6"))
            again = second.writer.freeze()
            assert not second.recovered.is_set()
        async with Life(database, "run", resumed(again, [*entries, arrival(6, "call-6")], 2)) as third:
            await third.troubles.wait()
            await execute(database, "ALTER TABLE journal_away RENAME TO journal")
            await asyncio.wait_for(third.recovered.wait(), LIMIT)
            await third.put([arrival(7, "call-7")])
        await self._all_is_there(database, "run", [*entries, arrival(6, "call-6"), arrival(7, "call-7")])

    async def test_a_new_run_may_begin_while_the_database_is_away(self, database: Database) -> None:
        await execute(database, "ALTER TABLE journal RENAME TO journal_away")
        async with Life(database, "run") as life:
            life.writer.put(plain(1)[0])
            await life.troubles.wait()
            frozen = life.writer.freeze()
            await execute(database, "ALTER TABLE journal_away RENAME TO journal")
            await asyncio.wait_for(life.writer.written(1), LIMIT)
        assert frozen.number == 0
        assert await read(database, "run") == plain(1)

    async def test_a_database_that_forgot_what_it_had_gets_it_again(self, database: Database) -> None:
        # As SQLite after a power cut, or one restored from a copy.
        entries = [arrival(number, f"call-{number}") for number in range(1, 8)]
        async with Life(database, "run") as first:
            await first.put(entries[:6])
            frozen = first.writer.freeze()
        await execute(database, "DELETE FROM journal WHERE number > 2")
        await execute(database, "DELETE FROM calls WHERE call > 'call-2'")
        async with Life(database, "run", resumed(frozen, entries, 1)) as second:
            await second.put([arrival(8, "call-8")])
            assert second.troubles.messages == []
        await self._all_is_there(database, "run", [*entries, arrival(8, "call-8")])

    async def test_folds_that_are_behind_the_spool_are_fed_from_the_database(
        self, database: Database
    ) -> None:
        entries = [arrival(number, f"call-{number}") for number in range(1, 8)]
        async with Life(database, "run") as first:
            await first.put(entries[:2])
            frozen = first.writer.freeze()
            await first.put(entries[2:6])
        async with Life(database, "run", resumed(frozen, entries, 5)) as second:
            await second.put([arrival(8, "call-8")])
            assert second.troubles.messages == []
            assert len(second.writer._rows._records) == 8
        await self._all_is_there(database, "run", [*entries, arrival(8, "call-8")])

    async def test_entries_that_nobody_has_are_told(self, database: Database) -> None:
        await write(database, "run", plain(2))
        async with Life(database, "run", Resumed(None, plain(1, 5), 6)) as life:
            await asyncio.wait_for(life.writer.flush(), LIMIT)
        assert life.troubles.messages == [
            "entries 3 to 4 of run run are neither in the database nor in the spool"
        ]

    async def test_what_the_engine_does_not_know_any_more_is_kept_under_another_name(
        self, database: Database
    ) -> None:
        await write(database, "run", plain(5))
        later = [arrival(4, "call-4"), arrival(5, "call-5"), arrival(6, "call-6")]
        async with Life(database, "run", Resumed(None, (), 4)) as life:
            await life.put(later)
        assert await read(database, "run") == [*plain(3), *later]
        [message] = life.troubles.messages
        assert "entries 4 to 5 of run run" in message
        kept = message.rpartition(" ")[2]  # the last word
        async with database.engine.connect() as connection:
            found = await connection.execute(select(JOURNAL.c.number).where(JOURNAL.c.run == kept))
            assert sorted(found.scalars()) == [4, 5]

    async def test_a_fault_in_the_records_does_not_stop_the_journal(self, database: Database) -> None:
        async with Life(database, "run") as life:
            await life.put(plain(1))
            life.writer._rows = FaultyRows("run")
            await life.put([arrival(2, "call-2")])
        assert await read(database, "run") == [*plain(1), arrival(2, "call-2")]
        assert life.troubles.messages == [
            "records of run run cannot be made of entries 2 to 2: ZeroDivisionError"
        ]


class FaultyRows(BatchRows):
    """Folds with a fault in them."""

    def feed(self, entries: Sequence[Entry]) -> tuple[list[Row], ...]:
        """Fail."""
        raise ZeroDivisionError
