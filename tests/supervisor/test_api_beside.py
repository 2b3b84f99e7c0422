"""The API of a service, put together from a config folder; nothing of the service is started."""

from __future__ import annotations

import json
from pathlib import Path

import aiohttp
import pytest

from calls.journal import Entry
from calls.requests import SeatLoggedIn
from ivr.yaml_marks import ConfigurationError
from store.audit import AuditLog
from supervisor.api.beside import api_beside
from supervisor.api.live import Live
from telephony.orders import Orders
from telephony.ports import free_ports
from telephony.service import Service
from telephony.stack import load_stack
from tests.telephony.office import Office

pytestmark = pytest.mark.unit


class Unstarted(Service):
    """A service whose events go into its engine, and nowhere else."""

    def __init__(self, folder: Path, live: Live) -> None:
        office = Office(folder)
        [port] = free_ports(1)
        site = {"var_directory": str(folder / "var"), "ports": {"api": port}}
        (office.config / "site.yaml").write_text(json.dumps(site))
        super().__init__(load_stack(office.config), observe=live.observe)
        live.board.day.whole = True  # there is no database to be asked
        audit = AuditLog(folder / "var/audit.log")
        self.orders = Orders(self.engine.floor, audit, self._fed, self._safe)
        self._observed = live.observe

    async def _safe(self) -> None:
        """Nothing is stored."""

    def _fed(self, event: object) -> None:
        assert isinstance(event, SeatLoggedIn)
        self._observed(Entry(1, 1.0, event, self.engine.handle(event, 1.0)))

    feed = _fed


async def test_it_answers_at_the_port_of_the_site(tmp_path: Path) -> None:
    live = Live()
    service = Unstarted(tmp_path, live)
    async with api_beside(service, live) as api, aiohttp.ClientSession(api.url) as client:
        assert api.port == service.stack.site.ports.api
        token = (tmp_path / "var/secrets/api/admin").read_text().strip()
        head = {"Authorization": f"Bearer {token}"}
        async with client.post("/v1/seats/seat01/login", headers=head) as reply:
            assert (reply.status, await reply.json()) == (200, {"subject": "seat01"})
        async with client.get("/v1/queues", headers=head) as reply:
            queues = (await reply.json())["queues"]
        assert [(queue["queue"], queue["expected_wait"]) for queue in queues] == [
            ("tax/main", None), ("water/main", None),
        ]  # fmt: skip


def test_a_shift_plan_with_mistakes(tmp_path: Path) -> None:
    live = Live()
    service = Unstarted(tmp_path, live)
    (service.stack.config / "shifts.yaml").write_text("shifts: [{who: op9, days: mon, hours: '08:30-17:15'}]")
    with pytest.raises(ConfigurationError, match="there is no person 'op9'"):
        api_beside(service, live)
