"""The way between the engine and Asterisk is cut: once without a word, once with a reset of every connection.

Asterisk is the drill's own and runs on; the engine reaches it (ARI and AMI) through two wires that can be cut.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from contextlib import suppress

from sim.drill.engine_process import EngineProcess
from sim.drill.harms import Blow, Harmless
from sim.drill.house import House
from telephony.asterisk import EmbeddedAsterisk
from telephony.ports import free_ports
from telephony.site import AsteriskSite

SILENT, RESET = "nothing passes", "every connection is reset"
RESET_S = 3.0
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds
_CHUNK = 1 << 16


class Wire:
    """Carries TCP from `port` of this machine to `target`. Cut, what was sent waits; it is not lost (as TCP has it)."""

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self._target = target
        self._whole = asyncio.Event()
        self._whole.set()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Whoever comes is connected."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    async def close(self) -> None:
        """Nobody is any more, and who was is reset."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.reset()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def cut(self) -> None:
        """Not a byte passes, and nobody is told."""
        self._whole.clear()

    def mend(self) -> None:
        """Everything passes again, what waited first."""
        self._whole.set()

    def reset(self) -> None:
        """Every connection is gone at both ends."""
        for writer in self._writers:
            transport = writer.transport
            with suppress(OSError):
                transport.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE
                )
            transport.abort()
        for task in self._tasks:
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, near: asyncio.StreamReader, near_writer: asyncio.StreamWriter) -> None:
        self._writers.add(near_writer)
        try:
            await self._whole.wait()
            far, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            await _closed(near_writer)
            return
        finally:
            self._writers.discard(near_writer)
        both = {near_writer, far_writer}
        self._writers |= both
        try:
            await asyncio.gather(self._pump(near, far_writer), self._pump(far, near_writer))
        finally:
            self._writers -= both
            for writer in both:
                await _closed(writer)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(_CHUNK):
                await self._whole.wait()
                target.write(data)
                await target.drain()
        target.close()


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


class CutNetwork(Harmless):
    """Both ways of cutting, one after the other."""

    engine_away = True

    def __init__(self, outage_s: float) -> None:
        self.blows = [Blow(SILENT, outage_s), Blow(RESET, min(RESET_S, outage_s))]
        self._asterisk: EmbeddedAsterisk | None = None
        self._wires: list[Wire] = []

    async def prepare(self, house: House) -> House:
        await super().prepare(house)
        self._asterisk = EmbeddedAsterisk(*house.plan_and_secrets())
        await self._asterisk.start()
        http, ami = free_ports(2)
        ports = house.site.ports
        self._wires = [Wire(http, ports.http), Wire(ami, ports.ami)]
        for wire in self._wires:
            await wire.open()
        changed = {
            "asterisk": AsteriskSite(mode="external"),
            "ports": ports.model_copy(update={"http": http, "ami": ami}),
        }
        house.write_site(house.site.model_copy(update=changed))
        return house

    async def strike(self, blow: Blow, engine: EngineProcess) -> float:
        at = time.time()
        for wire in self._wires:
            if blow.name == SILENT:
                wire.cut()
            else:
                await wire.close()
        return at

    async def heal(self, blow: Blow, engine: EngineProcess) -> None:
        await asyncio.sleep(blow.outage_s)
        for wire in self._wires:
            if blow.name == SILENT:
                wire.mend()
            else:
                await wire.open()

    async def clear(self) -> None:
        for wire in self._wires:
            await wire.close()
        if self._asterisk is not None:
            await self._asterisk.stop()
