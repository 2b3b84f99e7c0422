"""Entries and records as rows of the tables, and back."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import RowMapping

from calls.commands import Command, decode_commands, encode_commands
from calls.events import RecordingFinished, decode_event, encode_event
from calls.journal import Entry
from calls.lifecycle import State
from calls.record import CallRecord

Row = dict[str, Any]
S = TypeVar("S", bound=msgspec.Struct)

_FIELDS = CallRecord.__struct_fields__


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
    row["heard"] = msgspec.json.encode(record.heard).decode()
    return storable_row(row)


def recording_row(event: RecordingFinished) -> Row:
    """What to write into the row of a call that is not held in memory: `of_call`, `seconds`, `sha256`."""
    return storable_row({"of_call": event.recording, "seconds": event.seconds, "sha256": event.sha256})


def record_of(row: RowMapping) -> CallRecord:
    """The record that `call_row` wrote."""
    values = {name: row[name] for name in _FIELDS}
    values["state"] = State(values["state"])
    values["heard"] = tuple(msgspec.json.decode(values["heard"]))
    return CallRecord(**values)


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
