"""Whether the process lives, and whether it can take calls: `/healthz` and `/readyz`."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from telephony.alarms import NO_CALLS, Alarms

log = logging.getLogger(__name__)

Phase = Literal["starting", "running", "ending"]
STARTS = "starts"


class Alive(msgspec.Struct, frozen=True):
    """The loop turns, or nobody would say so. `run`: the engine's; `up_s`: for so long; `lag_s`: the worst of late."""

    run: str
    phase: Phase
    up_s: float
    lag_s: float


class Ready(msgspec.Struct, frozen=True):
    """Whether calls can be taken, and what stands against it, each as `what: why`."""

    ready: bool
    reasons: list[str]


class Health:
    """Asked by whoever watches from outside; answers from memory, at once.

    `need(name, lacking)` adds a condition: `lacking()` is empty while it is met, and else says why not.
    """

    def __init__(
        self,
        alarms: Alarms,
        run: str = "",
        lag: Callable[[], float] = lambda: 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.phase: Phase = "starting"
        self.run = run
        self._alarms = alarms
        self._lag = lag
        self._clock = clock
        self._began = clock()
        self._needs: dict[str, Callable[[], str]] = {}

    def need(self, name: str, lacking: Callable[[], str]) -> None:
        """One more condition for taking calls."""
        self._needs[name] = lacking

    def alive(self) -> Alive:
        """What `/healthz` says."""
        return Alive(self.run, self.phase, round(self._clock() - self._began, 3), round(self._lag(), 4))

    def ready(self) -> Ready:
        """What `/readyz` says."""
        reasons = [] if self.phase == "running" else [f"service: it is {self.phase}"]
        reasons += [f"{name}: {why}" for name, lacking in self._needs.items() if (why := lacking())]
        alarms = (alarm for alarm in self._alarms.standing() if alarm.name in NO_CALLS)
        reasons += [f"{alarm.name.value}: {alarm.text}" for alarm in alarms]
        return Ready(not reasons, reasons)


def count_start(folder: Path) -> int:
    """How often an engine was started on this site, this time included; kept in the file `starts` below `folder`.

    A disk that takes nothing does not stop the start: then the count is that of the last time that could be written.
    """
    file = folder / STARTS
    try:
        before = int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        before = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".new")
        beside.write_text(f"{before + 1}\n", encoding="ascii")
        beside.replace(file)
    except OSError as error:
        log.warning("the start is not counted in %s (%s)", file, error.strerror)
        return before
    return before + 1
