"""What lies below the recordings' folder for a day: names, lengths and digests. Blocking: for a thread."""

from __future__ import annotations

import datetime as dt
import hashlib
import wave
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from recordings.finish import recording_directory


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file. `place`: below `root`. `of_day`: in the day's own folder. `finished`: False for a raw file.

    `seconds`: how long it plays, None where it is no WAV file; `sha256` (hex), empty where it was not asked for.
    """

    name: str
    place: str
    of_day: bool
    finished: bool
    bytes: int
    seconds: float | None
    sha256: str


def recordings_of(
    root: Path, projects: Iterable[str], date: dt.date, incoming: Iterable[Path], *, digests: bool = True
) -> Iterator[FoundFile]:
    """The recordings and messages of a day, those of the next one (a call may go on beyond midnight), and those that
    nobody has claimed; of `incoming`, what Asterisk wrote and nobody has finished. Raises OSError."""
    for project in projects:
        for day in (date, date + dt.timedelta(days=1)):
            folder = recording_directory(root, project, day.isoformat())
            for path in sorted(folder.glob("*.wav")):
                yield _found(path, root, of_day=day == date, digests=digests)
    for path in sorted((root / "unclaimed").glob("*.wav")):
        yield _found(path, root, of_day=False, digests=digests)
    for folder in incoming:
        for path in sorted((*folder.glob("*.raw"), *folder.glob("*.wav"))):
            yield FoundFile(path.stem, path.name, False, False, path.stat().st_size, None, "")


def _found(path: Path, root: Path, *, of_day: bool, digests: bool) -> FoundFile:
    digest = ""
    if digests:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    place = str(path.relative_to(root))
    return FoundFile(path.stem, place, of_day, True, path.stat().st_size, _seconds(path), digest)


def _seconds(path: Path) -> float | None:
    try:
        with wave.open(str(path)) as audio:
            return audio.getnframes() / audio.getframerate()
    except (wave.Error, EOFError):
        return None
