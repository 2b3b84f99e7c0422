"""The end of the audit log, as far as somebody may read it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

BLOCK = 256 * 1024
MOST_BYTES = 16 * 1024 * 1024
"""So much of the end is looked through at the most."""

Entry = dict[str, Any]
_ALWAYS = ("at", "by", "what", "why")


def newest(path: Path, may_read: Callable[[Entry], bool], limit: int) -> list[Entry]:
    """The newest `limit` entries that may be read, the newest first; a line that is torn is passed over.

    Raises OSError where the file cannot be read; one that is not there has no entries.
    """
    found: list[Entry] = []
    for line in _lines_backwards(path):
        entry = _read(line)
        if entry is not None and may_read(entry):
            found.append(entry)
            if len(found) == limit:
                break
    return found


def _read(line: bytes) -> Entry | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    whole = isinstance(entry, dict) and all(isinstance(entry.get(name), str) for name in _ALWAYS)
    return entry if whole else None


def _lines_backwards(path: Path) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        end = file.seek(0, 2)
        stop, rest = max(0, end - MOST_BYTES), b""
        while end > stop:
            start = max(stop, end - BLOCK)
            file.seek(start)
            first, *lines = (file.read(end - start) + rest).split(b"\n")
            yield from (line for line in reversed(lines) if line)
            rest, end = first, start
        if rest and not stop:
            yield rest
