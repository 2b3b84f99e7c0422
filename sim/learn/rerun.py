"""Lets recorded days happen once more, in the real engine, on virtual time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from calls.events import CallArrived, EngineStarted
from calls.journal import Entry
from calls.lifecycle import SeatState
from calls.record import CallRecord, RecordFold
from engine.centre import Centre
from engine.engine import Engine
from sim.clock import Clock
from sim.learn.journal_fold import Order
from sim.learn.past import LONGEST_S, Past
from sim.learn.past_call import Span
from sim.learn.past_edge import PastEdge
from sim.learn.person import Laws, Person, Wrapups, person_of
from sim.randomness import Draws, Stream


@dataclass
class Rerun:
    """What came of it. `persons`: by the id that their call had on that day. `records`: by their leg now.

    `asked`: how often each node (project, node) waited for a key; `pressed`: which it got (project, node, digit).
    """

    persons: dict[str, Person]
    records: dict[str, CallRecord]
    asked: Counter[tuple[str, str]]
    pressed: Counter[tuple[str, str, str]]

    def after(self, call: str) -> CallRecord | None:
        """What became of a call of that day."""
        person = self.persons.get(call)
        return self.records.get(person.leg) if person is not None else None


def rerun(past: Past, centre: Centre, orders: Iterable[Order], laws: Laws, seed: int = 1) -> Rerun:
    """All callers of `past` to the projects of a centre, in the centre as it is given.

    What a caller is drawn depends on the seed and his place among the calls alone, and so is the same whatever the
    flow and the seats are.
    """
    uniforms = Draws(Stream(seed, "replay").uniforms).draw
    persons: dict[str, Person] = {}
    wishes: dict[str, list[Person]] = {}
    for record in sorted(past.records.values(), key=lambda one: one.arrived_at):
        person = person_of(record, past.calls.get(record.call), laws, uniforms)
        if record.direction == "callback":
            wishes.setdefault(record.caller, []).append(person)
        elif record.direction == "in" and record.project in centre.projects:
            if record.leg in persons:  # of another life of the telephone
                person.leg = record.call
            persons[person.leg] = person
    engine, clock = Engine(centre), Clock(past.start)
    later = Draws(Stream(seed, "replay: what came up").uniforms).draw
    edge = PastEdge(clock, engine, persons, wishes, wrapups(past), laws, later)
    folded = _run(past, engine, clock, edge, orders, persons)
    records = {one.leg: one for one in folded.records.values() if one.direction == "in"}
    by_call = {person.record.call: person for person in persons.values()}
    return Rerun(by_call, records, edge.asked, edge.pressed)


def wrapups(past: Past) -> Wrapups:
    """How long the first operator of each call wrote."""
    found: dict[str, Span] = {}
    for one in past.activity:
        if one.state is SeatState.WRAP_UP and one.call and one.ended is not None:
            found.setdefault(one.call, Span(one.began, one.ended))
    return found


def _run(
    past: Past,
    engine: Engine,
    clock: Clock,
    edge: PastEdge,
    orders: Iterable[Order],
    persons: dict[str, Person],
) -> RecordFold:
    clock.at(past.start, EngineStarted(engine.floor.centre.digest()))
    for order in orders:
        clock.at(*order)
    for person in persons.values():
        record = person.record
        clock.at(record.arrived_at, CallArrived(person.leg, record.number, record.caller))
    fold, number, last = RecordFold(), 0, past.end + LONGEST_S
    while (event := clock.next(engine.next_deadline)) is not None and clock.now < last:
        number += 1
        _step(fold, edge, Entry(number, clock.now, event, engine.handle(event, clock.now)))
    return fold


def _step(fold: RecordFold, edge: PastEdge, entry: Entry) -> None:
    _, now, event, commands = entry
    fold.feed(entry)
    for command in commands:
        act = edge.acts.get(type(command))
        if act is not None:
            act(command, now)
    sequel: Any = edge.sequels.get(type(event))
    if sequel is not None:
        sequel(event, commands, now)
