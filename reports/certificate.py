"""The certificate of a day: that everybody who counted its calls has counted the same.

The journal, the records that reports are made from, the reports, Asterisk's own account, the recordings on the disk
and, where it is given, the carrier's statement are compared call by call. Nothing here reads or writes anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from math import inf

import msgspec

from calls.record import CallRecord
from reports.daily import DailyReport
from reports.difference import Clock, Difference, Explained, Tolerance
from reports.journal_day import JournalDay
from reports.match_channels import ChannelMatch, bounds_of_all, leg_of
from reports.match_recordings import Finding, compare_recordings
from reports.match_records import compare_records, compare_reports
from reports.match_statement import Offset, StatementLine, compare_statement
from store.accounts import LONGEST_CALL_S, AccountChannel

FINISHING_S = 10.0


@dataclass(frozen=True)
class Side:
    """Everything that is compared, for one day. Times are seconds since 1970 UTC.

    `bounds`: by project, [start, end) of the day on its clock; "" is for callers who dialled nobody's number.
    `journal`: folded anew. `records`: as the store has them. `reports`: by project. `channels`: None where there is no
    account of Asterisk's. `findings`: the files below the recordings' folder that may be of this day. `statement`:
    None where none is given. `numbers`: all of ours. `trunk`: the name of the carrier's line. `notes`: what the readers
    have to tell. `settled`: what is younger may be in one book and not yet in another.
    """

    date: str
    bounds: Mapping[str, tuple[float, float]]
    journal: JournalDay
    records: Sequence[CallRecord]
    reports: Mapping[str, DailyReport]
    channels: Sequence[AccountChannel] | None
    findings: Sequence[Finding]
    statement: Sequence[StatementLine] | None = None
    numbers: Sequence[str] = ()
    trunk: str = "trunk"
    tolerance: Tolerance = field(default_factory=Tolerance)
    clock: Clock = field(default_factory=Clock)
    notes: Sequence[str] = ()
    settled: float = inf


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What came out. `passed`: there is no difference. `counts`: how many each side has. `explained`: what differs for
    a reason that the journal tells. `notes`: what else to know. `digest`: SHA-256 over everything that was compared,
    so that two certificates of the same data are seen to be the same. No number of a caller is in it.
    """

    date: str
    projects: list[str]
    passed: bool
    tolerance: Tolerance
    counts: dict[str, int | None]
    differences: list[Difference]
    explained: list[Explained]
    carrier_clock: Offset | None
    notes: list[str]
    digest: str


def certify(side: Side) -> Certificate:
    """Compare everything with everything."""
    journal = of_day(side.journal.records.values(), side.bounds)
    records = of_day(side.records, side.bounds)
    moving = _moving(side, journal)
    journal |= {call: records[call] for call in moving & records.keys()}
    differences = [
        Difference(kind="journal_fault", of="the journal", text=fault) for fault in side.journal.faults
    ]
    differences += compare_records(journal, records)
    differences += compare_reports(journal, records, side.reports)
    explained: list[Explained] = []
    notes = [*side.notes]
    counts: dict[str, int | None] = {"journal": len(journal), "records": len(records)}
    counts["reports"] = sum(report.offered for report in side.reports.values())
    counts |= _channels(side, journal, moving, differences, explained)
    over = {call: record for call, record in journal.items() if call not in moving}
    matched = compare_recordings(over, side.journal, side.findings, side.tolerance.sound)
    differences += matched.differences
    explained += matched.explained
    counts["recordings"] = matched.expected
    counts["recording_files"] = len(side.findings)
    offset = _statement(side, journal, counts, differences, notes)
    return Certificate(
        date=side.date,
        projects=sorted(name for name in side.bounds if name),
        passed=not differences,
        tolerance=side.tolerance,
        counts=counts,
        differences=sorted(differences, key=lambda one: (one.call == "", one.at, one.call, one.kind)),
        explained=explained,
        carrier_clock=offset,
        notes=notes,
        digest=_digest(side, journal, records),
    )


def _moving(side: Side, journal: Mapping[str, CallRecord]) -> set[str]:
    """The calls that may have gone on while the books were read one after the other: the newest of them holds.

    A recording is finished some moments after its call.
    """
    since = side.settled - FINISHING_S
    ends = {channel.unique: channel.ended for channel in side.channels or ()}
    return {
        call
        for call, record in journal.items()
        if (record.closed_at or ends.get(leg_of(record)) or inf) > since
        and record.arrived_at > side.settled - LONGEST_CALL_S
    }


def of_day(records: Iterable[CallRecord], bounds: Mapping[str, tuple[float, float]]) -> dict[str, CallRecord]:
    """Those that arrived on the day, on the clock of their project, by call id and in their order."""
    chosen = [record for record in records if record.project in bounds and _within(record, bounds)]
    return {record.call: record for record in sorted(chosen, key=lambda one: (one.arrived_at, one.call))}


def _within(record: CallRecord, bounds: Mapping[str, tuple[float, float]]) -> bool:
    start, end = bounds[record.project]
    return start <= record.arrived_at < end


def _channels(
    side: Side,
    journal: Mapping[str, CallRecord],
    moving: AbstractSet[str],
    differences: list[Difference],
    explained: list[Explained],
) -> dict[str, int | None]:
    if side.channels is None:
        differences.append(
            Difference(
                kind="no_account",
                text="there is no account of Asterisk's for this day, so its side cannot be compared: see whether "
                "`cel_custom` is loaded there, and where its file lies",
            )
        )
        return {"asterisk": None}
    matched = ChannelMatch(
        side.journal,
        journal,
        side.channels,
        bounds_of_all(side.bounds),
        side.trunk,
        side.tolerance,
        side.clock,
        moving,
    ).compare()
    differences += matched.differences
    explained += matched.explained
    return dict(matched.counts)


def _statement(
    side: Side,
    journal: Mapping[str, CallRecord],
    counts: dict[str, int | None],
    differences: list[Difference],
    notes: list[str],
) -> Offset | None:
    if side.statement is None:
        return None
    matched = compare_statement(
        journal,
        side.channels or (),
        side.statement,
        side.numbers,
        bounds_of_all(side.bounds),
        side.tolerance,
        side.clock,
    )
    differences += matched.differences
    notes += matched.notes
    counts["statement"] = matched.lines
    return matched.offset


def _digest(side: Side, journal: Mapping[str, CallRecord], records: Mapping[str, CallRecord]) -> str:
    """Over all that was compared, in an order that does not depend on how it was read."""
    digest = hashlib.sha256()
    parts: tuple[Iterable[object], ...] = (
        (side.date, sorted(side.bounds)),
        journal.values(),
        records.values(),
        (side.reports[name] for name in sorted(side.reports)),
        sorted((one.unique, one.started, one.answered, one.met, one.ended) for one in side.channels or ()),
        sorted((one.name, one.sha256, one.bytes) for one in side.findings),
        sorted((one.line, one.start, one.number, one.seconds) for one in side.statement or ()),
    )
    for part in parts:
        for one in part:
            digest.update(msgspec.json.encode(one) + b"\n")
    return digest.hexdigest()
