"""Callers who are called back: the operator is there first, then they are dialled."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome, SeatState, State
from calls.notes import NoteCallbackState
from calls.record import CallRecord
from engine.centre import Centre, SeatPlan
from sim.live import phone_sip as sip
from sim.live.telephone import Talk, Telephone
from tests.live.centre import NODES, NUMBER
from tests.live.phone_office import CALLER, CALLER_HZ, OPERATOR_HZ, THIRD_HZ, all_hear, straight_project
from tests.live.phone_talks import Talks, talks_in

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

SEAT = "seat01"
FLOW = {
    "start": "menu",
    "nodes": {
        "menu": {"type": "menu", "prompt": "notice", "keys": {"1": "ask", "2": "line"}, "after": "busy"},
        "ask": {"type": "callback", "queue": "main", "accepted": "busy", "refused": "busy"},
        "line": NODES["line"],
        "busy": NODES["busy"],
    },
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def talks(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Talks]:
    rules = {"tries": 2, "interval_s": 0.2, "ring_s": 5}
    line = straight_project("line", NUMBER, {"flow": FLOW}, callback=rules)
    centre = Centre({"line": line}, (SeatPlan(SEAT, ("line",), "201"),))
    async with talks_in(tmp_path_factory.mktemp("callbacks"), centre) as one:
        yield one


async def wished(talks: Talks, caller: Telephone) -> str:
    """A caller asks to be called back and hangs up: the callback's id."""
    known = set(talks.engine.floor.callbacks)
    his = await chosen(talks, caller, "1")
    await talks.seen.until(lambda: bool(set(talks.engine.floor.callbacks) - known))
    await caller.hang_up(his)
    [callback] = set(talks.engine.floor.callbacks) - known
    return callback


async def chosen(talks: Talks, caller: Telephone, key: str) -> Talk:
    his = await caller.dial(NUMBER)
    assert await his.final == 200
    await his.audio.press(key)
    return his


def states(talks: Talks, callback: str) -> list[str]:
    """What became of a callback, as far as it has come."""
    commands = [command for entry in talks.seen.entries for command in entry.commands]
    return [c.state for c in commands if isinstance(c, NoteCallbackState) and c.callback == callback]


async def until_over(talks: Talks, callback: str) -> None:
    await talks.seen.until(lambda: callback not in talks.engine.floor.callbacks)


def tries(talks: Talks, callback: str) -> list[CallRecord]:
    return [record for record in talks.seen.records.records.values() if record.callback == callback]


async def test_the_operator_is_there_first_and_then_he_is_dialled(talks: Talks) -> None:
    operator, home = talks.telephone(SEAT, OPERATOR_HZ, "180 Ringing"), talks.third(CALLER, "180 Ringing")
    async with talks.at_work(operator, home), talks.caller() as caller:
        callback = await wished(talks, caller)
        hers = await operator.rung()
        assert f'"line" <sip:{CALLER}@' in sip.header(hers.invite, "From")
        assert not home.talks
        await operator.pick_up(hers)
        theirs = await home.rung()
        assert f"sip:{NUMBER}@" in sip.header(theirs.invite, "From")
        await home.pick_up(theirs)
        await all_hear((theirs, {OPERATOR_HZ}), (hers, {THIRD_HZ}))
        call = await talks.call_in(State.TALKING)
        await home.hang_up(theirs)
        await hers.end()
        await until_over(talks, callback)
        record, recording = await talks.record(call), await talks.recording(call)
    assert states(talks, callback)[-2:] == ["ringing", "reached"]
    assert (record.direction, record.outcome, record.callback) == ("callback", Outcome.ANSWERED, callback)
    [talk] = record.talks
    assert recording.heard(talk.began, talk.ended) == ({THIRD_HZ}, {OPERATOR_HZ})


async def test_he_is_dialled_again_and_given_up_at_last(talks: Talks) -> None:
    operator, home = talks.operator(), talks.third(CALLER, "486 Busy Here")
    async with talks.at_work(operator, home), talks.caller() as caller:
        callback = await wished(talks, caller)
        await until_over(talks, callback)
        assert len(home.talks) == 2
        await talks.floor.until_seat(SEAT, SeatState.READY)
    assert [state for state in states(talks, callback) if state != "waiting"] == [
        "ringing", "retry", "ringing", "failed",
    ]  # fmt: skip
    assert {record.outcome for record in tries(talks, callback)} == {Outcome.NOT_REACHED}


async def test_the_operator_puts_it_down_before_he_is_reached_and_that_is_no_try(talks: Talks) -> None:
    operator, home = talks.operator(), talks.third(CALLER, "180 Ringing")
    async with talks.at_work(operator, home), talks.caller() as caller:
        callback = await wished(talks, caller)
        hers = await operator.rung()
        rings = await home.rung()
        await operator.hang_up(hers)
        assert (await rings.end()).startswith("CANCEL")
        theirs = await home.rung(2)
        await home.pick_up(theirs)
        again = await operator.rung(2)
        await all_hear((theirs, {OPERATOR_HZ}), (again, {THIRD_HZ}))
        await operator.hang_up(again)
        await theirs.end()
        await until_over(talks, callback)
    assert "retry" not in states(talks, callback)


async def test_who_calls_again_himself_takes_his_own_place(talks: Talks) -> None:
    operator, home = talks.operator(), talks.third(CALLER)
    async with talks.at_work(operator, home), talks.caller() as caller, talks.caller("0488302222") as first:
        held = await chosen(talks, first, "2")
        hers = await operator.rung()
        await all_hear((held, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        callback = await wished(talks, caller)
        his = await chosen(talks, caller, "2")
        await until_over(talks, callback)
        await first.hang_up(held)
        again = await operator.rung(2)
        await all_hear((his, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await caller.hang_up(his)
        assert not home.talks
    assert states(talks, callback)[-1] == "cancelled"
