"""A centre in which seat01 alone gets callers by itself; whoever else takes part is brought in by somebody."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from calls.lifecycle import State
from calls.notes import NoteMoved
from engine.call import Call
from engine.centre import Centre, SeatPlan
from engine.extensions_file import Extension
from sim.live.telephone import Telephone
from telephony.ports import free_ports
from telephony.site import TrunkSite
from tests.live.centre import MENU_NUMBER, NUMBER
from tests.live.phone_office import OPERATOR_HZ, THIRD_HZ, Office, office, straight_project

OUTSIDE = "0481234567"


class Period(NamedTuple):
    """A call was in a state from then to then (seconds since 1970 UTC)."""

    state: State
    began: float
    ended: float


class Talks(Office):
    """`carrier_port`: where the calls to the outside go."""

    carrier_port = 0

    def operator(self) -> Telephone:
        """At seat01."""
        return self.telephone("seat01", OPERATOR_HZ)

    def third(self, number: str = "202", answers: str = "200 OK") -> Telephone:
        """Whom a number reaches: a colleague, an extension or somebody outside."""
        phone = {"202": "seat02", "203": "seat03", "35": "ext35"}.get(number)
        if phone is not None:
            return self.telephone(phone, THIRD_HZ, answers)
        outside = Telephone(
            self.service.stack.plan.ports.sip, number, tone_hz=THIRD_HZ, own_port=self.carrier_port
        )
        outside.answers = answers
        return outside

    def periods(self, call: Call) -> list[Period]:
        """The conversation, from state to state."""
        moves = [
            (command.state, entry.at)
            for entry in self.seen.entries
            for command in entry.commands
            if isinstance(command, NoteMoved) and command.call == call.id
        ]
        ends = [at for _, at in moves[1:]]
        periods = [Period(state, at, end) for (state, at), end in zip(moves, ends, strict=False)]
        first = next(number for number, period in enumerate(periods) if period.state is State.TALKING)
        return [period for period in periods[first:] if period.ended > period.began]


def three_seats() -> Centre:
    """And the extension 35."""
    projects = {"line": straight_project("line", NUMBER), "other": straight_project("other", MENU_NUMBER)}
    seats = (
        SeatPlan("seat01", ("line",), "201"),
        SeatPlan("seat02", ("other",), "202"),
        SeatPlan("seat03", ("other",), "203"),
    )
    return Centre(projects, seats, {"35": Extension("ext35", "35")})


@asynccontextmanager
async def talks_in(directory: Path, centre: Centre | None = None) -> AsyncIterator[Talks]:
    """It runs inside; with three seats, where nothing else is wanted."""
    [port] = free_ports(1, socket.SOCK_DGRAM)
    async with office(directory, centre or three_seats(), TrunkSite(server=f"127.0.0.1:{port}")) as one:
        talks = Talks(one.floor)
        talks.carrier_port = port
        yield talks
