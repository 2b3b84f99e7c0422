"""The audio of a telephone: speaks a tone, keeps what it hears, presses keys."""

from __future__ import annotations

import asyncio
import secrets
import struct
from collections.abc import Iterable
from typing import cast

import numpy as np

from recordings.analysis import Samples, tone_share
from sim.live.tones import SAMPLE_RATE, mu_law, tone

PACKET_S = 0.02
_PACKET = round(SAMPLE_RATE * PACKET_S)
_HEADER = struct.Struct("!BBHII")
_EVENT = struct.Struct("!BBH")
_SPEECH, KEYS = 0, 101
"""Payload types: mu-law, and the keys of RFC 4733."""
_MARK, _END, _VOLUME, _KEY_PACKETS, _LAST_ONES = 0x80, 0x80, 10, 8, 3
_BIAS = 0x84
_HEARD = 0.1
"""Share of the energy from which a tone counts as heard; two at the same level have half of it each."""


def linear(law: bytes) -> Samples:
    """Decodes mu-law by ITU-T G.711 to samples of 16 bits."""
    code = ~np.frombuffer(law, dtype=np.uint8).astype(np.int32) & 0xFF
    size = (((code & 0x0F) << 3) + _BIAS << ((code >> 4) & 7)) - _BIAS
    return np.where(code & 0x80, -size, size).astype(np.float64)


class Audio(asyncio.DatagramProtocol):
    """`tone_hz` None: it sends silence. `silent` on: it sends nothing at all."""

    def __init__(self, tone_hz: int | None) -> None:
        self._voice = mu_law(tone(tone_hz)) if tone_hz else b"\xff" * SAMPLE_RATE
        self._remote: tuple[str, int] | None = None
        self._number, self._moment, self._source = _first_number(), 0, secrets.randbits(31)
        self._heard: list[bytes] = []
        self._news = asyncio.Event()
        self.closed = asyncio.Event()
        self.keys_heard = 0
        self.silent = False

    @classmethod
    async def open(cls, tone_hz: int | None) -> Audio:
        """One that speaks once it knows to whom (`speak_to`)."""
        _, audio = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: cls(tone_hz), local_addr=("127.0.0.1", 0)
        )
        return audio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.port: int = transport.get_extra_info("sockname")[1]
        self._speaking = asyncio.create_task(self._speak())

    def close(self) -> None:
        """Not another packet."""
        self._speaking.cancel()
        self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.closed.set()

    def speak_to(self, port: int) -> None:
        """Where the other end listens."""
        self._remote = ("127.0.0.1", port)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        kind = data[1] & 0x7F
        self.keys_heard += kind == KEYS
        if kind == _SPEECH:
            self._heard.append(data[_HEADER.size :])
            self._news.set()

    def begin_anew(self, back: int) -> None:
        """Send another stream from now on, whose numbers are that many behind those of the last one."""
        self._source, self._number = secrets.randbits(31), self._number - back

    async def hear(self, seconds: float = 1.0) -> Samples:
        """What comes from now on, for so long. Raises TimeoutError where nothing comes."""
        self._heard.clear()
        async with asyncio.timeout(seconds + 5):
            while len(self._heard) * PACKET_S < seconds:
                self._news.clear()
                await self._news.wait()
        return linear(b"".join(self._heard))

    async def tones(self, among: Iterable[int]) -> set[int]:
        """Which of these frequencies (Hz) it hears now; what is still on its way is left out."""
        await self.hear(0.3)
        heard = await self.hear()
        return {hz for hz in among if tone_share(heard, SAMPLE_RATE, hz) > _HEARD}

    async def press(self, keys: str) -> None:
        """Press keys by RFC 4733, one after the other."""
        for key in keys:
            code, began = "0123456789*#".index(key), self._moment
            for number in range(_KEY_PACKETS):
                last = number >= _KEY_PACKETS - _LAST_ONES
                event = _EVENT.pack(code, _VOLUME | (_END if last else 0), _PACKET * (number + 1))
                self._send(KEYS | (0 if number else _MARK), began, event)
                await asyncio.sleep(PACKET_S)
            await asyncio.sleep(4 * PACKET_S)  # of nothing: else two keys run into one

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            self._moment += _PACKET
            await asyncio.sleep(began + self._moment / SAMPLE_RATE - loop.time())
            if not self.silent:
                at = self._moment % SAMPLE_RATE
                self._send(_SPEECH, self._moment, self._voice[at : at + _PACKET])

    def _send(self, kind: int, moment: int, payload: bytes) -> None:
        if self._remote is not None and not self._transport.is_closing():
            header = _HEADER.pack(0x80, kind, self._number & 0xFFFF, moment, self._source)
            self._transport.sendto(header + payload, self._remote)
            self._number += 1


def _first_number() -> int:
    """Of the packets of a stream: anything, as RFC 3550 wants it."""
    return secrets.randbits(16)
