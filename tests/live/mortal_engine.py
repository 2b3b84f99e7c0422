"""A service in a process of its own that tells a test every step; what `kill -9` ends, and no more than that."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Literal, NamedTuple

import uvloop

from calls.journal import Entry
from telephony.main import EXPECTED
from telephony.service import Service
from telephony.stack import Stack

_STDERR = 2
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.live.mortal_engine"])


class Told(NamedTuple):
    """What an engine says. `since`: the steps that it found on the disk; `refused`: it does not start, and why."""

    kind: Literal["since", "step", "up", "refused"]
    entries: Sequence[Entry] = ()
    text: str = ""


def engine_process(stack: Stack) -> tuple[ForkServerProcess, Connection]:
    """Started; it tells by the connection what it does (`Told`), and is fed with the events that it is sent by it."""
    here, there = _forking.Pipe()
    process = _forking.Process(target=_live, args=(stack, there))
    process.start()
    there.close()
    return process, here


def _live(stack: Stack, news: Connection) -> None:
    for entry in Path("/proc/self/fd").iterdir():  # what ends with this process is not to live on in Asterisk
        with suppress(OSError):
            os.set_inheritable(int(entry.name), int(entry.name) <= _STDERR)
    log = stack.site.var_directory / "engine.log"
    logging.basicConfig(
        filename=log, level=logging.INFO, format="%(asctime)s %(name)s %(message)s", force=True
    )
    try:
        uvloop.run(_serve(stack, news))
    except EXPECTED as error:
        news.send(Told("refused", text=str(error)))


async def _serve(stack: Stack, news: Connection) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    told: list[bool] = []

    def observe(entry: Entry) -> None:
        if not told:
            told.append(True)
            news.send(Told("since", list(service._life.since)))
        news.send(Told("step", [entry]))

    def feed() -> None:
        try:
            service.feed(news.recv())
        except EOFError:  # the test has gone
            loop.remove_reader(news.fileno())
            stop.set()

    def leave() -> None:
        service.leave = True
        stop.set()

    service = Service(stack, observe=observe)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGHUP, leave)
    async with service:
        loop.add_reader(news.fileno(), feed)
        news.send(Told("up"))
        await stop.wait()
        loop.remove_reader(news.fileno())
