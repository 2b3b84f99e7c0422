"""A recorded day through another flow or other seats: what becomes of each caller, and what that rests on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from calls.lifecycle import Outcome
from calls.promise import Promise, answer_rate
from calls.record import CallRecord
from engine.centre import Centre, SeatPlan
from ivr.project import Project
from sim.learn.fit_flow import laws_of
from sim.learn.orders import planned_orders, recorded_orders, with_seats
from sim.learn.past import NothingRecordedError, Past
from sim.learn.person import failed
from sim.learn.redials import fit_redials
from sim.learn.rerun import Rerun, rerun
from sim.shifts import Shifts, seat_names

WITHIN_S = 20.0
_GONE = frozenset({Outcome.ABANDONED_QUEUE.value, Outcome.ABANDONED_IVR.value})


class Change(NamedTuple):
    """A call whose outcome is another one; `at`: when it came, seconds since 1970 UTC. `assumed`: on what it rests."""

    call: str
    at: float
    before: str
    after: str
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class Replay:
    """`before`, `after`: the figures of the day. `changes`: call by call.

    `rests_on`: how many calls met something that the day does not say, by what it was, and how many of the
    `changed_outcomes` are among them. `notes`: for people. `promise`: the rate promised for that month.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    changes: list[Change]
    rests_on: dict[str, int]
    notes: list[str]
    promise: float

    def counts(self) -> dict[str, int]:
        """How many calls changed from what to what, the most frequent first."""
        pairs = Counter(f"{one.before} -> {one.after}" for one in self.changes)
        return dict(pairs.most_common())


@dataclass(frozen=True)
class Instead:
    """What is not as it was: another `flow`, other seats (`shifts`), or nothing."""

    flow: Project | None = None
    shifts: Shifts | None = None


def replay(past: Past, centre: Centre, project: str, instead: Instead, seed: int = 1) -> Replay:
    """Put the days of `past` through the centre; `project` with what is given instead.

    Raises NothingRecordedError where nobody called the project.
    """
    records = past.of(project)
    if not records:
        raise NothingRecordedError(
            f"nobody called {project} on that day, or the service did not run: there is nothing to replay; "
            "`denwaban report` tells which days have calls"
        )
    was = centre.projects[project]
    laws = laws_of(past, records, was)
    centre, orders = _put_in(past, centre, project, instead)
    again = rerun(past, centre, orders, laws, seed)
    after = [found for one in records if (found := again.after(one.call)) is not None]
    changes = list(_changes(records, again))
    return Replay(
        figures(records, was.promise),
        figures(after, was.promise),
        changes,
        _rests_on(records, past, again) | {"changed_outcomes": sum(bool(one.assumed) for one in changes)},
        _notes(past, records, centre, instead),
        was.promise.value_for(dt.datetime.fromtimestamp(past.start, ZoneInfo(was.timezone)).month),
    )


def _put_in(past: Past, centre: Centre, project: str, instead: Instead) -> tuple[Centre, Iterable[Any]]:
    changed = instead.flow is not None
    if instead.flow is not None:
        centre = replace(
            centre, projects={**centre.projects, project: _in_its_place(instead.flow, centre, project)}
        )
    if instead.shifts is None:
        centre = with_seats(centre, project, (one.seat for one in past.activity))
        return centre, recorded_orders(past, centre, project if changed else "")
    seats = tuple(SeatPlan(name, (project,)) for name in seat_names(instead.shifts.most))
    alone = replace(centre, projects={project: centre.projects[project]}, seats=seats, people={})
    return alone, planned_orders(past, instead.shifts, project if changed else "")


def _in_its_place(flow: Project, centre: Centre, project: str) -> Project:
    """A flow, under the name of the project whose callers come into it, and at all of its numbers."""
    known = {number.number for number in flow.numbers}
    more = [number for number in centre.projects[project].numbers if number.number not in known]
    return flow.model_copy(update={"project": project, "numbers": [*flow.numbers, *more]})


def figures(records: Sequence[CallRecord], promise: Promise) -> dict[str, Any]:
    """The figures of some calls by the project's own definition; waits and service level over all offered."""
    rate = answer_rate(records, promise)
    answered = [one for one in records if one.outcome == Outcome.ANSWERED]
    waits = [one.wait for one in records if one.wait is not None]
    talks = [one.talk for one in answered if one.talk is not None]
    soon = sum(one.wait is not None and one.wait <= WITHIN_S for one in answered)
    outcomes = Counter(one.outcome or "not known" for one in records)
    return {
        "offered": len(records),
        "answered": len(answered),
        "abandoned": sum(one.outcome in _GONE for one in records),
        "counted": rate.denominator,
        "kept": rate.numerator,
        "answer_rate": rate.rate,
        "mean_wait": sum(waits) / len(records) if records else None,
        "longest_wait": max(waits, default=None),
        "service_level": {f"{WITHIN_S:g}": soon / len(records) if records else None},
        "mean_talk": sum(talks) / len(talks) if talks else None,
        "outcomes": dict(sorted(outcomes.items())),
    }


def _changes(records: Iterable[CallRecord], again: Rerun) -> Iterable[Change]:
    for record in records:
        after = again.after(record.call)
        told = after.outcome if after is not None else ""
        if told != record.outcome:
            assumed = tuple(sorted(again.persons[record.call].assumed))
            yield Change(
                record.call, record.arrived_at, record.outcome or "not known", told or "not known", assumed
            )


def _rests_on(records: Sequence[CallRecord], past: Past, again: Rerun) -> dict[str, int]:
    persons = [again.persons[one.call] for one in records]
    found = Counter(what for person in persons for what in person.assumed)
    return {
        "patience": found["patience"],
        "talk": found["talk"],
        "key": found["key"],
        "silent": found["silent"],
        "ring": found["ring"],
        "called_again": _needlessly(records, again),
        "transfers_cut": sum(person.cut for person in persons),
        "without_journal": sum(person.record.call not in past.calls for person in persons),
        "failed_by_system": sum(failed(person.record) for person in persons),
    }


def _needlessly(records: Sequence[CallRecord], again: Rerun) -> int:
    """Who called again on that day though the replay has put him through before."""
    answered = {
        call for call in again.persons if (one := again.after(call)) and one.outcome == Outcome.ANSWERED
    }
    return sum(before in answered for before in fit_redials(records).before.values())


def _notes(past: Past, records: Sequence[CallRecord], centre: Centre, instead: Instead) -> list[str]:
    notes = list(past.faults)
    if past.lives > 1:
        notes.append(f"{past.lives} engines began on that day: their crashes are not repeated")
    if instead.shifts is not None:
        others = len([one for one in past.records.values() if one.direction == "in"]) - len(records)
        told = f"; {others} calls of other projects are left out" if others else ""
        notes.append(f"the seats are the project's alone{told}")
    published = any(type(order.event).__name__ == "ProjectPublished" for order in past.orders)
    if (
        past.configurations
        and centre.digest() not in past.configurations
        and instead == Instead()
        and not published
    ):
        notes.append(
            "the configuration of that day is not the one of today (seats, people or a version): where they differ, so "
            "may outcomes"
        )
    return notes
