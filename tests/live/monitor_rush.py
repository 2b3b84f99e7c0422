"""The motor-vehicle tax centre in its busy hour: 34 robot operators, and more callers than they can talk with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml

from sim.live.behaviour import CallerBehaviour, SeatBehaviour, answer, talk, wait_for_far_end
from sim.live.callers import Caller, LoadResult, run_callers
from sim.live.operators import Operators, SeatRobot
from sim.live.tones import caller_tone_hz, operator_tone_hz
from telephony.site import Site
from tests.live.centre import MENU_NUMBER, ROOT
from tests.live.monitor_house import Grants, LiveHouse
from tests.live.monitor_town import (
    DESK,
    SHUT_HZ,
    SUPERVISOR,
    WATER,
    noon_zone,
    town_project,
    town_text,
    write_site,
)

TAX, TAX_NUMBER = "saitama-autotax", "0570012229"
RUSH_USERS: Grants = {SUPERVISOR: [(TAX, "supervisor"), (WATER, "supervisor")], "auditor": [(TAX, "auditor")]}
SEATS = tuple(f"seat{number:02}" for number in range(1, 35))
LONG_SEAT = SEATS[0]
"""Whose first conversation lasts long enough to listen to it."""
CALLERS, RATE = 230, 2.9
"""Callers, and how many of them dial a second."""
_PATIENCE_S, _TALK_S, _LONG_S = 50.0, 15.0, 60.0
_WRAPUP_S = 2
_SEATS = f"""
seats:
  - {{ids: {SEATS[0]}-{SEATS[-1]}, numbers: 201-234, projects: [{TAX}]}}
  - {{ids: seat41, number: "241", projects: [{WATER}]}}
  - {{ids: {DESK}, number: "291", supervises: [{TAX}, {WATER}]}}
"""


def write_rush(folder: Path) -> Site:
    """The tax centre as `config/` has it, but open day and night, and a smaller project beside it."""
    site = write_site(folder)
    config = folder / "config"
    (config / "calendars").symlink_to(ROOT / "config/calendars")
    for name, text in (("seats", _SEATS), ("extensions", "extensions: []")):
        (config / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, project in ((TAX, _tax()), (WATER, town_project(WATER, MENU_NUMBER))):
        told = json.dumps(project, ensure_ascii=False, default=str)
        (config / f"projects/{name}.yaml").write_text(told, encoding="utf-8")
    return site


def _tax() -> dict[str, Any]:
    project: dict[str, Any] = yaml.safe_load((ROOT / f"config/projects/{TAX}.yaml").read_text("utf-8"))
    project |= {"timezone": noon_zone(), "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}}}
    project["guidance"] = {
        name: town_text(SHUT_HZ) for name in project["guidance"]
    }  # nobody listens to it here
    project["queues"]["main"] |= {"wrapup_s": _WRAPUP_S, "last_call_s": 1}
    return project


@asynccontextmanager
async def everybody_at_work(house: LiveHouse) -> AsyncIterator[None]:
    """The robots pick up after a second, and hang up when they have said what there is to say."""
    robots = [
        SeatRobot(seat, house.passwords[seat], operator_tone_hz(place), _operator(seat))
        for place, seat in enumerate(SEATS)
    ]
    async with Operators(robots, registrar=house.target, work_dir=house.site.var_directory / "operators"):
        yield


def _operator(seat: str) -> SeatBehaviour:
    return answer(1.0, _LONG_S if seat == LONG_SEAT else _TALK_S)


@asynccontextmanager
async def rush(house: LiveHouse) -> AsyncIterator[asyncio.Task[LoadResult]]:
    """All of them call, one after the other; the task ends when the last one has hung up."""
    callers = [
        Caller(TAX_NUMBER, f"09000{number:06}", caller_tone_hz(number), _caller(number))
        for number in range(CALLERS)
    ]
    work = house.site.var_directory / "callers"
    task = asyncio.create_task(run_callers(callers, target=house.target, rate=RATE, work_dir=work))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _caller(number: int) -> CallerBehaviour:
    """Of twenty one gives up in the notice, and three soon afterwards; the others have patience."""
    if number % 20 == 7:
        return talk(1.0)
    return talk(7.0 + number % 5) if number % 20 in (3, 11, 17) else wait_for_far_end(_PATIENCE_S)
