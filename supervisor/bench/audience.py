"""`python -m supervisor.bench.audience`: many who look at the board, in a process of their own.

Standard input: one line of JSON, what to look at; when it ends, they go, and all that they saw is written to standard
output, one JSON list of sightings. The first line there says that all of them look.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from supervisor.bench.scene import ROOT
from supervisor.bench.sightings import Eyes, Sighting, states_of
from supervisor.bench.visitors import Guest

EVERY_S = 1.0
READY = b"they look\n"
_BOARD = {"calls": "call", "seats": "seat", "queues": ""}
"""What a wallboard asks for, and under which name a row has its id; of queues there is no state to see."""


class Plan(msgspec.Struct):
    """What to look at: the monitor as `users`; or, with a `token`, the engine's API as `many` who ask once a second."""

    url: str
    users: list[str] = []
    token: str = ""
    many: int = 0


class Audience:
    """They look inside; `seen` is told afterwards."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    async def seen(self) -> list[Sighting]:
        """They go, and say what they saw."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        out, _ = await self._process.communicate()
        return [(id_, state, at) for id_, state, at in json.loads(out)]


@asynccontextmanager
async def audience(plan: Plan) -> AsyncIterator[Audience]:
    """All of them look already when it begins."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "supervisor.bench.audience", cwd=ROOT, stdin=pipe, stdout=pipe
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(msgspec.json.encode(plan) + b"\n")
        if await process.stdout.readline() != READY:
            raise RuntimeError("nobody looks at the board: what the audience says stands above")
        yield Audience(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


# ---- in their own process


async def _look(plan: Plan) -> list[Sighting]:
    all_eyes: list[Eyes] = []
    async with AsyncExitStack() as there, asyncio.TaskGroup() as looking:
        tasks = []
        for watch in await _watches(plan, there):
            all_eyes.append(Eyes())
            tasks.append(looking.create_task(watch(all_eyes[-1])))
        sys.stdout.buffer.write(READY)
        sys.stdout.buffer.flush()
        await asyncio.to_thread(sys.stdin.read)
        for task in tasks:
            task.cancel()
    return [one for eyes in all_eyes for one in eyes.seen]


Look = Callable[[Eyes], Awaitable[None]]


async def _watches(plan: Plan, there: AsyncExitStack) -> list[Any]:
    url = URL(plan.url)
    if not plan.token:
        guests = [await there.enter_async_context(Guest(url, user)) for user in plan.users]
        return [lambda eyes, guest=guest: _listen(guest, eyes) for guest in guests]
    headers = {"Authorization": f"Bearer {plan.token}"}
    client = await there.enter_async_context(aiohttp.ClientSession(url, headers=headers))
    return [lambda eyes, place=place: _poll(client, eyes, place / plan.many) for place in range(plan.many)]


async def _listen(guest: Guest, eyes: Eyes) -> None:
    """The live board."""
    async with await guest.listen() as socket:
        async for message in socket:
            frame, now = json.loads(message.data), time.time()
            whole = frame["type"] == "snapshot"
            tables = frame.get("tables" if whole else "set", {})
            gone = frame.get("gone", {})
            for name in ("calls", "seats"):
                states = states_of(tables.get(name, {}).values(), "id")
                eyes.look(states, now, gone.get(name, ()))


async def _poll(client: aiohttp.ClientSession, eyes: Eyes, first_s: float) -> None:
    """What most wallboards do: the whole board, once a second, each at a moment of its own."""
    loop = asyncio.get_running_loop()
    due = loop.time() + first_s * EVERY_S
    while True:
        await asyncio.sleep(max(0.0, due - loop.time()))
        due += EVERY_S
        states: dict[str, str] = {}
        for name, id_ in _BOARD.items():
            async with client.get(f"/v1/{name}") as reply:
                rows = (await reply.json())[name]
            states |= states_of(rows, id_) if id_ else {}
        eyes.look(states, time.time(), whole=True)


if __name__ == "__main__":
    json.dump(asyncio.run(_look(msgspec.json.decode(sys.stdin.readline(), type=Plan))), sys.stdout)
