"""A private PostgreSQL: Debian's binaries, a directory of its own, a socket and no port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

OWNER = "postgres"
LIMIT = 60.0


class Cluster:
    """Start it with `with`. PostgreSQL refuses to run as root: root hands it over to the user `postgres`.

    Inside, it can be stopped as a crash stops it (`crash`) and started again (`start`).
    """

    def __init__(self) -> None:
        self._bin = _binaries()
        # A socket's path may have 107 characters, which a test's own temporary directory often has already.
        self.home = Path(tempfile.mkdtemp(prefix="denwaban-pg-"))

    def __enter__(self) -> Cluster:
        if os.geteuid() == 0:
            shutil.chown(self.home, OWNER, OWNER)
        try:
            self._run("initdb", "-D", self._data, "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--no-sync")
            self.start()
        except subprocess.CalledProcessError as error:
            shutil.rmtree(self.home)
            raise RuntimeError(f"PostgreSQL did not start: {error.stderr}") from error
        return self

    def __exit__(self, *_error: object) -> None:
        self.crash()
        shutil.rmtree(self.home)

    def start(self) -> None:
        """Up, and ready for connections."""
        options = f"-c listen_addresses='' -k {self.home} -c fsync=off"
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", f"{self.home}/log", "-o", options)

    def crash(self) -> None:
        """Down at once, with no word to its clients; what was committed is there when it starts again."""
        if Path(self._data, "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self._data)

    def create_database(self, name: str) -> str:
        """Make an empty database; its URL."""
        self._run("createdb", "-h", str(self.home), "-U", OWNER, name)
        return f"postgresql://{OWNER}@/{name}?host={self.home}"

    @property
    def _data(self) -> str:
        return str(self.home / "data")

    def _run(self, program: str, *arguments: str) -> None:
        handed_over = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
        # pg_ctl leaves the server behind with the output files of its own: a pipe would never end.
        with tempfile.TemporaryFile("w+") as errors:
            done = subprocess.run(
                [*handed_over, str(self._bin / program), *arguments],
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=self.home,
                timeout=LIMIT,
                check=False,
            )
            errors.seek(0)
            if done.returncode:
                raise subprocess.CalledProcessError(done.returncode, program, stderr=errors.read())


def is_installed() -> bool:
    """Whether there is one on this machine."""
    return bool(_found())


def _found() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def _binaries() -> Path:
    found = _found()
    if not found:
        raise RuntimeError("PostgreSQL is not installed; run: apt-get install postgresql")
    return found[-1].parent
