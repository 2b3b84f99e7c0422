"""What the command `report` does."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from typing import Protocol

import msgspec

from calls.promise import Promise
from calls.record import CallRecord
from reports.daily import daily, day_bounds
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


def daily_json(projects: Mapping[str, Reported], store_url: str, project: str, date: str) -> str:
    """The daily report as JSON text. Raises ReportError, DatabaseUrlError."""
    chosen = projects.get(project)
    if chosen is None:
        raise ReportError(f"there is no project '{project}'; there are: {', '.join(projects)}")
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        raise ReportError(f"'{date}' is no date; write it like 2026-05-07") from None
    records = asyncio.run(_records(store_url, project, day, chosen.timezone))
    report = daily(records, chosen.promise, project, day, chosen.timezone)
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode()


async def _records(url: str, project: str, day: dt.date, timezone: str) -> list[CallRecord]:
    await upgrade(url)
    async with Database(url) as database:
        return await read_records(database, project, *day_bounds(day, timezone))
