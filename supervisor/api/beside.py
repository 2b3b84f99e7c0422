"""The API of a service that runs: what the service has, in the words of the API."""

from __future__ import annotations

from engine.shifts_file import load_shifts
from store.audit import FILE, AuditLog
from store.lost import read_lost
from supervisor.api.live import Live
from supervisor.api.office import Office, expected_wait_on
from supervisor.api.server import Api
from supervisor.api.shift_plan import FileShifts
from supervisor.standing import Standings
from telephony.service import Service

SHIFTS = "shifts.yaml"


def api_beside(service: Service, live: Live) -> Api:
    """The API of a service that has started with `live.observe`; enter it inside the service.

    Raises ConfigurationError with every mistake of config/shifts.yaml.
    """
    stack, floor = service.stack, service.engine.floor
    entries = load_shifts(stack.config / SHIFTS, floor.centre)
    office = Office(
        feed=service.feed,
        floor=floor,
        orders=service.orders,
        audit=AuditLog(stack.site.var_directory / FILE),
        secrets=stack.site.secrets,
        expected_wait=expected_wait_on(floor),
        shifts=FileShifts(entries, lambda: floor.centre),
        lost=lambda since: read_lost(service.database, since),
        standing=Standings(lambda: service.database).of,
        alarms=service.alarms,
        health=service.instruments.health,
        metrics=service.instruments.metrics.text,
    )
    return Api(office, live, stack.site.ports.api)
