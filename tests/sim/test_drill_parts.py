"""The parts of a drill that need no telephone: the wire that is cut, the house, what is left behind, the figures."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from calls.lifecycle import State
from calls.record import CallRecord
from ivr.loader import load
from sim.drill.arguments import KINDS, add_arguments
from sim.drill.cut_network import Wire
from sim.drill.drill import OUTAGE_S, Plan, harm_of, reasons
from sim.drill.harms import CannotDrillError, Harmless, KillAsterisk
from sim.drill.house import NOTICE_HZ, new_house
from sim.drill.leftovers import end_all, left_behind, processes
from sim.drill.lines import FAR_END, HUNG_UP, Line
from sim.drill.main import plans
from sim.drill.media import Stream
from sim.drill.scene import Course
from sim.drill.story import BY_NOBODY, BY_SEAT, stories
from sim.drill.verdict import Evidence, figures, recovered_events
from telephony.ports import free_ports
from telephony.site import Ports, Site
from telephony.stack import load_stack

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


# ---- the wire


async def closed(writer: asyncio.StreamWriter) -> None:
    """All of it, so that nothing is left to the garbage collector."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


@asynccontextmanager
async def wired() -> AsyncIterator[tuple[Wire, asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection through a wire to somebody who says everything once more."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(100):
                writer.write(data)
        await closed(writer)

    near, far = free_ports(2)
    async with await asyncio.start_server(echo, "127.0.0.1", far):
        wire = Wire(near, far)
        await wire.open()
        reader, writer = await asyncio.open_connection("127.0.0.1", near)
        try:
            yield wire, reader, writer
        finally:
            await closed(writer)
            await wire.close()


async def test_a_wire_carries_both_ways() -> None:
    async with wired() as (_, reader, writer):
        writer.write(b"one")
        assert await reader.readexactly(3) == b"one"


async def test_a_cut_wire_says_nothing_and_loses_nothing() -> None:
    async with wired() as (wire, reader, writer):
        writer.write(b"one")
        assert await reader.readexactly(3) == b"one"
        wire.cut()
        writer.write(b"two")
        heard = asyncio.create_task(reader.readexactly(3))
        await asyncio.wait([heard], timeout=0.1)
        assert not heard.done()
        wire.mend()
        assert await heard == b"two"


async def test_a_closed_wire_resets_and_takes_nobody() -> None:
    async with wired() as (wire, reader, writer):
        writer.write(b"one")
        await reader.readexactly(3)
        await wire.close()
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", wire.port)
        await wire.open()
        _, again = await asyncio.open_connection("127.0.0.1", wire.port)
        await closed(again)


# ---- the house, and what is left of it


def test_a_house_is_one_that_the_service_can_load_and_is_gone_afterwards() -> None:
    house = new_house(ROOT, 3)
    try:
        house.furnish()
        stack = load_stack(house.config)
        assert [seat.id for seat in stack.centre.seats] == ["seat01", "seat02", "seat03"]
        assert set(house.passwords()) == set(house.seats)
        assert load(house.config / "site.yaml", Site) == house.site
        assert f"the folder {house.folder} is still there" in left_behind(house.folder, house.site.ports)
    finally:
        house.remove()
    assert not left_behind(house.folder, house.site.ports)


def test_a_process_that_was_left_is_found_and_ended(tmp_path: Path) -> None:
    ports = new_house_ports()
    with subprocess.Popen([sys.executable, "-c", "input()"], cwd=tmp_path, stdin=subprocess.PIPE) as left:
        assert processes(tmp_path) == [left.pid]
        assert f"process {left.pid} still runs" in left_behind(tmp_path, ports)
        end_all(tmp_path)
        assert left.wait() < 0
    assert not processes(tmp_path)


def new_house_ports() -> Ports:
    """Nobody has these."""
    house = new_house(ROOT, 1)
    house.remove()
    return house.site.ports


# ---- the figures


def line(party: str, began: float, answered: float, ended: float, how: str, seat: str = "") -> Line:
    """One that is over."""
    stream = Stream(440)
    stream.close()
    one = Line(f"{party}{seat}", stream, party, seat)
    one.began, one.answered, one.ended, one.how = began, answered, ended, how
    return one


def evidence(*seats: Line, callers: list[Line], records: list[CallRecord], order: str = "") -> Evidence:
    return Evidence(
        course=Course(harmed=[5.0], arrived=[*order]),
        callers=callers,
        seats=seats,
        silences=(),
        served=[one.party for one in seats],
        records=records,
        listed=set(),
        calls_end=False,
        journal_whole=True,
        log=[
            "Asterisk and the journal differed: LegEnded (3)",
            "Asterisk and the journal differed: put_in (2)",
        ],
    )


def test_figures_tell_who_was_dropped_overtaken_and_not_counted() -> None:
    callers = [line("a", 1.0, 1.1, 20.0, FAR_END), line("b", 2.0, 2.1, 30.0, FAR_END)]
    seats = [line("b", 8.0, 8.0, 30.0, HUNG_UP, "seat01"), line("a", 9.0, 9.0, 20.1, FAR_END, "seat02")]
    assert [story.ended_by for story in stories(callers, seats, NOTICE_HZ)] == [BY_NOBODY, BY_SEAT]
    told, wrong = figures(evidence(*seats, callers=callers, records=[], order="ab"), [])
    assert (told["dropped"], told["out_of_order"], told["miscounted"]) == (1, 1, 2)
    assert told["events_recovered"] == 3
    assert [fault.what for fault in wrong] == ["records", "records", "line"]


def test_recovery_is_when_the_engine_answers_somebody_new() -> None:
    callers = [
        line(name, began, began + 0.1, 20.0, HUNG_UP) for name, began in (("a", 4.0), ("b", 6.0), ("c", 8.0))
    ]
    for one in callers:
        one.seconds_of = lambda hz: 0.6  # type: ignore[method-assign]
    records = [
        CallRecord(
            call=name, leg=name, project="drill", number="1", caller=name, arrived_at=1.0, closed_at=20.0,
            ended_at=20.0, state=State.CLOSED, outcome=outcome,
        )
        for name, outcome in (("a", "abandoned_queue"), ("b", "degraded_unanswered"), ("c", "abandoned_queue"))
    ]  # fmt: skip
    told, _ = figures(evidence(callers=callers, records=records), [])
    assert told["recover_s"] == pytest.approx(3.1)


def test_only_events_count_as_recovered() -> None:
    assert (
        recovered_events(["nothing", "x WARNING y Asterisk and the journal differed: CallArrived (1)"]) == 1
    )


GOOD = {
    "dropped": 0, "out_of_order": 0, "miscounted": 0, "stuck": 0, "recover_s": 1.0, "silence_s": 0.02,
    "robots_late_s": 0.01, "recordings_whole": 1.0, "journal_whole": True, "to_call_back": 0, "to_call_back_wanted": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    "bad",
    [
        {"dropped": 1}, {"out_of_order": 1}, {"miscounted": 1}, {"stuck": 1}, {"recover_s": None},
        {"silence_s": 0.5}, {"recordings_whole": 0.99}, {"journal_whole": False},
    ],
)  # fmt: skip
def test_whatever_is_lost_fails_the_drill(bad: dict[str, object]) -> None:
    assert not reasons(GOOD, Harmless())
    assert len(reasons(GOOD | bad, Harmless())) == 1


def test_with_asterisk_dead_silence_is_no_fault_but_a_caller_who_is_not_listed_is() -> None:
    assert not reasons(GOOD | {"silence_s": 9.0}, KillAsterisk())
    assert reasons(GOOD | {"to_call_back_wanted": 2}, KillAsterisk()) == ["to_call_back: 0 of 2"]


# ---- the command


def asked(*words: str) -> list[Plan]:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return plans(parser.parse_args(words))


def test_what_is_asked_for_is_drilled() -> None:
    assert asked("kill-engine") == [Plan("kill-engine")]
    assert [plan.kind for plan in asked("all")] == [*KINDS]
    assert asked("full-disk", "--times", "2", "--seed", "7") == [
        Plan("full-disk", seed=7), Plan("full-disk", seed=8),
    ]  # fmt: skip
    assert asked("kill-engine", "--times", "50") == [Plan("kill-engine", waiting=0, deaths=50)]


def test_every_kind_has_its_harm() -> None:
    for kind in (*KINDS, "none"):
        assert harm_of(Plan(kind)).blows
    assert Plan("kill-database").outage == OUTAGE_S["kill-database"] == 60.0
    with pytest.raises(CannotDrillError, match="there is no drill"):
        harm_of(Plan("kill-everything"))
