"""Entries and records as rows of the tables, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import RowMapping

from calls.activity import SeatActivity
from calls.command import Command
from calls.commands import decode_commands, encode_commands
from calls.events import decode_event, encode_event
from calls.journal import Entry
from calls.lifecycle import State
from calls.record import CallRecord
from calls.talks import Talk

Row = dict[str, Any]
S = TypeVar("S", bound=msgspec.Struct)

_LISTS = ("heard", "transfers")
_FIELDS = tuple(name for name in CallRecord.__struct_fields__ if name != "talks")


def journal_row(run: str, entry: Entry) -> Row:
    """The row of table `journal` for an entry."""
    try:
        event, commands = encode_event(entry.event), encode_commands(entry.commands)
    except UnicodeEncodeError:
        event = encode_event(_storable_struct(entry.event))
        commands = encode_commands([_storable_struct(command) for command in entry.commands])
    return {
        "run": run,
        "number": entry.number,
        "at": entry.at,
        "event_type": type(entry.event).__name__,
        "event": event.decode(),
        "commands": commands.decode(),
    }


def entry_of(row: RowMapping) -> Entry:
    """The entry that `journal_row` wrote; raises msgspec.ValidationError where its kind is not known."""
    commands = cast(list[Command], decode_commands(row["commands"]))
    return Entry(row["number"], row["at"], decode_event(row["event"]), commands)


def call_row(run: str, record: CallRecord) -> Row:
    """The row of table `calls` for a record."""
    row: Row = {name: getattr(record, name) for name in _FIELDS}
    row["run"] = run
    row["state"] = record.state.value
    for name in _LISTS:
        row[name] = msgspec.json.encode(row[name]).decode()
    return storable_row(row)


def talk_rows(record: CallRecord) -> list[Row]:
    """The rows of table `talks` for a record."""
    return [
        storable_row({"call": record.call, "number": number, **_fields(talk)})
        for number, talk in enumerate(record.talks, 1)
    ]


def activity_row(run: str, activity: SeatActivity) -> Row:
    """The row of table `seat_activity` for what a seat does."""
    return storable_row({"run": run, **_fields(activity), "state": activity.state.value})


def record_of(row: RowMapping, talks: Iterable[RowMapping] = ()) -> CallRecord:
    """The record that `call_row` and, with the rows in their order, `talk_rows` wrote."""
    values = {name: row[name] for name in _FIELDS}
    values["state"] = State(values["state"])
    for name in _LISTS:
        values[name] = tuple(msgspec.json.decode(values[name]))
    parts = tuple(Talk(talk["who"], talk["role"], talk["began"], talk["ended"]) for talk in talks)
    return CallRecord(**values, talks=parts)


def _fields(struct: msgspec.Struct) -> Row:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def storable_row(row: Row) -> Row:
    """The same row with texts that every database can hold."""
    return {name: _storable(value) if type(value) is str else value for name, value in row.items()}


def _storable(text: str) -> str:
    # PostgreSQL knows no NUL in a text, and half a surrogate pair is no UTF-8: one odd caller must not stop
    # the journal of all others.
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _storable_struct(struct: S) -> S:
    texts = {
        name: value for name in struct.__struct_fields__ if isinstance(value := getattr(struct, name), str)
    }
    return msgspec.structs.replace(struct, **{name: _storable(text) for name, text in texts.items()})
