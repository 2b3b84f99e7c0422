"""A day of real calls is reconciled: journal, records, report, Asterisk's own account and recordings agree."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome, State
from calls.record import CallRecord
from calls.requests import TransferAsked
from engine.centre import Centre, SeatPlan
from reports.certificate import Certificate
from reports.difference import Tolerance
from supervisor.reconciling import Reconciling
from telephony.accounts import AccountKeeper, put_aside
from tests.live.centre import MENU_NUMBER, NUMBER, project
from tests.live.phone_office import (
    CALLER,
    CALLER_HZ,
    OPERATOR_HZ,
    THIRD_HZ,
    all_hear,
    hears,
    straight_project,
)
from tests.live.phone_talks import Talks, talks_in

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

TOKYO = ZoneInfo("Asia/Tokyo")
NOBODYS = "0489999999"


class Day:
    """The calls of today, and their certificate."""

    def __init__(self, talks: Talks) -> None:
        self.talks = talks
        self.stack = talks.service.stack
        self.calls: dict[str, CallRecord] = {}

    async def certificate(self, statement: bytes | None = None) -> Certificate:
        """As it will be made tomorrow: by then everything is settled."""
        await self.talks.service.recorder.finish_all()
        await self.talks.service.journal.flush()
        stack = self.stack
        # Calls just before midnight are of the day on which they arrived.
        date = dt.datetime.fromtimestamp(next(iter(self.calls.values())).arrived_at, TOKYO).date()
        making = Reconciling(stack.site, stack.centre, stack.plan, date, Tolerance(), time.time() + 86400)
        return await making.certificate("", statement, digests=True)

    def sql(self, statement: str, *values: object) -> None:
        connection = sqlite3.connect(self.stack.site.var_directory / "denwaban.db")
        with connection:
            connection.execute(statement, values)
        connection.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Day]:
    """One call of each sort: answered, transferred, abandoned in the line, told by the machine, blocked."""
    projects = {
        "line": straight_project("line", NUMBER),
        "other": straight_project("other", "0480000009"),
        "menu": project("menu", MENU_NUMBER, "menu"),
    }
    seats = (SeatPlan("seat01", ("line",), "201"), SeatPlan("seat02", ("other",), "202"))
    async with talks_in(tmp_path_factory.mktemp("day"), Centre(projects, seats)) as talks:
        day = Day(talks)
        day.calls = {
            "answered": await _answered(talks),
            "transferred": await _transferred(talks),
            "abandoned": await _abandoned(talks),
            "told": await _told(talks),
            "blocked": await _blocked(talks),
        }
        yield day


async def _answered(talks: Talks) -> CallRecord:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await operator.hang_up(hers)
        return await talks.record(call)


async def _transferred(talks: Talks) -> CallRecord:
    operator, third = talks.operator(), talks.third("202")
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, _ = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        await hears(his, OPERATOR_HZ)
        to = talks.engine.floor.centre.telephone("202")
        assert to is not None
        talks.done(TransferAsked("seat01", *to))
        theirs = await third.rung()
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await caller.hang_up(his)
        return await talks.record(call)


async def _abandoned(talks: Talks) -> CallRecord:
    operator = talks.telephone("seat01", answers="180 Ringing")
    async with talks.at_work(operator), talks.caller() as caller:
        his = await caller.dial(NUMBER)
        call = await talks.call_in(State.RINGING)
        await operator.rung(1)
        await caller.hang_up(his)
        return await talks.record(call)


async def _told(talks: Talks) -> CallRecord:
    async with talks.caller() as caller:
        his = await caller.dial(MENU_NUMBER)
        call = await talks.call_in(State.IVR)
        await his.end()
        return await talks.record(call)


async def _blocked(talks: Talks) -> CallRecord:
    before = set(talks.seen.records.records)
    async with talks.caller() as caller:
        await (await caller.dial(NOBODYS)).end()
    await talks.seen.until(lambda: len(talks.seen.records.records) > len(before))
    [call] = talks.seen.records.records.keys() - before
    return talks.seen.records.records[call]


async def test_all_agree(day: Day) -> None:
    outcomes = {name: record.outcome for name, record in day.calls.items()}
    assert outcomes == {
        "answered": Outcome.ANSWERED, "transferred": Outcome.ANSWERED, "abandoned": Outcome.ABANDONED_QUEUE,
        "told": Outcome.SELF_SERVED, "blocked": Outcome.BLOCKED,
    }  # fmt: skip
    made = await day.certificate()
    assert (made.differences, made.explained) == ([], [])
    assert made.passed
    assert (made.counts["journal"], made.counts["asterisk"], made.counts["recordings"]) == (5, 5, 2)


async def test_no_number_of_a_caller_is_in_asterisks_account(day: Day) -> None:
    text = day.stack.plan.events_file.read_text("utf-8")
    assert CALLER not in text
    assert CALLER[1:] not in text


async def test_a_recording_that_is_gone(day: Day) -> None:
    call = day.calls["transferred"].call
    [path] = day.stack.recordings.rglob(f"{call}.wav")
    away = path.rename(path.with_suffix(".away"))
    try:
        made = await day.certificate()
    finally:
        away.rename(path)
    assert [(one.kind, one.call) for one in made.differences] == [("recording_missing", call)]


async def test_a_row_that_says_something_else(day: Day) -> None:
    call = day.calls["abandoned"].call
    day.sql("UPDATE calls SET outcome = 'answered' WHERE call = ?", call)
    try:
        made = await day.certificate()
    finally:
        day.sql("UPDATE calls SET outcome = 'abandoned_queue' WHERE call = ?", call)
    assert {(one.kind, one.call) for one in made.differences} == {
        ("record_differs", call),
        ("report_total", ""),
    }


@pytest.mark.parametrize(
    ("name", "word", "kind"),
    [
        ("blocked", "CHAN_START", "missing_in_asterisk"),
        ("answered", "HANGUP", "never_ended"),
        ("transferred", "BRIDGE_ENTER", "answer_differs"),
    ],
)
async def test_a_line_that_asterisk_lost(day: Day, name: str, word: str, kind: str) -> None:
    record, file = day.calls[name], day.stack.plan.events_file
    whole = file.read_text("utf-8")
    lines = whole.splitlines(keepends=True)
    file.write_text("".join(x for x in lines if not (x.startswith(word) and f",{record.leg}," in x)), "utf-8")
    try:
        made = await day.certificate()
    finally:
        file.write_text(whole, "utf-8")
    assert [(one.kind, one.call) for one in made.differences] == [(kind, record.call)]


async def test_the_carriers_statement(day: Day) -> None:
    lines = ["通話開始日時,着信番号,通話時間"]
    for record in day.calls.values():
        if record.outcome != Outcome.BLOCKED and record.ended_at is not None:
            start = dt.datetime.fromtimestamp(record.arrived_at - 25.0, TOKYO)
            lines.append(
                f"{start:%Y/%m/%d %H:%M:%S},{record.number},{record.ended_at - record.arrived_at:.0f}"
            )
    made = await day.certificate("\r\n".join(lines).encode("cp932"))
    assert made.differences == []
    assert made.carrier_clock is not None
    assert made.carrier_clock.seconds == pytest.approx(-25.0, abs=1.1)
    others = [line for line in lines if MENU_NUMBER not in line]
    made = await day.certificate("\r\n".join(others).encode("cp932"))
    assert [(one.kind, one.call) for one in made.differences] == [
        ("not_in_statement", day.calls["told"].call)
    ]


async def test_the_account_goes_on_in_a_new_file_in_the_middle_of_a_call(day: Day) -> None:
    talks, file = day.talks, day.stack.plan.events_file
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, _ = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        aside = put_aside(file, dt.datetime.now(dt.UTC))
        await caller.hang_up(his)
        record = await talks.record(call)
    assert aside is not None
    AccountKeeper(file).look()
    assert not aside.exists()
    assert aside.with_name(f"{aside.name}.gz").exists()
    assert record.leg in file.read_text("utf-8")
    made = await day.certificate()
    assert made.differences == []
    assert made.counts["asterisk"] == 6
