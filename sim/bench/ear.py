"""Live: from a supervisor's wish to whisper to his voice at the operator's telephone, and back, again and again.

The clock starts when the engine is told, as by the key or the screen, and stops when the first packet arrives at the
operator's telephone in which he is heard. The telephones, and the service, share one thread here.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from calls.lifecycle import SeatState
from calls.requests import EarAsked, EarMode
from engine.centre import Centre, SeatPlan
from recordings.analysis import tone_share
from sim.bare import NAME, NUMBER, bare_project
from sim.bench.row import Row, row
from sim.bench.watch import Watch
from sim.live.audio import PACKET_S
from sim.live.stack import own_stack
from sim.live.telephone import Talk, Telephone
from sim.live.tones import SAMPLE_RATE
from telephony.service import Say, Service

SEAT, SUPERVISOR = "seat01", "supervisor01"
CALLER_HZ, OPERATOR_HZ, SUPERVISOR_HZ = 510, 1090, 1810
SWITCHES, TARGET_MS = 30, 200.0
_HEARD = 0.1


async def ear_rows(root: Path, say: Say) -> list[Row]:
    """`SWITCHES` times on a stack of its own: the median in between, and the longest."""
    async with _ear(root, say) as (service, hers):
        say(f"a supervisor goes from listening to whispering {SWITCHES} times")
        times = sorted([await _switched(service, hers) for _ in range(SWITCHES)])
    return [
        _row("live.listen_to_whisper", times[len(times) // 2]),
        _row("live.listen_to_whisper_max", times[-1]),
    ]


def _row(name: str, ms: float) -> Row:
    return row(name, "ms", ms, "target", TARGET_MS, more_is_better=False)


async def _switched(service: Service, hers: Talk) -> float:
    """Milliseconds until she hears him; when it is over he listens only, and she does not hear him."""
    began = time.perf_counter()
    _wants(service, "whisper")
    await _heard(hers, True)
    took = (time.perf_counter() - began) * 1000
    _wants(service, "listen")
    await _heard(hers, False)
    return took


def _wants(service: Service, mode: EarMode, target: str = "") -> None:
    service.feed(EarAsked(SUPERVISOR, mode, target, by="bench"))


async def _heard(hers: Talk, wanted: bool) -> None:
    """Until a packet comes in which the supervisor is heard, or is not."""
    while True:
        packet = await hers.audio.hear(PACKET_S)
        if (tone_share(packet, SAMPLE_RATE, SUPERVISOR_HZ) > _HEARD) is wanted:
            return


@asynccontextmanager
async def _ear(root: Path, say: Say) -> AsyncIterator[tuple[Service, Talk]]:
    """A caller talks with an operator, and the supervisor listens already."""
    var = root / "var" / "bench-ear"
    shutil.rmtree(var, ignore_errors=True)
    project = bare_project(lines=None, wrapup=False, promise=None)
    seats = (SeatPlan(SEAT, (NAME,)), SeatPlan(SUPERVISOR, (), supervises=(NAME,)))
    stack = own_stack(var, Centre({NAME: project}, seats), root / "config", root / "var/asterisk")
    port, secrets = stack.plan.ports.sip, stack.secrets.phones
    watch = Watch()
    async with Service(stack, say, watch.note) as service, AsyncExitStack() as there:
        state = service.engine.floor.seats
        operator = Telephone(port, SEAT, secrets[SEAT], OPERATOR_HZ)
        supervisor = Telephone(port, SUPERVISOR, secrets[SUPERVISOR], SUPERVISOR_HZ)
        caller = Telephone(port, "0900000000", tone_hz=CALLER_HZ)
        for phone in (operator, supervisor, caller):
            await there.enter_async_context(phone)
        await watch.until(lambda: state[SEAT].state is state[SUPERVISOR].state is SeatState.READY)
        await caller.dial(NUMBER)
        await watch.until(lambda: state[SEAT].state is SeatState.TALKING)
        _wants(service, "listen", SEAT)
        await watch.until(lambda: state[SUPERVISOR].state is SeatState.TALKING)
        yield service, operator.talks[0]
