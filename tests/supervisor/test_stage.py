"""The stage on which the monitor is tested: the real engine and API in real time, and people by chance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from calls.lifecycle import SeatState
from supervisor.bench.scene import SEATS, TAX
from supervisor.bench.stage import Stage

pytestmark = pytest.mark.unit

HISTORY_S = 90.0


class Watching:
    """One who listens to the engine's API as its administrator."""

    def __init__(self, stage: Stage) -> None:
        token = (stage.site.secrets / "api/admin").read_text().strip()
        self._client = aiohttp.ClientSession(stage.api.url, headers={"Authorization": f"Bearer {token}"})

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._client

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()


def talking(stage: Stage) -> int:
    """How many of the seats are in a conversation."""
    seats = stage.live.board.seats
    return sum(seats[seat].state is SeatState.TALKING for seat in SEATS)


async def test_the_line_is_as_long_as_wanted(tmp_path: Path) -> None:
    async with Stage(tmp_path, waiting=40, history_s=HISTORY_S) as stage:
        assert 30 <= stage.waiting <= 50
        assert talking(stage) > 17
        await stage.fill(60)
        assert stage.waiting >= 55


async def test_what_is_asked_of_the_api_is_done(tmp_path: Path) -> None:
    async with (
        Stage(tmp_path, waiting=5, history_s=HISTORY_S) as stage,
        Watching(stage) as client,
        stage.still(),
    ):
        body: dict[str, Any] = {"reason": "会議"}
        async with client.post("/v1/seats/supervisor01/break", json=body) as reply:
            assert reply.status == 200
        assert stage.live.board.seats["supervisor01"].reason == "会議"
        order = {"kind": "closed", "until": "2100-01-01T00:00", "reason": "大雪"}
        async with client.post(f"/v1/projects/{TAX}/override", json=order) as reply:
            assert reply.status == 400  # a year at the longest
        assert [line["what"] for line in stage.audit.entries()] == ["SeatPaused"]


async def test_a_death_cuts_who_listens_and_the_next_life_shows_the_same(tmp_path: Path) -> None:
    async with Stage(tmp_path, waiting=5, history_s=HISTORY_S) as stage:
        port = stage.api.port
        async with Watching(stage) as client:
            listening = await client.ws_connect("/v1/stream")
            assert (await listening.receive_json())["type"] == "snapshot"
            await stage.kill()
            kinds = [message.type async for message in listening]
            assert set(kinds) <= {aiohttp.WSMsgType.TEXT}
            assert listening.close_code == 1006
            with pytest.raises(aiohttp.ClientConnectionError):
                await client.get("/v1/seats")
        board = stage.live.board
        seats, number = set(board.seats), board.number
        await stage.restart()
        assert stage.api.port == port
        assert set(stage.live.board.seats) == seats
        assert stage.live.board.number >= number
        async with Watching(stage) as client, client.get("/v1/calls") as reply:
            assert reply.status == 200
