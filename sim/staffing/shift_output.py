"""A shift plan as YAML: as the seats of a scenario, and as config/shifts.yaml."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from typing import Any

import yaml

from calls.hours import WEEKDAYS, Span
from sim.scenario.words import clock
from sim.staffing.cover import Duty
from sim.staffing.roster import Roster


def scenario_shifts(duties: Mapping[dt.date, Mapping[Duty, int]]) -> list[dict[str, Any]]:
    """What stands under `seats: {shifts: ...}` of a scenario: those who are there, not the absent ones' reserve.

    Where a duty has more people on one day than on another, the further ones are a shift of their own, so that the
    simulated centre has no more seats than people.
    """
    everyday = sorted(duties)
    counts: dict[tuple[Span, tuple[Span, ...]], dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    for day, day_duties in duties.items():
        for duty, people in day_duties.items():
            counts[duty.span, duty.breaks][day] += people
    shifts = []
    for (span, breaks), days in sorted(counts.items()):
        for seats, dates in _layers(days):
            shifts.append(_shift(span, breaks, seats, dates, everyday))
    return shifts


def _layers(days: Mapping[dt.date, int]) -> Iterator[tuple[int, list[dt.date]]]:
    below = 0
    for level in sorted(set(days.values())):
        if level > below:
            yield level - below, sorted(day for day, people in days.items() if people >= level)
            below = level


def _shift(
    span: Span, breaks: tuple[Span, ...], seats: int, dates: list[dt.date], everyday: list[dt.date]
) -> dict[str, Any]:
    shift: dict[str, Any] = {"seats": seats, "from": clock(span.start), "to": clock(span.end)}
    if dates != everyday:
        shift["dates"] = [day.isoformat() for day in dates]
    if breaks:
        shift["breaks"] = [{"at": clock(one.start), "minutes": one.end - one.start} for one in breaks]
    return shift


def roster_entries(roster: Roster, project: str, open_days: Collection[dt.date]) -> list[dict[str, Any]]:
    """The entries of config/shifts.yaml: everybody who is scheduled, on the days on which he is.

    `open_days`: all open days of the plan. Nobody is expected when the project is closed, so weekdays with a first and
    a last day say it; where they say too much, week by week.
    """
    dates: dict[tuple[str, Duty], list[dt.date]] = defaultdict(list)
    for (day, who), duty in sorted(roster.duties.items(), key=lambda item: item[0]):
        dates[who, duty].append(day)
    groups: dict[tuple[tuple[dt.date, ...], Span, tuple[Span, ...]], list[str]] = defaultdict(list)
    for (who, duty), days in dates.items():
        for part in _sayable(days, open_days):
            groups[tuple(part), duty.span, duty.breaks].append(who)
    return [_entry(key, who, project) for key, who in sorted(groups.items())]


def _sayable(days: list[dt.date], open_days: Collection[dt.date]) -> list[list[dt.date]]:
    names = {day.weekday() for day in days}
    said = [day for day in sorted(open_days) if days[0] <= day <= days[-1] and day.weekday() in names]
    if said == days:
        return [days]
    return [list(week) for _, week in groupby(days, lambda day: day.isocalendar()[:2])]


def _entry(
    key: tuple[tuple[dt.date, ...], Span, tuple[Span, ...]], who: list[str], project: str
) -> dict[str, Any]:
    days, span, breaks = key
    entry: dict[str, Any] = {"who": ranges(who)}
    if project:
        entry["project"] = project
    entry |= {"days": [WEEKDAYS[number] for number in sorted({day.weekday() for day in days})]}
    entry["hours"] = _hours(span)
    if breaks:
        entry["breaks"] = [_hours(one) for one in breaks]
    return entry | {"from": days[0].isoformat(), "to": days[-1].isoformat()}


def ranges(who: Collection[str]) -> list[str]:
    """op101, op102, op103, op107 -> op101-op103, op107."""
    found: list[list[str]] = []
    for one in sorted(who):
        if found and one == _next(found[-1][-1]):
            found[-1].append(one)
        else:
            found.append([one])
    return [part[0] if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in found]


def _next(one: str) -> str:
    """op109 -> op110; "" where it would need one more digit, or has none."""
    letters = one.rstrip("0123456789")
    digits = one[len(letters) :]
    number = str(int(digits) + 1) if digits else ""
    return f"{letters}{number:0>{len(digits)}}" if 0 < len(number) <= len(digits) else ""


def _hours(span: Span) -> str:
    return f"{clock(span.start)}-{clock(span.end)}"


def shifts_yaml(entries: list[dict[str, Any]]) -> str:
    """The text of config/shifts.yaml."""
    text: str = yaml.safe_dump(
        {"shifts": entries}, sort_keys=False, allow_unicode=True, default_flow_style=None
    )
    return "# Written by `denwaban staff`: who should be there, and when.\n" + text
