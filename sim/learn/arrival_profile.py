"""When callers call: by half-hour and weekday, and how much whole days differ beyond what chance alone would do."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from calls.hours import WEEKDAYS, OpeningHours
from calls.record import CallRecord
from sim.arrivals import HALF_HOUR_MIN
from sim.learn.estimate import Estimate, positive
from sim.learn.laws import rounded
from sim.scenario.words import clock

FEWEST_DAYS = 5
"""With fewer degrees of freedom nothing is said of how days differ."""
_MOST_CV = 3.0


@dataclass(frozen=True)
class ArrivalsFit:
    """What a scenario says of arrivals, and how sure that is.

    `days`: on which the project was open; `calls` on those; `outside`: on days on which it was not.
    `by_weekday`: whether weekdays differ. `remarks`: where the data are thin.
    """

    settings: dict[str, Any]
    days: int
    calls: int
    outside: int
    by_weekday: bool
    why: str
    estimates: dict[str, Estimate] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def open_days(first: dt.date, last: dt.date, hours: OpeningHours) -> list[dt.date]:
    """The days from `first` to `last` on which the hours open at all."""
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if hours.day(day)[0]]


def fit_arrivals(
    records: Iterable[CallRecord],
    days: Sequence[dt.date],
    zone: ZoneInfo,
    weekdays: Collection[int] = range(7),
) -> ArrivalsFit:
    """The profile of some calls (without those who called again) on some open days.

    `weekdays` (0: Monday) may be open at all: one that is not among the days gets the mean of all.
    """
    by_day: Counter[dt.date] = Counter()
    by_minute: Counter[int] = Counter()
    outside, known = 0, set(days)
    for record in records:
        local = dt.datetime.fromtimestamp(record.arrived_at, zone)
        if local.date() not in known:
            outside += 1
            continue
        by_day[local.date()] += 1
        by_minute[(local.hour * 60 + local.minute) // HALF_HOUR_MIN * HALF_HOUR_MIN] += 1
    counts = {day: by_day[day] for day in days}
    return _fitted(counts, by_minute, outside, weekdays)


def _fitted(
    counts: dict[dt.date, int], by_minute: Counter[int], outside: int, weekdays: Collection[int]
) -> ArrivalsFit:
    total, days = sum(counts.values()), len(counts)
    differ, why = weekdays_differ(counts)
    means = _weekday_means(counts) if differ else dict.fromkeys(range(7), total / max(days, 1))
    expected = {day: means[day.weekday()] for day in counts}
    parameters = len({day.weekday() for day in counts}) if differ else 1
    cv, remark = day_factor(counts, expected, parameters)
    told = {weekday: means[weekday] for weekday in sorted({*weekdays, *(day.weekday() for day in counts)})}
    settings = _by_weekday(told, by_minute) if differ else _by_half_hour(by_minute, days)
    if cv is not None and cv.low > 0:
        settings["day_factor"] = {"cv": rounded(cv.value)}
    spread = math.sqrt(1 / max(total, 1) + (cv.value**2 / days if cv is not None and cv.low > 0 else 0.0))
    estimates = {"per_day": positive(total / max(days, 1), spread)}
    if cv is not None:
        estimates["day_factor_cv"] = cv
    remarks = tuple(filter(None, (_few_days(counts, differ), remark)))
    return ArrivalsFit(settings, days, total, outside, differ, why, estimates, remarks)


def _few_days(counts: dict[dt.date, int], differ: bool) -> str:
    if len(counts) < 2:
        return "arrivals: only one open day: nothing is known of how days differ"
    seen = Counter(day.weekday() for day in counts)
    once = [WEEKDAYS[day] for day, times in sorted(seen.items()) if times == 1]
    return f"arrivals: only one {', one '.join(once)}" if differ and once else ""


def _weekday_means(counts: dict[dt.date, int]) -> dict[int, float]:
    days = Counter(day.weekday() for day in counts)
    calls: Counter[int] = Counter()
    for day, count in counts.items():
        calls[day.weekday()] += count
    overall = sum(counts.values()) / len(counts)
    return {weekday: calls[weekday] / days[weekday] if days[weekday] else overall for weekday in range(7)}


def _by_weekday(means: dict[int, float], by_minute: Counter[int]) -> dict[str, Any]:
    total = sum(by_minute.values())
    profile = {clock(minute): rounded(count / total) for minute, count in sorted(by_minute.items())}
    return {
        "by_weekday": {WEEKDAYS[weekday]: rounded(mean) for weekday, mean in means.items()},
        "profile": profile,
    }


def _by_half_hour(by_minute: Counter[int], days: int) -> dict[str, Any]:
    return {"by_half_hour": {clock(m): rounded(count / days) for m, count in sorted(by_minute.items())}}


def weekdays_differ(counts: dict[dt.date, int]) -> tuple[bool, str]:
    """Whether weekdays have means of their own (chi-square, 5 %, scaled by how much days of one weekday differ)."""
    means, overall = _weekday_means(counts), sum(counts.values()) / max(len(counts), 1)
    days = Counter(day.weekday() for day in counts)
    freedom = len(days) - 1
    if freedom < 1 or overall == 0:
        return False, "one profile for all days: there is only one weekday"
    between = sum(n * (means[weekday] - overall) ** 2 / overall for weekday, n in days.items())
    within = sum(
        (count - means[day.weekday()]) ** 2 / max(means[day.weekday()], 1.0) for day, count in counts.items()
    )
    left = len(counts) - len(days)
    spread = max(1.0, within / left) if left >= FEWEST_DAYS else 1.0
    differ = between / spread > chi_square(freedom, 0.95)
    told = "weekdays differ" if differ else "one profile for all days: weekdays do not differ significantly"
    return differ, f"{told} (chi-square {between / spread:.1f} with {freedom} degrees of freedom)"


def day_factor(
    counts: dict[dt.date, int], expected: dict[dt.date, float], parameters: int
) -> tuple[Estimate | None, str]:
    """The coefficient of variation of a factor that whole days have, and a remark where nothing can be said.

    A Poisson number whose mean is multiplied by a factor of mean 1 and this cv has the variance m + (cv m)^2. The cv is
    the one at which Pearson's chi-square equals its degrees of freedom, its interval that between the 2.5 % and the
    97.5 % points. A lower end of 0: chance alone may do it.
    """
    freedom = len(counts) - parameters
    if freedom < FEWEST_DAYS:
        return (
            None,
            f"arrivals: {len(counts)} days are too few to tell how much whole days differ; no day factor",
        )

    def pearson(cv: float) -> float:
        return sum(
            (count - expected[day]) ** 2 / (expected[day] + (cv * expected[day]) ** 2)
            for day, count in counts.items()
            if expected[day] > 0
        )

    value, low, high = (
        _solved(pearson, wanted)
        for wanted in (float(freedom), chi_square(freedom, 0.975), chi_square(freedom, 0.025))
    )
    if pearson(0.0) <= chi_square(freedom, 0.95):
        low = 0.0
    return Estimate(value, (high - low) / (2 * 1.96), low, high), ""


def _solved(falling: Any, wanted: float) -> float:
    """Where a falling function has a value; 0 where it is below it from the beginning."""
    low, high = 0.0, _MOST_CV
    if falling(0.0) <= wanted:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > wanted else (low, middle)
    return high


_NORMAL = {0.025: -1.959964, 0.95: 1.644854, 0.975: 1.959964}


def chi_square(freedom: int, share: float) -> float:
    """The point below which this share (0.025, 0.95, 0.975) lies (Wilson and Hilferty 1931)."""
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + _NORMAL[share] * math.sqrt(part)) ** 3)
