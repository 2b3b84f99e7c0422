"""What one side says and another does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

Kind = Literal[
    # journal against the table of calls
    "missing_in_records", "missing_in_journal", "record_differs",
    # the reports
    "report_missing", "report_total",
    # Asterisk's account
    "no_account", "missing_in_asterisk", "channel_without_record", "leg_of_unknown_call", "two_records",
    "arrival_differs", "answer_differs", "end_differs", "never_closed", "never_ended",
    # recordings and messages
    "recording_missing", "recording_changed", "recording_length", "recording_unfinished", "recording_unknown",
    # the carrier's statement
    "statement_only", "not_in_statement", "duration_differs",
    # the journal itself
    "journal_fault",
]  # fmt: skip


class Tolerance(msgspec.Struct, frozen=True, kw_only=True):
    """What still counts as the same, in seconds. `time`: between the journal and Asterisk. `sound`: of a recording's
    length. `carrier_time`: of the start, after the carrier's clock was set right; `carrier_duration`: of the duration.
    """

    time: float = 1.0
    sound: float = 0.05
    carrier_time: float = 5.0
    carrier_duration: float = 2.0


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. `call`: the call's id; empty where there is none, and then `of` says what it is about (a channel,
    a file, a line of the statement, a project, a run). `says`: what each side says, by its name. `text`: what it means
    and what to do. `at`: when that call arrived, 0 where nobody knows.
    """

    kind: Kind
    text: str
    call: str = ""
    of: str = ""
    says: dict[str, str] = {}
    at: float = 0.0


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """A difference that is no fault of the books: `why` is in the journal."""

    call: str
    what: str
    why: str


@dataclass(frozen=True)
class Clock:
    """How times are told."""

    timezone: str = "Asia/Tokyo"

    def told(self, at: float | None) -> str:
        """`2026-05-07 10:15:00.123`, or `never`."""
        if at is None:
            return "never"
        return dt.datetime.fromtimestamp(at, ZoneInfo(self.timezone)).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def both(names: Mapping[str, str]) -> str:
    """What each side says, in one line."""
    return "; ".join(f"{name}: {value}" for name, value in names.items())
