"""The part of a telephone that sends and answers requests, whatever they are about."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from sim.live import phone_sip as sip
from sim.live.phone_sip import Dialogue

PATIENCE_S = 20.0
_AGAIN_S = 0.5
"""SIP's T1: what was not answered by then is sent once more."""


class Agent(asyncio.DatagramProtocol):
    """At a port of this machine; `port` 0 takes any. `contact` is the user part of its own address."""

    def __init__(self, server_port: int, user: str, password: str, port: int) -> None:
        self._server = ("127.0.0.1", server_port)
        self._password = password
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: dict[tuple[str, str], asyncio.Future[str]] = {}
        self._said: dict[tuple[str, str], bytes] = {}
        self._news = asyncio.Event()
        self._closed = asyncio.Event()
        self.port = port
        self.user = self.contact = user

    async def open(self) -> None:
        """On the network."""
        where = ("127.0.0.1", self.port)
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, local_addr=where
        )
        self.port = self._transport.get_extra_info("sockname")[1]

    async def close(self) -> None:
        """Off it."""
        self._transport.close()
        await self._closed.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def connection_lost(self, error: Exception | None) -> None:
        self._closed.set()

    async def news(self) -> None:
        """Wait for the next message."""
        self._news.clear()
        await self._news.wait()

    def do(self, what: Coroutine[Any, Any, None]) -> None:
        """Beside everything else."""
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ---- what it asks

    async def ask(self, talk: Dialogue, method: str, *headers: str, body: str = "") -> str:
        """Send a request and return its final answer; gives the password where it is asked for."""
        answer = await self._once(talk, method, headers, body)
        if sip.status(answer) in (401, 407) and self._password:
            proof = sip.proof(self.user, self._password, method, talk.target, answer)
            answer = await self._once(talk, method, (*headers, proof), body)
        return answer

    async def _once(self, talk: Dialogue, method: str, headers: tuple[str, ...], body: str) -> str:
        talk.number += 1
        talk.branch = f"z9hG4bK{sip.word()}"
        uri, branch = talk.target, talk.branch
        key = (talk.call_id, f"{talk.number} {method}")
        waiting = self._waiting[key] = asyncio.get_running_loop().create_future()
        request = self._request(talk, method, uri, branch, talk.remote, *headers, body=body)
        answer = await self._answer(waiting, request)
        if method == "INVITE":
            self._acknowledge(talk, answer, uri, branch)
        return answer

    async def _answer(self, waiting: asyncio.Future[str], request: bytes) -> str:
        async with asyncio.timeout(PATIENCE_S):
            self._send(request)
            await asyncio.wait([waiting], timeout=_AGAIN_S)
            if not waiting.done():
                self._send(request)
            return await waiting

    def _acknowledge(self, talk: Dialogue, answer: str, uri: str, branch: str) -> None:
        if sip.status(answer) < 300:
            talk.remote = sip.header(answer, "To")
            uri = talk.target = sip.contact(answer)
            branch = f"z9hG4bK{sip.word()}"
        self._send(self._request(talk, "ACK", uri, branch, sip.header(answer, "To")))

    def take_back(self, talk: Dialogue) -> None:
        """CANCEL the INVITE that is not answered yet."""
        self._send(self._request(talk, "CANCEL", talk.target, talk.branch, talk.remote))

    def _request(
        self, talk: Dialogue, method: str, uri: str, branch: str, to: str, *headers: str, body: str = ""
    ) -> bytes:
        return sip.message(
            body,
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch={branch}",
            f"From: {talk.local}",
            f"To: {to}",
            f"Call-ID: {talk.call_id}",
            f"CSeq: {talk.number} {method}",
            f"Contact: <sip:{self.contact}@127.0.0.1:{self.port}>",
            "Max-Forwards: 70",
            sip.ALLOW,
            *headers,
        )

    # ---- what it is asked

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        if not text.startswith("SIP/2.0 "):
            self._asked(text)
        elif sip.status(text) >= 200:
            waiting = self._waiting.get((sip.header(text, "Call-ID"), sip.header(text, "CSeq")))
            if waiting is not None and not waiting.done():
                waiting.set_result(text)
        self._news.set()

    def _asked(self, text: str) -> None:
        said = self._said.get((sip.branch(text), sip.method(text)))
        if said is not None:  # it was asked before, and the answer got lost or came late
            self._send(said)
        else:
            self.asked(text)

    def asked(self, text: str) -> None:
        """A request that is new."""

    def reply(self, request: str, status: str, to: str = "", body: str = "") -> None:
        """Answer it; `to` is To with the tag of the telephone's own."""
        answer = sip.message(
            body,
            f"SIP/2.0 {status}",
            *(f"Via: {via}" for via in sip.headers(request, "Via")),
            *(f"{name}: {sip.header(request, name)}" for name in ("From", "Call-ID", "CSeq")),
            f"To: {to or sip.header(request, 'To')}",
            f"Contact: <sip:{self.contact}@127.0.0.1:{self.port}>",
            sip.ALLOW,
        )
        self._said[sip.branch(request), sip.method(request)] = answer
        self._send(answer)

    def _send(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.sendto(data, self._server)
