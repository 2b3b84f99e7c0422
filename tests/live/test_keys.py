"""Keys by RFC 4733, by SIP INFO and as tones: each arrives exactly once, whatever the line is set to."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome
from engine.centre import Centre
from sim.live.behaviour import KeyWay, press
from sim.live.callers import Caller
from telephony.site import TrunkSite
from tests.live.centre import MENU_NUMBER, NODES, Floor, project, running

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

KEYS = "0*#1"
"""Three keys that the menu does not offer, and one that it does."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def floor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Floor]:
    # Many tries: every wrong key is one.
    patient = project("menu", MENU_NUMBER, "menu", menu=NODES["menu"] | {"attempts": 9})
    async with running(tmp_path_factory.mktemp("keys"), Centre({"menu": patient}, ())) as running_floor:
        yield running_floor
        assert running_floor.service.asterisk is not None
        assert running_floor.service.asterisk.problems() == []


async def set_line(floor: Floor, dtmf: str) -> None:
    """The line as this `trunk.dtmf` in site.yaml makes it."""
    asterisk = floor.service.asterisk
    assert asterisk is not None
    trunk = TrunkSite.model_validate({"dtmf": dtmf})
    await asterisk.reload(dataclasses.replace(asterisk.plan, trunk=trunk), asterisk.secrets)


@pytest.mark.parametrize("tone_hz", [440, None], ids=["speaking", "silent"])
@pytest.mark.parametrize(
    ("dtmf", "way"),
    [
        ("auto", KeyWay.RFC4733),
        ("auto", KeyWay.INBAND),
        ("auto", KeyWay.INFO),
        ("rfc4733", KeyWay.RFC4733),
        ("info", KeyWay.INFO),
        ("inband", KeyWay.INBAND),
        ("auto_info", KeyWay.RFC4733),
        ("auto_info", KeyWay.INFO),
    ],
)
async def test_each_key_arrives_exactly_once(
    floor: Floor, dtmf: str, way: KeyWay, tone_hz: int | None
) -> None:
    await set_line(floor, dtmf)
    [record] = await floor.call(Caller(MENU_NUMBER, "0900000001", tone_hz, press(KEYS, 0.4, way=way)))
    assert (record.keys, record.outcome) == (KEYS, Outcome.SELF_SERVED)
