"""What the lookout asks of Asterisk, and does there and with the engine, against an ARI that speaks its protocol."""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from calls.command import Command
from calls.event import Event
from calls.events import CallArrived, GuidanceFinished, LegEnded, LegsConnected
from engine.engine import Engine
from telephony.ari import AriClient
from telephony.lookout import Lookout
from telephony.past import Past
from telephony.pins import PinPad
from telephony.to_asterisk import ToAsterisk
from tests.engine.city import OPEN, City
from tests.telephony.fake_ari import FakeAri, fake_ari, settings

pytestmark = pytest.mark.unit

APP = "GET applications/denwaban"


class Tower:
    """A lookout over an engine; its commands go nowhere."""

    def __init__(self, fake: FakeAri, client: AriClient, engine: Engine, messages: Path) -> None:
        self.fake = fake
        self.engine = engine
        self.fed: list[Event] = []
        self.kept: list[str] = []
        self.out = ToAsterisk(client, lambda command: "", lambda *of: None, self.feed)
        self.lookout = Lookout(client, engine, self.out, self.feed, messages, self.kept.append, every_s=0.01)

    def feed(self, event: Event) -> None:
        self.fed.append(event)
        self.engine.handle(event, OPEN + 100)

    def has(self, *channels: dict[str, Any], bridges: dict[str, list[str]] | None = None) -> None:
        """Asterisk's lists from now on."""
        named = [{"id": name, "channels": legs} for name, legs in (bridges or {}).items()]
        own = {
            "name": "denwaban",
            "channel_ids": [channel["id"] for channel in channels],
            "bridge_ids": [*(bridges or {})],
        }
        self.fake.answers |= {
            APP: (200, own),
            "GET channels": (200, list(channels)),
            "GET bridges": (200, named),
        }


def channel(leg: str, args: str = "", state: str = "Up") -> dict[str, Any]:
    """As Asterisk lists it; `args`: of our application."""
    plan = {"app_name": "Stasis", "app_data": f"denwaban,{args}"} if args else {}
    return {"id": leg, "state": state, "dialplan": plan}


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
async def tower(city: City, tmp_path: Path) -> AsyncIterator[Tower]:
    async with fake_ari() as fake, AriClient(settings(fake.port)) as client:
        yield Tower(fake, client, city.engine, tmp_path)


async def test_who_hung_up_unheard_has_hung_up(tower: Tower, city: City) -> None:
    city.arrives(0, "anna")
    tower.has()
    tower.fake.answers[f"GET playbacks/{city.playback('anna')}"] = (404, {"message": "not found"})
    await tower.lookout.look()
    assert tower.fed == [LegEnded("anna")]
    assert tower.lookout.found == {"LegEnded": 1}


async def test_a_text_that_is_over_is_over(tower: Tower, city: City) -> None:
    city.arrives(0, "anna")
    tower.has(channel("anna", "inbound,0570,048,0"))
    await tower.lookout.look()
    assert tower.fed == []  # it is still said
    tower.fake.answers[f"GET playbacks/{city.playback('anna')}"] = (404, {"message": "not found"})
    await tower.lookout.look()
    assert tower.fed == [GuidanceFinished(city.playback("anna"))]


async def test_what_is_nobodys_is_ended_when_it_is_found_twice(tower: Tower) -> None:
    tower.has(channel("c16x-1.s1"), bridges={"c16x-1.b1": []})
    ended = ["DELETE channels/c16x-1.s1", "DELETE bridges/c16x-1.b1"]
    await tower.lookout.look()
    assert not set(ended) & set(tower.fake.asked())
    await tower.lookout.look()
    assert tower.fake.asked()[-2:] == ended
    assert tower.lookout.found == {"hang_up": 1, "close": 1}


async def test_at_the_start_once_is_enough(tower: Tower) -> None:
    tower.has(channel("c16x-1.s1"))
    tower.fake.answers["DELETE channels/c16x-1.s1"] = (404, {"message": "gone by itself"})
    await tower.lookout.look(first=True)
    assert tower.fake.asked()[-1] == "DELETE channels/c16x-1.s1"


async def test_where_there_are_no_lists_nothing_is_done(tower: Tower, city: City) -> None:
    city.arrives(0, "anna")
    tower.has()
    tower.fake.answers["GET bridges"] = (500, {"message": "no"})
    assert await tower.lookout.look() is None
    assert tower.fed == []


async def test_who_talks_is_brought_together_again_and_listened_to(tower: Tower, city: City) -> None:
    city.waits(0, "anna")
    city.picks_up(1, "s1")
    seat, bridge = city.leg("s1"), city.bridge("anna")
    tower.has(channel("anna", "inbound,0570,048,0"), channel(seat, "seat"), bridges={bridge: ["anna"]})
    own = tower.fake.answers[APP][1] | {"channel_ids": ["anna"]}
    tower.fake.answers[APP] = (200, own)
    await tower.lookout.look()
    assert tower.fed == []
    await tower.fake.until(lambda: f"POST bridges/{bridge}/addChannel" in tower.fake.asked())
    assert tower.fake.asked()[-2:] == [f"POST bridges/{bridge}", f"POST bridges/{bridge}/addChannel"]
    assert tower.lookout.found == {"put_in": 1, "subscription": 1}


async def test_what_the_edge_had_in_mind_is_there_again(tower: Tower, city: City) -> None:
    city.confirms = False
    city.waits(0, "anna")
    city.picks_up(1, "s1")
    tower.lookout.remember(PinPad(lambda number: None))
    bridge = city.bridge("anna")
    assert tower.out.connecting == {bridge}
    assert tower.out.whereabouts.of("anna") == bridge
    assert "anna" in tower.out.past
    tower.has(
        channel("anna", "inbound,0570,048,0"), channel(city.leg("s1"), "seat"),
        bridges={bridge: ["anna", city.leg("s1")]},
    )  # fmt: skip
    await tower.lookout.look()
    assert tower.fed == [LegsConnected(bridge)]


async def test_a_message_that_ended_unheard_is_kept(tower: Tower, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "c1-message.wav"), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(8000)
        audio.writeframes(b"\0\0" * 12000)
    assert tower.lookout._seconds("c1-message") == 1.5
    assert tower.lookout._seconds("never-begun") == 0.0


async def test_it_looks_by_itself_and_at_once_when_the_connection_is_back(tower: Tower) -> None:
    tower.has(channel("9.1", "inbound,0312345678,048,0"))
    async with tower.lookout:
        await tower.fake.until(lambda: tower.fed)
        await tower.fake.drop()
        await tower.fake.until(lambda: tower.fake.connections == 2)
    assert tower.fed[0] == CallArrived("9.1", "0312345678", "048")


def test_a_command_is_remembered_by_its_leg(city: City) -> None:
    past = Past()
    city.arrives(0, "anna")
    commands: list[Command] = city.entries[-1].commands
    for command in commands:
        past.take(command)
    assert "anna" in past
