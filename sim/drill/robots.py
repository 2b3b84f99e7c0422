"""Robot telephones of a drill: the callers, who come over the carrier's line, and the seats that answer them.

Beyond SIP's rules they do what carriers and telephones do in an outage: ask again until somebody answers.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from sim.drill.lines import CANCELLED, DEAD, FAR_END, HUNG_UP, Line
from sim.drill.media import Media
from sim.live import phone_sip as sip
from sim.live.audio import KEYS
from sim.live.phone_agent import Agent
from sim.live.phone_sip import Dialogue

T1, T2 = 0.5, 2.0
"""SIP's own: what is not answered is sent again after T1, then after twice as long, up to T2."""
PATIENCE_S = 40.0
GIVE_UP_S = 32.0

_USER = re.compile(r"sips?:([^@;>]+)")
Seen = Callable[[Line], None]


def unseen(line: Line) -> None:
    """Nobody looks on."""


class Robot(Agent):
    """What both have in common. `lines` are its calls, in order."""

    def __init__(self, media: Media, sip_port: int, user: str, password: str = "") -> None:
        super().__init__(sip_port, user, password, 0)
        self._media = media
        self.lines: list[Line] = []
        self._by_id: dict[str, Line] = {}

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for line in self.lines:
            self._end(line, DEAD)
        await self.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        # A port is given again and again: audio for whoever had this one before is none of ours.
        if data[:1].isalpha():
            super().datagram_received(data, addr)

    async def _answer(self, waiting: asyncio.Future[str], request: bytes) -> str:
        pause = T1
        async with asyncio.timeout(GIVE_UP_S if not request.startswith(b"INVITE") else PATIENCE_S):
            while not waiting.done():
                self._send(request)
                await asyncio.wait([waiting], timeout=pause)
                pause = min(pause * 2, T2)
        return waiting.result()

    def _new(self, call_id: str, hz: int, party: str, seat: str = "") -> Line:
        line = Line(call_id, self._media.open(hz), party, seat)
        self.lines.append(line)
        self._by_id[call_id] = line
        return line

    def _end(self, line: Line, how: str) -> None:
        line.is_over(how)
        self._media.close(line.stream)

    async def hang_up(self, line: Line) -> None:
        """Put it on the hook, answered or not; nothing if it is over."""
        if line.how:
            return
        if line.answered is None:
            await self._take_back(line)
        if line.alive:
            self._end(line, HUNG_UP)
            with suppress(TimeoutError):
                await self.ask(line, "BYE")

    async def _take_back(self, line: Line) -> None:
        self.take_back(line)
        await line.final.wait()

    def dead(self, line: Line) -> None:
        """The network gives it up: nothing comes any more, and nobody says why."""
        self._end(line, DEAD)

    def _sdp(self, line: Line) -> str:
        line.sdp_version += 1
        return sip.sdp(line.stream.port, KEYS, line.sdp_version, "sendrecv")

    def asked(self, text: str) -> None:
        line = self._by_id.get(sip.header(text, "Call-ID"))
        match sip.method(text):
            case "INVITE" if line is None:
                self._rings(text)
            case "INVITE" if line is not None:
                line.stream.speak_to(sip.audio_port(text))
                self.reply(text, "200 OK", body=self._sdp(line))
            case "ACK":
                pass
            case "BYE" if line is not None:
                self.reply(text, "200 OK")
                self._end(line, FAR_END)
            case "CANCEL" if line is not None:
                self.reply(text, "200 OK")
                self._cancelled(line)
            case _:
                self.reply(text, "200 OK")

    def _rings(self, invite: str) -> None:
        self.reply(invite, "404 Not Found", f"{sip.header(invite, 'To')};tag={sip.word()}")

    def _cancelled(self, line: Line) -> None:
        if line.answered is None:
            self.reply(line.invite, "487 Request Terminated", line.local)
            self._end(line, CANCELLED)


class Carrier(Robot):
    """All callers, through one address: the carrier's."""

    def __init__(self, media: Media, sip_port: int) -> None:
        super().__init__(media, sip_port, "carrier")

    def call(self, caller: str, number: str, hz: int) -> Line:
        """Dial; the line tells what comes of it."""
        line = self._new(sip.word(), hz, caller)
        line.target = f"sip:{number}@127.0.0.1"
        line.local, line.remote = f"<sip:{caller}@127.0.0.1>;tag={sip.word()}", f"<{line.target}>"
        self.do(self._dial(line))
        return line

    async def _dial(self, line: Line) -> None:
        identity = f"P-Asserted-Identity: <sip:{line.party}@127.0.0.1>"
        try:
            answer = await self.ask(line, "INVITE", identity, body=self._sdp(line))
        except TimeoutError:
            self._end(line, DEAD)
        else:
            self._told(line, answer)
        line.final.set()

    def _told(self, line: Line, answer: str) -> None:
        status = sip.status(answer)
        if status < 300:
            line.stream.speak_to(sip.audio_port(answer))
            line.is_up()
        else:
            self._end(line, CANCELLED if status == 487 else f"refused {status}")


class Seat(Robot):
    """The telephone of one seat: picks up by itself. `rung` is told of every call that it answers."""

    def __init__(
        self, media: Media, sip_port: int, seat: str, password: str, hz: int, rung: Seen = unseen
    ) -> None:
        super().__init__(media, sip_port, seat, password)
        self.hz = hz
        self._rung = rung

    async def register(self) -> None:
        """Until it is, however long that takes; raises TimeoutError after GIVE_UP_S."""
        me, register = f"<sip:{self.user}@127.0.0.1>", Dialogue(sip.word())
        register.local, register.remote, register.target = f"{me};tag=r", me, "sip:127.0.0.1"
        async with asyncio.timeout(GIVE_UP_S):
            while sip.status(await self.ask(register, "REGISTER", "Expires: 3600")) != 200:  # noqa: ASYNC110
                await asyncio.sleep(T1)  # it is just starting

    @property
    def talking(self) -> Line | None:
        """Its call, if it is in one."""
        return next((line for line in reversed(self.lines) if line.alive), None)

    def _rings(self, invite: str) -> None:
        caller = _USER.search(sip.header(invite, "From"))
        line = self._new(sip.header(invite, "Call-ID"), self.hz, caller[1] if caller else "", self.user)
        line.invite = invite
        line.local, line.remote = f"{sip.header(invite, 'To')};tag={sip.word()}", sip.header(invite, "From")
        line.target = sip.contact(invite)
        line.stream.speak_to(sip.audio_port(invite))
        self.reply(invite, "180 Ringing", line.local)
        self.reply(invite, "200 OK", line.local, self._sdp(line))
        line.is_up()
        self._rung(line)
