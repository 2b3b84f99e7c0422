"""Statements as carriers write them."""

from __future__ import annotations

import datetime as dt

import pytest

from reports.statement_file import Columns, StatementError, read_columns, read_statement

pytestmark = pytest.mark.unit

TOKYO = "Asia/Tokyo"
AT = dt.datetime(2026, 5, 7, 10, 15, 30, tzinfo=dt.timezone(dt.timedelta(hours=9))).timestamp()


def read(text: str, encoding: str = "utf-8", **columns: str) -> list[tuple[int, float, str, float, str]]:
    fields = {
        name: (value,) if name in ("start", "number", "duration") else value
        for name, value in columns.items()
    }
    statement = read_statement(text.encode(encoding), Columns(**fields), TOKYO)  # type: ignore[arg-type]
    assert statement.troubles == []
    return [(one.line, one.start, one.number, one.seconds, one.caller) for one in statement.lines]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-8"])
def test_headers_in_japanese_in_every_encoding(encoding: str) -> None:
    text = "通話開始日時,発信番号,着信番号,通話時間\r\n2026/05/07 10:15:30,090-1111-2222,048-000-0001,0:03:12\r\n"
    assert read(text, encoding) == [(2, AT, "0480000001", 192.0, "09011112222")]


@pytest.mark.parametrize(
    ("start", "form"),
    [
        ("2026/05/07 10:15:30", ""),
        ("2026/5/7 10:15:30", ""),
        ("2026年5月7日 10:15:30", ""),
        ("20260507101530", ""),
        ("2026-05-07T10:15:30", ""),
        ("2026-05-07T01:15:30Z", ""),
        ("2026-05-07T01:15:30.000+00:00", ""),
        ("07.05.26 10.15.30", "%d.%m.%y %H.%M.%S"),
    ],
)
def test_times(start: str, form: str) -> None:
    [line] = read(f"start;number;duration\n{start};0480000001;1\n", time_format=form)
    assert line[1] == AT


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("192", 192.0), ("3:12", 192.0), ("00:03:12", 192.0), ("3分12秒", 192.0), ("1時間", 3600.0), ("12.4", 12.4)],
)  # fmt: skip
def test_durations(told: str, seconds: float) -> None:
    assert read(f"start\tnumber\tduration\n2026-05-07 10:15:30\t+81480000001\t{told}\n") == [
        (2, AT, "0480000001", seconds, "")
    ]


def test_a_title_above_the_head_and_two_columns_for_the_start() -> None:
    text = "ご利用明細,2026年5月\n\n日付,時刻,着番号,通話時間\n2026/05/07,10:15:30,0480000001,5\n"
    assert read(text) == [(4, AT, "0480000001", 5.0, "")]


def test_columns_of_ones_own() -> None:
    columns = read_columns(b"start: Beginn\nnumber: [Ziel, Nummer]\nduration: Dauer\ndelimiter: '|'\n")
    statement = read_statement(b"Beginn|Nummer|Dauer\n2026-05-07 10:15:30|0480000001|5\n", columns, TOKYO)
    assert [line.number for line in statement.lines] == ["0480000001"]


@pytest.mark.parametrize("text", ["stat: x", "start: {a: 1}", "- 1", "\0", "start: [1"])
def test_columns_that_are_wrong(text: str) -> None:
    with pytest.raises(StatementError, match="columns' file cannot be read"):
        read_columns(text.encode())


def test_lines_that_cannot_be_read_are_told_and_the_others_taken() -> None:
    text = (
        "start,number,duration\n2026-05-07 10:15:30,0480000001,5\nyesterday,0480000001,5\n"
        "2026-05-07 10:15:30,0480000001,long\n2026-05-07 10:15:30,0480000001,5\n2026-05-07 10:"
    )
    statement = read_statement(text.encode(), Columns(), TOKYO)
    assert [line.line for line in statement.lines] == [2, 5]
    assert [trouble.split(": ")[0] for trouble in statement.troubles] == [
        f"line {number} of the statement cannot be read" for number in (3, 4, 6)
    ]
    assert "torn" in statement.troubles[-1]


@pytest.mark.parametrize("data", [b"", b"a,b,c\n1,2,3\n", b"\xff\xfe\x00\x81", b"\x00\x00\x00"])
def test_what_is_no_statement(data: bytes) -> None:
    with pytest.raises(StatementError, match=r"statement (has no head|is not written in)"):
        read_statement(data, Columns(), TOKYO)


def test_an_encoding_that_there_is_not() -> None:
    with pytest.raises(StatementError, match="is not written in klingon"):
        read_statement(b"start", Columns(encoding="klingon"), TOKYO)
