"""Marks on their way to Asterisk."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from calls import commands as core
from calls.events import CallArrived
from engine.engine import Engine
from telephony.ami import Ami
from telephony.ari import AriClient
from telephony.marking import Marking
from telephony.marks import Marks
from telephony.to_asterisk import ToAsterisk
from tests.engine.city import OPEN, TAX, City, centre
from tests.telephony.fake_ami import fake_ami
from tests.telephony.fake_ami import settings as ami_settings
from tests.telephony.fake_ari import fake_ari, settings

pytestmark = pytest.mark.unit


async def test_a_caller_is_marked_once_for_all_notes_of_a_step() -> None:
    engine = Engine(centre(0))
    async with fake_ami() as fake, Ami(ami_settings(fake.port)) as ami:
        marking = Marking(Marks(engine.floor, lambda: OPEN), ami)
        for note in engine.handle(CallArrived("anna", TAX), OPEN):
            marking.noted(note)
        await marking.settled()
        [call] = engine.floor.calls
        [asked] = fake.named("Setvar")
        assert asked["Value"] == f"caller|{call}|tax|0|{TAX}|flow||{int(OPEN)}|0||"
        assert (asked["Channel"], asked["Variable"]) == ("anna", "DENWABAN")


async def test_a_leg_that_has_gone_has_no_mark() -> None:
    engine = Engine(centre(0))
    async with fake_ami() as fake:
        async with Ami(ami_settings(fake.port)) as ami:
            pass  # not connected any more
        marking = Marking(Marks(engine.floor), ami)
        for note in engine.handle(CallArrived("anna", TAX), OPEN):
            marking.noted(note)
        await marking.settled()
        assert fake.named("Setvar") == []


async def test_a_leg_is_placed_with_its_mark() -> None:
    city = City()
    city.arrives(0, "leg1")
    [call] = city.engine.floor.calls
    async with fake_ari() as fake, AriClient(settings(fake.port)) as client:
        out = ToAsterisk(client, lambda command: "", lambda *of: None, lambda event: None)
        out.marking = Marking(Marks(city.engine.floor), cast(Ami, None))
        out.carry_out(core.RingSeat("seat01", f"{call}.s1", call, "leg1", "", "", auto_answer=True))
        out.carry_out(core.RingTelephone("seat", "s4", "s4", "c1.e1", "", "", ""))
        await fake.until(_asked(fake.asked, "POST channels/c1.e1"))
        seat, desk = (request["message_body"] for request in fake.requests[-2:])
        assert f"seat|{call}|tax|0|{TAX}|||0|0|seat01|" in seat
        assert "answer-after=0" in seat
        assert "desk|||0||||0|0|s4|" in desk
        assert (f"{call}.s1" in out.past, "c9.s9" in out.past) == (True, False)


def _asked(asked: Callable[[], list[str]], what: str) -> Callable[[], bool]:
    return lambda: what in asked()
