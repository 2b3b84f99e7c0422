"""The tables. The migrations under `store/migrations` make them; a test holds the two equal."""

from __future__ import annotations

from typing import cast

from sqlalchemy import BigInteger, Double, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NOTHING = text("''")
FIRST_ENTRY = text("number = 1")
OVERRIDE_ENTRY = text("event_type = 'HoursOverridden'")


class Base(DeclarativeBase):
    """Base of all tables; names of constraints are fixed so that later migrations can speak of them."""

    metadata = MetaData(
        naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"}
    )
    type_annotation_map = {str: Text(), float: Double(), int: Integer()}  # noqa: RUF012 (SQLAlchemy's own form)


class JournalRow(Base):
    """One `Entry`: `event` and `commands` are the JSON of `encode_event` and `encode_commands`.

    `run` is one life of an engine: its entries are numbered from 1 without gaps. `event_type` repeats the
    event's class name for people who search.
    """

    __tablename__ = "journal"
    # The small index finds the beginnings of all runs without reading the journal through. Without a rowid
    # the entries lie in SQLite in the very order in which they are written and read.
    __table_args__ = (
        Index("ix_journal_runs", "at", sqlite_where=FIRST_ENTRY, postgresql_where=FIRST_ENTRY),
        # Another finds the few orders by hand among millions of entries, at every start.
        Index("ix_journal_overrides", "at", sqlite_where=OVERRIDE_ENTRY, postgresql_where=OVERRIDE_ENTRY),
        {"sqlite_with_rowid": False},
    )

    run: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    at: Mapped[float]
    event_type: Mapped[str]
    event: Mapped[str]
    commands: Mapped[str]


class CallRow(Base):
    """One `CallRecord`, column by column, and the run that wrote it last; `heard` is a JSON list."""

    __tablename__ = "calls"
    __table_args__ = (Index(None, "project", "arrived_at"),)

    call: Mapped[str] = mapped_column(primary_key=True)
    run: Mapped[str]
    leg: Mapped[str]
    project: Mapped[str]
    number: Mapped[str]
    caller: Mapped[str]
    arrived_at: Mapped[float]
    queue: Mapped[str]
    queued_at: Mapped[float | None]
    left_line_at: Mapped[float | None]
    offers: Mapped[int]
    rang_at: Mapped[float | None]
    answered_at: Mapped[float | None]
    seat: Mapped[str]
    ended_at: Mapped[float | None]
    closed_at: Mapped[float | None]
    state: Mapped[str]
    outcome: Mapped[str]
    heard: Mapped[str]
    keys: Mapped[str]
    recording_seconds: Mapped[float | None]
    recording_sha256: Mapped[str]
    jitter_ms: Mapped[float | None]
    loss_percent: Mapped[float | None]
    rtt_ms: Mapped[float | None]
    transferred_to: Mapped[str] = mapped_column(server_default=NOTHING)
    message_seconds: Mapped[float | None]
    message_sha256: Mapped[str] = mapped_column(server_default=NOTHING)


class CallbackRow(Base):
    """A caller who asked to be called back. `state` is `waiting` until it is done.

    Who is called first: the order of `asked_at`, or of the call's `queued_at` where he had been in the line before.
    """

    __tablename__ = "callbacks"
    __table_args__ = (Index(None, "state", "asked_at"),)

    callback: Mapped[str] = mapped_column(primary_key=True)
    call: Mapped[str]
    project: Mapped[str]
    queue: Mapped[str]
    number: Mapped[str]
    place: Mapped[int] = mapped_column(BigInteger())
    asked_at: Mapped[float]
    state: Mapped[str]


class NoticeRow(Base):
    """A text for a gateway: `waiting` until `next_at`, then `sent` or `failed`, and then without its text."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "state", "gateway", "next_at"),)

    notice: Mapped[str] = mapped_column(primary_key=True)
    call: Mapped[str]
    project: Mapped[str]
    gateway: Mapped[str]
    recipient: Mapped[str]
    text: Mapped[str]
    asked_at: Mapped[float]
    state: Mapped[str]
    tries: Mapped[int]
    next_at: Mapped[float]


JOURNAL = cast(Table, JournalRow.__table__)
CALLS = cast(Table, CallRow.__table__)
CALLBACKS = cast(Table, CallbackRow.__table__)
NOTICES = cast(Table, NoticeRow.__table__)
