"""The files of the degraded path: read as they are, written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

_MODE = 0o600  # callers' numbers stand in them


def read_json(path: Path) -> Any:
    """What stands in a file; None where there is none or it cannot be read."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def write_json(path: Path, content: object) -> None:
    """Write a file, so that a reader sees the old one or the whole new one. Raises OSError."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE), "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
