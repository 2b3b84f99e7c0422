"""The API of a service that runs: what the service has, in the words of the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from engine.shifts_file import load_shifts
from store.audit import FILE, AuditLog
from store.day_counts import read_unseen
from store.lost import read_lost
from supervisor.api.filling import Filling, unseen
from supervisor.api.live import Live
from supervisor.api.office import Office, expected_wait_on, pace_on
from supervisor.api.server import Api
from supervisor.api.shift_plan import FileShifts
from supervisor.standing import Standings
from telephony.service import Service

SHIFTS = "shifts.yaml"


def api_beside(service: Service, live: Live, *, with_shifts: bool = True) -> AbstractAsyncContextManager[Api]:
    """The API of a service that has started with `live.observe`; enter it inside the service.

    `with_shifts`: off where the service has only a part of the projects, and the plan names others.

    As long as it is entered, the board is given what the store has of the day before the service's run.

    Raises ConfigurationError with every mistake of config/shifts.yaml.
    """
    stack, floor = service.stack, service.engine.floor
    entries = load_shifts(stack.config / SHIFTS, floor.centre) if with_shifts else []
    office = Office(
        feed=service.feed,
        floor=floor,
        orders=service.orders,
        audit=AuditLog(stack.site.var_directory / FILE),
        secrets=stack.site.secrets,
        expected_wait=expected_wait_on(floor),
        pace=pace_on(floor),
        shifts=FileShifts(entries, lambda: floor.centre),
        lost=lambda since: read_lost(service.database, since),
        standing=Standings(lambda: service.database).of,
        alarms=service.alarms,
        health=service.instruments.health,
        metrics=service.instruments.metrics.text,
    )
    filling = Filling(
        live,
        lambda day: read_unseen(
            service.database, unseen(day, service.run, service.engine.floor.centre.answering())
        ),
        lambda: service.earlier_books_closed,
    )
    return _filled(Api(office, live, stack.site.ports.api), filling)


@asynccontextmanager
async def _filled(api: Api, filling: Filling) -> AsyncIterator[Api]:
    async with filling, api:
        yield api
