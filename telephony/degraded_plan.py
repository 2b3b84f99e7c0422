"""The plan by which Asterisk serves callers alone: compiled from the projects, their hours and what was ordered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calls.degraded import MOST_PROJECTS, Member, Plan, ProjectPlan, Seats, Texts, queue_name
from calls.override import Override
from engine.centre import Centre
from engine.floor import Floor
from ivr.degraded_texts import (
    Words,
    closed_texts,
    disaster_texts,
    hours_asked,
    in_own_language,
    notice_texts,
)
from ivr.guidance_model import Spoken
from ivr.project import Project
from telephony.degraded_hours import Interval, moved, open_intervals, ordered
from telephony.degraded_texts import closed, sorry

DAYS = 60
"""So far ahead the plan knows the hours: longer than anybody leaves a centre without its engine."""
_DAY_S = 86400.0
_WRAPUP_S = 30

ProjectSound = Callable[[str, str, str], str]
"""The sound (a path without ending) of a project's text: its name, the text's id, the language."""

HouseSound = Callable[[Spoken], str]
"""The same for a text of the house's own."""


class Order(NamedTuple):
    """What is not in the configuration. `shift`: the test clock, see HoursClock."""

    shift: float = 0.0
    override: Override | None = None


def orders_of(floor: Floor) -> dict[str, Order]:
    """What holds now, by project."""
    clocks = floor.hours
    return {
        name: Order(clocks[name].shift, clocks[name].override)
        for name in floor.centre.projects
        if name in clocks
    }


def compiled(
    centre: Centre,
    orders: Mapping[str, Order],
    now: float,
    sound: ProjectSound,
    house: HouseSound,
    before: Plan | None = None,
) -> Plan:
    """The plan from `now` (seconds since 1970 UTC) on.

    `before`: the plan of which this one takes the place; a project keeps its queue, in which somebody may still wait.
    """
    queues = _queues(centre.projects, before)
    return {
        "made_at": now,
        "until": now + DAYS * _DAY_S,
        "numbers": {n.number: name for name, one in centre.projects.items() for n in one.numbers},
        "projects": {
            name: _project(one, queues[name], orders.get(name, Order()), now, sound, house)
            for name, one in centre.projects.items()
        },
    }


def seats_of(floor: Floor) -> Seats:
    """Who is there and takes calls, now or after what he is doing, by project."""
    found: Seats = {name: [] for name in floor.centre.projects}
    for seat in floor.seats.values():
        if not seat.staffed:
            continue
        levels: dict[str, int] = {}
        for queue, level, _ in seat.serves:
            project = queue.partition("/")[0]
            levels[project] = min(level, levels.get(project, level))
        for project in levels.keys() & found.keys():
            level, auto = levels[project], floor.centre.plans[seat.id].auto_answer
            found[project].append(Member(seat=seat.id, penalty=level - 1, auto=auto))
    return found


def _queues(projects: Iterable[str], before: Plan | None) -> dict[str, str]:
    old = {name: one["queue"] for name, one in before["projects"].items()} if before else {}
    kept = {name: old[name] for name in projects if old.get(name)}
    names = (queue_name(place) for place in range(1, MOST_PROJECTS + 1))
    free = iter([name for name in names if name not in kept.values()])
    return {name: kept.get(name) or next(free, "") for name in projects}


def _project(
    project: Project,
    queue: str,
    order: Order,
    now: float,
    sound: ProjectSound,
    house: HouseSound,
) -> ProjectPlan:
    rules, language = project.degraded, project.language
    said = _Said(project, now, sound)
    override = order.override
    in_disaster = override is not None and override.kind == "disaster" and bool(disaster_texts(project))
    own_closed, own_sorry = closed_texts(project), in_own_language(project, rules.sorry or ())
    return {
        "queue": queue,
        "open": _open(project, order, now),
        "notice": said.over_time(notice_texts(project)),
        "closed": said.over_time(own_closed) if own_closed else [(0.0, [house(closed(language))])],
        "sorry": said.over_time(own_sorry) if own_sorry else [(0.0, [house(sorry(language))])],
        "disaster": said.on_day(disaster_texts(project), said.today) if in_disaster else [],
        "disaster_until": override.until if override is not None and in_disaster else 0.0,
        # More projects than queues: their callers are told, or go to the number that stands in for the seats.
        "when_open": rules.open
        if queue or rules.open != "seats"
        else "backup"
        if rules.backup
        else "announce",
        "backup": rules.backup or "",
        "max_wait_s": rules.max_wait_s,
        "wrapup_s": _wrapup(project),
        "recorded": project.recording.enabled,
    }


def _open(project: Project, order: Order, now: float) -> list[Interval]:
    end = now + DAYS * _DAY_S
    asked = hours_asked(project)
    if asked is None:  # its flow never asks: always open
        return ordered([(now, end)], order.override, now)
    zone = ZoneInfo(project.timezone)
    by_hours = open_intervals(project.opening_hours(asked), zone, now + order.shift, end + order.shift)
    return ordered(moved(by_hours, -order.shift), order.override, now)


def _wrapup(project: Project) -> int:
    times = [_WRAPUP_S if one.wrapup_s is None else one.wrapup_s for one in project.queues.values()]
    return round(min(times, default=0))


class _Said:
    """The sounds of a project's texts, which may be others on other days."""

    def __init__(self, project: Project, now: float, sound: ProjectSound) -> None:
        self._project = project
        self._sound = sound
        self._zone = ZoneInfo(project.timezone)
        self.today = dt.datetime.fromtimestamp(now, self._zone).date()

    def on_day(self, texts: Words, day: dt.date) -> list[str]:
        """Of some texts on one (local) day."""
        project = self._project
        said = [project.said(text, language, day) for text, language in texts]
        return [self._sound(project.project, one.guidance, one.language) for one in said]

    def over_time(self, texts: Words) -> Texts:
        """From today on, as far as the plan goes: a new entry for each day on which something else is said."""
        found: Texts = []
        for number in range(DAYS + 1):
            day = self.today + dt.timedelta(days=number)
            sounds = self.on_day(texts, day)
            if not found or sounds != found[-1][1]:
                begins = dt.datetime.combine(day, dt.time(), self._zone).timestamp() if found else 0.0
                found.append((begins, sounds))
        return found
