"""Every version of a project that was ever published: its files as they were, with who and when.

One folder for each version: `<root>/<project>/0003/` with `about.json` and the files below `content/`. It gets
its name only when all of it is on the disk, so a version is whole or not there, and of two who publish at
once one is third and the other fourth. A version that was not taken into service keeps its folder, as
`0003.refused`, and its number.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from store.durable import sync_directory

Files = Mapping[str, bytes]
"""The content of files by their path below the version's folder `content`."""

_FOLDER = re.compile(r"^(\d{4,})(\.refused)?$")
_PARTIAL = ".partial-"


class VersionError(Exception):
    """A version that cannot be had; the message says what to do."""


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """What a simulation said of a version before it went into service.

    `scenario`: the name of its file, with the `sha256` of that. `rate`: the mean over `times` replications, beginning
    with `seed`, for the period that came nearest to breaking its `promise` (both 0-1); `half_width`: of the 95 %
    confidence interval, None of one replication. `met`: every period kept its promise; `sure`: and no interval reaches
    below it. `at`: when it was written down (seconds since 1970 UTC).
    """

    scenario: str
    sha256: str
    seed: int
    times: int
    period: str
    rate: float
    half_width: float | None
    promise: float
    met: bool
    sure: bool
    at: float = 0.0


class About(msgspec.Struct, frozen=True):
    """What is written beside a version's files. `at`: seconds since 1970 UTC; `again`: of which version it is
    a copy (0: of none); `gates`: what simulations said of it, the oldest first."""

    project: str
    version: int
    at: float
    by: str
    note: str
    sha256: str
    again: int = 0
    gates: tuple[Gate, ...] = ()


class Version(msgspec.Struct, frozen=True):
    """One version. `about` is None where it can no longer be read."""

    project: str
    number: int
    folder: Path
    refused: bool
    about: About | None

    @property
    def content(self) -> Path:
        """The folder of its files."""
        return self.folder / "content"


class VersionStore:
    """The versions of all projects below `root`, which need not exist. Any number of processes may use it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def projects(self) -> list[str]:
        """The projects that have a version in service."""
        folders = sorted(self._root.iterdir()) if self._root.is_dir() else []
        return [folder.name for folder in folders if self.newest(folder.name) is not None]

    def versions(self, project: str) -> list[Version]:
        """All versions, oldest first, with those that were refused."""
        home = self._root / project
        names = [folder.name for folder in home.iterdir()] if home.is_dir() else []
        found = [match for match in map(_FOLDER.match, names) if match]
        return sorted((self._version(project, match) for match in found), key=lambda one: one.number)

    def newest(self, project: str) -> Version | None:
        """The newest version that was not refused."""
        taken = [one for one in self.versions(project) if not one.refused]
        return taken[-1] if taken else None

    def version(self, project: str, number: int) -> Version:
        """One version; raises VersionError where there is none of this number."""
        known = self.versions(project)
        for one in known:
            if one.number == number:
                return one
        told = ", ".join(str(one.number) for one in known) or "none was ever published"
        raise VersionError(f"the project {project} has no version {number} (there are: {told})")

    def files(self, version: Version) -> dict[str, bytes]:
        """The files of a version; raises VersionError where they are not what was published."""
        paths = sorted(path for path in version.content.rglob("*") if path.is_file())
        files = {path.relative_to(version.content).as_posix(): path.read_bytes() for path in paths}
        if version.about is None or digest(files) != version.about.sha256:
            raise VersionError(
                f"version {version.number} of {version.project} is damaged: {version.folder} is not what was "
                f"published; choose another one of `denwaban versions {version.project}`"
            )
        return files

    def add(
        self,
        project: str,
        files: Files,
        by: str,
        note: str,
        at: dt.datetime,
        again: int = 0,
        gate: Gate | None = None,
    ) -> Version:
        """Keep a new version, durably; raises OSError where the disk does not take it, and then nothing stays."""
        home = self._root / project
        home.mkdir(parents=True, exist_ok=True)
        partial = home / f"{_PARTIAL}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            _write_files(partial / "content", files)
            while True:
                number = 1 + max((one.number for one in self.versions(project)), default=0)
                about = About(
                    project, number, at.timestamp(), by, note, digest(files), again, _dated(gate, at)
                )
                _write(partial / "about.json", msgspec.json.encode(about))
                sync_directory(partial)
                if _named(partial, home / f"{number:04}"):
                    break
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        sync_directory(home)
        sync_directory(self._root)
        return Version(project, number, home / f"{number:04}", False, about)

    def passed(self, version: Version, gate: Gate, at: dt.datetime) -> Version:
        """A version that is kept already has passed a gate once more; raises OSError, and then nothing changes."""
        if version.about is None:
            return version
        about = msgspec.structs.replace(version.about, gates=version.about.gates + _dated(gate, at))
        partial = version.folder / f"{_PARTIAL}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            _write(partial, msgspec.json.encode(about))
            partial.replace(version.folder / "about.json")
        finally:
            partial.unlink(missing_ok=True)
        sync_directory(version.folder)
        return msgspec.structs.replace(version, about=about)

    def refuse(self, version: Version) -> None:
        """This version was not taken into service, and never will be."""
        version.folder.rename(version.folder.with_suffix(".refused"))
        sync_directory(version.folder.parent)

    def _version(self, project: str, name: re.Match[str]) -> Version:
        folder = self._root / project / name[0]
        return Version(project, int(name[1]), folder, bool(name[2]), _about(folder / "about.json"))


def digest(files: Files) -> str:
    """SHA-256 (hexadecimal) of the names and the content of files."""
    state = hashlib.sha256()
    for name in sorted(files):
        state.update(f"{len(name.encode())} {name} {len(files[name])}\n".encode())
        state.update(files[name])
    return state.hexdigest()


def _dated(gate: Gate | None, at: dt.datetime) -> tuple[Gate, ...]:
    return () if gate is None else (msgspec.structs.replace(gate, at=at.timestamp()),)


def _about(path: Path) -> About | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=About)
    except (OSError, msgspec.DecodeError):
        return None


def _named(partial: Path, folder: Path) -> bool:
    """Give a whole version its name; False where somebody else has just taken it."""
    if folder.with_suffix(".refused").exists():
        return False
    try:
        partial.rename(folder)  # never replaces a folder in which there is something
    except OSError:
        if folder.exists():
            return False
        raise
    return True


def _write_files(folder: Path, files: Files) -> None:
    folder.mkdir(parents=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, data)
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync_directory(inner)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
