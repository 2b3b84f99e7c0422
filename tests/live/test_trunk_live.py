"""The alarm of a carrier that goes away and comes back, of one that refuses us, and what a stranger may not do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from telephony.alarms import AlarmName, Alarms
from telephony.ami import Ami, AmiSettings
from telephony.asterisk import EmbeddedAsterisk
from telephony.secrets import load_or_make
from telephony.site import Registration, TrunkSite
from telephony.trunk_watch import TrunkWatch
from tests.live.carrier import Carrier
from tests.live.instances import make_plan

pytestmark = pytest.mark.live

LIMIT = 60.0


class Registrar(Carrier):
    """A carrier that registers whoever asks with `registers`, and says nothing at all while it is `away`."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.registers = "200 OK"
        self.asked = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """A request."""
        text = data.decode()
        self.asked += text.startswith("OPTIONS")
        if self.away:
            return
        if not text.startswith("REGISTER"):
            super().datagram_received(data, addr)
            return
        names = "Via|From|To|Call-ID|CSeq|Contact|Expires"
        kept = re.findall(rf"^(?:{names}):.*$", text.replace("\r", ""), re.MULTILINE)
        lines = (f"SIP/2.0 {self.registers}", *kept, "Content-Length: 0", "", "")
        self._transport.sendto("\r\n".join(lines).encode(), addr)


class Line:
    """A trunk to a carrier, with its alarm; `telling`: what it says now, empty where it does not stand."""

    def __init__(self, asterisk: EmbeddedAsterisk, ami: Ami, carrier: Registrar) -> None:
        self.asterisk = asterisk
        self.ami = ami
        self.carrier = carrier
        self.alarms = Alarms()
        self.watch = TrunkWatch(ami, asterisk.plan.trunk, self.alarms)

    @property
    def telling(self) -> str:
        [*texts] = (alarm.text for alarm in self.alarms.standing() if alarm.name is AlarmName.TRUNK_DOWN)
        return "".join(texts)

    async def until(self, reached: Callable[[str], bool]) -> None:
        """Look again and again, until what is told is like this."""
        async with asyncio.timeout(LIMIT):
            await self.watch.look()
            while not reached(self.telling):
                await asyncio.sleep(0.1)
                await self.watch.look()

    async def register(self) -> None:
        """Asterisk registers anew, now and not when its time has come."""
        await self.ami.action("PJSIPRegister", Registration=self.asterisk.plan.trunk.name)


@asynccontextmanager
async def line(directory: Path, **trunk: object) -> AsyncIterator[Line]:
    """The trunk of a site, to a carrier of ours."""
    carrier = Registrar()
    async with carrier:
        server = f"127.0.0.1:{carrier.port}"
        site = TrunkSite.model_validate({"qualify_s": 1, "server": server} | trunk)
        if site.registration is not None:
            registration = site.registration.model_copy(update={"server": server})
            site = site.model_copy(update={"registration": registration})
        plan = make_plan(directory / "asterisk", trunk=site, phones=())
        (directory / "secrets").mkdir()
        (directory / "secrets/trunk").write_text("unasked-for")
        secrets = load_or_make(directory / "secrets", (), with_trunk=site.registration is not None)
        async with EmbeddedAsterisk(plan, secrets) as asterisk:
            address = asterisk.address
            settings = AmiSettings(address.ami_user, secrets.ami, address.host, address.ami_port)
            async with Ami(settings) as ami:
                yield Line(asterisk, ami, carrier)


async def test_a_carrier_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    async with line(tmp_path) as trunk:
        await trunk.until(lambda told: not told and trunk.carrier.asked > 1)
        trunk.carrier.away = True
        await trunk.until(bool)
        assert trunk.telling == f"the carrier does not answer at 127.0.0.1:{trunk.carrier.port}"
        # Calls to it are tried all the same: its own address is not what was found unreachable.
        contacts = await trunk.asterisk.console("pjsip show contacts")
        assert re.search(r"trunk/sip:\S+ +\w+ NonQual", contacts)
        assert re.search(r"trunk-watch/sip:\S+ +\w+ Unavail", contacts)
        trunk.carrier.away = False
        await trunk.until(lambda told: not told)


async def test_a_carrier_that_refuses_to_register_us(tmp_path: Path) -> None:
    registration = Registration(user="048", server="to.be.replaced")
    async with line(tmp_path, registration=registration.model_dump()) as trunk:
        trunk.carrier.registers = "403 Forbidden"
        await trunk.until(bool)
        where = f"127.0.0.1:{trunk.carrier.port}"
        assert trunk.telling == f"we are not registered at {where}: Asterisk says Rejected"
        trunk.carrier.registers = "200 OK"
        await trunk.register()
        await trunk.until(lambda told: not told)


async def test_an_asterisk_with_a_watched_trunk_has_nothing_to_complain_of(tmp_path: Path) -> None:
    async with line(tmp_path) as trunk:
        await trunk.until(lambda told: not told)
        assert trunk.asterisk.problems() == []
        # What is asked for is known after a change, too; and can be switched off without a restart.
        plan = trunk.asterisk.plan
        silent = replace(plan, trunk=plan.trunk.model_copy(update={"qualify_s": 0}))
        await trunk.asterisk.reload(silent, trunk.asterisk.secrets)
        assert "trunk-watch" not in await trunk.asterisk.console("pjsip list endpoints")


@pytest.mark.parametrize("name", ["trunk", "trunk-watch"])
async def test_a_stranger_who_calls_himself_like_the_trunk_is_nobody(tmp_path: Path, name: str) -> None:
    async with line(tmp_path, match=["192.0.2.1"]) as trunk:
        port = trunk.asterisk.plan.ports.sip
        answered = await dialled(port, name)
        assert answered.startswith("SIP/2.0 401 ")


class Stranger(asyncio.DatagramProtocol):
    """Keeps the first answer."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Asterisk says something."""
        text = data.decode()
        if not text.startswith("SIP/2.0 100") and not self.answer.done():
            self.answer.set_result(text)


async def dialled(port: int, name: str) -> str:
    """What Asterisk says to an INVITE of somebody who says that he is that."""
    loop = asyncio.get_running_loop()
    transport, stranger = await loop.create_datagram_endpoint(Stranger, remote_addr=("127.0.0.1", port))
    here = "{}:{}".format(*transport.get_extra_info("sockname"))
    offer = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"
    lines = (
        f"INVITE sip:0570012229@127.0.0.1:{port} SIP/2.0",
        f"Via: SIP/2.0/UDP {here};rport;branch=z9hG4bKstranger",
        f"From: <sip:{name}@127.0.0.1>;tag=stranger",
        f"To: <sip:0570012229@127.0.0.1:{port}>",
        "Call-ID: stranger",
        "CSeq: 1 INVITE",
        f"Contact: <sip:{name}@{here}>",
        "Max-Forwards: 70",
        "Content-Type: application/sdp",
        f"Content-Length: {len(offer)}",
    )
    try:
        transport.sendto(("\r\n".join(lines) + f"\r\n\r\n{offer}").encode())
        return await asyncio.wait_for(stranger.answer, LIMIT)
    finally:
        transport.close()
