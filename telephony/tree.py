"""An unpacked Asterisk tree, and how its programs are run without installing or chrooting.

Standard library only: `telephony.provision` runs before anything else is sure to be there.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

# 22.9.x has deadlocks in ARI (asterisk#1962, #1907, #1928): 22.10.1 is the first release to rely on.
MINIMUM_VERSION = (22, 10, 1)

_LIBRARIES = ("usr/lib/x86_64-linux-gnu", "usr/lib")
_LOADER = "usr/lib64/ld-linux-x86-64.so.2"

Version = tuple[int, int, int]


class AsteriskError(Exception):
    """Asterisk cannot be got, started or used; the text says what to do next."""


def parse_version(text: str) -> Version | None:
    """`Asterisk 22.10.1~dfsg+~cs6.15` -> (22, 10, 1); None where no version stands in `text`."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3] or 0))


def version_text(version: Version) -> str:
    return ".".join(map(str, version))


@dataclass(frozen=True)
class AsteriskTree:
    """Debian's Asterisk packages and all they need, unpacked into one directory."""

    root: Path

    @property
    def modules(self) -> Path:
        return self.root / "usr/lib/x86_64-linux-gnu/asterisk/modules"

    @property
    def data(self) -> Path:
        return self.root / "usr/share/asterisk"

    def command(self, *arguments: str) -> list[str]:
        """The command line of Asterisk under the tree's own loader and libraries, whatever the host has."""
        libraries = ":".join(str(self.root / part) for part in _LIBRARIES)
        program = str(self.root / "usr/sbin/asterisk")
        return [str(self.root / _LOADER), "--library-path", libraries, program, *arguments]

    def version(self) -> Version | None:
        """What `asterisk -V` of this tree says; None where there is no Asterisk that runs."""
        try:
            done = subprocess.run(self.command("-V"), capture_output=True, text=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return parse_version(done.stdout) if done.returncode == 0 else None
