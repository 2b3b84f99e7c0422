"""The audit log: who did what, when and why. One JSON object a line, only ever appended to.

No personal data goes in: no caller's number, no name of a caller, nothing that was said or typed.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = "audit.log"
"""Its name below the site's var directory."""


class AuditLog:
    """Appends to one file; several processes may do so at once. Raises OSError where it cannot be written."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock

    def note(self, what: str, by: str, why: str = "", **details: str | float | None) -> None:
        """Write one line, and return when it is on the disk. `what`: a word like `override`."""
        at = datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="milliseconds")
        entry = {"at": at, "by": by, "what": what, "why": why, **details}
        self._append(json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def entries(self) -> Iterator[dict[str, Any]]:
        """All entries, oldest first; a line that a power cut has torn is passed over."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                try:
                    yield json.loads(line)
                except ValueError:
                    continue

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line  # the line before is torn: this one must not be lost with it
            while line:
                line = line[os.write(descriptor, line) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
