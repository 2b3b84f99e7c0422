"""Messages that callers leave: from Asterisk's own folder to their place beside the recordings.

What there is to know of a message's call stands in the database, so a file that an earlier life has left is
taken care of like any other.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
import os
import shutil
import wave
from collections.abc import Awaitable, Callable, Container
from pathlib import Path

from calls.event import Event
from calls.events import MessageStored
from calls.record import call_of_message
from store.database import Database
from store.durable import sync_directory
from store.records import read_record

log = logging.getLogger(__name__)

Directory = Callable[[str, float], Path]
"""Where the recordings of a project lie whose call arrived at a time."""


class MessageKeeper:
    """Keeps what lies complete in `incoming`; `directory` says where, `root / "unclaimed"` is for calls unknown.

    `safe()` waits until the records of all that has happened are in the database.
    """

    def __init__(
        self,
        incoming: Path,
        unclaimed: Path,
        directory: Directory,
        safe: Callable[[], Awaitable[None]],
        feed: Callable[[Event], None],
    ) -> None:
        self._incoming = incoming
        self._unclaimed = unclaimed
        self._directory = directory
        self._safe = safe
        self._feed = feed
        self._keeping: set[asyncio.Task[None]] = set()
        self._database: Database

    async def start(self, database: Database, awaited: Container[str] = ()) -> None:
        """Take up what an earlier life left, but for the messages whose end we will be told of."""
        self._database = database
        for file in sorted(self._incoming.glob("*.wav")):
            if file.stem not in awaited:
                await self._keep(file)

    async def stop(self) -> None:
        """Wait for what is being put into its place."""
        while self._keeping:
            await asyncio.wait(self._keeping)

    def finished(self, message: str) -> None:
        """Asterisk has closed the file of a message."""
        task = asyncio.create_task(self._keep(self._incoming / f"{message}.wav"), name=f"keep {message}")
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)

    async def _keep(self, file: Path) -> None:
        message = file.stem
        try:
            await self._safe()
            record = await read_record(self._database, call_of_message(message))
            place = self._directory(record.project, record.arrived_at) if record else self._unclaimed
            seconds, digest = await asyncio.to_thread(put_away, file, place)
        except (OSError, wave.Error, EOFError) as error:
            log.error("the message %s stays in %s until the next start: %s", message, file.parent, error)
            return
        self._feed(MessageStored(message, seconds, digest))


def put_away(file: Path, directory: Path) -> tuple[float, str]:
    """Move a WAV file into a directory, durably; how many seconds it has, and its SHA-256 (hexadecimal).

    Raises OSError, or wave.Error or EOFError where it is no WAV file; it stays where it is then.
    """
    with wave.open(str(file)) as audio:
        seconds = audio.getnframes() / audio.getframerate()
    directory.mkdir(parents=True, exist_ok=True)
    with file.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
        os.fsync(data.fileno())
    _move(file, directory / file.name)
    sync_directory(directory)
    return seconds, digest


def _move(file: Path, target: Path) -> None:
    try:
        file.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        partial = target.with_name(f".{target.name}.part")  # another file system: whole or not there
        shutil.copyfile(file, partial)
        with partial.open("rb") as data:
            os.fsync(data.fileno())
        partial.replace(target)
        file.unlink()
