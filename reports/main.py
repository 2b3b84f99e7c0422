"""What the command `report` does."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from typing import Protocol

import msgspec

from calls.activity import SeatActivity
from calls.promise import Promise
from calls.record import CallRecord
from reports.daily import daily, day_bounds
from store.activity import read_activity
from store.database import Database
from store.migrations import upgrade
from store.records import read_records


class ReportError(Exception):
    """No report can be made; the message says what to ask for instead."""


class Reported(Protocol):
    """What a report needs of a project."""

    @property
    def promise(self) -> Promise:
        """The definition of its answer rate."""

    @property
    def timezone(self) -> str:
        """Its local time."""


class Named(Protocol):
    """What a report needs of an extension."""

    @property
    def name(self) -> str:
        """Whose it is: a department's name, or empty."""


def daily_json(
    projects: Mapping[str, Reported],
    store_url: str,
    project: str,
    date: str,
    extensions: Mapping[str, Named] | None = None,
) -> str:
    """The daily report as JSON text; `extensions`: by number. Raises ReportError, DatabaseUrlError."""
    chosen = projects.get(project)
    if chosen is None:
        raise ReportError(f"there is no project '{project}'; there are: {', '.join(projects)}")
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        raise ReportError(f"'{date}' is no date; write it like 2026-05-07") from None
    records, activity = asyncio.run(_read(store_url, project, day, chosen.timezone))
    departments = {number: extension.name for number, extension in (extensions or {}).items()}
    report = daily(
        records, chosen.promise, project, day, chosen.timezone, activity=activity, departments=departments
    )
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode()


async def _read(
    url: str, project: str, day: dt.date, timezone: str
) -> tuple[list[CallRecord], list[SeatActivity]]:
    await upgrade(url)
    bounds = day_bounds(day, timezone)
    async with Database(url) as database:
        records = await read_records(database, project, *bounds)
        return records, await read_activity(database, project, *bounds)
