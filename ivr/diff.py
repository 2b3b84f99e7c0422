"""What changes for callers between two versions of a project: not which lines of a file, but who hears what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from calls.hours import Span
from ivr.diff_calls import Change, changes
from ivr.project import Project

DAYS_AHEAD = 366


class DayChange(NamedTuple):
    """A day on which the hours differ; `hours` names the set ("" for the project's own)."""

    hours: str
    date: dt.date
    before: tuple[Span, ...]
    after: tuple[Span, ...]
    reason: str


class TextChange(NamedTuple):
    """Other words in one language; "" where there were none, or are none any more."""

    guidance: str
    language: str
    before: str
    after: str


class Difference(NamedTuple):
    """All of it. `numbers_*` are those dialled."""

    numbers_added: tuple[str, ...]
    numbers_removed: tuple[str, ...]
    days: tuple[DayChange, ...]
    texts: tuple[TextChange, ...]
    calls: tuple[Change, ...]

    @property
    def none(self) -> bool:
        """Whether callers notice nothing."""
        return not any(self)


def difference(before: Project, after: Project, today: dt.date) -> Difference:
    """What changes for callers; hours are compared from `today` for twelve months.

    Raises FlowLoopError where a flow does not end.
    """
    old, new = ([number.number for number in project.numbers] for project in (before, after))
    return Difference(
        tuple(number for number in new if number not in old),
        tuple(number for number in old if number not in new),
        tuple(_days(before, after, today)),
        tuple(_texts(before, after)),
        tuple(changes(before, after, today)),
    )


def _days(before: Project, after: Project, today: dt.date) -> list[DayChange]:
    found: list[DayChange] = []
    for name in dict.fromkeys(("", *before.hours_sets, *after.hours_sets)):
        if name and not (name in before.hours_sets and name in after.hours_sets):
            continue  # a set that only one of the two asks: the walks show what comes of it
        old, new = before.opening_hours(name), after.opening_hours(name)
        for ahead in range(DAYS_AHEAD):
            day = today + dt.timedelta(days=ahead)
            (was, _), (is_now, reason) = old.day(day), new.day(day)
            if was != is_now:
                found.append(DayChange(name, day, was, is_now, reason))
    return found


def _texts(before: Project, after: Project) -> list[TextChange]:
    """Texts that both have, in other words; and languages that were added or taken away.

    A text that is new or gone altogether is told by the calls that hear it.
    """
    found: list[TextChange] = []
    for name, text in before.guidance.items():
        if name not in after.guidance:
            continue
        found += _languages(name, text.texts, after.guidance[name].texts)
    return found


def _languages(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[TextChange]:
    languages = dict.fromkeys((*before, *after))
    changed = (TextChange(name, each, before.get(each, ""), after.get(each, "")) for each in languages)
    return [change for change in changed if change.before != change.after]
