"""The carrier's side of the trunk for calls to the outside: answers or refuses, and keeps who called whom."""

from __future__ import annotations

import asyncio
import re
from types import TracebackType


class Carrier(asyncio.DatagramProtocol):
    """`async with Carrier() as carrier:` answers every INVITE with `status` inside.

    `dialled` and `shown` are the numbers of each INVITE: the request's own, and that of From. Audio is not played.
    """

    def __init__(self, status: str = "200 OK") -> None:
        self.status = status
        self.dialled: list[str] = []
        self.shown: list[str] = []

    async def __aenter__(self) -> Carrier:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.port: int = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        method, _, rest = text.partition(" ")
        if method == "INVITE":
            self._called(text, rest, addr)
        elif method in ("BYE", "CANCEL", "OPTIONS"):
            self._reply(text, "200 OK", addr)

    def _called(self, text: str, rest: str, addr: tuple[str, int]) -> None:
        number = rest.partition("@")[0].removeprefix("sip:")
        self.dialled.append(number)
        self.shown += re.findall(r"sip:([^@]+)@", _header(text, "From"))
        self._reply(text, self.status, addr, with_audio=self.status.startswith("200"))

    def _reply(self, text: str, status: str, addr: tuple[str, int], *, with_audio: bool = False) -> None:
        body = ""
        if with_audio:
            body = (
                "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                f"m=audio {self.port} RTP/AVP 0\r\n"
            )
        tag = "" if ";tag=" in _header(text, "To") else ";tag=carrier"
        lines = (
            f"SIP/2.0 {status}",
            *(f"Via: {via}" for via in re.findall(r"^Via: (.*?)\r$", text, re.MULTILINE)),
            f"From: {_header(text, 'From')}",
            f"To: {_header(text, 'To')}{tag}",
            f"Call-ID: {_header(text, 'Call-ID')}",
            f"CSeq: {_header(text, 'CSeq')}",
            f"Contact: <sip:carrier@127.0.0.1:{self.port}>",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        )
        self._transport.sendto(("\r\n".join(lines) + f"\r\n\r\n{body}").encode(), addr)


def _header(text: str, name: str) -> str:
    [value] = re.findall(rf"^{name}: (.*?)\r$", text, re.MULTILINE)[:1]
    return str(value)
