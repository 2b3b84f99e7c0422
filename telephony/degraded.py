"""Keeps on the disk what Asterisk needs to serve callers alone, so that it is there when the engine is not."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from calls.degraded import PLAN, SEATS, Plan
from calls.events import (
    EngineStarted,
    HoursClockShifted,
    HoursOverridden,
    PhoneRegistered,
    PhoneUnregistered,
    ProjectPublished,
    ProjectWithdrawn,
)
from calls.journal import Entry
from calls.notes import NoteSeat
from calls.outages import EngineResumed
from engine.floor import Floor
from ivr.guidance_model import Spoken
from telephony.degraded_files import make_folders, write_json
from telephony.degraded_plan import compiled, orders_of, seats_of
from telephony.degraded_texts import HouseTexts
from telephony.sounds import Sounds

log = logging.getLogger(__name__)

_PLANNED = (
    EngineStarted,
    EngineResumed,
    HoursClockShifted,
    HoursOverridden,
    ProjectPublished,
    ProjectWithdrawn,
)
_SEATED = (EngineStarted, EngineResumed, PhoneRegistered, PhoneUnregistered, ProjectPublished)
_SOON_S = 0.2
_AGAIN_S = 6 * 3600.0  # the plan looks 60 days ahead from when it was made


class DegradedKeeper:
    """Writes the plan and who is there, a moment after something of it has changed. Only of one event loop.

    `folder`: `AsteriskPlan.degraded`. `house`: see `prepare_house_texts`. `clock`: that on the wall.
    """

    def __init__(
        self,
        folder: Path,
        floor: Floor,
        sounds: Sounds,
        house: HouseTexts,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._floor = floor
        self._sounds = sounds
        self._house = house
        self._clock = clock
        self._plan_soon: asyncio.TimerHandle | None = None
        self._seats_soon: asyncio.TimerHandle | None = None

    def write(self) -> None:
        """The plan now: when the engine is ready, before callers are taken.

        Who is there is left as it was as long as nobody is: an engine that has just begun knows of nobody yet.
        """
        make_folders(self._folder)
        self._write_plan()
        if any(seats_of(self._floor).values()) or not (self._folder / SEATS).exists():
            self._write_seats()

    def observe(self, entry: Entry) -> None:
        """Called with each entry of the journal."""
        if isinstance(entry.event, _PLANNED):
            self._plan_in(_SOON_S)
        seated = isinstance(entry.event, _SEATED) or any(isinstance(one, NoteSeat) for one in entry.commands)
        if seated and self._seats_soon is None:
            self._seats_soon = asyncio.get_running_loop().call_later(_SOON_S, self._write_seats)

    def close(self) -> None:
        """Write what was about to be written; nothing is written afterwards."""
        for soon in (self._plan_soon, self._seats_soon):
            if soon is not None:
                soon.cancel()
        if self._seats_soon is not None:
            self._write_seats()
        self._plan_soon = None

    def _plan_in(self, seconds: float) -> None:
        if self._plan_soon is not None:
            self._plan_soon.cancel()
        self._plan_soon = asyncio.get_running_loop().call_later(seconds, self._write_plan)

    def _write_plan(self) -> None:
        path = self._folder / PLAN
        centre, orders = self._floor.centre, orders_of(self._floor)
        self._plan_in(_AGAIN_S)
        try:
            plan = compiled(centre, orders, self._clock(), self._sound, self._house_sound, _read_plan(path))
            write_json(path, plan)
        except (OSError, LookupError) as error:  # the plan before holds on
            log.error("the plan for the time without an engine is not renewed: %s", error)

    def _write_seats(self) -> None:
        self._seats_soon = None
        try:
            write_json(self._folder / SEATS, seats_of(self._floor))
        except OSError as error:
            log.error("who is there is not noted for the time without an engine: %s", error.strerror)

    def _sound(self, project: str, guidance: str, language: str) -> str:
        version = self._floor.centre.version_of(project)
        return _path(self._sounds.media(project, version, guidance, language))

    def _house_sound(self, spoken: Spoken) -> str:
        return _path(self._house[spoken])


def _path(media: str) -> str:
    return media.removeprefix("sound:")


def _read_plan(path: Path) -> Plan | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return cast(Plan, found) if isinstance(found, dict) and "projects" in found else None
