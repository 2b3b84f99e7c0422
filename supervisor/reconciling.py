"""What the command `reconcile` does: it reads every side of a day, and prints what they say of each other."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import sys
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from calls.activity import SeatActivity
from calls.journal import Entry
from calls.record import CallRecord
from engine.build import load_centre
from engine.centre import Centre
from recordings.inventory import FoundFile, recordings_of
from reports.certificate import Certificate, Side, certify, of_day
from reports.certificate_text import certificate_text
from reports.daily import DailyReport, daily, day_bounds
from reports.difference import Clock, Tolerance
from reports.journal_day import DayFold, JournalDay
from reports.match_channels import bounds_of_all
from reports.match_statement import StatementLine
from reports.statement_file import StatementError, read_columns, read_statement
from store.accounts import Accounts, read_accounts
from store.activity import read_activity
from store.database import Database
from store.day_journal import Fault, projects_between, read_from, read_late, runs_between
from store.journal_reader import Run
from store.migrations import NewerDatabaseError, upgrade
from store.records import read_records
from telephony.main import EXPECTED, told
from telephony.plan import AsteriskPlan, plan_for
from telephony.site import Site, load_site
from telephony.versions import live_versions, projects_of, version_store

MARGIN_S = 60.0
"""Around midnight: a channel may begin before it and its record behind it."""

LONGEST_S = 86400.0
SETTLED_S = 2.0
"""What is younger than this may still be on its way into one of the books."""


class ReconcileError(Exception):
    """The day cannot be reconciled; the message says what to do."""


def reconcile(given: argparse.Namespace) -> int:
    """The command: 0 where nothing differs, 1 where something does, or where it cannot be done."""
    try:
        made = certificate_of(
            given.config,
            given.date,
            project=given.project,
            statement=given.statement,
            columns=given.columns,
            tolerance=Tolerance(
                time=given.tolerance,
                carrier_time=given.carrier_time,
                carrier_duration=given.carrier_duration,
            ),
            digests=not given.quick,
        )
    except (*EXPECTED, ReconcileError, StatementError) as error:
        return told(error)
    except (SQLAlchemyError, OSError) as error:
        reason = f"the database does not answer ({type(error).__name__}): is it up, and is `store` in site.yaml right?"
        return told(ReconcileError(reason))
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(made), indent=2).decode())
    else:
        sys.stdout.write(certificate_text(made))
    return 0 if made.passed else 1


def certificate_of(
    config: Path,
    date: str,
    *,
    project: str = "",
    statement: Path | None = None,
    columns: Path | None = None,
    tolerance: Tolerance | None = None,
    digests: bool = True,
) -> Certificate:
    """The certificate of a day of the site in a `config/` folder.

    Raises ReconcileError, StatementError and `EXPECTED`.
    """
    site = load_site(config / "site.yaml")
    # By the promise that is in service, not by a draft of it.
    live = projects_of(live_versions(version_store(site.var_directory)))
    centre = load_centre(config, live)
    if project and project not in centre.projects:
        raise ReconcileError(f"there is no project '{project}'; there are: {', '.join(centre.projects)}")
    return asyncio.run(
        Reconciling(site, centre, plan_for(site, ()), _day(date), tolerance or Tolerance()).certificate(
            project, _bytes(statement), _bytes(columns), digests=digests
        )
    )


def _day(date: str) -> dt.date:
    try:
        return dt.date.fromisoformat(date)
    except ValueError:
        raise ReconcileError(f"'{date}' is no date; write it like 2026-05-07") from None


def _bytes(path: Path | None) -> bytes | None:
    try:
        return None if path is None else path.read_bytes()
    except OSError as error:
        raise ReconcileError(f"{path} cannot be read: {error.strerror}") from None


class Reconciling:
    """Reads all sides of one day. `now`: seconds since 1970 UTC."""

    def __init__(
        self,
        site: Site,
        centre: Centre,
        plan: AsteriskPlan,
        date: dt.date,
        tolerance: Tolerance,
        now: float | None = None,
    ) -> None:
        self._site = site
        self._centre = centre
        self._plan = plan
        self._date = date
        self._tolerance = tolerance
        self._now = time.time() if now is None else now
        self._notes: list[str] = []

    async def certificate(
        self,
        project: str = "",
        statement: bytes | None = None,
        columns: bytes | None = None,
        *,
        digests: bool,
    ) -> Certificate:
        """Compare everything. `project`: only this one. Raises ReconcileError, StatementError."""
        clock = Clock(self._timezone(project))
        try:
            await upgrade(self._site.store_url)
        except NewerDatabaseError as error:
            raise ReconcileError(str(error)) from None
        lines = self._statement(statement, columns, clock)
        async with Database(self._site.store_url) as database:
            bounds = await self._bounds(database, project)
            journal = await self._journal(database, bounds)
            records = await self._records(database, bounds)
            reports = await self._reports(database, records, bounds)
        accounts = await asyncio.to_thread(self._accounts, bounds)
        if not (journal.entries or records or accounts.channels):
            raise ReconcileError(
                f"there is nothing of {self._date}: the service did not run on that day, or its journal is in another "
                "database (`store` in site.yaml)"
            )
        return certify(
            Side(
                date=self._date.isoformat(),
                bounds=bounds,
                journal=journal,
                records=records,
                reports=reports,
                channels=None if accounts.first_at is None else list(accounts.channels.values()),
                findings=await asyncio.to_thread(self._recordings, bounds, digests),
                statement=lines,
                numbers=[
                    number.number
                    for name in bounds
                    if name in self._centre.projects
                    for number in self._centre.projects[name].numbers
                ],
                trunk=self._site.trunk.name,
                tolerance=self._tolerance,
                clock=clock,
                notes=[*self._notes, *accounts.troubles],
                settled=self._now - SETTLED_S,
            )
        )

    # ---- the day

    def _timezone(self, project: str) -> str:
        found = self._centre.projects.get(project) or next(iter(self._centre.projects.values()), None)
        return found.timezone if found is not None else "Asia/Tokyo"

    async def _bounds(self, database: Database, project: str) -> dict[str, tuple[float, float]]:
        """Of every project of the configuration or of the records, as far as the day is over."""
        if project:
            return {project: self._until_now(self._timezone(project))}
        around = day_bounds(self._date, "UTC")
        there = await projects_between(database, around[0] - LONGEST_S, around[1] + LONGEST_S)
        names = {"", *there, *self._centre.projects}
        return {name: self._until_now(self._timezone(name)) for name in sorted(names)}

    def _until_now(self, timezone: str) -> tuple[float, float]:
        start, end = day_bounds(self._date, timezone)
        settled = self._now - SETTLED_S
        if settled < end:
            note = "the day is not over: only what was there when this was made is compared"
            self._notes += [] if note in self._notes else [note]
        return start, min(end, max(start, settled))

    # ---- the sides

    async def _journal(self, database: Database, bounds: Mapping[str, tuple[float, float]]) -> JournalDay:
        start, end = bounds_of_all(bounds)
        fold = DayFold()
        for run in await runs_between(database, start - MARGIN_S, end):
            fold.begin_run()
            after = 0
            if run.started_at < end + MARGIN_S:
                after = await _folded(fold, read_from(database, run, start - MARGIN_S), end, run)
            await _folded(fold, read_late(database, run, after), float("inf"), run)
        return fold.result()

    async def _records(
        self, database: Database, bounds: Mapping[str, tuple[float, float]]
    ) -> list[CallRecord]:
        return [record for name in bounds for record in await read_records(database, name, *bounds[name])]

    async def _reports(
        self, database: Database, records: list[CallRecord], bounds: Mapping[str, tuple[float, float]]
    ) -> dict[str, DailyReport]:
        chosen = list(of_day(records, bounds).values())
        made = {}
        for name in bounds:
            if (project := self._centre.projects.get(name)) is not None:
                activity: list[SeatActivity] = await read_activity(database, name, *bounds[name])
                made[name] = daily(
                    chosen, project.promise, name, self._date, project.timezone, activity=activity
                )
        return made

    def _accounts(self, bounds: Mapping[str, tuple[float, float]]) -> Accounts:
        start, end = bounds_of_all(bounds)
        accounts = read_accounts(self._plan.events_file, start - MARGIN_S, end + MARGIN_S)
        if accounts.first_at is not None and accounts.first_at > start:
            began = Clock(self._timezone("")).told(accounts.first_at)
            self._notes.append(
                f"Asterisk's account begins at {began}: before that it is not kept, or there was none"
            )
        return accounts

    def _recordings(self, bounds: Mapping[str, tuple[float, float]], digests: bool) -> list[FoundFile]:
        root = (self._site.var_directory / "recordings").absolute()
        names = [name for name in bounds if name]
        incoming = (self._plan.monitor, self._plan.messages)
        return list(recordings_of(root, names, self._date, incoming, digests=digests))

    def _statement(
        self, statement: bytes | None, columns: bytes | None, clock: Clock
    ) -> list[StatementLine] | None:
        if statement is None:
            return None
        read = read_statement(statement, read_columns(columns or b"{}"), clock.timezone)
        self._notes += read.troubles
        return read.lines


async def _folded(fold: DayFold, entries: AsyncIterator[Entry | Fault], end: float, run: Run) -> int:
    """Until all calls that arrived before `end` are over; the number of the last entry."""
    number = 0
    async for entry in entries:
        number = entry.number
        if isinstance(entry, Fault):
            fold.day.faults.append(
                f"run {run.run}, entry {entry.number}: {entry.text}; what it said of calls is lost unless the database "
                "is restored from a copy"
            )
            continue
        fold.feed(entry)
        if entry.at > end + LONGEST_S or (entry.at > end + MARGIN_S and not fold.still_open(end)):
            return number
    return number
