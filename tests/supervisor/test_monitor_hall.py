"""The hall: everybody is told everything once and in order, whatever becomes of others."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.monitor import hall as hall_module
from supervisor.monitor.room import Room
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_house import AT, Page, changes, gone, tick
from tests.supervisor.monitor_viewers import BEGIN, BOTH, TAX, WATER, Viewer, Watch, hall_of, reason
from tests.supervisor.standing_behaviour import moment

pytestmark = pytest.mark.unit


async def test_what_comes_together_is_told_together() -> None:
    hall = hall_of()
    viewer = Viewer(hall, TAX)
    for step in range(20):
        hall.hear(changes(house.call(f"c{step}")))
    page = await viewer.until(lambda page: len(page.tables["calls"]) == 20)
    assert [frame["type"] for frame in page.frames] == ["snapshot", "changes"]
    await viewer.goes()


async def test_who_may_see_something_else_is_shown_that() -> None:
    hall = hall_of()
    viewer, other = Viewer(hall, TAX), Viewer(hall, BOTH)
    await viewer.until(lambda page: set(page.tables["seats"]) == {"s1"})
    hall.hear(reason("x", "water", id_="w1"))
    hall.move(viewer.screen, TAX)
    hall.move(viewer.screen, WATER)
    page = await viewer.until(lambda page: set(page.tables["seats"]) == {"w1"})
    assert page.tables["seats"]["w1"]["reason"] == "x"
    assert len(page.frames) == 2
    hall.hear(reason("y", "water", id_="w1"))
    await viewer.until(lambda page: page.tables["seats"]["w1"]["reason"] == "y")
    hall.move(viewer.screen, BOTH)
    await viewer.until(lambda page: set(page.tables["seats"]) == {"s1", "w1"})
    assert len(hall) == 2
    await viewer.goes()
    await other.goes()


async def test_who_comes_late_is_told_what_waits_only_once() -> None:
    hall = hall_of()
    first = Viewer(hall, TAX)
    hall.hear(reason("x"))
    hall.hear(changes(house.count()))
    late, stranger = Viewer(hall, TAX), Viewer(hall, BOTH)
    for viewer in (first, late, stranger):
        await viewer.until(lambda page: page.tables["seats"]["s1"]["reason"] == "x")
    assert stranger.page.tables["figures"]["tax"]["received"] == 1
    hall.tick()
    for viewer in (first, late, stranger):
        await viewer.until(lambda page: page.frames[-1]["type"] == "tick")
        await viewer.goes()
    assert [len(viewer.page.frames) for viewer in (first, late, stranger)] == [3, 3, 2]


async def test_a_fault_in_one_room_is_none_of_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hall = hall_of()
    broken, whole = Viewer(hall, WATER), Viewer(hall, TAX)

    def fails(*args: Any) -> bytes:
        raise RuntimeError("a fault")

    monkeypatch.setattr(broken.screen.room, "changes", fails)
    with caplog.at_level(logging.ERROR):
        hall.hear(reason("x"))
        await whole.until(lambda page: page.tables["seats"]["s1"]["reason"] == "x")
    assert (broken.cut, whole.cut) == (True, False)
    assert "a room could not be told" in caplog.text
    hall.tick()
    await whole.until(lambda page: page.frames[-1]["type"] == "tick")
    back = Viewer(hall, WATER)
    hall.hear(reason("y", "water", id_="w1"))
    await back.until(lambda page: page.tables["seats"]["w1"]["reason"] == "y")
    for viewer in (broken, whole, back):
        await viewer.goes()
    assert len(hall) == 0


async def test_a_frame_of_which_only_a_part_was_taken_in_leaves_no_screen_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hall = hall_of()
    viewer = Viewer(hall, TAX)
    take = hall.board.mirror.take

    def fails(frame: Any) -> Any:
        take(frame)
        raise RuntimeError("a fault")

    monkeypatch.setattr(hall.board.mirror, "take", fails)
    with pytest.raises(RuntimeError):
        hall.hear(reason("x"))
    await viewer.until(lambda page: page.tables["seats"]["s1"]["reason"] == "x")
    await viewer.goes()


async def test_it_says_that_time_goes_on_and_since_when_the_engine_is_away() -> None:
    watch = Watch()
    hall = hall_of(clock=watch)
    viewer = Viewer(hall, TAX)
    watch.now += 7
    hall.away("it is gone")
    page = await viewer.until(lambda page: page.tables["alarms"])
    assert page.tables["alarms"]["engine_away"]["since"] == AT + 7
    hall.tick()
    page = await viewer.until(lambda page: page.frames[-1]["type"] == "tick")
    assert page.frames[-1] == {"type": "tick", "n": 1, "at": AT + 7, "data_at": AT}
    hall.hear(tick(at=AT + 8))
    hall.tick()
    page = await viewer.until(lambda page: page.frames[-1]["data_at"] == AT + 8)
    await viewer.goes()


async def test_it_goes_on_by_itself_and_knows_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall_module, "TICK_S", 0.0)
    watch = Watch()
    hall = hall_of(clock=watch)
    viewer, running = Viewer(hall, TAX), asyncio.create_task(hall.run())
    await viewer.until(lambda page: page.tables["figures"]["tax"]["date"] == "2026-05-07")
    watch.now = moment("2026-05-08T00:00")
    await viewer.until(lambda page: page.tables["figures"]["tax"]["date"] == "2026-05-08")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await viewer.goes()


SIGHTS = st.sampled_from([TAX, WATER, BOTH])
STEPS = st.one_of(
    st.tuples(st.just("hear"), st.builds(lambda n, text: reason(text, *[["tax"], ["water"], ["tax", "water"]][n]),
                                         st.integers(0, 2), st.sampled_from("ab"))),
    st.tuples(st.just("hear"), st.builds(lambda id_: changes(house.call(id_)), st.sampled_from("ab"))),
    st.tuples(st.just("hear"), st.builds(lambda id_: changes(gone("call", id_)), st.sampled_from("ab"))),
    st.tuples(st.just("hear"), st.just(BEGIN)),
    st.tuples(st.sampled_from(["flush", "tick", "leave", "again"]), st.none()),
    st.tuples(st.sampled_from(["enter", "move"]), SIGHTS),
)  # fmt: skip


@given(st.lists(STEPS, max_size=25))
def test_whatever_happens_everybody_has_the_same_at_the_end(steps: list[tuple[str, Any]]) -> None:
    asyncio.run(_play(steps))


async def _play(steps: list[tuple[str, Any]]) -> None:
    watch = Watch()
    hall = hall_of(clock=watch)
    viewers = [Viewer(hall, TAX), Viewer(hall, BOTH)]
    for place, (what, with_) in enumerate(steps):
        one = viewers[place % len(viewers)]
        match what:
            case "enter":
                viewers.append(Viewer(hall, with_))
            case "leave" if len(viewers) > 1:
                viewers.remove(one)
                await one.goes()
            case "move" | "again":
                getattr(hall, what)(one.screen, *([with_] if what == "move" else []))
            case "hear" | "flush" | "tick":
                getattr(hall, what)(*([with_] if what == "hear" else []))
    watch.now += 1
    hall.tick()
    for viewer in viewers:
        page, fresh = await viewer.until(lambda page: page.frames[-1]["at"] == AT + 1), Page()
        fresh.take(Room(viewer.screen.room.sight, hall.board.tables).snapshot(AT, AT))
        assert page.tables == fresh.tables
        await viewer.goes()
    assert len(hall) == 0
