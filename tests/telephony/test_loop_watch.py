from __future__ import annotations

import asyncio
import itertools
import socket
from pathlib import Path

import pytest

from telephony.loop_watch import LoopWatch
from telephony.sd_notify import Systemd

pytestmark = pytest.mark.unit


async def test_it_measures_how_late_the_loop_is() -> None:
    lags: list[float] = []
    enough = asyncio.Event()

    def tick(lag: float) -> None:
        lags.append(lag)
        if len(lags) == 3:
            enough.set()

    late = itertools.count(0.0, 0.3)  # each look at the clock is 0.3 s after the one before
    async with LoopWatch(Systemd({}), 0.0, tick, lambda: next(late)) as watch:
        await asyncio.wait_for(enough.wait(), 10)
    assert [round(lag, 6) for lag in lags[:3]] == [0.3, 0.3, 0.3]
    assert round(watch.worst(), 6) == 0.3
    assert dict(watch.lags.cumulative())["0.25"] == 0
    assert dict(watch.lags.cumulative())["0.5"] == len(lags)


def test_before_it_began_nothing_was_late() -> None:
    assert LoopWatch(Systemd({})).worst() == 0


async def test_systemd_hears_from_the_loop_that_it_turns(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
        inbox.bind(str(tmp_path / "notify"))
        inbox.setblocking(False)
        systemd = Systemd({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "4000"})
        async with LoopWatch(systemd), asyncio.timeout(10):
            loop = asyncio.get_running_loop()
            told = [
                await loop.sock_recv(inbox, 100) for _ in range(3)
            ]  # every millisecond, not every half second
    assert told == [b"WATCHDOG=1"] * 3
