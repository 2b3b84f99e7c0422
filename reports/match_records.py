"""The journal, folded anew, against the table of calls and the reports that are made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from calls.record import CallRecord
from reports.daily import OPEN, SPOKEN, DailyReport
from reports.difference import Difference
from reports.transfers import MADE, REACHED

PERSONAL = frozenset({"caller", "keys", "transferred_to", "transfers", "talks"})
"""Fields in which a number of somebody may stand: it is told that they differ, not how."""

Calls = Mapping[str, CallRecord]


def compare_records(journal: Calls, records: Calls) -> Iterator[Difference]:
    """Every call that only one of the two has, or of which they say different things."""
    for call, ours in journal.items():
        theirs = records.get(call)
        if theirs is None:
            yield Difference(
                kind="missing_in_records",
                call=call,
                at=ours.arrived_at,
                says={"journal": f"arrived, {ours.outcome or OPEN}", "records": "nothing"},
                text="the journal has this call and the table `calls` does not, so no report counts it: somebody has "
                "deleted its row, or the database was restored from an older copy",
            )
        elif ours != theirs:
            yield _differs(ours, theirs)
    for call in records.keys() - journal.keys():
        yield Difference(
            kind="missing_in_journal",
            call=call,
            at=records[call].arrived_at,
            says={"journal": "nothing", "records": f"arrived, {records[call].outcome or OPEN}"},
            text="the table `calls` has a call of which the journal knows nothing: its row was put in by hand, or "
            "entries of the journal were deleted",
        )


def _differs(ours: CallRecord, theirs: CallRecord) -> Difference:
    one, other = _fields(ours), _fields(theirs)
    names = [name for name in one if one[name] != other[name]]
    return Difference(
        kind="record_differs",
        call=ours.call,
        at=ours.arrived_at,
        says={
            "journal": ", ".join(_told(name, one[name]) for name in names),
            "records": ", ".join(_told(name, other[name]) for name in names),
        },
        text=f"journal and table `calls` say different things in: {', '.join(names)}. The journal is what happened; "
        "the row was changed afterwards, or not brought up to date",
    )


def _told(name: str, value: Any) -> str:
    return f"{name} (not shown)" if name in PERSONAL else f"{name}={value!s}"


def _fields(record: CallRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def compare_reports(
    journal: Calls, records: Calls, reports: Mapping[str, DailyReport]
) -> Iterator[Difference]:
    """The sums of each report against the calls of the journal, counted here by themselves."""
    for name in sorted({record.project for record in journal.values()} - reports.keys() - {""}):
        calls = [call for call, record in journal.items() if record.project == name]
        yield Difference(
            kind="report_missing",
            of=name,
            says={"journal": f"{len(calls)} calls", "report": "none"},
            text=f"project '{name}' has calls on this day and there is no report of it: it is not in config/projects "
            f"any more. Its calls: {', '.join(calls[:5])}",
        )
    for name, report in reports.items():
        yield from _report(name, report, journal, records)


def _report(name: str, report: DailyReport, journal: Calls, records: Calls) -> Iterator[Difference]:
    counted = _sums([record for record in journal.values() if record.project == name])
    printed = _printed(report)
    wrong = [what for what in counted.keys() | printed.keys() if counted[what] != printed[what]]
    if wrong:
        yield Difference(
            kind="report_total",
            of=name,
            says={
                "journal": ", ".join(f"{what}={counted[what]}" for what in sorted(wrong)),
                "report": ", ".join(f"{what}={printed[what]}" for what in sorted(wrong)),
            },
            text=f"the daily report of '{name}' does not add up to the journal's calls{_whose(name, journal, records)}",
        )


def _whose(name: str, journal: Calls, records: Calls) -> str:
    """The calls that explain it, if there are any."""
    calls = [
        call
        for call in sorted(journal.keys() | records.keys())
        if journal.get(call) != records.get(call) and _of(name, journal.get(call), records.get(call))
    ]
    return f": because of {', '.join(calls[:10])}" if calls else ", although all records agree: tell us of it"


def _of(name: str, *records: CallRecord | None) -> bool:
    return any(record is not None and record.project == name for record in records)


def _sums(records: Iterable[CallRecord]) -> Counter[str]:
    sums = Counter[str]()
    for record in records:
        if record.direction == "in":
            sums["offered"] += 1
            sums["half_hours"] += 1
            sums["answered"] += record.outcome in SPOKEN
            sums[f"outcome {record.outcome or OPEN}"] += 1
            sums["transfers"] += len(record.transfers)
        else:
            sums[f"{record.direction} made"] += record.outcome in MADE
            sums[f"{record.direction} reached"] += record.outcome in REACHED
    return sums


def _printed(report: DailyReport) -> Counter[str]:
    sums = Counter[str](
        {
            "offered": report.offered,
            "half_hours": sum(part.offered for part in report.by_half_hour),
            "answered": report.answered,
            "transfers": report.transfers.total,
            "out made": report.outbound.made,
            "out reached": report.outbound.reached,
            "callback made": report.callbacks.made,
            "callback reached": report.callbacks.reached,
            "internal made": report.internal.made,
            "internal reached": report.internal.reached,
        }
    )
    sums.update({f"outcome {outcome}": count for outcome, count in report.outcomes.items()})
    return sums
