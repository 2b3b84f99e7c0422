"""What Asterisk did alone while the engine was away, taken in as long as there is any of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

from calls.event import Event
from store.database import Database
from store.journal_writer import JournalWriter
from store.records import read_record
from telephony.alarms import AlarmName, Alarms
from telephony.ami import Ami
from telephony.ari import AriClient
from telephony.background import Worker
from telephony.degraded_import import DegradedImport
from telephony.degraded_return import DegradedReturn, Seen
from telephony.recorder import Recorder

log = logging.getLogger(__name__)


class AfterOutage(Worker):
    """Inside `async with`: works it off now, and again after each connect to ARI."""

    _name = "after an outage"

    def __init__(
        self,
        folder: Path,
        ari: AriClient,
        ami: Ami,
        recorder: Recorder,
        database: Database,
        journal: JournalWriter,
        alarms: Alarms,
        feed: Callable[[Event], None],
        phones: Iterable[str],
    ) -> None:
        self._ari = ari
        self._ami = ami
        self._database = database
        self._alarms = alarms
        self._imported = 0
        importing = DegradedImport(folder, feed, journal.flush, self._known, recorder.keep)
        self._return = DegradedReturn(self._look, self._redirect, importing, phones, feed, self._told)
        self._wanted = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._wanted.set()
        self._ari.on_connected(self._wanted.set)
        return await super().__aenter__()

    async def _work(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._return.run()
            except Exception:  # whatever it was: the files are still there, and the next connect looks again
                log.exception("what Asterisk did alone is not taken in yet")

    def _told(self, count: int) -> None:
        self._imported += count
        self._alarms.sound(
            AlarmName.DEGRADED_CALLS,
            f"{self._imported} calls were dealt with by Asterisk alone; the reports show them as degraded",
        )

    async def _known(self, call: str) -> bool:
        return await read_record(self._database, call) is not None

    async def _look(self) -> Seen:
        return Seen(await self._ari.channels.list(), await self._ari.bridges.list())

    async def _redirect(self, channel: str, context: str) -> None:
        await self._ami.action("Redirect", Channel=channel, Context=context, Exten="s", Priority="1")
