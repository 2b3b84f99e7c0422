"""The folder by which Asterisk serves callers alone: made here, read by a script that Asterisk starts."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path

from calls.degraded import AUDIO, CALLS, IMPORTED, UNREADABLE

AGI = "denwaban-degraded"
_SCRIPT = Path(__file__).resolve().parent.parent / "agi_scripts" / "degraded.py"


def make_folders(degraded: Path) -> None:
    """All that the script writes into; OSError where that cannot be."""
    for name in (CALLS, AUDIO, IMPORTED, UNREADABLE):
        (degraded / name).mkdir(parents=True, exist_ok=True, mode=0o700)


def write_agi(directory: Path, degraded: Path) -> None:
    """What Asterisk starts by name: this very Python with the script, and the folder that it works on.

    -E: an environment that is meant for somebody else leads nowhere; -s: nor does what a user has installed. `nice`:
    where callers come by the dozen, the engine that is just starting comes first, and then needs no script.
    """
    command = shlex.join([sys.executable, "-E", "-s", str(_SCRIPT), str(degraded.absolute())])
    replace_file(directory / AGI, f'#!/bin/sh\nexec nice -n 10 {command} "$@"\n', 0o700)


def write_json(path: Path, content: object) -> None:
    """The old file or the whole new one, readable by its owner alone.

    It survives the death of every process; after a power cut it is written anew with the start.
    """
    replace_file(path, json.dumps(content, ensure_ascii=False), 0o600)


def replace_file(path: Path, text: str, mode: int) -> None:
    """Write a file of this mode as a whole. Raises OSError."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)
