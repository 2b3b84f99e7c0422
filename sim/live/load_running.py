"""Whom a load calls: the service that runs on this machine, seen through its journal in the database.

Its own people answer; or robots sit down at telephones of the project at which nobody is. What a robot operator would
ask for (to end the record of a call, to take a break) nobody hears there: the project's own limits hold.
"""

from __future__ import annotations

import time
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from calls.event import Event
from calls.events import PhoneRegistered, PhoneUnregistered
from calls.journal import Entry
from sim.live.behaviour import when_told
from sim.live.load_centre import Opened, Say, robots_answer, seat_robots
from sim.live.load_plan import CannotLoadError, Times
from sim.live.operators import Operators
from sim.world import World
from store.database import Database
from store.journal_reader import last_number, read_journal, runs
from telephony.control import ask, control_socket
from telephony.site import Site, load_site
from telephony.stack import Stack, load_stack

LOOK_S = 0.02
"""How often the journal is looked into."""
AFTER_S = 60.0
"""So long after the last caller the robot operators have to be there still."""
_HERE = IPv4Address("127.0.0.1")


class RunningCentre(Opened):
    """`async with RunningCentre(config, world, times, folder, say) as centre:` - robots, if any, are there inside.

    `operators`: whether there are any. Raises CannotLoadError, what `load_stack` raises, SippError.
    """

    def __init__(
        self,
        config: Path,
        world: World,
        times: Times,
        folder: Path,
        say: Say,
        *,
        operators: bool = False,
        media: bool = True,
    ) -> None:
        super().__init__()
        site = load_site(config / "site.yaml")
        check_loopback(site)
        if ask(control_socket(site.var_directory), {"do": "status"}) is None:
            raise CannotLoadError("no service runs here: start it (make run), or leave --running out")
        self._stack = load_stack(config, say)
        check(self._stack, world, times, operators=operators)
        self._world = world
        self._folder = folder
        self._say = say
        self._robots = operators
        self._media = media
        self._told = robots_answer(world) == when_told()
        self._operators: Operators | None = None
        self._looked = 0.0
        self.target = (str(_HERE), self._stack.site.ports.sip)

    async def _start(self) -> None:
        self._database = await self._up.enter_async_context(Database(self._stack.site.store_url))
        self._run = (await runs(self._database))[-1].run
        if self._robots:
            await self._sit_down()
        self._last = await last_number(self._database, self._run)

    async def _sit_down(self) -> None:
        robots = seat_robots(await self._free_seats(), self._stack, self._world)
        self._say(f"{len(robots)} robot operators sit down")
        limit_s = float(self._stack.site.phones.registration_max_s)
        operators = Operators(
            robots,
            registrar=self.target,
            work_dir=self._folder / "operators",
            media=self._media,
            limit_s=limit_s,
        )
        self._operators = await self._up.enter_async_context(operators)

    async def _free_seats(self) -> list[str]:
        """Seats of the project at whose telephone nobody is: a robot takes no one's place."""
        taken: set[str] = set()
        async for entry in read_journal(self._database, self._run):
            if isinstance(entry.event, PhoneRegistered):
                taken.add(entry.event.phone)
            elif isinstance(entry.event, PhoneUnregistered):
                taken.discard(entry.event.phone)
        name = self._world.project.project
        free = [
            seat.id for seat in self._stack.centre.seats if name in seat.projects and seat.id not in taken
        ]
        if not free:
            raise CannotLoadError(f"{name} has no seat whose telephone is free: leave --operators out")
        return free[: self._world.shifts.most]

    # ---- what a load asks of it

    async def entries(self) -> list[Entry]:
        """See LoadedCentre."""
        if time.monotonic() < self._looked + LOOK_S:
            return []
        self._looked = time.monotonic()
        new = [entry async for entry in read_journal(self._database, self._run, self._last)]
        self._last = new[-1].number if new else self._last
        return new

    def feed(self, event: Event) -> None:
        """See LoadedCentre; nobody hears it."""

    def pick_up(self, seat: str) -> None:
        """See LoadedCentre; at all other telephones people answer."""
        if self._operators is not None and self._told:
            self._operators.pick_up(seat)

    def read_hours(self, ahead_s: float) -> None:
        """See LoadedCentre; a service that runs has its own hours, and it is now."""


def check(stack: Stack, world: World, times: Times, *, operators: bool) -> None:
    """Raises CannotLoadError where a load of this service could not be."""
    name = world.project.project
    if name not in stack.centre.projects:
        raise CannotLoadError(
            f"the service that runs has no project '{name}': give a scenario of one that it has"
        )
    needed, granted = times.seconds + AFTER_S, stack.site.phones.registration_max_s
    if operators and granted < needed:
        raise CannotLoadError(
            f"robot operators are forgotten after {granted} s (registration_max_s), and this takes {needed:.0f} s:"
            " give fewer --calls, or leave --operators out"
        )


def check_loopback(site: Site) -> None:
    """Raises CannotLoadError for a service at any other address than 127.0.0.1: a load calls nobody else."""
    if site.bind.sip not in (_HERE, IPv4Address("0.0.0.0")) or site.asterisk.host != str(_HERE):  # noqa: S104
        raise CannotLoadError(
            f"the telephones of this service are at {site.bind.sip}: a load calls 127.0.0.1 only (bind.sip)"
        )
    if not any(_HERE in IPv4Network(network) for network in site.trunk.match):
        raise CannotLoadError("this service takes no calls from 127.0.0.1: add it to `match` of the trunk")
