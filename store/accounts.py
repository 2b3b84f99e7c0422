"""Asterisk's own account of every call: the lines that it writes by itself (CEL), read back and folded.

It knows nothing of the engine and is written whether that lives or not. No number of a caller stands in it.
Columns: type, time (s.microseconds), channel, unique id, linked id, further details as JSON.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import os
import re
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple, cast

import msgspec

EVENTS = ("CHAN_START", "ANSWER", "BRIDGE_ENTER", "BRIDGE_EXIT", "HANGUP")
"""What is written, in the words of `cel.conf`."""

STAMP = "%Y%m%dT%H%M%S%fZ"
"""In the name of a file that was put aside: until when it reaches (UTC)."""

LONGEST_CALL_S = 86400.0
_LINE = re.compile(rf"(?:{'|'.join(EVENTS)}),\d{{9,}}\.\d+,")
_COLUMNS = 6
_OUR_EARS = ("Snoop/", "Announcer/", "Recorder/", "Surrogate/", "CBAnn/")
_ASTERISKS_OWN = re.compile(r"(?:.+-)?\d+\.\d+")


class Row(NamedTuple):
    """One line. `bridge`: of BRIDGE_ENTER and BRIDGE_EXIT; `cause`: of HANGUP (Q.850)."""

    kind: str
    at: float
    channel: str
    unique: str
    linked: str
    bridge: str = ""
    cause: int | None = None


@dataclass
class AccountChannel:
    """One channel; times in seconds since 1970 UTC by Asterisk's clock, None where it never came so far.

    `met`: when it was first in a bridge together with somebody else.
    """

    unique: str
    linked: str
    name: str
    started: float
    answered: float | None = None
    met: float | None = None
    ended: float | None = None
    cause: int | None = None

    def came_in_on(self, trunk: str) -> bool:
        """Whether this is a call from the carrier's line, not one of ours to it."""
        return (
            self.name.startswith(f"PJSIP/{trunk}-")
            and self.unique == self.linked
            and _ASTERISKS_OWN.fullmatch(self.unique) is not None
        )


@dataclass
class Accounts:
    """The channels by their unique id; `troubles` tells of every line that could not be read.

    `first_at`: the oldest line of all that is kept; None: there is none.
    """

    channels: dict[str, AccountChannel] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    first_at: float | None = None


def account_files(current: Path) -> list[Path]:
    """The files of the account, oldest first: those put aside, and `current`, into which Asterisk writes."""
    return [*_put_aside(current), *([current] if current.exists() else [])]


def _put_aside(current: Path) -> list[Path]:
    """A file that is just being compressed is there in both forms: the plain one counts."""
    found = sorted(current.parent.glob(f"{current.stem}-*.csv")) + sorted(
        current.parent.glob(f"{current.stem}-*.csv.gz")
    )
    return sorted({path.name.removesuffix(".gz"): path for path in reversed(found)}.values())


def read_accounts(current: Path, start: float, end: float) -> Accounts:
    """The channels that began in [start, end); of these, everything until their end. Raises OSError.

    What is put aside while it is read here may be read twice: that makes no difference.
    """
    accounts = Accounts()
    rows = _rows(current, start, end, accounts)
    fold(sorted((row for row in rows if row.at >= start), key=lambda row: row.at), end, accounts)
    return accounts


def met_in(current: Path, bridges: Collection[str], most_bytes: int = 16 << 20) -> frozenset[str]:
    """Those of some bridges in which two have been together, as the newest lines say; they may have gone since."""
    if not bridges:
        return frozenset()
    inside: defaultdict[str, set[str]] = defaultdict(set)
    met = set()
    with suppress(FileNotFoundError), current.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - most_bytes))
        for data in file:
            row = read_row(data.decode(errors="replace"))
            if row is None or row.bridge not in bridges or row.channel.startswith(_OUR_EARS):
                continue
            (inside[row.bridge].add if row.kind == "BRIDGE_ENTER" else inside[row.bridge].discard)(row.unique)
            if len(inside[row.bridge]) > 1:
                met.add(row.bridge)
    return frozenset(met)


def fold(rows: Iterable[Row], end: float, accounts: Accounts) -> None:
    """Write rows, in the order of time, into `accounts`; channels that begin at `end` or later are left out."""
    inside: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        channel = accounts.channels.get(row.unique)
        if row.kind == "CHAN_START":
            if channel is None and row.at < end:
                accounts.channels[row.unique] = AccountChannel(row.unique, row.linked, row.channel, row.at)
        elif channel is not None:
            _written(channel, row, inside[row.bridge], accounts)


def _written(channel: AccountChannel, row: Row, inside: set[str], accounts: Accounts) -> None:
    match row.kind:
        case "ANSWER":
            channel.answered = row.at if channel.answered is None else channel.answered
        case "HANGUP":
            channel.ended, channel.cause = row.at, row.cause
        case "BRIDGE_EXIT":
            inside.discard(row.unique)
        case "BRIDGE_ENTER" if not row.channel.startswith(_OUR_EARS):
            inside.add(row.unique)
            for unique in inside if len(inside) > 1 else ():
                other = accounts.channels[unique]
                other.met = row.at if other.met is None else other.met


def _rows(current: Path, start: float, end: float, accounts: Accounts) -> Iterator[Row]:
    # The current one is opened before the others are listed: it may be put aside in between.
    with current.open("rb") if current.exists() else io.BytesIO() as last:
        began = 0.0
        for path in _put_aside(current):
            try:
                until = _until(path)
                if until >= start and began < end + LONGEST_CALL_S:
                    with _opened(path) as file:
                        yield from _of_file(path, file, accounts)
                elif until < start:
                    accounts.first_at = 0.0  # the account is older than what is asked for
                began = until
            except FileNotFoundError:
                continue  # compressed, or forgotten, in this moment
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                accounts.troubles.append(f"{path.name} cannot be read to its end: {error}")
        yield from _of_file(current, last, accounts)


def _until(path: Path) -> float:
    """When a file was put aside, as its name says; if that is not readable, when it was written last."""
    stamp = path.name.removesuffix(".gz").removesuffix(".csv").rpartition("-")[2]
    try:
        return dt.datetime.strptime(stamp, STAMP).replace(tzinfo=dt.UTC).timestamp()
    except ValueError:
        return path.stat().st_mtime


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _of_file(path: Path, file: IO[bytes], accounts: Accounts) -> Iterator[Row]:
    for number, data in enumerate(file, 1):
        line = data.decode(errors="replace")
        row = read_row(line)
        if row is None or not line.endswith("\n"):
            accounts.troubles.append(
                f"{path.name}, line {number} is torn"
                + ("" if row is None else "; what could be read of it was used")
            )
        if row is not None:
            if accounts.first_at is None or row.at < accounts.first_at:
                accounts.first_at = row.at
            yield row


def read_row(line: str) -> Row | None:
    """A line of the account; None for one that cannot be read.

    Behind the torn last line of an Asterisk that was killed stands the first of the next one, in the same line.
    """
    begins = [found.start() for found in _LINE.finditer(line)]
    if not begins:
        return None
    try:
        fields = next(csv.reader([line[begins[-1] :]]))
    except csv.Error:
        return None
    if len(fields) < _COLUMNS - 1:
        return None
    kind, at, channel, unique, linked, *rest = fields
    extra = _details(rest[0] if rest else "")
    return Row(kind, float(at), channel, unique, linked, extra.bridge_id, extra.hangupcause)


class _Extra(msgspec.Struct):
    bridge_id: str = ""
    hangupcause: int | None = None


def _details(text: str) -> _Extra:
    try:
        return msgspec.json.decode(text, type=_Extra) if text else _Extra()
    except msgspec.DecodeError:
        return _Extra()
