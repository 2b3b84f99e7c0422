"""An Asterisk outlives the engine that started it, and the next one takes it over, with its calls."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
from pathlib import Path

import pytest

from calls.events import LegEnded
from telephony.asterisk import EmbeddedAsterisk
from telephony.plan import Phone
from telephony.reload import endpoints_listed
from telephony.tree import AsteriskError
from tests.live.asterisk_ward import make_asterisk, supervised
from tests.live.edge import CALLER_HZ, OPERATOR_HZ, edge_of
from tests.live.instances import make_plan, make_secrets
from tests.live.left_asterisk import another_engine

pytestmark = pytest.mark.live


async def test_a_call_goes_on_while_the_engine_dies_and_another_takes_over(tmp_path: Path) -> None:
    asterisk = make_asterisk(tmp_path)
    plan = asterisk.plan
    with another_engine(plan, asterisk.secrets) as engine:
        async with (
            edge_of(asterisk) as edge,
            edge.caller() as caller,
            edge.telephone("seat01", OPERATOR_HZ) as operator,
        ):
            his, hers, leg = await edge.conversation(caller, operator)
            engine.kill()
            engine.join()
            await asterisk.start()
            assert (asterisk.adopted, asterisk.up, asterisk.outdated) == (True, True, ())
            tones = (CALLER_HZ, OPERATOR_HZ)
            heard = await asyncio.gather(his.audio.tones(tones), hers.audio.tones(tones))
            assert list(heard) == [{OPERATOR_HZ}, {CALLER_HZ}]
            assert edge.legs() == {leg, "op"}
            assert [event for event in edge.events if isinstance(event, LegEnded)] == []
        ended = asyncio.create_task(asterisk.wait())
        await asyncio.sleep(0)
        await asterisk.stop()
        assert await ended is None  # the code of a stranger's child is nobody's
    async with EmbeddedAsterisk(plan, asterisk.secrets) as fresh:
        assert not fresh.adopted


async def test_one_that_was_taken_over_is_started_anew_when_it_dies(tmp_path: Path) -> None:
    asterisk = make_asterisk(tmp_path)
    plan = asterisk.plan
    with another_engine(plan, asterisk.secrets) as engine:
        engine.kill()
        engine.join()
        async with supervised(asterisk) as ward:
            before = asterisk.pid
            assert asterisk.adopted
            os.kill(before, signal.SIGKILL)
            await ward.back.wait()
            assert (ward.ended, asterisk.adopted, asterisk.pid != before) == (["crashed"], False, True)


async def test_one_that_hangs_is_not_taken_over(tmp_path: Path) -> None:
    left = make_asterisk(tmp_path)
    plan = left.plan
    await left.start()
    pid = left.pid
    left.leave()
    os.kill(pid, signal.SIGSTOP)
    asterisk = EmbeddedAsterisk(plan, left.secrets)
    asterisk.patience_s = 0.5
    async with asterisk:
        assert (asterisk.adopted, asterisk.pid != pid) == (False, True)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_new_telephones_wait_until_it_is_refreshed(tmp_path: Path) -> None:
    left = make_asterisk(tmp_path)
    plan = left.plan
    await left.start()
    pid, before = left.pid, (plan.etc / "pjsip.conf").read_text()
    left.leave()
    more = dataclasses.replace(plan, phones=(*plan.phones, Phone("seat99")))
    async with EmbeddedAsterisk(more, make_secrets(more)) as asterisk:
        assert (asterisk.pid, asterisk.outdated) == (pid, ("pjsip.conf",))
        assert (plan.etc / "pjsip.conf").read_text() == before
        assert "seat99" not in endpoints_listed(await asterisk.console("pjsip list endpoints"))
        assert await asterisk.refresh() == asterisk.outdated == ()
        assert "seat99" in endpoints_listed(await asterisk.console("pjsip list endpoints"))
        assert asterisk.problems() == []


async def test_what_takes_a_start_is_left_as_it_is(tmp_path: Path) -> None:
    left = make_asterisk(tmp_path)
    plan = left.plan
    async with left:
        left.left_running = True
    ports = plan.ports.model_copy(update={"rtp_last": plan.ports.rtp_last - 2})
    other = dataclasses.replace(plan, ports=ports, phones=(*plan.phones, Phone("seat99")))
    before = {path.name: path.read_text() for path in plan.etc.iterdir()}
    async with EmbeddedAsterisk(other, make_secrets(other)) as asterisk:
        assert await asterisk.refresh() == asterisk.outdated == ("pjsip.conf", "rtp.conf")
        assert {path.name: path.read_text() for path in plan.etc.iterdir()} == before


async def test_one_with_another_password_is_neither_taken_over_nor_touched(tmp_path: Path) -> None:
    left = make_asterisk(tmp_path)
    plan = left.plan
    async with left:
        other = EmbeddedAsterisk(plan, dataclasses.replace(left.secrets, ari="another"))
        with pytest.raises(AsteriskError, match=rf"runs already \(pid {left.pid}\) and has another password"):
            await other.start()
        assert left.up


async def test_one_at_another_port_is_neither_taken_over_nor_touched(tmp_path: Path) -> None:
    left = make_asterisk(tmp_path)
    plan = left.plan
    async with left:
        moved = dataclasses.replace(plan, ports=make_plan(tmp_path).ports)
        other = EmbeddedAsterisk(moved, left.secrets)
        other.patience_s = 0.5
        with pytest.raises(AsteriskError, match="does not answer at the port where we ask"):
            await other.start()
        assert left.up
