"""The doors of the monitor beside a running engine: what is not for somebody is not there, and nothing breaks it."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from io import BytesIO
from typing import Any

import pytest

from supervisor.bench.scene import TAX
from tests.browser.harness import House

pytestmark = pytest.mark.browser

REASON = "試験のため"
BODIES: dict[tuple[str, str], Any] = {
    ("post", "/api/seats/{seat}/state"): {"state": "break", "reason": REASON},
    ("post", "/api/calls/{call}/ear"): {"mode": "listen", "seat": "leader41", "reason": REASON},
    ("delete", "/api/seats/{seat}/ear"): None,
    ("post", "/api/projects/{project}/switch"): {
        "kind": "closed",
        "until": "2026-12-31T17:15",
        "reason": REASON,
    },
}
"""What is sent along each way that leads to a thing of some project."""
_ASKED = b'{"type": "snapshot"}'
EVERYTHING = bytes([0x81, 0x80 | len(_ASKED), 0, 0, 0, 0]) + _ASKED
"""A WebSocket's frame, as a browser sends it, that asks for a whole board."""
SLOW_S = 90


async def described(house: House) -> dict[str, Any]:
    """The description that the monitor gives of itself, to anybody."""
    async with house.anybody() as client, client.get("/api/openapi.json") as reply:
        assert reply.status == 200
        return dict(await reply.json())


def a_call(house: House) -> str:
    """Somebody who waits at the tax centre."""
    return next(iter(house.stage.live.board.waiting[f"{TAX}/main"]))


async def test_what_belongs_to_others_is_nowhere(house: House) -> None:
    things = {"seat": "seat01", "call": a_call(house), "project": TAX}
    ways = {
        (method, path)
        for path, methods in (await described(house))["paths"].items()
        for method in methods
        if "{" in path
    }
    assert ways == BODIES.keys(), "say here what is sent along the new way"
    async with house.guest("sv-walking") as guest:
        before = len(list(house.stage.audit.entries()))
        for method, path in ways:
            told = await guest.ask(method.upper(), path.format(**things), BODIES[method, path])
            nothing = await guest.ask(
                method.upper(), path.format(**dict.fromkeys(things, "nothing")), BODIES[method, path]
            )
            assert (told[0], told[1]["code"]) == (nothing[0], nothing[1]["code"]) == (404, "not_found"), path
    assert len(list(house.stage.audit.entries())) == before


async def test_what_belongs_to_others_is_on_no_frame(house: House) -> None:
    async with house.guest("sv-walking") as guest, await guest.listen() as live:
        frames = [json.loads((await live.receive(timeout=10)).data) for _ in range(8)]
    assert frames[0]["type"] == "snapshot"
    assert frames[0]["tables"]["calls"]
    assert TAX not in json.dumps(frames)
    assert "seat01" not in frames[0]["tables"]["seats"]
    async with house.guest("nobody") as guest, await guest.listen() as live:
        snapshot = json.loads((await live.receive(timeout=10)).data)
    assert {name: rows for name, rows in snapshot["tables"].items() if rows and name != "alarms"} == {}


async def test_no_number_is_on_any_frame(house: House) -> None:
    async with house.guest("admin-all") as guest, await guest.listen() as live:
        told = (await live.receive(timeout=10)).data
    callers = [call.caller for call in house.stage.live.board.calls.values() if call.caller]
    assert len(callers) > 100
    assert not any(caller in told for caller in callers)


@pytest.mark.parametrize(
    ("user", "method", "path"),
    [
        ("auditor-tax", "post", "/api/seats/{seat}/state"),
        ("auditor-tax", "post", "/api/projects/{project}/switch"),
        ("leader-tax", "post", "/api/projects/{project}/switch"),
    ],
)
async def test_who_sees_it_and_may_not_is_told_so(house: House, user: str, method: str, path: str) -> None:
    things = {"seat": "seat01", "project": TAX}
    async with house.guest(user) as guest:
        status, told = await guest.ask(method.upper(), path.format(**things), BODIES[method, path])
    assert (status, told["code"]) == (403, "not_allowed")


async def test_only_some_read_the_audit_log(house: House) -> None:
    async with house.guest("sv-tax") as guest:
        assert (await guest.ask("GET", "/api/audit"))[0] == 403
    async with house.guest("admin-tax") as guest:
        status, told = await guest.ask("GET", "/api/audit?limit=5")
    assert status == 200
    assert len(told["entries"]) <= 5


async def test_everything_needs_a_session(house: House) -> None:
    document = await described(house)
    async with house.anybody() as client:
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if operation.get("security") == []:
                    continue
                way = path.format(seat="seat01", call="c", project=TAX)
                async with client.request(method, way, json=BODIES.get((method, path))) as reply:
                    assert (reply.status, (await reply.json())["code"]) == (401, "not_logged_in"), path


async def test_a_body_without_end_is_not_read(house: House) -> None:
    endless = b'{"user": "' + b"a" * 10_000_000
    async with house.anybody() as client:
        headers = {"Content-Type": "application/json"}
        async with client.post("/api/session", data=BytesIO(endless), headers=headers) as reply:
            assert (reply.status, (await reply.json())["code"]) == (413, "too_large")
    async with house.guest("sv-tax") as guest:
        body = BytesIO(endless)
        status, told = await guest.ask("POST", "/api/seats/seat01/state", data=body, headers=headers)
        assert (status, told["code"]) == (413, "too_large")


async def test_a_page_of_somebody_else_hears_nothing(house: House) -> None:
    async with house.guest("sv-tax") as guest:
        status, told = await guest.ask("GET", "/api/live", headers={"Origin": "https://elsewhere.example"})
    assert (status, told["code"]) == (403, "csrf")


async def test_who_does_not_read_is_cut_off_and_nobody_waits_for_him(house: House) -> None:
    too_slow = "too slow"
    said = house.monitor.log.read_text("utf-8").count(too_slow)
    async with (
        asyncio.timeout(SLOW_S),
        house.guest("sv-all") as guest,
        house.guest("sv-tax") as other,
        await other.listen() as live,
    ):
        reader, writer = await deaf(house, guest.cookies["__Host-denwaban"])
        numbers = []
        while house.monitor.log.read_text("utf-8").count(too_slow) == said:
            frame = json.loads((await live.receive(timeout=10)).data)
            if frame["type"] == "tick" and not writer.is_closing():
                writer.write(EVERYTHING)  # a board each second, and none of them is taken in
            numbers += [frame["n"]] if frame["type"] == "changes" else []
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert len(numbers) > 10
        # What was in the pipes already may still be read, then it is over.
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError, ssl.SSLError)):
            await asyncio.wait_for(reader.readexactly(1 << 26), 20)
        writer.transport.abort()


async def deaf(house: House, cookie: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Somebody who has asked for the live board, and does not read what he is sent."""
    url = house.monitor.url
    pipe = socket.socket()
    pipe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    # In small pieces the kernel keeps little of them for him: else it takes megabytes until anybody notices.
    pipe.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    pipe.setblocking(False)
    await asyncio.get_running_loop().sock_connect(pipe, (url.host, url.port))
    trusting = ssl._create_unverified_context()  # noqa: S323 - our own monitor on this machine
    reader, writer = await asyncio.open_connection(
        sock=pipe, ssl=trusting, server_hostname=url.host, limit=1024
    )
    lines = [
        "GET /api/live HTTP/1.1", f"Host: {url.host}:{url.port}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        f"Cookie: __Host-denwaban={cookie}", "", "",
    ]  # fmt: skip
    writer.write("\r\n".join(lines).encode())
    await writer.drain()
    assert b"101" in await reader.readline()
    return reader, writer
