"""A caller of one INVITE, for tests that look at what Asterisk makes of its headers."""

from __future__ import annotations

import asyncio
import re
import secrets
from types import TracebackType


class SipCaller(asyncio.DatagramProtocol):
    """`async with SipCaller(port) as caller: caller.invite("0570012229", ...)`; ends with ACK or CANCEL."""

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self._call_id = secrets.token_hex(8)
        self._invite = ""
        self.final: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> SipCaller:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, remote_addr=self._server)
        self._port: int = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def invite(self, number: str, sender: str, headers: tuple[str, ...] = ()) -> None:
        """`sender` is all of From but its tag; `headers` are further lines."""
        port = self._port
        sdp = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0\r\n"
        )
        lines = (
            f"INVITE sip:{number}@127.0.0.1 SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{self._call_id}",
            f"From: {sender};tag={self._call_id}",
            f"To: <sip:{number}@127.0.0.1>",
            f"Call-ID: {self._call_id}",
            "CSeq: 1 INVITE",
            f"Contact: <sip:caller@127.0.0.1:{port}>",
            "Max-Forwards: 70",
            *headers,
            "Content-Type: application/sdp",
            f"Content-Length: {len(sdp)}",
        )
        self._invite = "\r\n".join(lines)
        self._send(f"{self._invite}\r\n\r\n{sdp}")

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        status = int(text.split(" ", 2)[1]) if text.startswith("SIP/2.0 ") else 0
        if status >= 200:
            self._acknowledge(text)
            if not self.final.done():
                self.final.set_result(status)

    def _acknowledge(self, answer: str) -> None:
        [receiver] = re.findall(r"^To: .*$", answer.replace("\r", ""), re.MULTILINE)
        kept = [
            line for line in self._invite.split("\r\n") if line.startswith(("Via", "From", "Call-ID", "Max"))
        ]
        target = self._invite.split(" ", 2)[1]
        lines = (f"ACK {target} SIP/2.0", *kept, receiver, "CSeq: 1 ACK", "Content-Length: 0", "", "")
        self._send("\r\n".join(lines))

    def _send(self, text: str) -> None:
        self._transport.sendto(text.encode())
