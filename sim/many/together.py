"""The replications of a scenario as one summary: means, sums and how sure they are.

Of one replication it is that replication's own summary. Of more, every figure is the mean over them; in `half_hours`
and `days` the counts are means and the rate is that of all their calls together. The promise is judged by the mean rate
of each period. `hardest_day` is that of the first replication.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sim.many.interval import interval
from sim.many.replications import Replications, Summary
from sim.scenario.words import clock, minute

FIGURES = (
    "answer_rate",
    "abandon_rate",
    "wait_rate",
    "service_level.20",
    "mean_wait",
    "occupancy",
    "offered",
)
"""Those of which the intervals are told."""
NEVER = "9999"
"""Later than any time that is told."""
_COUNTS = ("offered", "answered", "abandoned", "counted", "kept")


def together(replications: Replications) -> Summary:
    """The summary, and besides: `replications`, `intervals`, `met_share`, `verdict_sure`.

    `intervals`: mean, half-width and both ends (95 %) of some figures, null where there is only one replication.
    `met_share`: the share of the replications that met the promise. `verdict_sure`: whether the interval of every
    period that decides lies wholly on one side of the promise.
    """
    summaries = replications.summaries
    summary = dict(summaries[0]) if len(summaries) == 1 else _merged(summaries)
    return summary | {
        "replications": len(summaries),
        "half_width_reached": replications.reached,
        "intervals": {
            name: replications.interval(name).told() for name in FIGURES if replications.values(name)
        },
        "met_share": replications.met_share,
        "verdict_sure": _sure(summaries, summary["met"]),
    }


def _merged(summaries: Sequence[Summary]) -> Summary:
    merged = {
        name: _mean([summary[name] for summary in summaries]) for name in summaries[0] if name not in _OWN
    }
    merged |= {name: merge([summary[name] for summary in summaries]) for name, merge in _OWN.items()}
    periods = merged["periods"]
    worst = min(periods, key=lambda p: 1.0 if p["rate"] is None else p["rate"] - p["promise"], default=None)
    merged["promise"] = worst["promise"] if worst else summaries[0]["promise"]
    merged["met"] = all(period["met"] for period in periods)
    return merged


def _mean(values: list[Any]) -> Any:
    """Of numbers; of mappings key by key (a count that is missing is 0); None where no replication has it."""
    some = [value for value in values if value is not None]
    if not some:
        return None
    if isinstance(some[0], dict):
        keys = dict.fromkeys(key for value in some for key in value)
        return {key: _mean([value.get(key, 0) for value in some]) for key in keys}
    return math.fsum(some) / len(some)


def _first(values: list[Any]) -> Any:
    return values[0]


def _periods(tables: list[list[Summary]]) -> list[Summary]:
    periods = []
    for period, rows in _by("period", tables):
        mean = {
            name: _mean([row[name] for row in rows]) for name in ("answered", "counted", "rate", "promise")
        }
        met = mean["rate"] is None or mean["rate"] >= mean["promise"]
        periods.append({"period": period} | mean | {"met": met})
    return periods


def _budget(tables: list[list[Summary]]) -> list[Summary]:
    """`breaks_at` of the replication in the middle, where those that never break come last."""
    merged = []
    for period, rows in _by("period", tables):
        breaks = sorted(row["breaks_at"] or NEVER for row in rows)[(len(rows) - 1) // 2]
        merged.append(
            {
                "period": period,
                "may_lose": _mean([row["may_lose"] for row in rows]),
                "breaks_at": None if breaks == NEVER else breaks,
            }
        )
    return merged


def _half_hours(tables: list[list[Summary]]) -> list[Summary]:
    merged = []
    for name, rows in _by("from", tables):
        waits = math.fsum(row["mean_wait"] * row["offered"] for row in rows if row["offered"])
        calls = sum(row["offered"] for row in rows)
        merged.append(
            {"from": name}
            | _counts(rows, len(tables))
            | {
                "mean_wait": waits / calls if calls else None,
                "most_waiting": max(row["most_waiting"] for row in rows),
                "seats": _mean([row["seats"] for row in rows]),
                "busy": math.fsum(row["busy"] for row in rows) / len(tables),
            }
        )
    return merged


def _days(tables: list[list[Summary]]) -> list[Summary]:
    return [{"date": date} | _counts(rows, len(tables)) for date, rows in _by("date", tables)]


def _counts(rows: list[Summary], times: int) -> Summary:
    sums = {name: sum(row[name] for row in rows) for name in _COUNTS}
    rate = sums["kept"] / sums["counted"] if sums["counted"] else None
    return {name: count / times for name, count in sums.items()} | {"rate": rate}


def _course(courses: list[Summary]) -> Summary:
    """Laid on each other by the time of day; they need not begin and end together."""
    step = courses[0]["step_minutes"]
    starts = [minute(course["from"]) // step for course in courses if course["waiting"]]
    if not starts:
        return courses[0]
    first = min(starts)
    merged: Summary = {"from": clock(first * step), "step_minutes": step}
    merged["days"] = _mean([course["days"] for course in courses])
    for name in ("waiting", "busy", "seats"):
        columns = _columns(courses, name, first)
        merged[name] = [round(math.fsum(column) / len(courses), 3) for column in columns]
    merged["most_waiting"] = [max(column) for column in _columns(courses, "most_waiting", first)]
    return merged


def _columns(courses: list[Summary], name: str, first: int) -> list[list[float]]:
    columns: dict[int, list[float]] = {}
    for course in courses:
        start = minute(course["from"]) // course["step_minutes"]
        for step, value in enumerate(course[name], start):
            columns.setdefault(step, []).append(value)
    last = max(columns)
    return [columns.get(step, [0.0]) for step in range(first, last + 1)]


def _by(key: str, tables: list[list[Summary]]) -> Iterable[tuple[str, list[Summary]]]:
    found: dict[str, list[Summary]] = {}
    for table in tables:
        for row in table:
            found.setdefault(row[key], []).append(row)
    return sorted(found.items())


_OWN: dict[str, Callable[[list[Any]], Any]] = {
    "periods": _periods,
    "budget": _budget,
    "half_hours": _half_hours,
    "days": _days,
    "course": _course,
    "hardest_day": _first,
    "promise": _first,
    "promise_version": _first,
    "met": _first,
}


def _sure(summaries: Sequence[Summary], met: bool) -> bool:
    """All periods surely met, or one of them surely not."""
    from_below, from_above = [], []
    for _, rows in _by("period", [summary["periods"] for summary in summaries]):
        rates = [row["rate"] for row in rows if row["rate"] is not None]
        if rates:
            found, promise = interval(rates), rows[0]["promise"]
            from_above.append(found.low >= promise)
            from_below.append(found.high < promise)
    return all(from_above) if met else any(from_below)
