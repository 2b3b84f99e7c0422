"""Entries as bytes for the spool: MessagePack, which is made and read in some microseconds."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from calls.command import Command
from calls.commands import AnyCommand
from calls.events import AnyEvent
from calls.journal import Entry

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[float, AnyEvent, list[AnyCommand]])


def encode_entry_into(entry: Entry, buffer: bytearray, offset: int) -> None:
    """Put all of an entry but its number into `buffer` from `offset` on; `buffer` ends with it.

    Raises OverflowError or TypeError for what no journal can hold.
    """
    try:
        _encoder.encode_into(entry[1:], buffer, offset)
    except (
        UnicodeEncodeError
    ):  # half a surrogate pair: one odd caller must not stop the journal of all others
        _encoder.encode_into(storable(msgspec.to_builtins(entry[1:])), buffer, offset)


def decode_entry(number: int, data: bytes) -> Entry:
    """The entry of this number; raises msgspec.DecodeError where its kind is not known (ValidationError) or torn."""
    at, event, commands = _decoder.decode(data)
    return Entry(number, at, event, cast(list[Command], commands))


def storable(value: Any) -> Any:
    """Plain values (as of `msgspec.to_builtins`) with texts that are UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    return [storable(one) for one in value] if isinstance(value, list | tuple) else value
