"""The figures of one project on one day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from calls.activity import SeatActivity
from calls.lifecycle import Outcome
from calls.promise import AnswerRate, Promise, answer_rate
from calls.record import CallRecord
from reports.means import mean
from reports.seats import SeatDay, seat_days, wrapups
from reports.transfers import Dialled, Transferred, dialled, transferred

HALF_HOUR = 1800
OPEN = "open"
SPOKEN = frozenset({Outcome.ANSWERED, Outcome.DEGRADED_ANSWERED})


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many calls the promise counts: those that met it (`numerator`) out of all that count."""

    numerator: int
    denominator: int


class Promised(msgspec.Struct, frozen=True, kw_only=True):
    """The definition the rate was computed by. `value` is the rate promised for the month of the day."""

    version: int
    value: float
    period: Literal["month", "year"]
    short_abandon_s: float
    numerator: list[str]
    denominator: list[str]


class HalfHour(msgspec.Struct, frozen=True, kw_only=True):
    """The calls that arrived in the half-hour beginning at `start` (HH:MM on the project's clock).

    Every figure is defined as in `DailyReport`.
    """

    start: str
    offered: int
    answered: int
    answer_rate: float | None
    mean_wait: float | None
    counted: Counted


class DailyReport(msgspec.Struct, frozen=True, kw_only=True):
    """The calls of `project` that arrived on `date` (ISO 8601, the project's clock), however late they ended.

    Calls of our own are in `outbound` (an operator's), `callbacks` and `internal` only; all else is of the callers:
    `offered`: all of them, whatever became of them. `answered`: those that a person spoke to (outcome
    `answered` or `degraded_answered`). `answer_rate`: by the project's own definition (`promise`), the
    quotient of `counted`; null where nobody counts. `outcomes`: calls by outcome, and `open` for those that
    have none yet; outcomes that did not occur are left out; the sum is `offered`. `mean_wait`: over the calls
    that were in the line, from taking a place to the operator's voice or to leaving. `mean_talk`: over the
    conversations that are over, holds included. `mean_wrapup`: over all that was written afterwards, also by those who
    had transferred the call. `held`: calls that were on hold at least once; `mean_hold`: of those, how long in all.
    `by_inquiry_class`: calls by the class that an operator gave them. `seats`: those who had to do with these calls.
    All means in seconds, null where there is nothing to take the mean of. `by_half_hour` has every half-hour of the
    day: 48, or 46 or 50 when the clocks change.
    """

    project: str
    date: str
    offered: int
    answered: int
    answer_rate: float | None
    outcomes: dict[str, int]
    mean_wait: float | None
    mean_talk: float | None
    mean_wrapup: float | None
    promise: Promised
    counted: Counted
    by_half_hour: list[HalfHour]
    held: int
    mean_hold: float | None
    transfers: Transferred
    by_inquiry_class: dict[str, int]
    outbound: Dialled
    callbacks: Dialled
    internal: Dialled
    seats: list[SeatDay]


def daily(
    records: Iterable[CallRecord],
    promise: Promise,
    project: str,
    date: dt.date,
    tz: str = "Asia/Tokyo",
    *,
    activity: Sequence[SeatActivity] = (),
    departments: Mapping[str, str] | None = None,
) -> DailyReport:
    """The report of one day; records of other projects and days are left aside. `tz`: see `day_bounds`.

    `activity`: what the seats did that day, and for these calls. `departments`: names of extensions by number.
    """
    start, end = bounds = day_bounds(date, tz)
    of_day = [record for record in records if record.project == project and start <= record.arrived_at < end]
    callers = [record for record in of_day if record.direction == "in"]
    rate = answer_rate(callers, promise)
    holds = [record.hold_seconds for record in callers if record.hold_seconds > 0]
    return DailyReport(
        project=project,
        date=date.isoformat(),
        offered=len(callers),
        answered=_answered(callers),
        answer_rate=rate.rate,
        outcomes=_outcomes(callers),
        mean_wait=mean(record.wait for record in callers),
        mean_talk=mean(record.talk for record in callers),
        mean_wrapup=mean(wrapups(callers, activity)),
        promise=_promised(promise, date.month),
        counted=_counted(rate),
        by_half_hour=list(_half_hours(callers, promise, bounds, ZoneInfo(tz))),
        held=len(holds),
        mean_hold=mean(holds),
        transfers=transferred(callers, departments or {}),
        by_inquiry_class=_classes(callers),
        outbound=dialled(of_day, "out"),
        callbacks=dialled(of_day, "callback"),
        internal=dialled(of_day, "internal"),
        seats=seat_days(callers, activity, bounds),
    )


def day_bounds(date: dt.date, tz: str) -> tuple[float, float]:
    """[start, end) of a day in seconds since 1970 UTC, by the clock of a time zone such as "Asia/Tokyo".

    Raises ValueError where the time zone is not known.
    """
    try:
        zone = ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # OSError: a name such as "Asia" is a folder of the time zone data.
        raise ValueError(f"there is no time zone '{tz}'; write one such as Asia/Tokyo") from None
    return _midnight(date, zone), _midnight(date + dt.timedelta(days=1), zone)


def _midnight(date: dt.date, zone: ZoneInfo) -> float:
    return dt.datetime.combine(date, dt.time(), zone).timestamp()


def _half_hours(
    records: Sequence[CallRecord], promise: Promise, bounds: tuple[float, float], zone: ZoneInfo
) -> Iterator[HalfHour]:
    first, end = bounds
    by_start: dict[int, list[CallRecord]] = {start: [] for start in range(int(first), int(end), HALF_HOUR)}
    for record in records:
        by_start[int(first + (record.arrived_at - first) // HALF_HOUR * HALF_HOUR)].append(record)
    for start, arrived in by_start.items():
        yield _half_hour(arrived, promise, dt.datetime.fromtimestamp(start, zone))


def _half_hour(records: Sequence[CallRecord], promise: Promise, start: dt.datetime) -> HalfHour:
    rate = answer_rate(records, promise)
    return HalfHour(
        start=start.strftime("%H:%M"),
        offered=len(records),
        answered=_answered(records),
        answer_rate=rate.rate,
        mean_wait=mean(record.wait for record in records),
        counted=_counted(rate),
    )


def _answered(records: Sequence[CallRecord]) -> int:
    return sum(record.outcome in SPOKEN for record in records)


def _outcomes(records: Sequence[CallRecord]) -> dict[str, int]:
    return dict(sorted(Counter(record.outcome or OPEN for record in records).items()))


def _classes(records: Sequence[CallRecord]) -> dict[str, int]:
    return dict(sorted(Counter(record.inquiry_class for record in records if record.inquiry_class).items()))


def _counted(rate: AnswerRate) -> Counted:
    return Counted(numerator=rate.numerator, denominator=rate.denominator)


def _promised(promise: Promise, month: int) -> Promised:
    return Promised(
        version=promise.version,
        value=promise.value_for(month),
        period=promise.period,
        short_abandon_s=promise.short_abandon_s,
        numerator=sorted(promise.numerator),
        denominator=sorted(promise.denominator),
    )
