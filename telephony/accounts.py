"""Asterisk's own account (CEL): put aside every day, compressed, and forgotten after a while.

Tried on Asterisk 22.10.1: it opens the file anew for every line that it writes, so a file that is renamed is left
alone from that moment, and the next line begins a new one. Nothing has to be told to Asterisk, and nothing is lost.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from store.accounts import STAMP, account_files
from telephony.background import Worker

log = logging.getLogger(__name__)

KEEP_DAYS = 400
MOST_BYTES = 64 << 20
LOOK_S = 600.0


def put_aside(current: Path, now: dt.datetime) -> Path | None:
    """Rename the file into which Asterisk writes; what it is called now, None where there is nothing in it.

    The name says until when it reaches (UTC).
    """
    if not current.exists() or not current.stat().st_size:
        return None
    aside = current.with_name(f"{current.stem}-{now.astimezone(dt.UTC):{STAMP}}.csv")
    current.rename(aside)
    return aside


def compress(aside: Path) -> None:
    """Make a file of its own that is a tenth as long, and remove this one; safe to do again after a crash."""
    partial = aside.with_name(f".{aside.name}.gz.part")
    with aside.open("rb") as source, gzip.open(partial, "wb", compresslevel=6) as target:
        shutil.copyfileobj(source, target)
    descriptor = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    partial.replace(aside.with_name(f"{aside.name}.gz"))
    aside.unlink()


class AccountKeeper(Worker):
    """Looks after the account: `async with AccountKeeper(plan.events_file):` as long as the service runs.

    A new file is begun when the day of the machine's clock changes, and beyond `most_bytes`. Only what is older than
    `keep_days` is removed.
    """

    _name = "Asterisk's account"

    def __init__(
        self,
        current: Path,
        *,
        keep_days: int = KEEP_DAYS,
        most_bytes: int = MOST_BYTES,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now().astimezone(),
    ) -> None:
        self._current = current
        self._keep = dt.timedelta(days=keep_days)
        self._most_bytes = most_bytes
        self._clock = clock

    async def _work(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.look)
            except OSError as error:
                log.warning("Asterisk's account is not put aside: %s; tried again in ten minutes", error)
            await asyncio.sleep(self._pause())

    def look(self) -> None:
        """Do what is due. Blocking; raises OSError."""
        now = self._clock()
        for file in account_files(self._current):
            if file != self._current:
                self._tidy(file, now)
        if self._is_due(now):  # compressed at the next look: a last line may be on its way into it
            put_aside(self._current, now)

    def _is_due(self, now: dt.datetime) -> bool:
        if not self._current.exists():
            return False
        if self._current.stat().st_size >= self._most_bytes:
            return True
        first = _first_at(self._current)
        return first is not None and first.astimezone(now.tzinfo).date() < now.date()

    def _tidy(self, file: Path, now: dt.datetime) -> None:
        if now - dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC) > self._keep:
            file.unlink()
        elif file.suffix == ".csv":
            compress(file)

    def _pause(self) -> float:
        """Until the next day at the latest."""
        now = self._clock()
        midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), now.tzinfo)
        return min(LOOK_S, (midnight - now).total_seconds() + 1.0)


def _first_at(current: Path) -> dt.datetime | None:
    """The time of the first line that has one."""
    with current.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            _, _, rest = line.partition(",")
            try:
                return dt.datetime.fromtimestamp(float(rest.partition(",")[0]), dt.UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None
