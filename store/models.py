"""The tables. The migrations under `store/migrations` make them; a test holds the two equal."""

from __future__ import annotations

from typing import cast

from sqlalchemy import BigInteger, Double, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NOTHING = text("''")
NONE = text("'[]'")
ZERO = text("0")
IN = text("'in'")
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
    """One `CallRecord`, column by column, and the run that wrote it last. Its talks are a table of their own.

    `heard` and `transfers` are JSON lists.
    """

    __tablename__ = "calls"
    __table_args__ = (Index(None, "project", "arrived_at"), Index(None, "lost_at"))

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
    direction: Mapped[str] = mapped_column(server_default=IN)
    operator: Mapped[str] = mapped_column(server_default=NOTHING)
    hold_seconds: Mapped[float] = mapped_column(server_default=ZERO)
    inquiry_class: Mapped[str] = mapped_column(server_default=NOTHING)
    transfers: Mapped[str] = mapped_column(server_default=NONE)
    callback: Mapped[str] = mapped_column(server_default=NOTHING)
    lost_at: Mapped[float | None]


class TalkRow(Base):
    """One `Talk` of a call; `number` counts them from 1."""

    __tablename__ = "talks"

    call: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    who: Mapped[str]
    role: Mapped[str]
    began: Mapped[float]
    ended: Mapped[float | None]


class SeatActivityRow(Base):
    """One `SeatActivity` of a run: the seats begin anew with each life of the engine."""

    __tablename__ = "seat_activity"
    # By the end: a report asks for the last days. By the call: for the wrap-ups of some calls.
    __table_args__ = (Index(None, "ended"), Index(None, "call"))

    run: Mapped[str] = mapped_column(primary_key=True)
    seat: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    operator: Mapped[str]
    state: Mapped[str]
    began: Mapped[float]
    ended: Mapped[float | None]
    call: Mapped[str]
    reason: Mapped[str]


class CallbackRow(Base):
    """A caller who asked to be called back, and what `NoteCallbackState` said last of it.

    `call` is that in which he asked; `serving` the one that serves him, if any. `tries`: how often he was
    dialled; `due`: when he is tried again, in state `retry` only.
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
    tries: Mapped[int] = mapped_column(BigInteger(), server_default=ZERO)
    due: Mapped[float | None]
    serving: Mapped[str] = mapped_column(server_default=NOTHING)


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


class UserRow(Base):
    """Somebody who may log in. `password` is its hash; `changed_at`: when it, a grant or `disabled` was changed.

    What was opened before `changed_at` is no longer open.
    """

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    password: Mapped[str]
    disabled: Mapped[bool]
    created_at: Mapped[float]
    changed_at: Mapped[float]


class UserGrantRow(Base):
    """What a user is for a project, or for all (`*`): one role for each."""

    __tablename__ = "user_grants"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    project: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]


class UserSessionRow(Base):
    """Somebody who is logged in. `digest`: SHA-256 (hex) of the token, which is kept nowhere.

    `csrf`: what his commands have to carry. `changed_at` is the user's when his password was looked at: once it is
    another, the session is over.
    """

    __tablename__ = "user_sessions"
    __table_args__ = (Index(None, "user_id"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    csrf: Mapped[str]
    changed_at: Mapped[float]
    opened_at: Mapped[float]
    seen_at: Mapped[float]
    ends_at: Mapped[float]


JOURNAL = cast(Table, JournalRow.__table__)
CALLS = cast(Table, CallRow.__table__)
TALKS = cast(Table, TalkRow.__table__)
SEAT_ACTIVITY = cast(Table, SeatActivityRow.__table__)
CALLBACKS = cast(Table, CallbackRow.__table__)
NOTICES = cast(Table, NoticeRow.__table__)
USERS = cast(Table, UserRow.__table__)
USER_GRANTS = cast(Table, UserGrantRow.__table__)
USER_SESSIONS = cast(Table, UserSessionRow.__table__)
