"""What the journal does on every database; a module per database inherits it, here and in `tests/live`."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from calls.activity import activity
from calls.command import Command
from calls.events import CallArrived, RecordingFinished, TimePassed
from calls.journal import Entry
from calls.lifecycle import Outcome, SeatState, State
from calls.notes import NoteArrived, NoteSeat
from calls.outages import CallForgotten
from calls.record import fold
from store.activity import read_activity
from store.database import Database
from store.journal_reader import PAGE, JournalGapError, runs
from store.journal_writer import JournalFullError, JournalOrderError, JournalUnwrittenError, JournalWriter
from store.records import read_left_open, read_record, read_records
from tests.store.helpers import LIMIT, Troubles, broken, execute, fresh_run, plain, read, write
from tests.store.strategies import DAY, histories, journals

CALLER = "0311112222"

# The database is shared by all examples of a test; each has a run of its own. Several classes inherit the
# tests: an example that failed on one database is then tried on the other, too, which is welcome.
# To shrink a failing one takes minutes where each try is a transaction, so it is shown as it was found.
examples = settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.differing_executors,
    ],
)


def arrival(number: int, call: str, caller: str = CALLER) -> Entry:
    """A call of project `tax` arrives."""
    note: list[Command] = [NoteArrived(call, f"leg-{call}", "tax", "0570012229", caller)]
    return Entry(number, DAY + number, CallArrived(f"leg-{call}", "0570012229", caller), note)


class JournalBehaviour:
    """Inherit it next to a fixture `database` (empty, with its tables)."""

    @examples
    @given(entries=journals())
    async def test_every_kind_comes_back_as_it_was(self, database: Database, entries: list[Entry]) -> None:
        run = fresh_run()
        await write(database, run, entries)
        assert await read(database, run) == entries

    @examples
    @given(entries=histories())
    async def test_records_are_the_fold_of_the_journal(
        self, database: Database, entries: list[Entry]
    ) -> None:
        await execute(database, "DELETE FROM talks")
        await execute(database, "DELETE FROM calls")
        run = fresh_run()
        await write(database, run, entries)
        stored = [
            record
            for project in ("mileage", "tax")
            for record in await read_records(database, project, DAY, 2 * DAY)
        ]
        expected = sorted(fold(entries), key=lambda record: (record.project, record.arrived_at, record.call))
        assert stored == expected

    @examples
    @given(entries=histories())
    async def test_a_run_is_carried_on_after_any_entry(
        self, database: Database, entries: list[Entry]
    ) -> None:
        await execute(database, "DELETE FROM talks")
        await execute(database, "DELETE FROM calls")
        run, middle = fresh_run(), len(entries) // 2
        await write(database, run, entries[:middle])
        await write(database, run, entries[middle:])
        assert await read(database, run) == entries
        for record in fold(entries):
            assert await read_record(database, record.call) == record

    @examples
    @given(entries=histories())
    async def test_what_the_seats_did_is_the_fold_of_the_journal(
        self, database: Database, entries: list[Entry]
    ) -> None:
        await execute(database, "DELETE FROM seat_activity")
        run, middle, end = fresh_run(), len(entries) // 2, entries[-1].at
        await write(database, run, entries[:middle])
        await write(database, run, entries[middle:])
        expected = sorted(activity(entries), key=lambda one: (one.seat, one.began, one.number))
        for one in expected:
            one.ended = end if one.ended is None else one.ended  # nobody has heard of it since
        stored = await read_activity(database, "nobody's", DAY, end + 1)
        assert stored == [one for one in expected if one.ended is not None and one.ended > DAY]

    async def test_what_was_going_on_when_a_run_ended_has_ended_with_that_run(
        self, database: Database
    ) -> None:
        waits = [NoteSeat("seat01", SeatState.READY, "", "sato")]
        short = [Entry(1, DAY + 10, TimePassed(), list[Command](waits)), Entry(2, DAY + 20, TimePassed(), [])]
        rings = [NoteSeat("seat02", SeatState.RINGING, "call-1", "kato")]
        long = [
            Entry(number, DAY + 100 + number, TimePassed(), list[Command](rings)) for number in range(1, 6)
        ]
        await write(database, "short", short)
        await write(database, "long", long)
        seat = (await read_activity(database, "mileage", DAY, DAY + 1000))[0]
        assert (seat.began, seat.ended) == (DAY + 10, DAY + 20)
        assert "seat01" not in {
            one.seat for one in await read_activity(database, "mileage", DAY + 20, DAY + 99)
        }

    async def test_what_seats_do_is_found_by_time_and_by_call(self, database: Database) -> None:
        wrapup = [NoteSeat("seat01", SeatState.WRAP_UP, "call-1", "sato")]
        entries = [
            arrival(1, "call-1"),
            Entry(2, DAY + 10, TimePassed(), [NoteSeat("seat01", SeatState.TALKING, "call-1", "sato")]),
            Entry(3, DAY + 20, TimePassed(), list[Command](wrapup)),
            Entry(4, DAY + 30, TimePassed(), [NoteSeat("seat01", SeatState.BREAK, "", "sato", "lunch")]),
            Entry(5, DAY + 90, TimePassed(), []),
        ]
        await write(database, "run", entries)

        async def states(project: str, start: float, end: float) -> list[tuple[SeatState, float]]:
            found = await read_activity(database, project, DAY + start, DAY + end)
            return [(one.state, one.within(DAY + start, DAY + end)) for one in found]

        talking, writing, resting = SeatState.TALKING, SeatState.WRAP_UP, SeatState.BREAK
        assert await states("mileage", 0, 10) == []
        assert await states("mileage", 15, 25) == [(talking, 5), (writing, 5)]
        assert await states("tax", 0, 2) == [(talking, 0), (writing, 0)]
        assert await states("mileage", 0, 1000) == [(talking, 10), (writing, 10), (resting, 60)]

    async def test_order_holds_over_many_batches_and_pages(self, database: Database) -> None:
        entries = plain(2 * PAGE + 1)
        await write(database, "long", entries)
        assert await read(database, "long") == entries

    async def test_an_entry_is_written_without_anybody_asking(self, database: Database) -> None:
        async with JournalWriter(database, "run", window=0.0) as writer:
            writer.put(plain(1)[0])
            await asyncio.wait_for(writer.written(1), LIMIT)
            assert await read(database, "run") == plain(1)

    async def test_runs_are_kept_apart_and_listed_oldest_first(self, database: Database) -> None:
        await write(database, "later", [Entry(1, 2000.0, TimePassed(), [])])
        await write(database, "earlier", plain(3))
        found = [tuple(run) for run in await runs(database)]
        assert found == [("earlier", 1001.0, 3), ("later", 2000.0, 1)]
        assert await read(database, "unknown") == []

    async def test_a_fresh_engine_cannot_write_into_a_used_run(self, database: Database) -> None:
        await write(database, "used", plain(2))
        async with JournalWriter(database, "used") as writer:
            with pytest.raises(JournalOrderError, match="waits for entry 3 and was given 1"):
                writer.put(plain(1)[0])

    async def test_a_missing_entry_is_told(self, database: Database) -> None:
        await write(database, "torn", plain(5))
        await execute(database, "DELETE FROM journal WHERE number = 3")
        with pytest.raises(JournalGapError, match="entry 3 is missing"):
            await read(database, "torn")

    async def test_a_batch_that_fails_in_its_middle_leaves_nothing_and_is_written_later(
        self, database: Database
    ) -> None:
        troubles, entries = Troubles(), [arrival(1, "call-1"), arrival(2, "call-2")]
        async with JournalWriter(database, "run", on_trouble=troubles) as writer:
            async with broken(database):
                for entry in entries:
                    writer.put(entry)
                await troubles.wait()
                assert await read(database, "run") == []
            await asyncio.wait_for(writer.flush(), LIMIT)
        assert await read(database, "run") == entries
        assert await read_left_open(database, "another run") == ["call-1", "call-2"]
        assert await read_left_open(database, "run") == []

    async def test_a_call_that_nobody_goes_on_with_is_closed(self, database: Database) -> None:
        await write(database, "dead", [arrival(1, "call-1"), arrival(2, "call-2")])
        await write(database, "alive", [Entry(1, 900.0, CallForgotten("call-1"), [])])
        record = await read_record(database, "call-1")
        assert record is not None
        assert (record.state, record.outcome) == (State.CLOSED, Outcome.LOST_SYSTEM)
        assert record.ended_at == record.closed_at == record.lost_at == 900.0
        assert await read_left_open(database, "alive") == ["call-2"]

    async def test_writing_again_what_came_through_does_no_harm(self, database: Database) -> None:
        # As after a connection that broke at the very end of a transaction.
        entries, troubles = [arrival(1, "call-1"), arrival(2, "call-2")], Troubles()
        async with JournalWriter(database, "run", on_trouble=troubles) as again:
            await write(database, "run", entries)
            for entry in entries:
                again.put(entry)
        assert await read(database, "run") == entries
        assert troubles.messages == []

    async def test_troubles_name_no_caller(self, database: Database) -> None:
        troubles = Troubles()
        async with JournalWriter(database, "run", on_trouble=troubles) as writer, broken(database):
            writer.put(arrival(1, "call-1"))
            await troubles.wait()
        assert "1 entries wait" in troubles.messages[0]
        assert not any(CALLER in message for message in troubles.messages)

    async def test_a_full_queue_presses_back_and_loses_nothing(self, database: Database) -> None:
        troubles, entries = Troubles(), [arrival(number, f"call-{number}") for number in range(1, 5)]
        async with JournalWriter(database, "run", capacity=4, on_trouble=troubles) as writer:
            async with broken(database):
                await writer.drained()
                for entry in entries:
                    writer.put(entry)
                with pytest.raises(JournalFullError, match="await drained"):
                    writer.put(arrival(5, "call-5"))
                assert writer.pressure == 1.0
                await troubles.wait()
                waiting = asyncio.create_task(writer.drained())
                done, _ = await asyncio.wait({waiting}, timeout=0)
                assert not done
            await asyncio.wait_for(waiting, LIMIT)
            writer.put(arrival(5, "call-5"))
        assert await read(database, "run") == [*entries, arrival(5, "call-5")]

    async def test_closing_tells_what_could_not_be_written(self, database: Database) -> None:
        writer = JournalWriter(database, "run", on_trouble=Troubles())
        await writer.start()
        async with broken(database):
            writer.put(arrival(1, "call-1"))
            with pytest.raises(JournalUnwrittenError, match="1 entries of run run"):
                await writer.close(patience=0.0)
        with pytest.raises(RuntimeError, match="not running"):
            writer.put(arrival(2, "call-2"))

    async def test_a_writer_that_was_not_started_takes_nothing(self, database: Database) -> None:
        with pytest.raises(RuntimeError, match="await start"):
            JournalWriter(database, "run").put(plain(1)[0])

    async def test_an_odd_caller_does_not_stop_the_journal(self, database: Database) -> None:
        await write(
            database, "run", [arrival(1, "nul", "a\0b"), arrival(2, "half", "a\ud800b"), *plain(1, first=3)]
        )
        assert len(await read(database, "run")) == 3
        record = await read_record(database, "nul")
        assert record is not None
        assert record.caller == "a\ufffdb"

    async def test_a_recording_of_an_earlier_run_gets_into_its_record(self, database: Database) -> None:
        finished = [Entry(1, 2 * DAY, RecordingFinished("old", 12.5, "ab" * 32), [])]
        await write(database, "earlier", [arrival(1, "old"), arrival(2, "other")])
        await write(database, "later", finished)
        old, other = await read_record(database, "old"), await read_record(database, "other")
        assert old is not None
        assert other is not None
        assert (old.recording_seconds, old.recording_sha256) == (12.5, "ab" * 32)
        assert (old.caller, other.recording_seconds) == (CALLER, None)

    async def test_records_are_found_by_project_and_arrival(self, database: Database) -> None:
        await write(database, "run", [arrival(1, "early"), arrival(2, "in-time"), arrival(3, "late")])
        found = await read_records(database, "tax", DAY + 2, DAY + 3)
        assert [record.call for record in found] == ["in-time"]
        assert await read_records(database, "mileage", 0, 2 * DAY) == []
        assert await read_record(database, "nobody") is None
