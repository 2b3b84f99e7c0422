"""What is done to the stack: each harm gets its house ready, strikes, and takes the cause away again."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sim.drill.engine_process import EngineProcess
from sim.drill.failure import DrillFailedError
from sim.drill.house import House

ASTERISK_BACK_S = 60.0
_POLL_S = 0.02


class CannotDrillError(RuntimeError):
    """This machine does not allow this drill; the text says what it needs."""


@dataclass(frozen=True)
class Blow:
    """One stroke of a harm: what it is called, and how long it lasts (s) where the harm has a say in that."""

    name: str
    outage_s: float = 0.0


class Harm(Protocol):
    """`blows` come one after the other, each followed by a recovery.

    `calls_end`: whether the calls cannot survive it. `engine_away`: whether the engine sees nothing meanwhile.
    `loses_audio`: whether recordings cannot be written meanwhile. `folders`: what it makes besides the house.
    """

    blows: Sequence[Blow]
    calls_end: bool
    engine_away: bool
    loses_audio: bool

    @property
    def folders(self) -> Sequence[Path]:
        """What it makes besides the house."""

    async def prepare(self, house: House) -> House:
        """Have the house furnished, and what the harm needs about it. Raises CannotDrillError."""

    async def strike(self, blow: Blow, engine: EngineProcess) -> float:
        """Do it; the moment (seconds since 1970 UTC)."""

    async def heal(self, blow: Blow, engine: EngineProcess) -> None:
        """Take the cause away; returns when the engine can work again, as far as the harm knows."""

    async def clear(self) -> None:
        """Take everything away that it made; the engine is down already."""


class Harmless:
    """No harm at all: what the harness itself measures, and the base of the others."""

    calls_end = engine_away = loses_audio = False

    def __init__(self) -> None:
        self.blows: Sequence[Blow] = [Blow("none", 1.0)]

    @property
    def folders(self) -> Sequence[Path]:
        return ()

    async def prepare(self, house: House) -> House:
        house.furnish()
        return house

    async def strike(self, blow: Blow, engine: EngineProcess) -> float:
        return time.time()

    async def heal(self, blow: Blow, engine: EngineProcess) -> None:
        await asyncio.sleep(blow.outage_s)

    async def clear(self) -> None:
        """There is nothing."""


class KillEngine(Harmless):
    """SIGKILL to the engine; it is started again at once."""

    engine_away = True

    def __init__(self) -> None:
        self.blows = [Blow("SIGKILL to the engine")]

    async def strike(self, blow: Blow, engine: EngineProcess) -> float:
        return await engine.kill()

    async def heal(self, blow: Blow, engine: EngineProcess) -> None:
        await engine.until_ready()


class KillAsterisk(Harmless):
    """SIGKILL to the embedded Asterisk: its calls cannot survive; everything else has to."""

    calls_end = engine_away = (
        True  # whoever dials before the two have found each other is served by Asterisk alone
    )

    def __init__(self) -> None:
        self.blows = [Blow("SIGKILL to Asterisk")]
        self._house: House | None = None
        self._killed = 0

    async def prepare(self, house: House) -> House:
        self._house = await super().prepare(house)
        return house

    async def strike(self, blow: Blow, engine: EngineProcess) -> float:
        self._killed = self._pid()
        at = time.time()
        os.kill(self._killed, signal.SIGKILL)
        return at

    async def heal(self, blow: Blow, engine: EngineProcess) -> None:
        """Whoever is responsible for that starts it again: the engine."""
        try:
            async with asyncio.timeout(ASTERISK_BACK_S):
                while not self._runs_again():  # noqa: ASYNC110 - another process, not a task
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise DrillFailedError(
                f"nobody has started Asterisk again within {ASTERISK_BACK_S:.0f} s"
            ) from None

    def _runs_again(self) -> bool:
        try:
            pid = self._pid()
            return pid != self._killed and Path(f"/proc/{pid}").exists()
        except (OSError, ValueError):
            return False

    def _pid(self) -> int:
        assert self._house is not None
        return asterisk_pid(self._house)


def asterisk_pid(house: House) -> int:
    """Of the embedded Asterisk, from its own file. Raises OSError, ValueError."""
    path = house.var / "run" / "asterisk" / "run" / "asterisk.pid"
    return int(path.read_text(encoding="ascii").strip())
