"""The process of the monitor: `denwaban monitor`, and what `denwaban run` starts beside the engine."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import uvloop

from ivr.yaml_marks import ConfigurationError
from store.database import DatabaseUrlError
from supervisor.monitor.server import Monitor
from telephony.control import ControlError
from telephony.logs import set_up
from telephony.site import Site, load_site

EXPECTED = (ConfigurationError, DatabaseUrlError, ControlError, OSError)
"""Failures that say what to do next."""
Say = Callable[[str], None]


def monitor(site_file: Path, page: Path) -> int:
    """The monitor of a site, until SIGINT or SIGTERM; its address is printed once it answers."""
    set_up()
    try:
        uvloop.run(serve(load_site(site_file), page, _print))
    except EXPECTED as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def serve(site: Site, page: Path, say: Say) -> None:
    """Answer until this process is told to end; `say` is told the address."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    async with Monitor(site, page) as running:
        say(running.url)
        await stop.wait()


def _print(text: str) -> None:
    print(text, flush=True)
