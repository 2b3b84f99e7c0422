"""Files of observed arrivals and durations, also bad ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.yaml_marks import ConfigurationError
from sim import observed

pytestmark = pytest.mark.unit

TOKYO = ZoneInfo("Asia/Tokyo")


def test_observed_files_are_read_and_their_mistakes_told(tmp_path: Path) -> None:
    file = tmp_path / "seen.csv"
    file.write_text("seconds\n12.5\n300\n", encoding="utf-8")
    assert observed.durations(file) == [12.5, 300.0]
    file.write_text("12.5\n-3\nx\n", encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match=r"seen.csv:2:1: error: '-3' is not a number of seconds(?s:.*):3:1"
    ):
        observed.durations(file)
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no number"):
        observed.durations(file)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        observed.durations(tmp_path / "none.csv")


def test_observed_arrivals_are_sorted_and_local(tmp_path: Path) -> None:
    file, zone = tmp_path / "calls.csv", ZoneInfo("Asia/Tokyo")
    file.write_text("number,at\n1,1970-01-01T09:00:10\n2,1970-01-01T00:00:05+00:00\n", encoding="utf-8")
    assert observed.arrivals(file, zone) == [5.0, 10.0]
    file.write_text("number,at\n1,yesterday\n2\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"calls.csv:2:2: error: 'yesterday' is not a time"):
        observed.arrivals(file, zone)
    file.write_text("number\n1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no column 'at'"):
        observed.arrivals(file, zone)


def test_gaps_and_garbage_are_told_line_by_line_but_not_without_end(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("at\n2026-05-07T10:00:00\n\nx\n,\n2026-13-01\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        observed.arrivals(file, TOKYO)
    assert [(*problem.mark, problem.message.split(" ")[0]) for problem in caught.value.problems] == [
        (4, 1, "'x'"),
        (5, 1, "''"),
        (6, 1, "'2026-13-01'"),
    ]
    file.write_text("at\n" + "no time\n" * 1000, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r":22:1: error: and 980 more lines like these$") as caught:
        observed.arrivals(file, TOKYO)
    assert len(caught.value.problems) == 21
    file.write_bytes(b"at\n\xff\xfe\n")
    with pytest.raises(ConfigurationError, match=r"calls.csv:1:1: error: cannot be read"):
        observed.arrivals(file, TOKYO)


def test_only_calls_of_the_days_asked_for() -> None:
    times = [dt.datetime(2026, 5, day, 23, 59, tzinfo=TOKYO).timestamp() for day in (6, 7, 8, 9)]
    first, last = dt.date(2026, 5, 7), dt.date(2026, 5, 8)
    assert observed.inside(times, first, last, TOKYO) == times[1:3]
    assert observed.inside(times, None, last, TOKYO) == times[:3]
    assert observed.inside(times, None, None, TOKYO) == times
