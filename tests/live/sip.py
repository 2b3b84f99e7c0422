"""A caller of one INVITE, for tests that look at what Asterisk makes of its headers."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from types import TracebackType

_RTP_HEADER = 12
_SILENCE = {0x7E, 0x7F, 0xFE, 0xFF}  # mu-law


class _Ear(asyncio.DatagramProtocol):
    """Where the far end's audio arrives."""

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        self._hear = hear

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._hear(data[_RTP_HEADER:])


class SipCaller(asyncio.DatagramProtocol):
    """`async with SipCaller(port) as caller: caller.invite("0570012229", ...)`; ends with ACK, CANCEL or BYE.

    `course` is what came, in order: answers to the INVITE by their status, `sdp` behind one that opened the way
    for audio, and `audio` at the first packet that is not silent.
    """

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self._call_id = secrets.token_hex(8)
        self._invite = self._receiver = ""
        self.course: list[int | str] = []
        self.final: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> SipCaller:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, remote_addr=self._server)
        self._port: int = self._transport.get_extra_info("sockname")[1]
        self._audio, _ = await loop.create_datagram_endpoint(
            lambda: _Ear(self._hear), local_addr=("127.0.0.1", 0)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()
        self._audio.close()

    def invite(self, number: str, sender: str, headers: tuple[str, ...] = ()) -> None:
        """`sender` is all of From but its tag; `headers` are further lines."""
        port = self._port
        sdp = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {self._audio.get_extra_info('sockname')[1]} RTP/AVP 0\r\n"
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

    def cancel(self) -> None:
        """Take the INVITE back before its answer."""
        self._send(self._request("CANCEL", 1, *self._kept("To")))

    def bye(self) -> None:
        """End the call that was answered all the same."""
        self._send(
            self._request("BYE", 2, *self._kept(), self._receiver).replace(
                ";branch=z9hG4bK", ";branch=z9hG4bKb"
            )
        )

    def _kept(self, *more: str) -> list[str]:
        names = ("Via", "From", "Call-ID", "Max", *more)
        return [line for line in self._invite.split("\r\n") if line.startswith(names)]

    def _request(self, method: str, number: int, *headers: str) -> str:
        target = self._invite.split(" ", 2)[1]
        lines = (
            f"{method} {target} SIP/2.0",
            *headers,
            f"CSeq: {number} {method}",
            "Content-Length: 0",
            "",
            "",
        )
        return "\r\n".join(lines)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        status = int(text.split(" ", 2)[1]) if text.startswith("SIP/2.0 ") else 0
        if status and "1 INVITE" in text:
            self.course += [status, "sdp"] if "\r\nm=audio" in text else [status]
        if status >= 200 and "1 INVITE" in text:  # not the 200 of a CANCEL
            self._acknowledge(text)
            if not self.final.done():
                self.final.set_result(status)

    def _hear(self, samples: bytes) -> None:
        if "audio" not in self.course and set(samples) - _SILENCE:
            self.course.append("audio")

    def _acknowledge(self, answer: str) -> None:
        [self._receiver] = re.findall(r"^To: .*$", answer.replace("\r", ""), re.MULTILINE)
        self._send(self._request("ACK", 1, *self._kept(), self._receiver))

    def _send(self, text: str) -> None:
        self._transport.sendto(text.encode())
