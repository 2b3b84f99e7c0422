"""Work beside everything else: done, broken off, or ended by a fault that nobody else notices."""

from __future__ import annotations

import asyncio
import logging

import pytest

from telephony.background import Background

pytestmark = pytest.mark.unit

LIMIT = 30.0


class Work:
    """Begins, waits until it may go on, and notes how it ended."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.begun, self.may_end, self.over = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.ended = ""
        self._fault = fault

    async def do(self) -> None:
        """All of it."""
        self.begun.set()
        try:
            await self.may_end.wait()
            if self._fault is not None:
                raise self._fault
            self.ended = "done"
        except asyncio.CancelledError:
            self.ended = "broken off"
            raise
        finally:
            self.over.set()


async def test_it_is_done_inside() -> None:
    work = Work()
    async with Background(work.do(), "clock"):
        work.may_end.set()
        await asyncio.wait_for(work.over.wait(), LIMIT)
    assert work.ended == "done"


async def test_it_is_broken_off_at_the_end() -> None:
    work = Work()
    async with Background(work.do(), "clock"):
        await asyncio.wait_for(work.begun.wait(), LIMIT)
        assert any(task.get_name() == "clock" for task in asyncio.all_tasks())
    assert work.ended == "broken off"


async def test_a_fault_of_it_is_logged_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(RuntimeError("no clock"))
    async with Background(work.do(), "clock"):
        work.may_end.set()
        await asyncio.wait_for(work.over.wait(), LIMIT)
        await asyncio.sleep(0)
    [told] = caplog.records
    assert (told.levelno, told.getMessage()) == (logging.ERROR, "clock: ended by a fault")
    assert "no clock" in caplog.text


async def test_a_fault_inside_is_not_swallowed() -> None:
    work = Work()

    async def inside() -> None:
        async with Background(work.do(), "clock"):
            await asyncio.wait_for(work.begun.wait(), LIMIT)
            raise RuntimeError("elsewhere")

    with pytest.raises(RuntimeError, match="elsewhere"):
        await inside()
    assert work.ended == "broken off"
