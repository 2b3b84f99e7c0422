"""Where a promise stands, from a database of SQLite, and how often it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from calls.budget import Counts
from store.database import Database
from supervisor.standing import KEPT_S, Standings, open_today
from tests.store.kept import called, keep
from tests.supervisor.standing_behaviour import NOW, StandingBehaviour, moment, tax

pytestmark = pytest.mark.unit


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/calls.db"


class TestSqlite(StandingBehaviour):
    """On SQLite."""


async def test_earlier_days_are_read_now_and_then_only(url: str) -> None:
    project, yesterday = tax(), NOW - 86400
    await keep(url, [called(1, yesterday)])
    async with Database(url) as database:
        standings = Standings(lambda: database)
        assert (await standings.of(project, NOW)).before == Counts(1, 1)
        await keep(url, [called(2, yesterday, "abandoned_queue"), called(3, NOW - 1)])
        found = await standings.of(project, NOW + KEPT_S - 1)
        assert (found.before, found.so_far) == (Counts(1, 1), Counts(1, 1))
        assert (await standings.of(project, NOW + KEPT_S)).before == Counts(1, 2)
        counting_less = tax(short_abandon_s=60.0)
        assert (await standings.of(counting_less, NOW + KEPT_S)).before == Counts(1, 1)
        tomorrow = moment("2026-05-08T00:00")
        assert (await standings.of(counting_less, tomorrow)).before == Counts(2, 2)


def test_when_it_is_open_today() -> None:
    assert open_today(tax(), NOW) == [
        (moment("2026-05-07T09:00"), moment("2026-05-07T12:00")),
        (moment("2026-05-07T13:00"), moment("2026-05-07T17:00")),
    ]
    assert open_today(tax(), moment("2026-05-09T10:00")) == []
