"""Writing the journal, and the records folded from it, off the engine's path."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import islice
from types import TracebackType

from sqlalchemy.exc import OperationalError

from calls.journal import Entry
from store.batch_rows import BatchRows
from store.database import WRITING, Database
from store.insist import Insistence
from store.journal_reader import last_number
from store.journal_resume import Batch, Frozen, Resumed, Settled, freeze_folds, settle
from store.statements import statements

logger = logging.getLogger(__name__)

HIGH_WATER = 0.5
LOW_WATER = 0.25
NOT_RUNNING = 0


class JournalFullError(Exception):
    """More entries than `capacity` wait for the database: the driver did not wait for `drained()`."""


class JournalOrderError(ValueError):
    """An entry does not carry the next number of its run."""


class JournalUnwrittenError(Exception):
    """The writer was closed while the database could not take what was left."""


class JournalWriter:
    """Writes the entries of one run in batches, one transaction each, with the records that they change.

    `put` is all that happens on the engine's path. Back-pressure is on the side of the input: before the
    driver takes a *new* event it awaits `drained()`, which returns at once while less than half of `capacity`
    waits for the database. So nothing is lost and nothing is half done, and memory stays bounded.

    An entry is written at most `window` seconds after it was put, or sooner when `batch` of them are
    together. While the database fails, or does not answer within `patience` seconds, `on_trouble(message)` is told at
    each attempt and the queue holds; `on_recovered()` when it works again. `on_written(number)` is told how far the
    database is. `prepare()` is awaited before the database is used first, and again until it succeeds. One event
    loop only.
    """

    def __init__(
        self,
        database: Database,
        run: str,
        *,
        capacity: int = 50_000,
        batch: int = 250,
        window: float = 0.02,
        patience: float = 30.0,
        on_trouble: Callable[[str], None] = logger.warning,
        on_recovered: Callable[[], None] = lambda: None,
        on_written: Callable[[int], None] = lambda number: None,
        prepare: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.run = run
        self._database = database
        self._capacity = capacity
        self._batch = batch
        self._window = window
        self._patience = patience
        self._on_trouble = on_trouble
        self._on_written = on_written
        self._prepare = prepare
        self._queue: deque[Entry] = deque()  # an entry leaves it only when it is safe
        self._next = NOT_RUNNING
        self._written = 0
        self._wanted = 0
        self._arrived = asyncio.Event()
        self._hurry = asyncio.Event()
        self._progress = asyncio.Event()
        self._rows = BatchRows(run)
        self._fed = 0
        self._unwritten: Batch | None = None
        self._resumed: Resumed | None = None  # until it is settled with the database
        self._insistence = Insistence(patience, self._failed, on_recovered)
        self._task: asyncio.Task[None] | None = None
        self._statements = statements(database)

    async def start(self, resumed: Resumed | None = None) -> None:
        """Begin to write. A run that has entries already is carried on behind the last of them.

        With `resumed` (`NEW_RUN` for a fresh one) the database may be away: it is asked as soon as it is there.
        Without, it is asked at once and its journal read: raises sqlalchemy.exc.SQLAlchemyError or OSError where it
        cannot be reached or was not upgraded.
        """
        if resumed is None:
            resumed = Resumed(None, (), await last_number(self._database, self.run) + 1)
            self._begin(await settle(self._database, self.run, resumed, self._on_trouble))
        else:
            self._resumed = resumed
            self._queue.extend(resumed.entries)
        self._next = resumed.next_number
        self._task = asyncio.create_task(self._write_all(), name=f"journal {self.run}")
        self._task.add_done_callback(self._ended)

    def freeze(self) -> Frozen:
        """The folds as they are now, for `start` of a later life; they need all entries behind its `number`."""
        if self._resumed is not None and self._resumed.frozen is not None:
            return self._resumed.frozen
        return freeze_folds(self._fed, self._rows, self._unwritten)

    def put(self, entry: Entry) -> None:
        """Take the next entry over, to be written soon. Never waits; the entry must not change any more.

        Raises JournalOrderError where a number is skipped or comes again, JournalFullError beyond `capacity`.
        """
        if entry.number != self._next or len(self._queue) >= self._capacity:
            raise self._refusal(entry)
        self._next += 1
        self._queue.append(entry)
        self._arrived.set()
        if len(self._queue) >= self._batch:
            self._hurry.set()

    @property
    def pressure(self) -> float:
        """How much of `capacity` waits for the database, 0 to 1."""
        return len(self._queue) / self._capacity

    async def drained(self) -> None:
        """Wait until the queue has room; at once while `pressure` is below one half."""
        if self.pressure >= HIGH_WATER:
            await self._until(lambda: self.pressure <= LOW_WATER)

    async def written(self, number: int) -> None:
        """Wait, without hurrying anybody, until the entry of this number is safe."""
        await self._until(lambda: self._written >= number)

    async def flush(self) -> None:
        """Write at once everything that was put so far, and wait until it is safe."""
        self._wanted = self._next - 1
        self._hurry.set()
        await self.written(self._wanted)

    async def close(self, patience: float = 30.0) -> None:
        """Write what is left and end. The database stays open.

        Raises JournalUnwrittenError where that did not succeed within `patience` seconds.
        """
        try:
            async with asyncio.timeout(patience):
                await self.flush()
        except TimeoutError:
            raise JournalUnwrittenError(
                f"{len(self._queue)} entries of run {self.run} could not be written within {patience:g} s; "
                f"see the troubles reported before, and look at {self._database}"
            ) from None
        finally:
            await self._stop()

    async def __aenter__(self) -> JournalWriter:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _until(self, reached: Callable[[], bool]) -> None:
        while not reached():
            if self._task is None:
                raise RuntimeError("the journal writer is not running; await start() first")
            if self._task.done():
                await self._task
            self._progress.clear()
            await self._progress.wait()

    async def _stop(self) -> None:
        task, self._task, self._next = self._task, None, NOT_RUNNING
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _refusal(self, entry: Entry) -> Exception:
        if self._next == NOT_RUNNING:
            return RuntimeError("the journal writer is not running; await start() first")
        if entry.number != self._next:
            return JournalOrderError(
                f"run {self.run} waits for entry {self._next} and was given {entry.number}; "
                "a fresh engine needs a run id of its own"
            )
        return JournalFullError(
            f"{self._capacity} entries wait for the database; await drained() before taking new events"
        )

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._progress.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_trouble(
                f"the journal writer of run {self.run} ended by a fault of its own: {type(error).__name__}"
            )

    async def _write_all(self) -> None:
        if (resumed := self._resumed) is not None:
            self._begin(await self._insistence.until_done(lambda: self._settle(resumed)))
        while True:
            if self._unwritten is None:
                await self._arrived.wait()
                await self._gather()
                self._unwritten = self._take()
            batch = self._unwritten
            await self._insistence.until_done(lambda: self._transaction(batch))  # noqa: B023 - awaited here
            self._unwritten = None
            self._done(batch.last)

    async def _settle(self, resumed: Resumed) -> Settled:
        if self._prepare is not None:
            await self._prepare()
        return await settle(self._database, self.run, resumed, self._on_trouble)

    def _begin(self, settled: Settled) -> None:
        self._resumed = None
        self._rows, self._fed, _, self._unwritten = settled
        self._done(settled.written)

    async def _gather(self) -> None:
        # One transaction costs as much as some fifty entries: wait a moment for company.
        if len(self._queue) < self._batch and self._wanted <= self._written:
            self._hurry.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._window):
                    await self._hurry.wait()

    def _take(self) -> Batch:
        entries = list(islice(self._queue, self._batch))
        self._fed = entries[-1].number
        try:
            rows = self._rows.feed(entries)
        except Exception as error:  # noqa: BLE001 - a fault of ours: the journal is kept, records can be made anew
            self._on_trouble(
                f"records of run {self.run} cannot be made of entries {entries[0].number} to {self._fed}: "
                f"{type(error).__name__}"
            )
            rows = self._rows.journal_only(entries)
        return Batch(self._fed, len(entries), rows)

    async def _transaction(self, batch: Batch) -> None:
        async with self._database.engine.connect() as plain:
            connection = await plain.execution_options(**WRITING)
            for statement, rows in zip(self._statements, batch.rows, strict=True):
                if rows:
                    await connection.execute(statement, rows)
            await connection.commit()

    def _failed(self, error: Exception, pause: float) -> None:
        self._on_trouble(self._trouble(error, pause))

    def _trouble(self, error: Exception, pause: float) -> str:
        # Only these texts speak of the database; those of others may repeat a value, that is, a phone number.
        origin = getattr(error, "orig", None) or error
        plain = isinstance(error, OperationalError | OSError)
        if isinstance(error, TimeoutError):
            origin = f"no answer within {self._patience:g} s"
        text = str(origin) if plain else type(origin.__cause__ or origin).__name__
        return (
            f"the journal of run {self.run} cannot be written to {self._database}: {text}; "
            f"{len(self._queue)} entries wait, next attempt in {pause:g} s"
        )

    def _done(self, last: int) -> None:
        while self._queue and self._queue[0].number <= last:
            self._queue.popleft()
        self._written = last
        if self._queue:
            self._arrived.set()
        else:
            self._arrived.clear()
        self._progress.set()
        self._on_written(last)
