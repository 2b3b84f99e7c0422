"""A day on which everybody counted the same: calls as they were, and every book that was kept of them."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import random
from dataclasses import dataclass, field

from calls.lifecycle import Outcome, State
from calls.promise import Promise
from calls.record import CallRecord
from calls.talks import Talk
from reports.certificate import Certificate, Side, certify
from reports.daily import DailyReport, daily, day_bounds
from reports.journal_day import JournalDay, Sound
from reports.match_statement import StatementLine
from store.accounts import AccountChannel

DATE = dt.date(2026, 5, 7)
TOKYO = "Asia/Tokyo"
START, END = day_bounds(DATE, TOKYO)
NUMBERS = {"tax": "0480000001", "mileage": "0570012229"}
CALLER = "09011112222"
CARRIER_AHEAD_S = 37.0


@dataclass
class File:
    """A recording on the disk."""

    name: str
    seconds: float | None
    sha256: str
    place: str = ""
    of_day: bool = True
    finished: bool = True
    bytes: int = 100


@dataclass
class Books:
    """What is compared, each side by itself, to be changed by a test."""

    journal: JournalDay = field(default_factory=JournalDay)
    records: dict[str, CallRecord] = field(default_factory=dict)
    channels: dict[str, AccountChannel] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    lines: list[StatementLine] = field(default_factory=list)
    reports: dict[str, DailyReport] | None = None

    def answered(self) -> list[str]:
        """The calls that somebody talked in."""
        return [call for call, record in self.journal.records.items() if record.answered_at is not None]

    def channel(self, call: str) -> AccountChannel:
        """The caller's channel."""
        return self.channels[self.journal.records[call].leg]

    def line(self, call: str) -> int:
        """Where in `lines` a call is."""
        at = self.channel(call).answered
        assert at is not None
        return next(i for i, one in enumerate(self.lines) if abs(one.start - CARRIER_AHEAD_S - at) < 0.6)

    def certificate(self, settled: float = END + 3600, *, accounts: bool = True) -> Certificate:
        """Compared as they are now."""
        promise = Promise(version=1, value=0.9)
        records = list(self.records.values())
        made = {name: daily(records, promise, name, DATE, TOKYO) for name in NUMBERS}
        side = Side(
            date=DATE.isoformat(),
            bounds=dict.fromkeys(("", *NUMBERS), (START, END)),
            journal=self.journal,
            records=records,
            reports=made if self.reports is None else self.reports,
            channels=list(self.channels.values()) if accounts else None,
            findings=list(self.files.values()),
            statement=self.lines,
            numbers=list(NUMBERS.values()),
            settled=settled,
        )
        return certify(side)


def whole_day(seed: int, calls: int) -> Books:
    """So many calls of all sorts, no two of them nearer to each other than eleven seconds."""
    chance = random.Random(seed)
    books = Books()
    starts = sorted(chance.sample(range(int(START) + 60, int(END) - 60, 11), calls))
    for number, start in enumerate(starts, 1):
        _call(books, chance, number, start + chance.uniform(0.0, 0.9))
    books.records = {call: copy.deepcopy(record) for call, record in books.journal.records.items()}
    return books


def _call(books: Books, chance: random.Random, number: int, arrived: float) -> None:
    project = chance.choice(list(NUMBERS))
    call, leg = f"c{int(arrived)}xab12-{number}", f"{int(arrived)}.{number * 4}"
    outcome = chance.choice([Outcome.ANSWERED, Outcome.ANSWERED, Outcome.ABANDONED_QUEUE, Outcome.BLOCKED])
    waits, talks = chance.uniform(1, 9), chance.uniform(3, 900)
    taken = outcome is not Outcome.BLOCKED
    talked = outcome is Outcome.ANSWERED
    ended = arrived + (waits + talks if talked else waits if taken else 0.0)
    books.journal.records[call] = CallRecord(
        call=call,
        leg=leg,
        project=project,
        number=NUMBERS[project],
        caller=CALLER,
        arrived_at=arrived,
        queued_at=arrived if taken else None,
        answered_at=arrived + waits if talked else None,
        ended_at=ended,
        closed_at=ended + (5 if talked else 0),
        state=State.CLOSED,
        outcome=outcome,
        talks=(Talk("seat:seat01", "operator", arrived + waits, ended),) if talked else (),
    )
    books.channels[leg] = AccountChannel(
        leg, leg, f"PJSIP/trunk-{number:08x}", arrived - 0.004, ended=ended - 0.003, cause=16,
        answered=arrived + 0.05 if taken else None, met=arrived + waits - 0.002 if talked else None,
    )  # fmt: skip
    if taken:
        length = ended - arrived - 0.05
        books.lines.append(
            StatementLine(
                line=len(books.lines) + 2,
                start=float(round(arrived + 0.05 + CARRIER_AHEAD_S)),
                number=NUMBERS[project].removeprefix("0"),
                seconds=float(round(length)),
                caller=CALLER,
            )
        )
    if talked:
        _recorded(books, call, leg, talks, arrived + waits)


def _recorded(books: Books, call: str, leg: str, talks: float, at: float) -> None:
    seat = f"{call}.s1"
    books.channels[seat] = AccountChannel(seat, leg, "PJSIP/seat01-00000001", at - 1.0, at, at, at + talks)
    sound = Sound(talks, hashlib.sha256(call.encode()).hexdigest())
    record = books.journal.records[call]
    record.recording_seconds, record.recording_sha256 = sound
    books.journal.recorded.add(call)
    books.journal.files[call].append(sound)
    books.files[call] = File(call, *sound, place=f"{record.project}/{DATE}/{call}.wav")
