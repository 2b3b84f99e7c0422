"""Files that are either whole or not there, also after a power cut."""

import os
from pathlib import Path


def sync_directory(directory: Path) -> None:
    """Make the names in `directory` durable: without this a power cut undoes a rename."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path`, so that a reader sees the old file or the whole new one.

    The process id in the temporary name keeps two processes that write the same file apart.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)
