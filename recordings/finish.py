"""Finishes recordings: what Asterisk has closed in `incoming/` becomes a WAV in its place, and is reported.

Tried on Asterisk 22.10.1: MixMonitor closes its file exactly once, after the last write, on a hang-up as on
StopMixMonitor. It writes 32 KiB at a time, so an Asterisk that is killed loses the last second at most.
"""

import asyncio
import contextlib
import errno
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from asyncinotify import Inotify, Mask

from recordings.convert import FRAME_BYTES, FinishedRecording, finish_file, is_being_written
from recordings.wav import HEADER_BYTES

__all__ = ["FailedRecording", "FinishedRecording", "RecordingFinisher", "recording_directory"]

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)


AGAIN_S = 5.0
"""A disk that is full does not stay so; a file that cannot be finished is tried again after so long."""


@dataclass(frozen=True, slots=True)
class FailedRecording:
    """A recording that could not be finished. Its raw file stays; `reason` says what to do."""

    recording_id: str
    raw: Path
    reason: str


def recording_directory(root: Path, project: str, day: str) -> Path:
    """Where the recordings of `project` begun on `day` lie (YYYY-MM-DD, the project's local date)."""
    return root / project / day


def _log_failure(failed: FailedRecording) -> None:
    _log.error("recording %s is not finished: %s", failed.recording_id, failed.reason)


def _no_more(recording_id: str) -> bool:
    return False


class RecordingFinisher:
    """Watches `incoming` for `<recording id>.raw` and finishes each file once nobody writes it any more.

    `place(recording_id)` names the directory of the WAV; None (nobody knows the id) puts it in `unclaimed`.
    `on_finished` is told of each recording at least once: again after a crash between this report and the
    removal of the raw file, so it must be idempotent by `recording_id`. `goes_on(recording_id)` is asked of each file
    that was closed just now: True if more is about to be written to it. All of these functions are called on the
    event loop. At most `at_once` files are worked on at a time; what fails is tried again after `again_s` seconds.

    The finisher must own the raw files (run as Asterisk's user), to see whether they are still being written.
    """

    def __init__(
        self,
        incoming: Path,
        *,
        place: Callable[[str], Path | None],
        unclaimed: Path,
        on_finished: Callable[[FinishedRecording], None],
        on_failed: Callable[[FailedRecording], None] = _log_failure,
        goes_on: Callable[[str], bool] = _no_more,
        at_once: int = 2,
        again_s: float = AGAIN_S,
    ) -> None:
        self._incoming = incoming
        self._place = place
        self._unclaimed = unclaimed
        self._on_finished = on_finished
        self._on_failed = on_failed
        self._goes_on = goes_on
        self._turn = asyncio.Semaphore(at_once)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="recording")
        self._again_s = again_s
        self._jobs: dict[Path, asyncio.Task[None]] = {}
        self._later: dict[Path, asyncio.TimerHandle] = {}
        self._watcher: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        """Begin to watch, and take up what an earlier life left. OSError if `incoming` cannot be made.

        Let `place` know the calls of the journal first, or their left-over files count as unclaimed.
        """
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._inotify = Inotify()
        # Watched before listed: a file that is closed in between is seen twice rather than never.
        self._inotify.add_watch(self._incoming, Mask.CLOSE_WRITE)
        self._watcher = asyncio.create_task(self._watch(self._inotify), name="recordings in")
        self._take_all()

    def take(self, recording_id: str) -> None:
        """Nothing more comes after all: finish it, if there is any and nobody writes it."""
        self._take(self._incoming / f"{recording_id}.raw")

    async def sweep(self) -> None:
        """Finish every file that lies closed in `incoming`, failed ones again; returns when they are done."""
        self._take_all()
        await self._settled()

    async def stop(self) -> None:
        """Stop watching and wait for the files in progress; those not begun stay for the next start."""
        self._stopping = True
        for again in self._later.values():
            again.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
            self._inotify.close()
        await self._settled()
        self._threads.shutdown()

    async def _watch(self, inotify: Inotify) -> None:
        async for event in inotify:
            if event.mask & Mask.Q_OVERFLOW:
                self._take_all()
            elif (
                event.path is not None and event.path.suffix == ".raw" and not self._goes_on(event.path.stem)
            ):
                self._take(event.path)

    def _take_all(self) -> None:
        for raw in sorted(self._incoming.glob("*.raw")):
            self._take(raw)

    def _take(self, raw: Path) -> None:
        if (again := self._later.pop(raw, None)) is not None:
            again.cancel()
        if raw not in self._jobs:
            job = asyncio.create_task(self._finish(raw), name=f"finish {raw.stem}")
            self._jobs[raw] = job
            job.add_done_callback(partial(self._done, raw))

    def _done(self, raw: Path, job: asyncio.Task[None]) -> None:
        del self._jobs[raw]
        error = None if job.cancelled() else job.exception()
        if error is not None:
            self._on_failed(FailedRecording(raw.stem, raw, _advice(error)))
            if not self._stopping:
                self._later[raw] = asyncio.get_running_loop().call_later(self._again_s, self._try_again, raw)

    def _try_again(self, raw: Path) -> None:
        del self._later[raw]
        self._take(raw)

    async def _settled(self) -> None:
        while self._jobs:
            await asyncio.wait(self._jobs.values())
            # The tasks are done; let their callbacks run before looking again.
            await asyncio.sleep(0)

    async def _finish(self, raw: Path) -> None:
        async with self._turn:
            # Again, if MixMonitor went on in the same file (option `a`) while it was being copied.
            while not self._stopping and await self._threaded(_is_complete, raw):
                finished = await self._threaded(finish_file, raw, self._place(raw.stem) or self._unclaimed)
                self._on_finished(finished)
                await self._threaded(_remove, raw, finished)

    async def _threaded(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(function, *args, **kwargs))


def _is_complete(raw: Path) -> bool:
    return raw.exists() and not is_being_written(raw)


def _remove(raw: Path, finished: FinishedRecording) -> None:
    if raw.stat().st_size // FRAME_BYTES * FRAME_BYTES == finished.bytes - HEADER_BYTES:
        raw.unlink()


def _advice(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "the disk is full: free some space; the raw file stays and is tried again"
    if isinstance(error, PermissionError):
        return f"{error}: run the service as the owner of the raw files, which is Asterisk's user"
    return f"{type(error).__name__}: {error}; the raw file stays and is tried again"
