"""The ticks of the live stream: once a second for who wants them, after everything that has changed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import aiohttp
import msgspec
import pytest

from supervisor.api.frames import Frame, Tick
from supervisor.api.rights import ADMINISTRATOR
from supervisor.api.stream import Listener, Stream
from supervisor.api.work import Desk
from telephony.alarms import AlarmName
from tests.engine.city import WATER
from tests.supervisor.api_office import Centrale, Site

pytestmark = pytest.mark.unit

TICKS = "?ticks=1"
OKA = {"id": "oka", "supervises": ["water"]}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seconds are short ones."""
    monkeypatch.setattr("supervisor.api.stream.TICK_S", 0.01)


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second is never over."""
    monkeypatch.setattr("supervisor.api.stream.TICK_S", 1e6)


@pytest.mark.usefixtures("never")
async def test_the_first_one_comes_right_after_the_snapshot(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        site.centre.office.alarms.sound(AlarmName.ARI_LOST, "nobody answers")
        listening = await site.listen("admin", query=TICKS)
        shot, tick = await listening.frame(), await listening.frame()
        assert (shot["type"], tick["type"], tick["seq"]) == ("snapshot", "tick", shot["seq"])
        assert [tick[name] for name in ("queues", "projects")] == [
            shot[name] for name in ("queues", "projects")
        ]
        assert [alarm["alarm"] for alarm in tick["alarms"]] == ["ari_lost"]
        assert isinstance(msgspec.convert(tick, Frame), Tick)


@pytest.mark.usefixtures("quick")
async def test_they_go_on_and_tell_what_goes_on_without_a_change(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        site.centre.talks("V", "w1", WATER)
        site.centre.waits("W", WATER)
        listening = await site.listen("admin", query=TICKS)
        await listening.frame()
        _, first = await listening.tick()
        assert [queue["longest_wait"] for queue in first["queues"]] == [None, 0]
        site.centre.now += 7
        while (tick := (await listening.tick())[1])["at"] == first["at"]:
            pass
        assert [queue["longest_wait"] for queue in tick["queues"]] == [None, 7]


@pytest.mark.usefixtures("quick")
async def test_what_has_changed_is_told_before(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        listening = await site.listen("admin", query=TICKS)
        await listening.frame()
        seq = 0
        for number in range(20):
            site.centre.waits(f"C{number}", WATER)
            before, tick = await listening.tick()
            assert [one["seq"] for one in before] == sorted(one["seq"] for one in before)
            assert all(seq < one["seq"] <= tick["seq"] for one in before)
            seq = tick["seq"]
            waiting = [one["queue"]["waiting"] for one in before if one["type"] == "queue"]
            told = [queue["waiting"] for queue in tick["queues"] if queue["queue"] == "water/main"]
            assert not waiting or waiting[-1] == told[0]


@pytest.mark.usefixtures("quick")
async def test_who_has_not_asked_for_them_gets_none(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        wants, does_not = (
            await site.listen("admin", query=TICKS),
            await site.listen("admin", query="?ticks=0"),
        )
        await does_not.frame()
        await wants.frame()
        for _ in range(5):
            await wants.tick()
        call = site.centre.waits("W", WATER)
        await does_not.until("call", call=call, state="QUEUED")  # which finds nothing but changes


@pytest.mark.usefixtures("quick")
async def test_each_is_told_what_he_may_see(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        site.centre.office.alarms.sound(AlarmName.ARI_LOST, "nobody answers")
        for who, lends, projects in (
            ("ld", None, ["tax"]),
            ("admin", OKA, ["water"]),
            ("admin", None, ["tax", "water"]),
        ):
            listening = await site.listen(who, lends, TICKS)
            await listening.frame()
            for _ in range(2):
                _, tick = await listening.tick()
                assert [project["project"] for project in tick["projects"]] == projects
                assert [queue["project"] for queue in tick["queues"]] == projects
                assert len(tick["alarms"]) == 1


async def test_a_wrong_word(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await site.listen("admin", query="?ticks=yes")
        assert refused.value.status == 400


# ---- one stream, by hand


async def frames(listener: Listener, count: int) -> list[dict[str, object]]:
    """So many of them."""
    async with asyncio.timeout(10):
        return [json.loads(await listener.frame()) for _ in range(count)]


def timer(stream: Stream) -> asyncio.TimerHandle | None:
    """What will tick, if anything."""
    return stream._timer


async def test_one_timer_for_all_and_none_for_nobody(tmp_path: Path) -> None:
    centre = Centrale(tmp_path)
    desk = Desk(centre.office, centre.live.board)
    stream = Stream(desk)
    first, second = (Listener(desk, ADMINISTRATOR, lambda: None, 9, ticks=True) for _ in range(2))
    stream.join(Listener(desk, ADMINISTRATOR, lambda: None, 9))
    assert timer(stream) is None
    stream.join(first)
    handle = timer(stream)
    assert handle is not None
    stream.join(second)
    stream.leave(first)
    assert timer(stream) is handle
    assert not handle.cancelled()
    stream.leave(second)
    assert handle.cancelled()
    assert timer(stream) is None


@pytest.mark.usefixtures("never")
async def test_nothing_is_dropped_and_nothing_gets_before_what_was_told_before(tmp_path: Path) -> None:
    centre = Centrale(tmp_path)
    desk = Desk(centre.office, centre.live.board)
    stream, cuts = Stream(desk), []
    centre.live.listen(lambda entry, changes: stream.observe(changes))
    listener = Listener(desk, ADMINISTRATOR, lambda: cuts.append(1), 100, ticks=True)
    stream.join(listener)
    centre.waits("W1", WATER)
    stream._tick()  # brings the changes first
    stream._tick()
    centre.waits("W2", WATER)
    await asyncio.sleep(0)
    told = await frames(listener, 6)
    assert [frame["type"] for frame in told] == ["snapshot", "tick", "changes", "tick", "tick", "changes"]
    stream.leave(listener)
    assert not cuts


@pytest.mark.usefixtures("never")
async def test_who_does_not_read_is_cut_off(tmp_path: Path) -> None:
    centre = Centrale(tmp_path)
    desk = Desk(centre.office, centre.live.board)
    stream, cuts = Stream(desk), []
    listener = Listener(desk, ADMINISTRATOR, lambda: cuts.append(1), 5, ticks=True)
    stream.join(listener)
    for _ in range(5):  # besides the first one
        stream._tick()
    assert cuts == [1]
    stream.leave(listener)


@pytest.mark.usefixtures("never")
async def test_a_fault_makes_them_begin_anew_and_the_next_tick_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = Centrale(tmp_path)
    desk = Desk(centre.office, centre.live.board)
    stream, cuts = Stream(desk), []
    listener = Listener(desk, ADMINISTRATOR, lambda: cuts.append("wants"), 5, ticks=True)
    stream.join(listener)
    stream.join(Listener(desk, ADMINISTRATOR, lambda: cuts.append("does not"), 5))
    with monkeypatch.context() as broken:
        broken.setattr("supervisor.api.stream.Ticking", lambda desk: 1 / 0)
        stream._tick()
    assert cuts == ["wants"]
    stream._tick()
    assert [frame["type"] for frame in await frames(listener, 3)] == ["snapshot", "tick", "tick"]
    stream.leave(listener)
