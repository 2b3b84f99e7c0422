"""From the headerless file that MixMonitor wrote to a WAV that anybody can play. Blocking: for a thread.

MixMonitor with option `D` writes pairs of little-endian 16-bit samples, 8,000 pairs a second:
left what the caller says, right what the caller hears.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from recordings.wav import SAMPLE_BYTES, wav_header, wav_seconds
from store.durable import sync_directory

RATE = 8000
CHANNELS = 2
FRAME_BYTES = SAMPLE_BYTES * CHANNELS
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FinishedRecording:
    """A recording in its place. `seconds` of audio; `bytes` and `sha256` (hex) of the whole WAV file."""

    recording_id: str
    path: Path
    seconds: float
    sha256: str
    bytes: int


def is_being_written(raw: Path) -> bool:
    """Whether any process has `raw` open for writing.

    The kernel grants a read lease only on a file that nobody can write to; it answers for processes of every
    user, which a look through /proc would not. Raises PermissionError unless we own the file.
    """
    descriptor = os.open(raw, os.O_RDONLY)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def finish_file(raw: Path, directory: Path) -> FinishedRecording:
    """Write `raw` as a WAV into `directory`, made durable under the name of the recording; `raw` stays.

    A torn last frame is left out. An older recording of the same name is never overwritten: the new one is
    named `<id>-2.wav` and so on, unless the audio is the same (a crash came between writing and removing).
    Raises OSError (disk full, no permission) or ValueError (too long for a WAV), leaving nothing behind.
    """
    directory.mkdir(parents=True, exist_ok=True)
    partial = directory / f".{raw.stem}.wav.part"
    try:
        data_bytes, digest = _write_wav(raw, partial)
        path = _free_name(directory, raw.stem, digest)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_directory(directory)
    seconds = wav_seconds(data_bytes, rate=RATE, channels=CHANNELS)
    return FinishedRecording(raw.stem, path, seconds, digest, path.stat().st_size)


def _write_wav(raw: Path, wav: Path) -> tuple[int, str]:
    """Returns the number of bytes of audio and the digest of the file."""
    with raw.open("rb") as source, wav.open("wb") as target:
        data_bytes = os.fstat(source.fileno()).st_size // FRAME_BYTES * FRAME_BYTES
        digest = hashlib.sha256()
        header = wav_header(data_bytes, rate=RATE, channels=CHANNELS)
        for chunk in chain((header,), _chunks(source, data_bytes)):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return data_bytes, digest.hexdigest()


def _chunks(source: BinaryIO, total: int) -> Iterator[bytes]:
    while total and (chunk := source.read(min(_CHUNK, total))):
        total -= len(chunk)
        yield chunk
    if total:
        raise OSError(f"the file became {total} bytes shorter while it was read")


def _free_name(directory: Path, recording_id: str, digest: str) -> Path:
    path, number = directory / f"{recording_id}.wav", 1
    while path.exists() and _digest(path) != digest:
        number += 1
        path = directory / f"{recording_id}-{number}.wav"
    return path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
