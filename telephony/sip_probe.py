"""Does SIP answer? An OPTIONS by UDP, as any stranger may send one: whatever the answer says, somebody is at work."""

from __future__ import annotations

import asyncio
import secrets
from typing import cast

from telephony.vitals import Answer

STRANGER = "watchdog"
_AGAIN_S = 1.0


async def sip_answer(host: str, port: int, timeout_s: float, user: str = STRANGER) -> Answer:
    """Asked anew every second: a packet may get lost, and an overloaded Asterisk drops them by design.

    `user`: best the name of a telephone, which then is asked for its password (401). Asterisk complains of each
    stranger in its log.
    """
    loop = asyncio.get_running_loop()
    try:
        transport, probe = await loop.create_datagram_endpoint(_Probe, remote_addr=(host, port))
    except OSError:  # a name that is not known, a network that is away
        return Answer.SILENT
    own_host, own_port = transport.get_extra_info("sockname")[:2]
    message = options(f"{host}:{port}", f"{own_host}:{own_port}", user)
    try:
        async with asyncio.timeout(timeout_s):
            while not await probe.heard_within(_AGAIN_S, message):
                pass
            return probe.answer.result()
    except TimeoutError:
        return Answer.SILENT
    finally:
        transport.close()


def options(there: str, here: str, user: str) -> bytes:
    """The request, between two addresses (host:port); all of one probe are the same one, sent again."""
    word = secrets.token_hex(8)
    lines = (
        f"OPTIONS sip:{there} SIP/2.0",
        f"Via: SIP/2.0/UDP {here};rport;branch=z9hG4bK{word}",
        f"From: <sip:{user}@{there}>;tag={word}",
        f"To: <sip:{there}>",
        f"Call-ID: {word}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:{user}@{here}>",
        "Max-Forwards: 70",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class _Probe(asyncio.DatagramProtocol):
    """`answer` is there as soon as anything has come back."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # uvloop's is no subclass of it

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data.startswith(b"SIP/2.0 "):
            self._settle(Answer.ANSWERED)

    def error_received(self, exc: Exception) -> None:
        self._settle(Answer.REFUSED if isinstance(exc, ConnectionRefusedError) else Answer.SILENT)

    async def heard_within(self, seconds: float, message: bytes) -> bool:
        """Ask, and wait so long."""
        self._transport.sendto(message)
        await asyncio.wait([self.answer], timeout=seconds)
        return self.answer.done()

    def _settle(self, answer: Answer) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)
