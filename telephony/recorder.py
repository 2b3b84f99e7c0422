"""Recording: started through AMI, finished when Asterisk has closed the file, reported to the engine."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from calls.event import Event
from calls.events import CommandFailed, RecordingFinished
from engine.centre import Centre
from ivr.project import Project
from recordings.convert import is_being_written
from recordings.finish import FailedRecording, FinishedRecording, RecordingFinisher, recording_directory
from store.database import Database
from store.records import read_record
from telephony.alarms import AlarmName, Alarms
from telephony.ami import Ami, AmiError

log = logging.getLogger(__name__)

_FROM_THE_START, _APPENDED = "D", "Da"
_GONE = "No such channel"
"""In Asterisk's answer where the leg is no more."""


class Recorder:
    """Knows where each recording belongs.

    `incoming`: the folder into which Asterisk writes. `root`: of the finished recordings, `<root>/<project>/
    <date>/<call>.wav`, the date being the project's own.
    """

    def __init__(
        self,
        ami: Ami,
        incoming: Path,
        root: Path,
        centre: Centre,
        feed: Callable[[Event], None],
        alarms: Alarms | None = None,
    ) -> None:
        self._ami = ami
        self._incoming = incoming
        self._root = root
        self._zones = {name: ZoneInfo(project.timezone) for name, project in centre.projects.items()}
        self._feed = feed
        self._alarms = alarms or Alarms()
        self._failed: set[str] = set()
        self._unbegun: dict[str, tuple[str, str]] = {}
        ami.on_connected(self._begin_late)
        self._places: dict[str, Path] = {}
        self._recordings: dict[str, str] = {}
        self._renewing: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._finisher = RecordingFinisher(
            incoming,
            place=self._places.get,
            unclaimed=root / "unclaimed",
            on_finished=self._finished,
            on_failed=self._not_finished,
            goes_on=self._closed,
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
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._finisher.stop()

    async def finish_all(self) -> None:
        """Finish everything that Asterisk has closed, and wait for it."""
        await self._finisher.sweep()

    def record(self, recording: str, leg: str, project: str) -> None:
        """Begin to record; what goes wrong comes back as CommandFailed."""
        self._claim(recording, project, time.time())
        self._recordings[leg] = recording
        self._spawn(self._start(recording, leg), f"record {recording}")

    def keep(self, raw: Path, recording: str, project: str, at: float) -> None:
        """Finish like any other what Asterisk recorded by itself, in a call that came at `at`. Raises OSError."""
        self._claim(recording, project, at)
        raw.rename(self._incoming / f"{recording}.raw")
        self._finisher.take(recording)

    def take_up(self, recording: str, leg: str, project: str) -> None:
        """One that an earlier life began, and that Asterisk goes on with; to be told before `start`."""
        self._claim(recording, project, time.time())
        self._recordings[leg] = recording

    def go_on(self, recording: str, leg: str) -> None:
        """The same, once AMI is there: where Asterisk does not write it any more, or never began, it does from now."""
        if not self._is_written(recording):
            self._spawn(self._start(recording, leg, _APPENDED), f"go on with {recording}")

    def _is_written(self, recording: str) -> bool:
        try:
            return is_being_written(Path(self._file(recording)))
        except FileNotFoundError:
            return False
        except OSError:  # of another user, or on another machine: nobody can tell
            return True

    def renew(self, leg: str) -> None:
        """Stop what records a leg, and go on in the same file (see `streams`).

        Asterisk closes the file when nothing hangs on the leg any more, and not before; what is said in these 20 ms
        is lost. An ear on the same leg keeps the old numbers there, and what is recorded remains as it was.
        """
        recording = self._recordings.get(leg)
        if recording is not None and leg not in self._renewing:
            self._renewing.add(leg)
            self._spawn(self._pause(recording, leg), f"renew {recording}")

    def directory(self, project: str, at: float) -> Path:
        """Where the recordings of a project lie whose call arrived at a time (seconds since 1970 UTC)."""
        day = dt.datetime.fromtimestamp(at, self._zones.get(project, dt.UTC)).date()
        return recording_directory(self._root, project, day.isoformat())

    def _claim(self, recording: str, project: str, at: float) -> None:
        self._places[recording] = self.directory(project, at)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _start(self, recording: str, leg: str, options: str = _FROM_THE_START) -> None:
        try:
            await self._ami.mix_monitor(leg, self._file(recording), options)
        except AmiError as error:
            self._not_begun(recording, leg, options, error)

    def _not_begun(self, recording: str, leg: str, options: str, error: AmiError) -> None:
        text = f"the call {recording} is not recorded: {error}"
        if not self._ami.connected:
            self._unbegun[recording] = leg, options
            self._alarms.sound(AlarmName.RECORDING_FAILED, text)
            return
        if _GONE in str(error):  # he hung up in the moment in which he was answered
            log.info("%s", text)
        else:
            self._alarms.sound(AlarmName.RECORDING_FAILED, text)
        self._feed(CommandFailed("StartRecording", recording))

    def _begin_late(self) -> None:
        """AMI is back: rather late than not at all."""
        unbegun, self._unbegun = self._unbegun, {}
        for recording, (leg, options) in unbegun.items():
            if self._is_written(recording):  # it was asked for and begun, only the answer was lost
                continue
            self._spawn(self._start(recording, leg, options), f"record {recording}")

    async def _pause(self, recording: str, leg: str) -> None:
        try:
            await self._ami.stop_mix_monitor(leg)
        except AmiError as error:
            log.info("the recording of %s is not made anew: %s", recording, error)
            self._renewing.discard(leg)

    def _closed(self, recording: str) -> bool:
        """Asterisk has closed the file: whether it is to go on."""
        for leg in self._renewing:
            if self._recordings[leg] == recording:
                self._renewing.remove(leg)
                self._spawn(self._go_on(recording, leg), f"go on with {recording}")
                return True
        return False

    async def _go_on(self, recording: str, leg: str) -> None:
        try:
            await self._ami.mix_monitor(leg, self._file(recording), _APPENDED)
        except AmiError as error:  # most of the time the caller has hung up
            log.info("the recording of %s ends here: %s", recording, error)
            self._finisher.take(recording)

    def _file(self, recording: str) -> str:
        return str(self._incoming / f"{recording}.raw")

    def _not_finished(self, failed: FailedRecording) -> None:
        log.error("recording %s is not finished: %s", failed.recording_id, failed.reason)
        self._failed.add(failed.recording_id)
        text = f"{len(self._failed)} recordings are not finished; the last one: {failed.reason}"
        self._alarms.sound(AlarmName.RECORDING_FAILED, text)

    def _finished(self, finished: FinishedRecording) -> None:
        if finished.recording_id in self._failed:
            self._failed.remove(finished.recording_id)
            if not self._failed:
                self._alarms.clear(AlarmName.RECORDING_FAILED)
        self._places.pop(finished.recording_id, None)
        ended = [leg for leg, recording in self._recordings.items() if recording == finished.recording_id]
        for leg in ended:
            del self._recordings[leg]
            self._renewing.discard(leg)
        self._feed(RecordingFinished(finished.recording_id, finished.seconds, finished.sha256))
