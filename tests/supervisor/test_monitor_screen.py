"""A screen: what waits for it, and what becomes of one that does not read."""

from __future__ import annotations

import pytest

from supervisor.monitor import screen as screen_module
from supervisor.monitor.room import Room
from supervisor.monitor.screen import Screen
from tests.supervisor.monitor_viewers import TAX, Viewer, hall_of, reason

pytestmark = pytest.mark.unit


async def test_who_does_not_read_is_cut_off_and_the_others_are_told_everything() -> None:
    hall = hall_of()
    slow, other = Viewer(hall, TAX), Viewer(hall, TAX)
    slow.reads.clear()
    texts = [f"r{step}" for step in range(screen_module.MOST_FRAMES + 2)]
    for number, text in enumerate(texts, 2):
        hall.hear(reason(text))
        hall.flush()
        await other.has(number)
    assert [frame["set"]["seats"]["s1"]["reason"] for frame in other.page.frames[1:]] == texts
    assert (slow.cut, other.cut) == (True, False)
    assert other.page.number == screen_module.MOST_FRAMES + 2
    slow.reads.set()
    await slow.task
    assert slow.page.number <= 0, "what waited for it is dropped"
    assert len(hall) == 2
    await slow.goes()
    await other.goes()
    assert len(hall) == 0


async def test_who_is_sent_too_much_at_once_is_cut_off_but_one_frame_is_always_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(screen_module, "MOST_BYTES", 10)
    cut: list[bool] = []
    screen = Screen(Room(TAX, hall_of().board.tables), lambda: cut.append(True))
    screen.offer(b"x" * 1000)
    screen.begin_anew(b"y" * 1000)
    assert cut == []
    screen.offer(b"z")
    screen.offer(b"z")
    screen.cut()
    assert (cut, screen.cut_off) == ([True], True)


async def test_a_frame_that_cannot_be_sent_in_time_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(screen_module, "STUCK_S", 0.001)
    hall = hall_of()
    viewer = Viewer(hall, TAX)
    viewer.reads.clear()
    await viewer.task
    assert viewer.cut
    assert viewer.page.frames == []


async def test_who_begins_anew_is_not_told_what_waited() -> None:
    hall = hall_of()
    viewer = Viewer(hall, TAX)
    for text in ("a", "b"):
        hall.hear(reason(text))
        hall.flush()
    hall.again(viewer.screen)
    hall.hear(reason("c"))
    hall.flush()
    page = await viewer.until(lambda page: page.number == 3)
    assert [(frame["type"], frame["n"]) for frame in page.frames] == [("snapshot", 2), ("changes", 3)]
    await viewer.goes()
