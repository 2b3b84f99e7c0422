"""What earlier days of a period had: read in the background, kept for a while, and told of where it cannot be read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from calls.budget import Counts
from store.database import Database
from supervisor.monitor import earlier as earlier_module
from supervisor.monitor.earlier import AGAIN_S, Earlier
from supervisor.monitor.terms import Terms, terms_of
from supervisor.standing import KEPT_S, read_before
from tests.store.kept import called, keep
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_house import AT
from tests.supervisor.standing_behaviour import moment, tax

pytestmark = pytest.mark.unit

YESTERDAY = AT - 86_400


class Reading:
    """An `Earlier` over a store of its own; `news` is what it said."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = Database(url)
        self.news: list[tuple[str, str]] = []
        self._came = asyncio.Event()
        self.earlier = Earlier(self.database, self._said)

    def _said(self, project: str, trouble: str) -> None:
        self.news.append((project, trouble))
        self._came.set()

    async def said(self, count: int) -> tuple[str, str]:
        """The news of this number."""
        while len(self.news) < count:
            self._came.clear()
            await self._came.wait()
        await asyncio.sleep(0)  # the reader goes right after its news
        return self.news[count - 1]

    def of(self, at: float = AT, terms: Terms | None = None) -> Counts | None:
        """What is known at a moment."""
        return self.earlier.of(terms or terms_of(house.project(at=at)), at)


@pytest.fixture
async def reading(tmp_path: Path) -> AsyncIterator[Reading]:
    url = f"sqlite:///{tmp_path}/calls.db"
    await keep(url, [called(1, YESTERDAY), called(2, YESTERDAY, "abandoned_queue"), called(3, AT - 1)])
    reading = Reading(url)
    yield reading
    await reading.earlier.close()
    await reading.database.close()


async def test_it_is_known_once_it_was_read_and_read_again_now_and_then(reading: Reading) -> None:
    assert reading.of() is None
    assert reading.of() is None, "and is read once"
    assert await reading.said(1) == ("tax", "")
    assert reading.of() == Counts(1, 2)
    await keep(reading.url, [called(4, YESTERDAY)])
    assert reading.of(AT + KEPT_S - 1) == Counts(1, 2)
    assert len(reading.news) == 1
    assert reading.of(AT + KEPT_S) == Counts(1, 2), "what is old is better than nothing"
    await reading.said(2)
    assert reading.of(AT + KEPT_S) == Counts(2, 3)
    assert reading.of(AT) == Counts(2, 3), "a clock that was set back reads anew"
    await reading.said(3)


async def test_another_day_or_promise_is_another_question(reading: Reading) -> None:
    reading.of()
    await reading.said(1)
    tomorrow = moment("2026-05-08T00:00")
    assert reading.of(tomorrow) is None
    await reading.said(2)
    assert reading.of(tomorrow) == Counts(2, 3), "today belongs to it, too"
    shorter = terms_of(house.project(tax(short_abandon_s=60.0), tomorrow))
    assert reading.of(tomorrow, shorter) is None
    await reading.said(3)
    assert reading.of(tomorrow, shorter) == Counts(2, 2)
    first = moment("2026-06-01T00:00")
    assert reading.of(first) is None
    await reading.said(4)
    assert reading.of(first) == Counts(0, 0)


async def test_a_store_that_cannot_be_read_is_told_of_and_tried_again(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> Counts:
        raise OSError("geheim")

    monkeypatch.setattr(earlier_module, "read_before", fails)
    reading.of()
    name, trouble = await reading.said(1)
    assert name == "tax"
    assert "look at the database" in trouble
    assert "geheim" not in trouble
    for step in range(4):
        assert reading.of(AT + step) is None
    assert not reading.earlier._reading, "not at once"
    reading.of(AT + AGAIN_S)
    await reading.said(2)
    monkeypatch.setattr(earlier_module, "read_before", read_before)
    reading.of(AT - 3600.0)
    assert await reading.said(3) == ("tax", ""), "a clock that was set back does not keep it waiting"
    assert reading.of() == Counts(1, 2)


async def test_a_table_that_there_is_not_is_a_trouble_that_ends(tmp_path: Path) -> None:
    reading = Reading(f"sqlite:///{tmp_path}/new.db")
    reading.of()
    assert "OperationalError" in (await reading.said(1))[1]
    await keep(reading.url, [called(1, YESTERDAY)])
    reading.of(AT + AGAIN_S)
    assert await reading.said(2) == ("tax", "")
    assert reading.of(AT + AGAIN_S) == Counts(1, 1)
    await reading.earlier.close()
    await reading.database.close()


async def test_projects_do_not_wait_for_each_other(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = asyncio.Event()

    async def slow(database: Database, terms: Any, at: float) -> Counts:
        if terms.project == "tax":
            await waits.wait()
        return await read_before(database, terms, at)

    monkeypatch.setattr(earlier_module, "read_before", slow)
    reading.of()
    water = terms_of(house.project(project="water"))
    reading.of(AT, water)
    assert await reading.said(1) == ("water", "")
    assert reading.of(AT, water) == Counts(0, 0)
    assert reading.of() is None
    await reading.earlier.close()
    assert reading.news == [("water", "")]
