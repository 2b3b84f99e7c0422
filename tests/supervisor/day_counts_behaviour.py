"""What a board counts, on every database: by the journal, by the store and by both together it is the same."""

from __future__ import annotations

from collections import Counter

import pytest

from calls.journal import Entry
from store.database import Database
from store.day_counts import Unseen, read_unseen
from store.migrations import upgrade
from supervisor.api.filling import cells, still_open, unseen
from supervisor.board import Board, CountKey
from supervisor.board.counts import FILLED_S, Counts, half_hour, key_of
from tests.store.helpers import write
from tests.supervisor.days import PROJECTS, Day

ALL = Unseen(PROJECTS, 0.0, "nobody's", 1e12)


def folded(*runs: list[Entry]) -> Counts:
    """A fold of whole runs."""
    counts = Counts()
    for run in runs:
        for entry in run:
            counts.feed(entry)
    return counts


def of_today(found: dict[CountKey, int], now: float) -> dict[CountKey, int]:
    """Without those that are so old that they need not be there."""
    return {key: calls for key, calls in found.items() if key.start >= half_hour(now - FILLED_S)}


async def by_sql(database: Database) -> dict[CountKey, int]:
    """All calls, by the database alone."""
    found = await read_unseen(database, ALL)
    counted = Counter(cells(found.alike))
    for record in found.single:
        key = key_of(record)
        counted[key._replace(outcome="", waited=-1)] += 1
        counted[key] += bool(key.outcome)
    return +counted


async def fill(counts: Counts, database: Database, run: str) -> bool:
    """As the service does it; whether all is known."""
    found = await read_unseen(database, unseen(counts, run, PROJECTS))
    counts.fill(cells(found.alike), found.single)
    return not still_open(found)


class DayCountsBehaviour:
    """Inherit it next to a fixture `url` of an empty database."""

    @pytest.fixture(params=range(8))
    def day(self, request: pytest.FixtureRequest) -> Day:
        return Day(request.param)

    async def test_the_journal_and_the_database_count_alike(self, url: str, day: Day) -> None:
        await upgrade(url)
        async with Database(url) as database:
            for number, run in enumerate(day.runs):
                await write(database, f"run{number}", run)
            found = of_today(await by_sql(database), day.entries[-1].at)
        known = of_today(folded(*day.runs).cells, day.entries[-1].at)
        assert known == found
        assert sum(calls for key, calls in known.items() if key.outcome) > 40

    async def test_a_run_that_is_filled_counts_what_all_runs_do(self, url: str, day: Day) -> None:
        *earlier, last = day.runs
        now, half = last[-1].at, len(last) // 3
        await upgrade(url)
        async with Database(url) as database:
            for number, run in enumerate(earlier):
                await write(database, f"run{number}", run)
            begun = folded(last[:half])
            await fill(begun, database, "last")
            assert of_today(begun.cells, now) == of_today(folded(*earlier, last[:half]).cells, now)
            for entry in last[half:]:
                begun.feed(entry)
            whole = of_today(folded(*day.runs).cells, now)
            assert of_today(begun.cells, now) == whole
            await write(database, "last", last)
            assert await fill(begun, database, "last")
            assert of_today(begun.cells, now) == whole == of_today(await by_sql(database), now)

    async def test_a_run_of_which_a_part_was_not_seen(self, url: str, day: Day) -> None:
        now, last = day.runs[-1][-1].at, day.runs[-1]
        await upgrade(url)
        async with Database(url) as database:
            for number, run in enumerate(day.runs):
                await write(database, f"run{number}", run)
            cut = next(n for n in range(len(last) // 2, len(last)) if last[n].at > last[n - 1].at)
            unread = folded(last[cut:])
            await fill(unread, database, f"run{len(day.runs) - 1}")
            assert of_today(unread.cells, now) == of_today(folded(*day.runs).cells, now)

    async def test_a_fold_that_was_frozen_goes_on_filled_as_it_was(self, url: str, day: Day) -> None:
        *earlier, last = day.runs
        half = len(last) // 2
        await upgrade(url)
        async with Database(url) as database:
            for number, run in enumerate(earlier):
                await write(database, f"run{number}", run)
            board, again = Board(), Board()
            for entry in last[:half]:
                board.feed(entry)
            await fill(board.day, database, "last")
            again.thaw(board.freeze())
            assert again.counts == board.counts
            for entry in last[half:]:
                assert again.feed(entry) == board.feed(entry)
            await fill(again.day, database, "last")
            assert again.counts == board.counts
