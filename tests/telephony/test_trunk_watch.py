"""What is made of what Asterisk says of the trunk: an alarm, its end, or nothing yet."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from telephony.alarms import AlarmName, Alarms
from telephony.ami import Ami, AmiError
from telephony.site import Registration, TrunkSite
from telephony.trunk_watch import PATIENCE_S, TrunkWatch

pytestmark = pytest.mark.unit

SERVER = TrunkSite(server="sip.example")
REGISTERING = TrunkSite(registration=Registration(user="0480000000", server="reg.example"), qualify_s=0)
BOTH = TrunkSite(server="out.example", registration=REGISTERING.registration)


class Says:
    """An AMI that says what stands in `registration` and `contact` (empty: it lists nothing)."""

    def __init__(self, trunk: TrunkSite) -> None:
        self.registration = "Registered"
        self.contact = "Reachable"
        self.away = False
        self.asked: list[str] = []
        self.now = 0.0
        self.alarms = Alarms()
        self.watch = TrunkWatch(cast(Ami, self), trunk, self.alarms, every_s=0.0, clock=lambda: self.now)

    async def listing(self, name: str, row: str, **headers: str) -> list[Any]:
        """As `Ami.listing`."""
        self.asked.append(name)
        if self.away:
            raise AmiError("not connected")
        if name == "PJSIPShowEndpoint":
            assert (row, headers) == ("ContactStatusDetail", {"Endpoint": "trunk-watch"})
            return [SimpleNamespace(status=self.contact)] if self.contact else []
        other = SimpleNamespace(objectname="another", status="Rejected")
        ours = SimpleNamespace(objectname="trunk", status=self.registration)
        return [other, ours] if self.registration else [other]

    async def told(self) -> str:
        """A look; what the alarm tells then."""
        await self.watch.look()
        return "".join(alarm.text for alarm in self.alarms.standing() if alarm.name is AlarmName.TRUNK_DOWN)


async def test_a_carrier_that_does_not_answer() -> None:
    says = Says(SERVER)
    assert await says.told() == ""
    says.contact = "Unreachable"
    assert await says.told() == "the carrier does not answer at sip.example"
    says.contact = "Reachable"
    assert await says.told() == ""
    assert says.asked == ["PJSIPShowEndpoint"] * 3


@pytest.mark.parametrize("state", ["Rejected", "Stopped"])
async def test_a_registration_that_is_lost(state: str) -> None:
    says = Says(REGISTERING)
    says.registration = state
    assert await says.told() == f"we are not registered at reg.example: Asterisk says {state}"
    says.registration = "Registered"
    assert await says.told() == ""
    assert "PJSIPShowEndpoint" not in says.asked


async def test_a_first_registration_is_given_some_time() -> None:
    says = Says(REGISTERING)
    says.registration = "Unregistered"
    assert await says.told() == ""
    says.now = PATIENCE_S - 1.0
    assert await says.told() == ""
    says.now = PATIENCE_S
    assert await says.told() == "we are not registered at reg.example: there is no answer yet"
    says.registration = "Registered"
    assert await says.told() == ""


async def test_an_asterisk_that_begins_anew_is_given_the_time_again() -> None:
    says = Says(REGISTERING)
    says.registration = "Unregistered"
    await says.told()
    says.away, says.now = True, 1000.0
    await says.told()
    says.away = False
    assert await says.told() == ""


async def test_both_troubles_are_told() -> None:
    says = Says(BOTH)
    says.registration, says.contact = "Rejected", "Unreachable"
    assert await says.told() == (
        "we are not registered at reg.example: Asterisk says Rejected; the carrier does not answer at out.example"
    )
    says.registration = "Registered"
    assert await says.told() == "the carrier does not answer at out.example"


@pytest.mark.parametrize(
    ("registration", "contact"), [("", "Reachable"), ("Registered", ""), ("Registered", "Unknown")]
)
async def test_what_is_not_known_changes_nothing(registration: str, contact: str) -> None:
    says = Says(BOTH)
    says.registration, says.contact = registration, contact
    assert await says.told() == ""
    says.alarms.sound(AlarmName.TRUNK_DOWN, "as it was")
    assert await says.told() == "as it was"


async def test_an_asterisk_that_is_away_changes_nothing() -> None:
    says = Says(SERVER)
    says.contact = "Unreachable"
    before = await says.told()
    says.away = True
    assert await says.told() == before


@pytest.mark.parametrize("trunk", [TrunkSite(), TrunkSite(server="sip.example", qualify_s=0)])
async def test_a_trunk_that_has_nobody_to_ask(trunk: TrunkSite) -> None:
    says = Says(trunk)
    async with asyncio.timeout(30):
        await says.watch._work()
    assert says.asked == []


async def test_it_looks_again_and_again() -> None:
    says = Says(SERVER)
    async with says.watch, asyncio.timeout(30):
        while len(says.asked) < 3:  # noqa: ASYNC110 - it has nothing to be woken by
            await asyncio.sleep(0)
