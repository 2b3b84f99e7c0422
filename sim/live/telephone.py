"""A telephone that does what its user says, beyond what SIPp's robots can: hold, REFER, dial in a talk, vanish."""

from __future__ import annotations

import asyncio
from types import TracebackType
from urllib.parse import quote

from sim.live import phone_sip as sip
from sim.live.audio import KEYS, Audio
from sim.live.phone_agent import PATIENCE_S, Agent
from sim.live.phone_sip import Dialogue

__all__ = ["PATIENCE_S", "Talk", "Telephone"]


class Talk(Dialogue):
    """One call of a telephone. `invite` of one that came in is the whole INVITE.

    `heard_of` are the sipfrags of NOTIFY: what became of a REFER. `final`: the answer to its own INVITE. `up`: it was
    picked up. `ended`: how: `BYE` or `CANCEL` with its reasons, `refused`, or `hung up` by the telephone itself.
    """

    def __init__(self, phone: Telephone, call_id: str, invite: str = "") -> None:
        super().__init__(call_id)
        self.phone = phone
        self.invite = invite
        self.heard_of: list[str] = []
        self.sdp_version = 0
        self.picked_up = False
        self.voice: Audio | None = None
        self.up = asyncio.Event()
        self.acknowledged = asyncio.Event()
        loop = asyncio.get_running_loop()
        self.final: asyncio.Future[int] = loop.create_future()
        self.ended: asyncio.Future[str] = loop.create_future()

    @property
    def audio(self) -> Audio:
        """What it says and hears, once it has been picked up."""
        assert self.voice is not None
        return self.voice

    def over(self, how: str) -> None:
        """It is."""
        if not self.ended.done():
            self.ended.set_result(how)
        if self.voice is not None:
            self.voice.close()

    def follow(self, text: str) -> None:
        """Speak to where this SDP says."""
        port = sip.audio_port(text)
        if port is not None and self.voice is not None:
            self.voice.speak_to(port)

    async def end(self) -> str:
        """How it ended, once it has."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.ended

    async def referred(self) -> str:
        """The last word on a REFER, like `SIP/2.0 200 OK`."""
        async with asyncio.timeout(PATIENCE_S):
            while not [word for word in self.heard_of if " 100 " not in word]:
                await self.phone.news()
        return self.heard_of[-1]


class Telephone(Agent):
    """`async with Telephone(port, "seat01", password) as phone`: registered inside; without password on the trunk.

    `answers` is what it does when it is called: `200 OK` picks up at once, `180 Ringing` rings until `pick_up` or
    `refuse`, and anything else (`486 Busy Here`) is said at once. `talks` are its calls in order. `tone_hz`: its voice.
    """

    def __init__(
        self, port: int, user: str, password: str = "", tone_hz: int | None = None, own_port: int = 0
    ) -> None:
        super().__init__(port, user, password, own_port)
        self._tone = tone_hz
        self._there = False
        self.answers = "200 OK"
        self.talks: list[Talk] = []

    async def __aenter__(self) -> Telephone:
        await self.open()
        self._there = True
        if self._password:
            await self._register()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._there:
            for talk in self.talks:
                await self.hang_up(talk)
            if self._password:
                await self._register("Expires: 0")
        self.vanish()
        await self.close()
        for talk in self.talks:
            if talk.voice is not None:
                await talk.voice.closed.wait()

    async def _register(self, *headers: str) -> None:
        me, register = f"<sip:{self.user}@127.0.0.1>", Dialogue(sip.word())
        register.local, register.remote, register.target = f"{me};tag=r", me, "sip:127.0.0.1"
        assert sip.status(await self.ask(register, "REGISTER", *headers)) == 200

    def vanish(self) -> None:
        """Gone from the network, with no word to anybody."""
        self._there = False
        self._transport.close()
        for talk in self.talks:
            talk.over("vanished")

    async def rung(self, number: int = 1) -> Talk:
        """Its call with this number (from 1), once it is there."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.talks) < number:
                await self.news()
        return self.talks[number - 1]

    # ---- what its user does

    async def dial(self, number: str, sender: str = "") -> Talk:
        """Call somebody; `final` is the answer. `sender` is what From claims to be, if not the truth."""
        talk = Talk(self, sip.word())
        talk.voice = await Audio.open(self._tone)
        self.talks.append(talk)
        talk.target = f"sip:{quote(number, safe='*+')}@127.0.0.1"
        talk.local = f"{sender or f'<sip:{self.user}@127.0.0.1>'};tag={sip.word()}"
        talk.remote = f"<{talk.target}>"
        self.do(self._dial(talk))
        return talk

    async def _dial(self, talk: Talk) -> None:
        # The carrier says who calls; what a telephone says of itself is not believed anyway.
        identity = f"P-Asserted-Identity: <sip:{self.user}@127.0.0.1>"
        try:
            answer = await self.ask(talk, "INVITE", identity, body=self._sdp(talk))
        except TimeoutError as error:  # whoever waits for the answer has to hear of it
            talk.final.set_exception(error)
            return
        talk.picked_up = sip.status(answer) < 300
        talk.follow(answer)
        if talk.picked_up:
            talk.up.set()
            talk.acknowledged.set()
        else:
            talk.over("refused")
        talk.final.set_result(sip.status(answer))

    async def pick_up(self, talk: Talk) -> None:
        """Answer a call; once more, if it has been answered already."""
        if talk.voice is None:
            talk.voice = await Audio.open(self._tone)
            talk.follow(talk.invite)
        if not talk.ended.done():
            talk.picked_up = True
            talk.up.set()
            self.reply(talk.invite, "200 OK", talk.local, self._sdp(talk))

    def refuse(self, talk: Talk, status: str) -> None:
        """Do not, and say why."""
        self.reply(talk.invite, status, talk.local)
        talk.over("refused")

    async def offer(self, talk: Talk, direction: str) -> int:
        """Its hold button: re-INVITE with `sendonly` or `inactive`, and `sendrecv` to take the party back."""
        talk.audio.silent = direction != "sendrecv"
        answer = await self.ask(talk, "INVITE", body=self._sdp(talk, direction))
        talk.follow(answer)
        return sip.status(answer)

    async def refer(self, talk: Talk, target: str) -> int:
        """Its transfer button; the status of the REFER alone (`talk.referred` tells the rest)."""
        return sip.status(await self.ask(talk, "REFER", f"Refer-To: {target}"))

    async def hang_up(self, talk: Talk) -> None:
        """Put it on the hook, whatever it is doing."""
        if talk.ended.done():
            return
        if talk.invite and not talk.picked_up:
            self.refuse(talk, "480 Temporarily Unavailable")
            return
        async with asyncio.timeout(PATIENCE_S):
            if not talk.final.done() and not talk.invite:
                self.take_back(talk)
                await talk.final
            if talk.picked_up:  # be it that the answer came before the CANCEL
                await talk.acknowledged.wait()  # nobody may say BYE before
        if talk.picked_up:
            talk.over("hung up")
            await self.ask(talk, "BYE")

    def _sdp(self, talk: Talk, direction: str = "sendrecv") -> str:
        talk.sdp_version += 1
        return sip.sdp(talk.audio.port, KEYS, talk.sdp_version, direction)

    # ---- what comes in

    def asked(self, text: str) -> None:
        talk = next((one for one in self.talks if one.call_id == sip.header(text, "Call-ID")), None)
        match sip.method(text), talk:
            case "INVITE", None:
                self._rings(text)
            case "INVITE", Talk():
                self.reply(text, "200 OK", body=self._sdp(talk))
            case "ACK", Talk():
                talk.acknowledged.set()
            case "ACK", None:
                pass
            case "BYE", Talk():
                self.reply(text, "200 OK")
                talk.acknowledged.set()
                talk.over(_how(text))
            case "CANCEL", Talk() if not talk.picked_up:
                self.reply(text, "200 OK")
                self.reply(talk.invite, "487 Request Terminated", talk.local)
                talk.over(_how(text))
            case "NOTIFY", Talk():
                self.reply(text, "200 OK")
                talk.heard_of.append(text.partition("\r\n\r\n")[2].strip())
            case _:
                self.reply(text, "200 OK")

    def _rings(self, invite: str) -> None:
        talk = Talk(self, sip.header(invite, "Call-ID"), invite)
        talk.local, talk.remote = f"{sip.header(invite, 'To')};tag={sip.word()}", sip.header(invite, "From")
        talk.target = sip.contact(invite)
        self.talks.append(talk)
        if not self.answers.startswith(("180", "200")):
            self.refuse(talk, self.answers)
            return
        self.reply(invite, "180 Ringing", talk.local)
        if self.answers.startswith("200"):
            self.do(self.pick_up(talk))


def _how(request: str) -> str:
    return " ".join((sip.method(request), *sip.headers(request, "Reason")))
