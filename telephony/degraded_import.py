"""Calls that Asterisk dealt with by itself: from the files that its script left into the journal, each once."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

import msgspec

from calls.degraded import AUDIO, CALLS, IMPORTED, UNREADABLE, CallFile, Way, leg_of
from calls.event import Event
from calls.outages import DegradedCallEnded, DegradedWay
from recordings.convert import is_being_written
from telephony.degraded_files import make_folders

log = logging.getLogger(__name__)

_BYTES_PER_S = 2 * 2 * 8000  # two sides of 16 bit at 8 kHz
_HOW: dict[Way, DegradedWay] = {"closed": "closed", "seats": "rang", "announce": "rang", "backup": "backup"}

Keep = Callable[[Path, str, str, float], None]
"""Takes a raw recording into the house: file, call, project, when the call came."""


class DegradedImport:
    """Reads the folder of `AsteriskPlan.degraded`.

    `feed` gives an event to the engine; `safe` returns when all that was fed is in the journal for good; `known`:
    whether the database has a call already; `keep` takes a recording over. A file is put aside after its event was fed
    and erased when that is safe, so that a crash at any point costs nothing and gives nothing twice.
    """

    def __init__(
        self,
        folder: Path,
        feed: Callable[[Event], None],
        safe: Callable[[], Awaitable[None]],
        known: Callable[[str], Awaitable[bool]],
        keep: Keep,
    ) -> None:
        self._folder = folder
        self._feed = feed
        self._safe = safe
        self._known = known
        self._keep = keep
        make_folders(folder)

    def left(self) -> bool:
        """Whether there is any file still."""
        return any(self._files(CALLS)) or any(self._files(IMPORTED))

    async def run(self, alone: Collection[str], ours: Collection[str] = ()) -> int:
        """Take in every call that is over; how many were news.

        `alone`: channels (unique ids) that Asterisk is dealing with alone now: their calls are left until they end.
        `ours`: channels that the engine has by now: it tells of those calls itself.
        """
        await self._finish_imported()
        news = [told for told in self._begun() if self._is_over(told, alone, ours)]
        for told in sorted(news, key=lambda told: told["arrived_at"]):
            self._feed(self._event(told))
            self._path(CALLS, told["call"]).rename(self._path(IMPORTED, told["call"]))
        await self._finish_imported(fed={told["call"] for told in news})
        return len(news)

    async def _finish_imported(self, fed: Collection[str] = ()) -> None:
        """Erase what is safe in the journal; what an earlier life put aside may not have got there."""
        files = self._files(IMPORTED)
        if not files:
            return
        await self._safe()
        for path in files:
            told = self._read(path)
            if told is None:
                continue
            if told["call"] not in fed and not await self._known(told["call"]):
                path.rename(self._path(CALLS, told["call"]))  # with the next pass
                continue
            self._take_audio(told)
            path.unlink()

    def _begun(self) -> list[CallFile]:
        return [told for path in self._files(CALLS) if (told := self._read(path)) is not None]

    def _is_over(self, told: CallFile, alone: Collection[str], ours: Collection[str]) -> bool:
        leg = leg_of(told["call"])
        if leg in ours:
            self.forget(told["call"])
            return False
        return leg not in alone and not self._is_recorded(told["call"])

    def _is_recorded(self, call: str) -> bool:
        """Asterisk writes its file to the end a moment after the call is over."""
        audio = self._audio(call)
        return audio.exists() and is_being_written(audio)

    def forget(self, call: str) -> None:
        """The engine has this call now: nothing of it is to be taken in from here."""
        self._path(CALLS, call).unlink(missing_ok=True)
        self._audio(call).unlink(missing_ok=True)

    def _event(self, told: CallFile) -> DegradedCallEnded:
        seconds = self._recorded_s(told["call"])
        ended_at = told["ended_at"] or self._last_seen(told)
        answered_at = told["answered_at"]
        if (
            not answered_at and not told["ended_at"] and seconds
        ):  # Asterisk died in the middle of the conversation
            answered_at = max(told["arrived_at"], ended_at - seconds)
        return DegradedCallEnded(
            told["call"],
            told["project"],
            told["number"],
            told["caller"],
            told["arrived_at"],
            answered_at,
            max(ended_at, answered_at, told["arrived_at"]),
            "backup" if told["by_backup"] else _HOW[told["way"]],
            told["seat"],
            seconds > 0,
        )

    def _last_seen(self, told: CallFile) -> float:
        paths = (self._path(CALLS, told["call"]), self._audio(told["call"]))
        return max(path.stat().st_mtime for path in paths if path.exists())

    def _recorded_s(self, call: str) -> float:
        audio = self._audio(call)
        return audio.stat().st_size / _BYTES_PER_S if audio.exists() else 0.0

    def _take_audio(self, told: CallFile) -> None:
        if self._recorded_s(told["call"]) > 0:
            self._keep(self._audio(told["call"]), told["call"], told["project"], told["arrived_at"])
        else:
            self._audio(told["call"]).unlink(missing_ok=True)

    def _read(self, path: Path) -> CallFile | None:
        try:
            told = msgspec.json.decode(path.read_bytes(), type=CallFile)
            if told["call"] == path.stem:
                return told
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, OSError):
            pass
        log.error("the note of a call cannot be read and is put aside: %s/%s", UNREADABLE, path.name)
        path.rename(self._folder / UNREADABLE / path.name)
        return None

    def _files(self, name: str) -> list[Path]:
        return sorted((self._folder / name).glob("*.json"))

    def _path(self, name: str, call: str) -> Path:
        return self._folder / name / f"{call}.json"

    def _audio(self, call: str) -> Path:
        return self._folder / AUDIO / f"{call}.raw"
