"""Asterisk dies or hangs: it is noticed and started anew, on a real one."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sim.live.telephone import Telephone
from telephony.alarms import AlarmName
from telephony.asterisk import EmbeddedAsterisk
from telephony.call_probe import call_answer
from telephony.plan import AsteriskPlan
from telephony.sip_probe import sip_answer
from telephony.vitals import Answer, Judge, Verdict
from telephony.watchdog import Watchdog, embedded_doors, external_doors
from tests.live.asterisk_ward import HUNG_AFTER_S, PATIENCE_S, SHORT_S, Ward, make_asterisk, supervised
from tests.live.edge import edge_of
from tests.live.instances import make_plan
from tests.live.test_asterisk_start import Meddled

pytestmark = pytest.mark.live


async def until_on_disk(plan: AsteriskPlan, phone: str) -> None:
    """Asterisk writes its registrations within a second or so."""
    seen = "SELECT count(*) FROM astdb WHERE key LIKE ?"
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with closing(sqlite3.connect(plan.instance / "lib" / "astdb.sqlite3")) as database:
                if database.execute(seen, (f"/registrar/contact/{phone};%",)).fetchone()[0]:
                    return
            await asyncio.sleep(0.05)


# ---- dead


async def test_one_that_was_killed_is_started_anew_and_its_telephones_are_registered(tmp_path: Path) -> None:
    asterisk = make_asterisk(tmp_path)
    plan = asterisk.plan
    async with supervised(asterisk) as ward:
        before = asterisk.pid
        async with Telephone(plan.ports.sip, "seat01", asterisk.secrets.phones["seat01"]) as phone:
            await until_on_disk(plan, "seat01")
            os.kill(before, signal.SIGKILL)
            await ward.back.wait()
            assert (ward.ended, ward.standing()) == (["crashed"], [])
            assert (asterisk.up, asterisk.pid != before) == (True, True)
            async with edge_of(asterisk) as edge:
                await edge.pick_up("seat01", "op")  # which has registered with the one before
                await phone.rung()
        assert asterisk.problems() == []


async def test_one_that_somebody_told_to_end_is_started_anew_as_well(tmp_path: Path) -> None:
    asterisk = make_asterisk(tmp_path)
    async with supervised(asterisk) as ward:
        await asterisk.console("core stop now")
        await ward.back.wait()
        assert ward.ended == ["restarted"]


async def test_each_of_a_series_is_started_anew(tmp_path: Path) -> None:
    asterisk = make_asterisk(tmp_path)
    async with supervised(asterisk) as ward:
        for _ in range(3):
            ward.back.clear()
            os.kill(asterisk.pid, signal.SIGSEGV)
            await ward.back.wait()
        assert ward.ended == ["crashed"] * 3


# ---- hung


async def test_one_that_hangs_is_ended_and_started_anew(tmp_path: Path) -> None:
    asterisk = make_asterisk(tmp_path)
    async with supervised(asterisk) as ward, ward.dog():
        before = asterisk.pid
        os.kill(before, signal.SIGSTOP)
        await ward.back.wait()
        await ward.told[Verdict.WELL].wait()
        assert (ward.ended, asterisk.pid != before, asterisk.adopted) == (["hung"], True, False)
        assert (ward.verdicts[0], ward.verdicts[-1]) == (Verdict.HUNG, Verdict.WELL)
        assert ward.standing() == []


async def test_one_whose_sip_is_silent_hangs_though_ari_answers(tmp_path: Path) -> None:
    plan, elsewhere = make_plan(tmp_path), make_plan(tmp_path).ports.sip
    moved = [True]

    def meddle(etc: Path) -> None:
        if moved.pop() if moved else False:
            text = (etc / "pjsip.conf").read_text()
            (etc / "pjsip.conf").write_text(
                text.replace(f"127.0.0.1:{plan.ports.sip}", f"127.0.0.1:{elsewhere}")
            )

    asterisk = Meddled(plan, meddle)
    async with supervised(asterisk) as ward:
        assert await sip_answer("127.0.0.1", elsewhere, PATIENCE_S, "seat01") is Answer.ANSWERED
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", plan.ports.sip))
            async with ward.dog():
                await ward.told[Verdict.HUNG].wait()
        assert ward.standing()[-1] in (AlarmName.ASTERISK_HUNG, AlarmName.ASTERISK_DEAD)
        await ward.back.wait()
        assert await ward.dog().look() is Verdict.WELL
        assert ward.ended == ["hung"]


async def test_one_of_somebody_elses_that_hangs_is_left_alone(tmp_path: Path) -> None:
    asterisk = make_asterisk(tmp_path)
    plan = asterisk.plan
    async with asyncio.timeout(PATIENCE_S), asterisk:
        ward = Ward(asterisk)
        doors = external_doors(asterisk.address, asterisk.secrets, plan.ports.sip, "seat01", SHORT_S)
        judge = Judge(hung_after=HUNG_AFTER_S)
        async with Watchdog(doors, ward.alarms, notice=ward.notice, judge=judge, every_s=0.1):
            os.kill(asterisk.pid, signal.SIGSTOP)
            await ward.told[Verdict.HUNG].wait()
            assert ward.standing() == [AlarmName.ASTERISK_HUNG]
            os.kill(asterisk.pid, signal.SIGCONT)
            await ward.told[Verdict.WELL].wait()
            assert ward.standing() == []
            await asterisk.stop()
            await ward.told[Verdict.DEAD].wait()
        assert ward.verdicts == [Verdict.HUNG, Verdict.WELL, Verdict.DEAD]
        assert ward.standing() == [AlarmName.ASTERISK_DEAD]


async def test_a_stall_of_a_busy_machine_is_nothing(tmp_path: Path) -> None:
    asterisk = make_asterisk(tmp_path)
    async with supervised(asterisk) as ward:
        pid = asterisk.pid
        dog = Watchdog(embedded_doors(asterisk), ward.alarms, lambda: asterisk.up, asterisk.abort)
        for stall_s in (0.1, 0.5, 2.0):
            os.kill(pid, signal.SIGSTOP)
            asyncio.get_running_loop().call_later(stall_s, os.kill, pid, signal.SIGCONT)
            assert await dog.look() is Verdict.WELL
        assert (asterisk.pid, ward.ended, ward.standing()) == (pid, [], [])


async def test_the_call_that_looks_after_asterisk_disturbs_nobody(asterisk: EmbeddedAsterisk) -> None:
    before = asterisk.problems()
    async with edge_of(asterisk) as edge:
        assert await call_answer(asterisk.address, asterisk.secrets, PATIENCE_S) is Answer.ANSWERED
        assert await edge.ari.channels.list() == []
        assert edge.events == []
    assert await sip_answer("127.0.0.1", asterisk.plan.ports.sip, PATIENCE_S, "seat01") is Answer.ANSWERED
    assert "watchdog" not in asterisk.plan.log.read_text()
    assert asterisk.problems() == before
