"""Callbacks, texts and messages of an earlier run on their way into the tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from calls.commands import SendNotice
from calls.events import MessageStored, TimePassed
from calls.journal import Entry
from calls.notes import NoteArrived, NoteCallback, NoteCallbackState, NoteClass
from store.database import Database
from store.migrations import upgrade
from store.models import CALLBACKS, NOTICES
from store.outbox import FAILED, due_notices, next_due, postpone_notice, settle_notice
from store.records import read_record
from tests.store.helpers import write

pytestmark = pytest.mark.unit

CALLBACK = NoteCallback("c1.k1", "c1", "city", "main", "0900000001", 3)
NOTICE = SendNotice("c1.n2", "c1", "city", "sms", "0900000001", "text\0")
ARRIVED = NoteArrived("c1", "leg", "city", "0480000001", "")


@pytest.fixture
async def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path}/denwaban.db"
    await upgrade(found)
    return found


async def test_a_callback_is_a_row(url: str) -> None:
    async with Database(url) as database:
        await write(database, "run", [Entry(1, 1000.0, TimePassed(), [ARRIVED, CALLBACK])])
        async with database.engine.connect() as connection:
            [row] = await connection.execute(select(CALLBACKS))
    assert tuple(row) == ("c1.k1", "c1", "city", "main", "0900000001", 3, 1000.0, "waiting", 0, None, "")


async def test_what_becomes_of_a_callback(url: str) -> None:
    async def told() -> tuple[str, int, float | None, str]:
        async with database.engine.connect() as connection:
            [row] = await connection.execute(select(CALLBACKS))
        return row.state, row.tries, row.due, row.serving

    ringing = NoteCallbackState("c1.k1", "ringing", "c2", 1)
    retry = NoteCallbackState("c1.k1", "retry", "", 1, 1600.0)
    reached = NoteCallbackState("c1.k1", "reached", "c3", 2)
    unknown = NoteCallbackState("c9.k1", "failed")
    async with Database(url) as database:
        await write(
            database,
            "run",
            [Entry(1, 1000.0, TimePassed(), [CALLBACK, ringing]), Entry(2, 1030.0, TimePassed(), [retry])],
        )
        assert await told() == ("retry", 1, 1600.0, "")
        await write(database, "next", [Entry(1, 1700.0, TimePassed(), [unknown, reached, CALLBACK])])
        assert await told() == ("reached", 2, None, "c3")


async def test_a_class_that_is_given_long_after_the_call(url: str) -> None:
    async with Database(url) as database:
        await write(database, "run", [Entry(1, 1000.0, TimePassed(), [ARRIVED])])
        await write(database, "next", [Entry(1, 9000.0, TimePassed(), [NoteClass("c1", "seat01", "refund")])])
        record = await read_record(database, "c1")
    assert record is not None
    assert record.inquiry_class == "refund"


async def test_the_life_of_a_text(url: str) -> None:
    async with Database(url) as database:
        await write(database, "run", [Entry(1, 1000.0, TimePassed(), [NOTICE])])
        assert await due_notices(database, "chat", 2000.0, 5) == []
        assert await due_notices(database, "sms", 999.0, 5) == []
        [notice] = await due_notices(database, "sms", 1000.0, 5)
        assert (notice.id, notice.to, notice.text, notice.tries) == ("c1.n2", "0900000001", "text\ufffd", 0)
        assert "09000" not in repr(notice)
        await postpone_notice(database, "c1.n2", 1010.0)
        assert await due_notices(database, "sms", 1009.0, 5) == []
        assert await next_due(database, "sms") == 1010.0
        await settle_notice(database, "c1.n2", FAILED)
        assert await next_due(database, "sms") is None
        async with database.engine.connect() as connection:
            [row] = await connection.execute(select(NOTICES))
    assert (row.state, row.tries, row.recipient, row.text) == ("failed", 2, "", "")


async def test_written_again_a_text_that_was_sent_stays_sent(url: str) -> None:
    async with Database(url) as database:
        for run in ("run", "again"):
            await write(database, run, [Entry(1, 1000.0, TimePassed(), [NOTICE, CALLBACK])])
            await settle_notice(database, "c1.n2", "sent")
        assert await next_due(database, "sms") is None


async def test_a_message_of_a_call_of_an_earlier_run(url: str) -> None:
    async with Database(url) as database:
        await write(database, "run", [Entry(1, 1000.0, TimePassed(), [ARRIVED])])
        await write(database, "next", [Entry(1, 2000.0, MessageStored("c1-message", 7.5, "ab"), [])])
        record = await read_record(database, "c1")
    assert record is not None
    assert (record.message_seconds, record.message_sha256) == (7.5, "ab")
