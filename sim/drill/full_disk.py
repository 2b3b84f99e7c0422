"""The disk below `var/` is full to the last byte, for a while: `var/` is a small file system of its own."""

from __future__ import annotations

import asyncio
import errno
import os
import subprocess
import time
from pathlib import Path

from sim.drill.engine_process import EngineProcess
from sim.drill.harms import Blow, CannotDrillError, Harmless
from sim.drill.house import House

SIZE_MB = 400
_FILLER = "filler"
_CHUNKS = (1 << 20, 1 << 12, 1)


class FullDisk(Harmless):
    """A tmpfs, so root has to be there. What Asterisk records meanwhile cannot be written, by anybody."""

    loses_audio = True

    def __init__(self, outage_s: float) -> None:
        self.blows = [Blow("the disk is full", outage_s)]
        self._var: Path | None = None

    async def prepare(self, house: House) -> House:
        house.var.mkdir()
        await asyncio.to_thread(_mount, house.var)
        self._var = house.var
        return await super().prepare(house)

    async def strike(self, blow: Blow, engine: EngineProcess) -> float:
        assert self._var is not None
        await asyncio.to_thread(_fill, self._var / _FILLER)
        return time.time()

    async def heal(self, blow: Blow, engine: EngineProcess) -> None:
        assert self._var is not None
        until = time.time() + blow.outage_s
        while time.time() < until:
            # What is given free meanwhile (a file that was renamed away) is taken again.
            await asyncio.sleep(0.2)
            await asyncio.to_thread(_fill, self._var / _FILLER)
        (self._var / _FILLER).unlink()

    async def clear(self) -> None:
        if self._var is not None:
            await asyncio.to_thread(_unmount, self._var)


def _mount(path: Path) -> None:
    options = f"size={SIZE_MB}m,mode=0700"
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "denwaban-drill", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise CannotDrillError("a full disk needs the program `mount`: install util-linux") from None
    if done.returncode:
        raise CannotDrillError(
            f"a full disk needs a small file system, and this machine lets us mount none ({done.stderr.strip()}): "
            "run this drill as root, outside of a container or in one that may mount"
        )


def _unmount(path: Path) -> None:
    subprocess.run(["umount", str(path)], capture_output=True, check=True)


def _fill(path: Path) -> None:
    """To the last byte: in large steps, then in small ones."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for size in _CHUNKS:
            _write_until_full(descriptor, size)
    finally:
        os.close(descriptor)


def _write_until_full(descriptor: int, size: int) -> None:
    block = bytes(size)
    try:
        while os.write(descriptor, block) == size:
            pass
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
