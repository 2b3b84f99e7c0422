"""A running centre from a `config/` folder, its API beside it, and people who sit down at telephones by that."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from calls.journal import Entry
from calls.lifecycle import SeatState
from sim.live.stack import own_stack
from sim.live.telephone import Talk, Telephone
from supervisor.api.beside import api_beside
from supervisor.api.live import Live
from supervisor.api.server import Api
from telephony.ports import free_ports
from telephony.service import Service
from telephony.site import TrunkSite
from telephony.stack import load_stack
from tests.live.centre import MENU_NUMBER, NUMBER, ROOT, Floor, Seen, small_centre
from tests.live.phone_office import OPERATOR_HZ, THIRD_HZ, Office
from tests.supervisor.api_office import Listening

CLASSES = ["減免", "還付"]
TAX, WATER = "tax", "water"
VOICES = {"seat01": OPERATOR_HZ, "seat02": THIRD_HZ, "desk01": THIRD_HZ}
SEATS = """
seats:
  - {ids: seat01-seat02, numbers: 201-202, projects: [tax], personal: true}
  - {ids: seat03, number: "203", projects: [water], personal: true}
  - {ids: desk01-desk02, numbers: 291-292, supervises: [tax, water], personal: true}
"""
PEOPLE = """
people:
  - {id: op101, number: "101", name: 青木, projects: [tax]}
  - {id: op102, number: "102", name: 井上, projects: [tax]}
  - {id: op141, number: "141", name: 上田, projects: [water]}
  - {id: leader181, number: "181", name: 江口, role: leader, supervises: [tax]}
  - {id: supervisor191, number: "191", name: 岡, role: supervisor, supervises: [water]}
"""
SHIFTS = """
shifts:
  - {who: [op101, op102], days: mon-sun, hours: "00:00-24:00"}
"""
EXTENSIONS = """
extensions:
  - {id: ext35, number: "35", name: 自動車税事務所}
"""


def _project(name: str, number: str) -> dict[str, Any]:
    """Into the line at once while it is open; who presses 1 there is called back."""
    line = {"type": "enqueue", "queue": "main", "full": "busy", "no_seats": "busy", "timeout": "busy"}
    return {
        "project": name,
        "name": name,
        "numbers": [{"number": number}],
        "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
        "guidance": {"notice": {"ja": "はい。"}},
        "inquiry_classes": CLASSES,
        "flow": {
            "start": "gate",
            "nodes": {
                "gate": {"type": "hours", "open": "line", "closed": "shut"},
                "line": line | {"keys": {"1": "call_me"}},
                "call_me": {"type": "callback", "queue": "main", "accepted": "told", "refused": "busy"},
                "told": {"type": "hangup", "guidance": "notice"},
                "shut": {"type": "hangup", "guidance": "notice", "outcome": "closed"},
                "busy": {"type": "hangup", "guidance": "notice", "outcome": "overflowed"},
            },
        },
        "queues": {"main": {"ring_timeout_s": 10, "wrapup_s": None}},
    }


def write_config(directory: Path, carrier_port: int) -> Path:
    """A whole `config/` folder with ports of its own; `carrier_port`: where calls to the outside go."""
    config, spoken, [api] = directory / "config", directory.parent / "guidance", free_ports(1)
    (config / "projects").mkdir(parents=True)
    (directory / "var").mkdir()
    spoken.mkdir(exist_ok=True)
    (directory / "var/guidance").symlink_to(spoken)
    trunk = TrunkSite(server=f"127.0.0.1:{carrier_port}")
    site = own_stack(directory / "var", small_centre(), ROOT / "config", ROOT / "var/asterisk", trunk).site
    site = site.model_copy(update={"ports": site.ports.model_copy(update={"api": api})})
    (config / "site.yaml").write_text(site.model_dump_json())  # JSON is YAML
    for name, text in (("seats", SEATS), ("people", PEOPLE), ("shifts", SHIFTS), ("extensions", EXTENSIONS)):
        (config / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, number in ((TAX, NUMBER), (WATER, MENU_NUMBER)):
        (config / f"projects/{name}.yaml").write_text(json.dumps(_project(name, number)))
    (config / "guidance").symlink_to(ROOT / "config/guidance")
    return config


class House(Office):
    """What a test asks of it; `person` is who asks, by a token of his own."""

    def __init__(self, service: Service, seen: Seen, api: Api, client: aiohttp.ClientSession) -> None:
        super().__init__(Floor(service, seen))
        self.api = api
        self._client = client
        self.carrier_port = 0

    # ---- the API

    def head(self, person: str) -> dict[str, str]:
        """The header that says who asks."""
        token = (self.service.stack.site.secrets / "api" / person).read_text().strip()
        return {"Authorization": f"Bearer {token}"}

    async def asks(self, person: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status, and what is told."""
        async with self._client.request(method, f"/v1/{path}", json=body, headers=self.head(person)) as reply:
            return reply.status, await reply.json()

    async def get(self, person: str, path: str) -> Any:
        """What is told where it has to be told."""
        status, told = await self.asks(person, "GET", path)
        assert status == 200, told
        return told

    async def does(self, person: str, seat: str, what: str, **body: Any) -> str:
        """A command at a seat that has to be done; what it was about."""
        status, told = await self.asks(person, "POST", f"seats/{seat}/{what}", body)
        assert status == 200, told
        return str(told["subject"])

    async def refused(self, person: str, seat: str, what: str, **body: Any) -> tuple[int, str]:
        """A command at a seat that must not be done; the status, and the state that stands against it."""
        status, told = await self.asks(person, "POST", f"seats/{seat}/{what}", body)
        assert status != 200, told
        return status, told.get("state", "")

    async def listen(self, person: str) -> Listening:
        """The live stream, after its first frame."""
        socket_ = await self._client.ws_connect("/v1/stream", headers=self.head(person))
        listening = Listening(socket_)
        assert (await listening.frame())["type"] == "snapshot"
        return listening

    def audited(self) -> list[tuple[str, str, str]]:
        """Who did what to what, as the audit log has it."""
        file = self.service.stack.site.var_directory / "audit.log"
        lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        return [
            (line["by"], line.get("mode", line.get("kind", line["what"])), line.get("seat", ""))
            for line in lines
        ]

    # ---- people

    @asynccontextmanager
    async def people(self, **sitting: Telephone) -> AsyncIterator[None]:
        """They log in at their telephones, and out again once nothing is left of any call."""
        async with AsyncExitStack() as there:
            for person, phone in sitting.items():
                await there.enter_async_context(phone)
                assert await self.does(person, phone.user, "login") == phone.user
                await self.floor.until_seat(phone.user, SeatState.READY)
            yield
            await self.floor.nothing_left()
            for person, phone in sitting.items():
                await self.does(person, phone.user, "logout")
        for phone in sitting.values():
            await self.floor.until_seat(phone.user, SeatState.LOGGED_OUT)

    def at(self, seat: str, answers: str = "200 OK") -> Telephone:
        """The telephone of a seat."""
        return self.telephone(seat, VOICES[seat], answers)

    def outside(self, number: str) -> Telephone:
        """Somebody whom the carrier reaches."""
        return self.caller(number, THIRD_HZ, self.carrier_port)

    async def talks(self, caller: Telephone, operator: Telephone) -> tuple[Talk, Talk, str]:
        """A caller dials and talks with an operator who picks up: the call as each of them sees it, and its id."""
        his, hers = await self.talking(caller, operator)
        return his, hers, self.engine.floor.seats[operator.user].call


@asynccontextmanager
async def api_house(directory: Path) -> AsyncIterator[House]:
    """The service runs inside, put together as `denwaban run` does it."""
    [carrier] = free_ports(1, socket.SOCK_DGRAM)
    live, seen = Live(), Seen()

    def observe(entry: Entry) -> None:
        seen.take(entry)
        live.observe(entry)

    stack = load_stack(write_config(directory, carrier))
    async with (
        Service(stack, observe=observe) as service,
        api_beside(service, live) as api,
        aiohttp.ClientSession(api.url) as client,
    ):
        house = House(service, seen, api, client)
        house.carrier_port = carrier
        yield house


# ---- what a stream has told


def course(changes: Iterable[dict[str, Any]], kind: str, name: str, *fields: str) -> list[Any]:
    """What a stream told of one thing, change by change: these fields of it, and `gone` at its end."""
    told: list[Any] = []
    for change in changes:
        if change["type"] == "gone" and (change["kind"], change["id"]) == (kind, name):
            told.append("gone")
        elif change["type"] == kind and change[kind][kind] == name:
            values = tuple(change[kind][field] for field in fields)
            told.append(values if len(fields) > 1 else values[0])
    return [one for place, one in enumerate(told) if place == 0 or told[place - 1] != one]


async def until_gone(listening: Listening, kind: str, name: str) -> list[dict[str, Any]]:
    """All that a stream tells until a thing is no more; its numbers never fall."""
    changes = await listening.until("gone", kind=kind, id=name)
    numbers = [change["seq"] for change in changes]
    assert numbers == sorted(numbers)
    return changes
