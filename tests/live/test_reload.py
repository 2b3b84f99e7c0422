"""A running Asterisk takes new telephones and another trunk, and nobody who talks notices."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from pathlib import Path

import pytest

from calls.lifecycle import Outcome, SeatState
from recordings.analysis import Samples, dominant_tone, read_stereo
from sim.live.behaviour import talk
from sim.live.callers import Caller
from sim.live.operators import Operators, SeatRobot
from sim.live.tones import operator_tone_hz
from telephony.asterisk import EmbeddedAsterisk
from telephony.plan import AsteriskPlan, Phone
from telephony.site import TrunkSite
from telephony.tree import AsteriskError
from tests.live.centre import NUMBER, running, small_centre
from tests.live.instances import make_plan, make_secrets

pytestmark = pytest.mark.live

TALK_S = 6.0
PIECE_S = 0.5


def with_more(plan: AsteriskPlan) -> AsteriskPlan:
    """One seat more, and another trunk."""
    trunk = TrunkSite.model_validate({"match": ["127.0.0.1", "192.0.2.0/24"], "dtmf": "inband"})
    return dataclasses.replace(plan, phones=(*plan.phones, Phone("seat99")), trunk=trunk)


def pieces(samples: Samples, rate: int) -> set[int]:
    """The tones heard in a recording, half second by half second, without its ends."""
    size = round(PIECE_S * rate)
    whole = [samples[at : at + size] for at in range(size, len(samples) - 2 * size, size)]
    assert len(whole) >= 6
    return {round(dominant_tone(piece, rate)[0] / 10) * 10 for piece in whole}


async def dtmf_mode(asterisk: EmbeddedAsterisk) -> str:
    shown = await asterisk.console(f"pjsip show endpoint {asterisk.plan.trunk.name}")
    [mode] = re.findall(r"dtmf_mode +: (\w+)", shown)
    return str(mode)


async def test_a_seat_is_added_and_the_trunk_changed_in_the_middle_of_a_conversation(tmp_path: Path) -> None:
    async with running(tmp_path, small_centre()) as floor, floor.operators() as operators:
        asterisk = floor.service.asterisk
        assert asterisk is not None
        calling = asyncio.create_task(floor.call(Caller(NUMBER, "0900000001", 440, talk(TALK_S))))
        await floor.until_seat("seat01", SeatState.TALKING)
        secrets = asterisk.secrets
        more = dataclasses.replace(secrets, phones={**secrets.phones, "seat99": "another"})
        assert await asterisk.reload(with_more(asterisk.plan), more) == ("pjsip.conf",)
        assert await dtmf_mode(asterisk) == "inband"
        [record] = await calling
        assert [one.ended_at is not None for one in operators.calls] == [True]
        await floor.service.recorder.finish_all()
        [path] = floor.service.stack.recordings.rglob(f"{record.call}.wav")
        assert asterisk.problems() == []
    rate, left, right = read_stereo(path)
    assert (pieces(left, rate), pieces(right, rate)) == ({440}, {operator_tone_hz(0)})
    assert (record.outcome, record.offers) == (Outcome.ANSWERED, 1)


async def test_a_new_seat_can_register_and_one_that_was_taken_away_is_gone(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "asterisk")
    more = with_more(plan)
    secrets = make_secrets(more)
    async with EmbeddedAsterisk(plan, make_secrets(plan)) as asterisk:
        assert await asterisk.reload(more, secrets) == ("pjsip.conf",)
        assert await asterisk.reload(more, secrets) == ()
        robot = SeatRobot("seat99", secrets.phones["seat99"], None)
        async with Operators([robot], registrar=("127.0.0.1", plan.ports.sip), work_dir=tmp_path / "robots"):
            assert "seat99" in await asterisk.console("pjsip list contacts")
        assert await asterisk.reload(plan, make_secrets(plan)) == ("pjsip.conf",)
        assert "seat99" not in await asterisk.console("pjsip list endpoints")
        assert await dtmf_mode(asterisk) == "auto"
        assert asterisk.problems() == []


async def test_what_asterisk_refuses_is_told_and_undone(tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    wrong = TrunkSite.model_construct(**(plan.trunk.model_dump() | {"dtmf": "nonsense"}))
    async with EmbeddedAsterisk(plan, make_secrets(plan)) as asterisk:
        before = (plan.etc / "pjsip.conf").read_text()
        with pytest.raises(AsteriskError, match=r"(?s)refuses the new configuration.*trunk"):
            await asterisk.reload(dataclasses.replace(plan, trunk=wrong), asterisk.secrets)
        assert (plan.etc / "pjsip.conf").read_text() == before
        assert asterisk.plan is plan
        assert await dtmf_mode(asterisk) == "auto"


async def test_what_needs_a_restart_touches_nothing(asterisk: EmbeddedAsterisk) -> None:
    before = asterisk.plan
    with pytest.raises(AsteriskError, match="next start only: app"):
        await asterisk.reload(dataclasses.replace(before, app="other"), asterisk.secrets)
    assert asterisk.plan is before
