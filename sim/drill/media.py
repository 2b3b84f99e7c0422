"""The audio of all robots at once: many streams, one timer, and the kernel's own word for when a packet came.

A task for each of 88 streams would cost more than the telephone exchange itself. What comes is read when there is
time for it; its time of arrival is the kernel's, so that a robot that is late does not hear a silence that was none.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
from types import TracebackType
from typing import Self

import numpy as np

from sim.drill.sound import PACKET, PACKET_S, Times, longest_gap, voiced
from sim.live.tones import SAMPLE_RATE, mu_law, tone

_HEADER = struct.Struct("!BBHII")
_TIMESTAMP = struct.Struct("qq")
_SO_TIMESTAMPNS = 35  # of Linux; Python has no name for it
_GROUPS = 4
"""All streams do not speak in the same instant: telephones do not either."""
_CATCH_UP = 10
"""Packets that are sent at once after a pause of the robots' own; what was to be said before that is left out."""


class Stream:
    """One end of a conversation: speaks a tone to `remote` (a port of this machine) and keeps what comes."""

    def __init__(self, hz: int) -> None:
        self.hz = hz
        self.remote: tuple[str, int] | None = None
        self._voice = mu_law(tone(hz))
        self._number, self._moment, self._source = secrets.randbits(16), 0, secrets.randbits(31)
        self._times: list[float] = []
        self._packets: list[bytes] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def speak_to(self, port: int | None) -> None:
        """Where the other end listens; None changes nothing."""
        if port is not None:
            self.remote = ("127.0.0.1", port)

    def tick(self, count: int) -> None:
        """Say `count` packets, and take in what has come."""
        for _ in range(count):
            self._say()
        self._take()

    def close(self) -> None:
        """Not another packet."""
        self._take()
        self._socket.close()

    def _say(self) -> None:
        self._moment += PACKET
        if self.remote is None:
            return
        at = self._moment % SAMPLE_RATE
        header = _HEADER.pack(0x80, 0, self._number & 0xFFFF, self._moment & 0xFFFFFFFF, self._source)
        self._number += 1
        try:
            self._socket.sendto(header + self._voice[at : at + PACKET], self.remote)
        except OSError:  # nobody listens there any more, or the socket is full: a packet lost, as on any line
            return

    def _take(self) -> None:
        while True:
            try:
                data, more, _, sender = self._socket.recvmsg(512, 64)
            except BlockingIOError:
                return
            except OSError:  # the other end's port is closed (ICMP)
                continue
            # Ports are given again and again: somebody else may still speak to whoever had this one before.
            if sender == self.remote and len(data) > _HEADER.size and data[1] & 0x7F == 0:
                seconds, nanoseconds = _TIMESTAMP.unpack(more[0][2])
                self._times.append(seconds + nanoseconds / 1e9)
                self._packets.append(data[_HEADER.size :])

    # ---- what it has heard

    @property
    def last_packet(self) -> float:
        """When the last one came (seconds since 1970 UTC); 0 before the first."""
        return self._times[-1] if self._times else 0.0

    def heard(self, hz: int, since: float = 0.0) -> Times:
        """When each packet came that carried this voice."""
        first = int(np.searchsorted(np.array(self._times), since))
        if first == len(self._times):
            return np.array([])
        flags = voiced(self._packets[first:], hz)
        heard: Times = np.array(self._times[first:])[flags]
        return heard

    def gap(self, hz: int, began: float, ended: float) -> float:
        """The longest time (s) in which this voice was not heard."""
        return longest_gap(self.heard(hz, began), began, ended)

    def forget(self) -> None:
        """What it has heard is not needed any more."""
        self._times, self._packets = [], []


class Media:
    """`async with Media() as media:` - the streams that it opens speak and hear inside.

    `late_s`: how late it was itself, at the worst.
    """

    def __init__(self) -> None:
        self._groups: list[set[Stream]] = [set() for _ in range(_GROUPS)]
        self._opened = self._turn = 0
        self.late_s = 0.0

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._sent = [0] * _GROUPS
        self._arm()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        for group in self._groups:
            for stream in group:
                stream.close()
            group.clear()

    def open(self, hz: int) -> Stream:
        """One that speaks once it knows to whom."""
        stream = Stream(hz)
        self._groups[self._opened % _GROUPS].add(stream)
        self._opened += 1
        return stream

    def close(self, stream: Stream) -> None:
        """It has ended; what it heard stays."""
        for group in self._groups:
            if stream in group:
                group.discard(stream)
                stream.close()

    def _arm(self) -> None:
        self._due = self._began + self._turn * PACKET_S / _GROUPS
        self._timer = self._loop.call_at(self._due, self._tick)

    def _tick(self) -> None:
        self.late_s = max(self.late_s, self._loop.time() - self._due)
        group = self._turn % _GROUPS
        due = int((self._loop.time() - self._began) / PACKET_S) + 1
        count = min(due - self._sent[group], _CATCH_UP)
        self._sent[group] = due
        for stream in self._groups[group]:
            stream.tick(count)
        self._turn += 1
        self._arm()
