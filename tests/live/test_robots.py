"""The robots themselves, against a real Asterisk but without the engine: can their word be relied on?"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from recordings.analysis import dominant_tone, heard, split_stereo
from sim.live.behaviour import SeatBehaviour, answer, answer_and_drop, give_up, press, reject, ring_on, talk
from sim.live.callers import Caller, CallResult, LoadProgress, run_callers
from sim.live.operators import Operators, RegistrationError, SeatRobot
from sim.live.tones import caller_tone_hz, operator_tone_hz
from sim.live.trace import CallTrace, Ending
from telephony.asterisk import EmbeddedAsterisk
from telephony.asterisk_check import ari_headers
from telephony.plan import BenchQueue
from tests.live.bare_ari import Ari
from tests.live.instances import ROOT, make_plan, make_secrets

pytestmark = pytest.mark.live

SEATS = [f"seat{number:02}" for number in range(1, 35)]
QUEUE = "9000"
RATE = 8000
OWNER = """
import asyncio, sys
from pathlib import Path
from sim.live.callers import Caller, run_callers
asyncio.run(run_callers(
    [Caller("0570012229", None, None)], target=("127.0.0.1", 9), work_dir=Path(sys.argv[1]), limit_s=60,
    on_started=lambda pid: print(pid, flush=True),
))
"""


@pytest.fixture
async def ari(asterisk: EmbeddedAsterisk) -> AsyncIterator[Ari]:
    async with aiohttp.ClientSession(headers=ari_headers(asterisk.address, asterisk.secrets)) as session:
        ari = Ari(asterisk, session)
        await ari.connect()
        yield ari
        await ari.assert_empty()
        await ari.close()


def robots(
    asterisk: EmbeddedAsterisk, *seats: str, behaviour: SeatBehaviour | None = None
) -> list[SeatRobot]:
    phones = asterisk.secrets.phones
    how = behaviour or answer()
    return [SeatRobot(seat, phones[seat], operator_tone_hz(SEATS.index(seat)), how) for seat in seats]


def address(asterisk: EmbeddedAsterisk) -> tuple[str, int]:
    return "127.0.0.1", asterisk.plan.ports.sip


async def ringing(
    asterisk: EmbeddedAsterisk, ari: Ari, behaviour: SeatBehaviour, work_dir: Path
) -> CallTrace:
    """What the telephone saw of one call to it that Asterisk waited for the end of."""
    seats = robots(asterisk, "seat03", behaviour=behaviour)
    async with Operators(seats, registrar=address(asterisk), work_dir=work_dir) as operators:
        await ari.ring("seat03")
        await ari.event("ChannelDestroyed")
    [trace] = operators.calls
    return trace


async def one_caller(asterisk: EmbeddedAsterisk, caller: Caller, work_dir: Path) -> CallResult:
    [result] = (await run_callers([caller], target=address(asterisk), work_dir=work_dir)).calls
    return result


async def test_34_robots_register_and_are_gone_afterwards(
    asterisk: EmbeddedAsterisk, ari: Ari, tmp_path: Path
) -> None:
    seats = robots(asterisk, *SEATS)
    async with Operators(seats, registrar=address(asterisk), work_dir=tmp_path):
        assert [seat for seat in SEATS if not await ari.is_registered(seat)] == []
    assert [seat for seat in SEATS if await ari.is_registered(seat)] == []


async def test_a_wrong_secret_is_told_with_the_number_of_seats_refused(
    asterisk: EmbeddedAsterisk, tmp_path: Path
) -> None:
    seats = [*robots(asterisk, "seat01"), SeatRobot("seat02", "wrong", tone_hz=None)]
    with pytest.raises(RegistrationError, match="1 of 2 seats"):
        async with Operators(seats, registrar=address(asterisk), work_dir=tmp_path):
            pass


@pytest.mark.parametrize(
    ("behaviour", "code", "ending"),
    [
        (answer_and_drop(), 200, Ending.NEAR_END_HUNG_UP),
        (answer(talk_s=0.2), 200, Ending.NEAR_END_HUNG_UP),
        (answer(ring_s=0.2, talk_s=0.2), 200, Ending.NEAR_END_HUNG_UP),
        (reject(), 486, Ending.REFUSED),
        (reject("480 Temporarily Unavailable"), 480, Ending.REFUSED),
        (reject("603 Decline"), 603, Ending.REFUSED),
    ],
    ids=["drops", "talks", "rings and talks", "busy", "unavailable", "declines"],
)
async def test_a_telephone_does_as_told(
    asterisk: EmbeddedAsterisk, ari: Ari, tmp_path: Path, behaviour: SeatBehaviour, code: int, ending: Ending
) -> None:
    trace = await ringing(asterisk, ari, behaviour, tmp_path)
    assert (trace.called_user, trace.setup_code, trace.ending) == ("seat03", code, ending)


async def test_a_telephone_that_never_answers_rings_until_it_is_cancelled(
    asterisk: EmbeddedAsterisk, ari: Ari, tmp_path: Path
) -> None:
    seats = robots(asterisk, "seat03", behaviour=ring_on())
    async with Operators(seats, registrar=address(asterisk), work_dir=tmp_path) as operators:
        channel = await ari.ring("seat03")
        while (await ari.event("ChannelStateChange"))["channel"]["state"] != "Ringing":
            pass
        await ari.call("DELETE", f"channels/{channel}")
        await ari.event("ChannelDestroyed")
    [trace] = operators.calls
    assert (trace.setup_code, trace.ending) == (487, Ending.CANCELLED)


async def test_robots_that_leave_in_the_middle_of_a_talk_hang_up(
    asterisk: EmbeddedAsterisk, ari: Ari, tmp_path: Path
) -> None:
    async with Operators(robots(asterisk, "seat01"), registrar=address(asterisk), work_dir=tmp_path):
        await ari.ring("seat01")
        await ari.event("StasisStart")
    await ari.event("ChannelDestroyed")


@pytest.mark.parametrize("caller_id", ["0488301111", None], ids=["identified", "withheld"])
@pytest.mark.parametrize("offers_sdp", [True, False], ids=["offer", "no offer"])
async def test_a_caller_talks_and_hangs_up(
    asterisk: EmbeddedAsterisk, ari: Ari, tmp_path: Path, caller_id: str | None, offers_sdp: bool
) -> None:
    caller = Caller("0570012229", caller_id, caller_tone_hz(0), talk(0.3), offers_sdp=offers_sdp)
    calling = asyncio.create_task(one_caller(asterisk, caller, tmp_path))
    start = await ari.arrival()
    assert start["args"][2:] == ([caller_id, "0"] if caller_id else ["", "1"])
    await ari.call("POST", f"channels/{start['channel']['id']}/answer")
    await ari.event("ChannelDestroyed")
    result = await calling
    assert (result.setup_code, result.ending, result.failed) == (200, Ending.NEAR_END_HUNG_UP, False)


async def test_the_far_end_hangs_up(asterisk: EmbeddedAsterisk, ari: Ari, tmp_path: Path) -> None:
    calling = asyncio.create_task(one_caller(asterisk, Caller("0570012229", None, None, talk(60)), tmp_path))
    channel = await ari.take()
    await ari.call("DELETE", f"channels/{channel}")
    await ari.event("ChannelDestroyed")
    assert (await calling).ending is Ending.FAR_END_HUNG_UP


@pytest.mark.parametrize("tone_hz", [caller_tone_hz(0), None], ids=["speaking", "silent"])
async def test_every_key_arrives_once(
    asterisk: EmbeddedAsterisk, ari: Ari, tmp_path: Path, tone_hz: int | None
) -> None:
    caller = Caller("0570012229", "0488301111", tone_hz, press("159*0#", after_s=0.2))
    calling = asyncio.create_task(one_caller(asterisk, caller, tmp_path))
    channel = await ari.take()
    pressed = [(await ari.event("ChannelDtmfReceived"))["digit"] for _ in range(6)]
    await ari.call("DELETE", f"channels/{channel}")
    await ari.event("ChannelDestroyed")
    assert (await calling).ending is Ending.FAR_END_HUNG_UP
    assert "".join(pressed) == "159*0#"


async def test_a_caller_gives_up_before_the_answer(
    asterisk: EmbeddedAsterisk, ari: Ari, tmp_path: Path
) -> None:
    caller = Caller("0570012229", "0488301111", None, give_up(0.3))
    calling = asyncio.create_task(one_caller(asterisk, caller, tmp_path))
    await ari.arrival()
    await ari.event("ChannelDestroyed")
    result = await calling
    assert (result.setup_code, result.ending, result.failed) == (487, Ending.CANCELLED, False)


async def test_a_load_that_is_called_off_leaves_no_process(
    asterisk: EmbeddedAsterisk, ari: Ari, tmp_path: Path
) -> None:
    pids: list[int] = []
    load = run_callers(
        [Caller("0570012229", None, None, talk(60))],
        target=address(asterisk),
        work_dir=tmp_path,
        on_started=pids.append,
    )
    calling = asyncio.create_task(load)
    await ari.take()
    calling.cancel()
    await asyncio.wait([calling])
    await ari.event("ChannelDestroyed")
    assert calling.cancelled()
    [pid] = pids
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_load_whose_owner_is_killed_leaves_no_process(tmp_path: Path) -> None:
    owner = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", OWNER, str(tmp_path)), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert owner.stdout is not None
    async with asyncio.timeout(10):
        pid = int(await owner.stdout.readline())
        gone = os.pidfd_open(pid)
        # Until it is SIPp it is the program that binds its life to its owner's, and may not have done so yet.
        while Path(f"/proc/{pid}/comm").read_text() != "sipp\n":  # noqa: ASYNC110, ASYNC240
            await asyncio.sleep(0.01)
        owner.kill()
        await owner.wait()
        await readable(gone)
    os.close(gone)


async def readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    await ready.wait()
    loop.remove_reader(descriptor)


async def test_a_target_that_nobody_listens_on_fails_every_call(tmp_path: Path) -> None:
    callers = [Caller("0570012229", None, None, talk(1))] * 2
    result = await run_callers(callers, target=("127.0.0.1", 9), work_dir=tmp_path, limit_s=0.5)
    assert result.failed == 2


async def test_34_callers_at_once_talk_to_34_operators_each_with_both_tones(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "asterisk", bench_queue=BenchQueue(QUEUE, tuple(SEATS)))
    seen: list[LoadProgress] = []
    callers = [Caller(QUEUE, f"04800000{i:02}", caller_tone_hz(i), talk(2)) for i in range(34)]
    async with EmbeddedAsterisk(plan, make_secrets(plan)) as asterisk:
        seats = robots(asterisk, *SEATS)
        async with Operators(
            seats, registrar=address(asterisk), work_dir=tmp_path / "operators"
        ) as operators:
            result = await run_callers(
                callers,
                target=address(asterisk),
                rate=34,
                work_dir=tmp_path / "callers",
                on_progress=seen.append,
            )
    assert (result.answered, result.failed, seen[-1].started) == (34, 0, 34)
    assert sorted(trace.called_user for trace in operators.calls) == SEATS
    heard_left, heard_right = zip(*map(sides, plan.monitor.glob("*.raw")), strict=True)
    assert sorted(heard_left) == [caller_tone_hz(i) for i in range(34)]
    assert sorted(heard_right) == [operator_tone_hz(i) for i in range(34)]


def sides(recording: Path) -> tuple[int, int]:
    left, right = split_stereo(recording.read_bytes())
    return tone_of(left), tone_of(right)


def tone_of(samples: Any) -> int:
    hz, share = dominant_tone(heard(samples, RATE), RATE)
    assert share > 0.9
    return round(hz / 10) * 10
