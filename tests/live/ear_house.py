"""A centre with a supervisor, and a conversation to which he can listen in several ways."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from calls.lifecycle import SeatState
from calls.requests import EarAsked, EarMode
from engine.centre import Centre, SeatPlan
from engine.extensions_file import Extension
from sim.live.hearing import Received
from sim.live.telephone import Talk, Telephone
from tests.live.centre import MENU_NUMBER, NUMBER
from tests.live.phone_office import (
    CALLER_HZ,
    FOURTH_HZ,
    OPERATOR_HZ,
    Office,
    all_hear,
    hears,
    office,
    straight_project,
)

SEAT, SUPERVISOR, STRANGER = "seat01", "supervisor01", "supervisor41"
SUPERVISOR_HZ = FOURTH_HZ
WHO = "anna"
"""The supervisor, where a screen asks."""

MISSING = 0.1
"""The share of packets that may get lost on a busy machine."""

CODES: dict[EarMode, str] = {"listen": "*21", "whisper": "*22", "barge": "*23", "take_over": "*24"}


@asynccontextmanager
async def ear_house(directory: Path) -> AsyncIterator[Office]:
    """seat01 takes two projects' calls, of which one wants a record; nobody rings the others by himself."""
    projects = {
        "line": straight_project("line", NUMBER),
        "records": straight_project("records", MENU_NUMBER, wrapup_s=None),
        "other": straight_project("other", "0480000009"),
    }
    seats = (
        SeatPlan(SEAT, ("line", "records"), "201"),
        SeatPlan("seat02", ("other",), "202"),
        SeatPlan(SUPERVISOR, (), "291", supervises=("line", "records")),
        SeatPlan(STRANGER, (), "294", supervises=("other",)),
    )
    centre = Centre(projects, seats, {"35": Extension("ext35", "35")})
    async with office(directory, centre) as one:
        yield one


class Scene(NamedTuple):
    """A caller talks with the operator at seat01; the supervisor's telephone is at hand."""

    house: Office
    operator: Telephone
    supervisor: Telephone
    his: Talk
    hers: Talk

    def wants(self, mode: EarMode, target: str = SEAT) -> None:
        """The supervisor's screen asks, and it is done."""
        self.house.done(EarAsked(SUPERVISOR, mode, target, by=WHO))

    async def listens(self, mode: EarMode = "listen") -> Talk:
        """The same, once his telephone has rung and was picked up."""
        self.wants(mode)
        ear = await self.supervisor.rung()
        await ear.up.wait()
        return ear


@asynccontextmanager
async def conversation(house: Office, *others: Telephone) -> AsyncIterator[Scene]:
    """It is going on inside; when it is left, everybody is free and nothing is left of it."""
    operator = house.telephone(SEAT, OPERATOR_HZ)
    supervisor = house.telephone(SUPERVISOR, SUPERVISOR_HZ)
    async with house.at_work(operator, supervisor, *others), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        yield Scene(house, operator, supervisor, his, hers)
        await caller.hang_up(his)
        await house.floor.until_seat(SUPERVISOR, SeatState.READY)


# ---- to the bit


@asynccontextmanager
async def nothing_but(talk: Talk, hz: int) -> AsyncIterator[None]:
    """Whatever a telephone receives inside, and a moment longer, is what this voice says, as it says it.

    Not every packet has to be there: Asterisk mixes one less where it came too late, ear or no ear.
    """
    async with Received(talk, hz) as received:
        yield
    assert (received.changed, received.gaps <= received.count * MISSING) == (0, True)


@asynccontextmanager
async def both_unchanged(scene: Scene) -> AsyncIterator[None]:
    """Neither of the two receives anything but the other's own packets."""
    async with nothing_but(scene.his, OPERATOR_HZ), nothing_but(scene.hers, CALLER_HZ):
        yield


# ---- how it begins

Begin = Callable[[Scene, EarMode], Awaitable[Talk]]


async def by_screen(scene: Scene, mode: EarMode) -> Talk:
    return await scene.listens(mode)


async def by_star_code(scene: Scene, mode: EarMode) -> Talk:
    return await scene.supervisor.dial(f"{CODES[mode]}201")


async def by_key(scene: Scene, mode: EarMode) -> Talk:
    """First he listens; then he presses."""
    ear = await scene.listens()
    await hears(ear, CALLER_HZ, OPERATOR_HZ)
    await ear.audio.press(CODES[mode].replace("2", "", 1))
    return ear
