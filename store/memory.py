"""The durable memory of an engine: its spool and its snapshots below one directory.

memory = Memory.open(directory, code)      # behind the SiteLock
memory.recovered                           # what a life before this one left
memory.begin(run)
memory.append(entry)                       # before its commands are carried out
memory.save_snapshot(number, at, parts, journal.freeze())
memory.release(written)                    # the database has everything up to this number
memory.close()
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from calls.journal import Entry
from store.journal_resume import Frozen
from store.memory_errors import aside
from store.recovered import FOLDS, Recovered, from_beginning, from_snapshot
from store.snapshots import KEPT, Snapshot, SnapshotHeader, Snapshots
from store.spool import Spool
from store.spool_reader import StoredRun, damages_of, read_spool, runs_of
from store.spool_state import SpoolSettings, SpoolState, Told, log_state

logger = logging.getLogger(__name__)

BETWEEN = 5.0
"""So many seconds pass at least from one wanted snapshot to the next."""


def log_snapshot(trouble: str) -> None:
    """Write to the log what has become of a snapshot."""
    if trouble:
        logger.warning("%s", trouble)


class Memory:
    """See above. All methods belong to one thread and none waits for the disk but `open`, `sync` and `close`.

    `recovered`: the newest run's memory, None where there is none that can be used. `left`: entries of other runs that
    the database may not have; `hand_over` brings them there. `damages`: everything that is wrong, in words.
    """

    def __init__(
        self,
        directory: Path,
        code: str,
        settings: SpoolSettings | None,
        on_state: Told,
        on_snapshot: Callable[[str], None],
        every: int,
    ) -> None:
        """Use `open`."""
        self._code = code
        self._every = every
        self._on_snapshot = on_snapshot
        self._snapshots = Snapshots(directory)
        directory.mkdir(parents=True, exist_ok=True)
        found = read_spool(directory)
        newest, troubles = self._snapshots.newest()
        self.damages: list[str] = [*troubles, *damages_of(found)]
        self.left: list[StoredRun] = runs_of(found)
        self.recovered = self._recover(newest)
        self._put_damaged_aside()
        self._needs = self._needs_of(self.recovered.run if self.recovered else "")
        self._spool = Spool(directory, found, settings, on_state=_in_this_thread(on_state))
        self._run = ""
        self._last = 0
        self._newest = 0
        self._written = 0
        self._not_before = 0.0
        self._writer = ThreadPoolExecutor(1, "snapshot")
        self._saving: tuple[SnapshotHeader, Future[None]] | None = None

    @classmethod
    def open(
        cls,
        directory: Path,
        code: str,
        *,
        settings: SpoolSettings | None = None,
        on_state: Told = log_state,
        on_snapshot: Callable[[str], None] = log_snapshot,
        every: int = 5000,
    ) -> Memory:
        """Read what is there and make ready to write. `code` names the program: a snapshot is only for its own.

        `on_state(state, text)` is told what becomes of the spool, `on_snapshot(trouble)` of each snapshot ("": it is
        safe); both in the event loop in which this is called. A snapshot is wanted every so many entries. Raises
        NewerMemoryError or OlderMemoryError, nothing being changed then (see `put_aside`), OSError where the directory
        cannot be used.
        """
        return cls(directory, code, settings, on_state, on_snapshot, every)

    @property
    def state(self) -> SpoolState:
        """How the spool is."""
        return self._spool.state

    @property
    def room(self) -> float:
        """How much of all that the spool may take is not in use, 0 to 1."""
        return self._spool.room

    @property
    def spool_bytes(self) -> int:
        """How much of the spool is in use."""
        return self._spool.used_bytes

    @property
    def wants_snapshot(self) -> bool:
        """Whether it is time for one. To be asked every second or so."""
        self._harvest()
        if self._saving is not None or time.monotonic() < self._not_before:
            return False
        return self._spool.state is not SpoolState.OK or self._last - self._newest >= self._every

    def begin(self, run: str) -> None:
        """Entries of this run come now. If it is not the recovered one, that is `left` to be handed over."""
        self._run = run
        recovered = self.recovered
        if recovered is None or recovered.run != run:
            self._needs = []
        else:
            self.left = [one for one in self.left if one.run != run]
            self._newest, self._last = recovered.number, recovered.next_number - 1
        self._spool.begin(run)

    def append(self, entry: Entry) -> None:
        """Take an entry over, at once and whatever happens; what the disk does not take is told by `on_state`."""
        self._last = entry.number
        self._spool.append(entry)

    def save_snapshot(
        self, number: int, at: float, parts: Mapping[str, bytes], folds: Frozen | None = None
    ) -> bool:
        """Write a snapshot in a thread; false while the last one is still being written.

        It is of the state after the entry `number`; `folds` are the journal writer's own.
        """
        self._harvest()
        if self._saving is not None:
            return False
        everything = dict(parts) if folds is None else {**parts, FOLDS: folds.data}
        folded = number if folds is None else folds.number
        header = SnapshotHeader(self._code, self._run, number, at, folded, self._spool.sequence, {})
        self._not_before = time.monotonic() + BETWEEN
        self._saving = header, self._writer.submit(self._snapshots.save, header, everything)
        return True

    def release(self, written: int) -> None:
        """The database has every entry of this run up to `written`."""
        self._written = written
        self._harvest()
        # A damaged snapshot is no harm as long as the one before it and what it needs are there. A full spool is worse.
        kept = 1 if self._spool.state is SpoolState.FULL else KEPT
        if len(self._needs) >= kept:
            self._spool.release(min(written, self._needs[-kept]))

    def release_run(self, run: str) -> None:
        """The database has every entry of a run that was `left`."""
        self.left = [one for one in self.left if one.run != run]
        self._spool.release_run(run)

    def sync(self) -> None:
        """Wait until everything, a snapshot too, is on the disk."""
        if self._saving is not None:
            self._saving[1].exception()
        self._harvest()
        self._spool.sync()

    def close(self) -> None:
        """Wait until everything is on the disk and close the files."""
        self._writer.shutdown()
        self._harvest()
        self._spool.close()

    def _recover(self, snapshot: Snapshot | None) -> Recovered | None:
        newest = self.left[-1] if self.left else None
        recovered = None
        if newest is not None and (snapshot is None or _is_later(newest, snapshot.header)):
            recovered = from_beginning(newest, self._code)
        elif snapshot is not None:
            of_run = next((one.entries for one in self.left if one.run == snapshot.header.run), [])
            recovered = from_snapshot(snapshot, of_run)
        if recovered is None:
            self.damages.extend(["no snapshot of the last run is left"] if newest else [])
            return None
        self.damages.extend(recovered.damages)
        return recovered._replace(damages=self.damages)

    def _put_damaged_aside(self) -> None:
        try:
            self._snapshots.put_damaged_aside()
        except OSError as error:
            logger.warning("a damaged snapshot could not be put aside: %s", error.strerror)

    def _needs_of(self, run: str) -> list[int]:
        return [header.needs for header in reversed(self._snapshots.headers()) if header.run == run]

    def _harvest(self) -> None:
        if self._saving is None or not self._saving[1].done():
            return
        (header, future), self._saving = self._saving, None
        error = future.exception()
        if error is not None:
            reason = getattr(error, "strerror", None) or type(error).__name__
            self._on_snapshot(f"the snapshot up to entry {header.number} could not be written: {reason}")
            return
        self._newest = header.number
        self._needs.append(header.needs)
        self._spool.covered(header.number)
        self._on_snapshot("")


def put_aside(directory: Path) -> list[Path]:
    """Rename everything that a memory has in a directory, so that a fresh one may begin; the new names.

    Raises OSError.
    """
    return [aside(file) for pattern in ("*.spool", "*.snapshot") for file in sorted(directory.glob(pattern))]


def _is_later(run: StoredRun, snapshot: SnapshotHeader) -> bool:
    return run.run != snapshot.run and run.sequence > snapshot.sequence


def _in_this_thread(told: Told) -> Told:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return told
    home = threading.get_ident()

    def tell(state: SpoolState, text: str) -> None:
        if threading.get_ident() == home:
            told(state, text)
            return
        with suppress(RuntimeError):  # the loop is closed: nobody is there to be told
            loop.call_soon_threadsafe(told, state, text)

    return tell
