"""Recording: started through AMI, finished when Asterisk has closed the file, reported to the engine."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from calls.event import Event
from calls.events import CommandFailed, RecordingFinished
from engine.centre import Centre
from ivr.project import Project
from recordings.finish import FinishedRecording, RecordingFinisher, recording_directory
from store.database import Database
from store.records import read_record
from telephony.ami import Ami, AmiError

log = logging.getLogger(__name__)


class Recorder:
    """Knows where each recording belongs.

    `incoming`: the folder into which Asterisk writes. `root`: of the finished recordings, `<root>/<project>/
    <date>/<call>.wav`, the date being the project's own.
    """

    def __init__(
        self, ami: Ami, incoming: Path, root: Path, centre: Centre, feed: Callable[[Event], None]
    ) -> None:
        self._ami = ami
        self._incoming = incoming
        self._root = root
        self._zones = {name: ZoneInfo(project.timezone) for name, project in centre.projects.items()}
        self._feed = feed
        self._places: dict[str, Path] = {}
        self._starting: set[asyncio.Task[None]] = set()
        self._finisher = RecordingFinisher(
            incoming, place=self._places.get, unclaimed=root / "unclaimed", on_finished=self._finished
        )

    def know(self, projects: Iterable[Project]) -> None:
        """Projects that are new, or have changed."""
        self._zones |= {project.project: ZoneInfo(project.timezone) for project in projects}

    async def start(self, database: Database) -> None:
        """Begin to watch, and take up what an earlier life left."""
        for raw in self._incoming.glob("*.raw"):
            record = await read_record(database, raw.stem)
            if record is not None:
                self._claim(record.call, record.project, record.arrived_at)
        await self._finisher.start()

    async def stop(self) -> None:
        """Wait for what is being started and finished."""
        if self._starting:
            await asyncio.wait(self._starting)
        await self._finisher.stop()

    async def finish_all(self) -> None:
        """Finish everything that Asterisk has closed, and wait for it."""
        await self._finisher.sweep()

    def record(self, recording: str, leg: str, project: str) -> None:
        """Begin to record; what goes wrong comes back as CommandFailed."""
        self._claim(recording, project, time.time())
        task = asyncio.create_task(self._start(recording, leg), name=f"record {recording}")
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    def directory(self, project: str, at: float) -> Path:
        """Where the recordings of a project lie whose call arrived at a time (seconds since 1970 UTC)."""
        day = dt.datetime.fromtimestamp(at, self._zones.get(project, dt.UTC)).date()
        return recording_directory(self._root, project, day.isoformat())

    def _claim(self, recording: str, project: str, at: float) -> None:
        self._places[recording] = self.directory(project, at)

    async def _start(self, recording: str, leg: str) -> None:
        try:
            await self._ami.mix_monitor(leg, str(self._incoming / f"{recording}.raw"))
        except AmiError as error:
            log.error("the call %s is not recorded: %s", recording, error)
            self._feed(CommandFailed("StartRecording", recording))

    def _finished(self, finished: FinishedRecording) -> None:
        self._places.pop(finished.recording_id, None)
        self._feed(RecordingFinished(finished.recording_id, finished.seconds, finished.sha256))
