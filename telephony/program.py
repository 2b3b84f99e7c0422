"""Which program this is: snapshots of an engine are for the one alone that wrote them."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

REMEMBERED = ("calls", "ivr", "acd", "engine", "store")
"""The packages whose objects are in a snapshot, and all that decides."""


def digest(root: Path = Path(__file__).parents[1]) -> str:
    """SHA-256 over their source, and the version of Python: engines of the same digest do the same."""
    found = hashlib.sha256(f"{sys.version_info.major}.{sys.version_info.minor}\0".encode())
    for package in REMEMBERED:
        for file in sorted((root / package).rglob("*.py")):
            found.update(f"{file.relative_to(root)}\0".encode())
            found.update(file.read_bytes())
    return found.hexdigest()
