"""What is read of a promise's standing on every database: the same as by the definition, record by record."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest

from calls.budget import NOBODY, Counts
from calls.promise import answer_rate
from ivr.project import Project
from store.counted import read_arrivals
from store.database import Database
from store.records import read_records
from supervisor.standing import read_standing
from tests.store.kept import every_kind, keep
from tests.telephony.office import silent

JAPAN = dt.timezone(dt.timedelta(hours=9))


def tax(**promise: Any) -> Project:
    """The project tax, open on weekdays with a lunch break."""
    hours = {"weekly": {"mon-fri": ["09:00-12:00", "13:00-17:00"]}}
    return Project.model_validate(silent("tax", hours=hours, promise=promise))


def moment(text: str) -> float:
    """Seconds since 1970 UTC of a time in Japan."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=JAPAN).timestamp()


NOW = moment("2026-05-07T13:05")


PERIODS = [
    ({}, [("2026-05-01", "2026-05-07")]),
    ({"short_abandon_s": 10.0}, [("2026-05-01", "2026-05-07")]),
    ({"period": "year", "months": {5: 0.8}}, [("2026-05-01", "2026-05-07")]),
    ({"period": "year"}, [("2026-01-01", "2026-05-07")]),
    ({"period": "year", "months": {2: 0.8}}, [("2026-01-01", "2026-02-01"), ("2026-03-01", "2026-05-07")]),
]


class StandingBehaviour:
    """Inherit it next to a fixture `url` of an empty database."""

    @pytest.fixture
    async def database(self, url: str) -> AsyncIterator[Database]:
        """More than a year of calls, one in five hours and today one in three minutes."""
        long_ago = [NOW - 5 * 3600.0 * number for number in range(2000)]
        today = [moment("2026-05-07T00:00") + 180.0 * number for number in range(480)]
        await keep(url, every_kind(long_ago + today))
        async with Database(url) as database:
            yield database

    @pytest.mark.parametrize(("promise", "days"), PERIODS)
    async def test_it_counts_as_the_promise_counts_the_records(
        self, database: Database, promise: dict[str, Any], days: list[tuple[str, str]]
    ) -> None:
        project, before, counted = tax(**promise), NOBODY, 0
        for first, end in days:
            span = (moment(f"{first}T00:00"), moment(f"{end}T00:00"))
            rate = answer_rate(await read_records(database, "tax", *span), project.promise)
            before += Counts(rate.numerator, rate.denominator)
        found = await read_standing(database, project, NOW)
        assert found.before == before
        for half_hour in found.today:
            span = (half_hour.start, min(half_hour.start + 1800, NOW))
            rate = answer_rate(await read_records(database, "tax", *span), project.promise)
            assert half_hour.counts == Counts(rate.numerator, rate.denominator)
            counted += rate.denominator
        assert [half_hour.start for half_hour in found.today] == [
            moment("2026-05-07T00:00") + 1800 * number for number in range(27)
        ]
        assert counted == found.so_far.counted > 20

    async def test_a_day_on_which_nobody_called(self, database: Database) -> None:
        found = await read_standing(database, tax(), moment("2020-05-07T00:00"))
        assert (found.total, [half.counts for half in found.today]) == (NOBODY, [NOBODY])

    async def test_when_they_came(self, database: Database) -> None:
        span = (moment("2026-05-07T09:00"), moment("2026-05-07T13:00"))
        records = [one for one in await read_records(database, "tax", *span) if one.direction == "in"]
        assert await read_arrivals(database, "tax", *span) == [one.arrived_at for one in records]
