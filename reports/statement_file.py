"""Reads a carrier's statement: a CSV of calls, as carriers write them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from reports.match_statement import StatementLine, plain_number

DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8-sig", "cp932")


class StatementError(Exception):
    """The statement cannot be used; the message says what to do."""


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The names of the columns, in any of these ways; `date` is for a start that is written in two columns.

    `encoding`, `delimiter`: found out where they are empty. `time_format`: as for strptime, where the usual ones do
    not fit. In a file: YAML with these keys.
    """

    start: tuple[str, ...] = (
        "start", "started_at", "start_time", "開始日時", "通話開始日時", "発信日時", "着信日時", "開始時刻",
        "通話開始時刻", "時刻",
    )  # fmt: skip
    date: tuple[str, ...] = ("date", "日付", "通話日", "利用日", "年月日")
    number: tuple[str, ...] = (
        "number",
        "called",
        "called_number",
        "着信番号",
        "着信先番号",
        "着番号",
        "相手先番号",
    )
    duration: tuple[str, ...] = ("duration", "seconds", "billsec", "通話時間", "通話秒数", "通話時間(秒)")
    caller: tuple[str, ...] = (
        "caller",
        "calling",
        "calling_number",
        "発信番号",
        "発信者番号",
        "発番号",
        "発信元番号",
    )
    encoding: str = ""
    delimiter: str = ""
    time_format: str = ""


def read_columns(text: bytes) -> Columns:
    """A mapping as YAML: each key one name or a list of names. Raises StatementError."""
    try:
        fields = msgspec.yaml.decode(text, type=dict[str, str | list[str]])
        listed = {
            name: [value]
            if isinstance(value, str) and name in ("start", "date", "number", "duration", "caller")
            else value
            for name, value in fields.items()
        }
        return msgspec.convert(listed, Columns)
    except msgspec.MsgspecError as error:
        raise StatementError(
            f"the columns' file cannot be read: {error}; write e.g. `start: 通話開始日時`, `number: 着信番号`, "
            "`duration: 通話時間`"
        ) from None


@dataclass
class Statement:
    """What could be read; `troubles` tells of every line that could not."""

    lines: list[StatementLine] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def read_statement(data: bytes, columns: Columns, timezone: str) -> Statement:
    """Read it; `timezone`: the clock of its times, where they do not say themselves. Raises StatementError."""
    text = _decoded(data, columns.encoding)
    rows = list(
        _numbered(csv.reader(io.StringIO(text, newline=""), delimiter=columns.delimiter or _delimiter(text)))
    )
    places, head = _head(rows, columns)
    statement = Statement()
    for number, row in rows[head + 1 :]:
        try:
            statement.lines.append(_line(number, row, places, columns.time_format, ZoneInfo(timezone)))
        except ValueError as error:
            statement.troubles.append(f"line {number} of the statement cannot be read: {error}")
    return statement


def _decoded(data: bytes, encoding: str) -> str:
    for name in (encoding,) if encoding else ENCODINGS:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    tried = encoding or ", ".join(ENCODINGS)
    raise StatementError(
        f"the statement is not written in {tried}: say which with `encoding`, or save it as UTF-8"
    )


def _delimiter(text: str) -> str:
    first = text[:4096]
    return max(DELIMITERS, key=first.count)


def _numbered(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    reader = iter(rows)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = ["\0"]
        if any(cell.strip() for cell in row):
            yield number, row


Places = dict[str, int]


def _head(rows: Sequence[tuple[int, list[str]]], columns: Columns) -> tuple[Places, int]:
    """Where each column is, and which row is the head: carriers write titles above it."""
    wanted = {name: getattr(columns, name) for name in ("start", "date", "number", "duration", "caller")}
    for index, (_, row) in enumerate(rows[:20]):
        cells = [cell.strip().strip("\ufeff").lower() for cell in row]
        places = {
            name: next(cells.index(one.lower()) for one in names if one.lower() in cells)
            for name, names in wanted.items()
            if any(one.lower() in cells for one in names)
        }
        if {"start", "number", "duration"} <= places.keys():
            return places, index
    seen = ", ".join(rows[0][1][:12]) if rows else "nothing: it is empty"
    raise StatementError(
        "the statement has no head with the columns start, number and duration. Its first line is: "
        f"{seen}. Name its columns with --columns"
    )


def _line(number: int, row: Sequence[str], places: Places, form: str, zone: ZoneInfo) -> StatementLine:
    if len(row) <= max(places.values()):
        raise ValueError("it is torn")
    start = row[places["start"]].strip()
    if "date" in places:
        start = f"{row[places['date']].strip()} {start}"
    return StatementLine(
        line=number,
        start=_time(start, form, zone),
        number=plain_number(row[places["number"]]),
        seconds=_seconds(row[places["duration"]].strip()),
        caller=plain_number(row[places["caller"]]) if "caller" in places else "",
    )


_FORMATS = ("%Y%m%d%H%M%S", "%Y%m%d %H%M%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m-%d-%Y %H:%M:%S")


def _time(text: str, form: str, zone: ZoneInfo) -> float:
    plain = re.sub(
        r"\s+", " ", text.replace("/", "-").replace("年", "-").replace("月", "-").replace("日", " ")
    ).strip()
    readers = (
        [partial(dt.datetime.strptime, text, form)]
        if form
        else [
            *(partial(dt.datetime.strptime, plain, one) for one in _FORMATS),
            partial(dt.datetime.fromisoformat, plain),
        ]
    )
    for read in readers:
        with suppress(ValueError):
            found = read()
            return found.replace(tzinfo=found.tzinfo or zone).timestamp()
    raise ValueError("its start is no time that is known here; give `time_format`")


_UNITS = re.compile(r"(?:(\d+)時間)?(?:(\d+)分)?(?:(\d+(?:\.\d+)?)秒?)?")


def _seconds(text: str) -> float:
    """`192`, `192.4`, `3:12`, `0:03:12`, `3分12秒`."""
    if re.fullmatch(r"\d+(:\d+){1,2}(\.\d+)?", text):
        total = 0.0
        for part in text.split(":"):
            total = total * 60 + float(part)
        return total
    found = _UNITS.fullmatch(text)
    if not text or found is None:
        raise ValueError("its duration is no length of time")
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds
