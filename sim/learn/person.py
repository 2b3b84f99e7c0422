"""A caller of a recorded day: what he did then, and what he is taken to do where that day does not say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec

from calls.lifecycle import Outcome
from calls.record import CallRecord
from calls.talks import IN_CHARGE
from sim.clock import Plan
from sim.learn.laws import Law
from sim.learn.past_call import SAME_S, PastCall, Press, Ring, Span
from sim.randomness import Sampler

Assumed = Literal["patience", "talk", "key", "silent", "ring"]
"""What was drawn or guessed for a caller because the day does not say it."""

NOT_HIS_OWN = frozenset(
    {Outcome.LOST_SYSTEM.value, Outcome.DEGRADED_UNANSWERED.value, Outcome.DEGRADED_ANSWERED.value, ""}
)
"""Ends that a fault of the system made."""


class Laws(NamedTuple):
    """What is drawn from. `patience` None: nobody gave up, so everybody waits for ever. `rings`: seconds, as seen."""

    patience: Law | None
    talk: Law
    wrapup: Law | None
    rings: tuple[float, ...]


class Person(msgspec.Struct, eq=False):
    """One caller of the recorded day.

    `gave_up`: the wait after which he left the line; None: he did not, and waits `patience` seconds in all (None: for
    ever). `talked`: his conversation, as far as the first operator had it; None: `talk` seconds are drawn.
    `cut`: it went on with somebody else. `assumed`: what of this has decided something in the replay. The numbers
    count what has been used of `past`.
    """

    record: CallRecord
    past: PastCall
    gave_up: Span | None = None
    patience: float | None = None
    talked: Span | None = None
    talk: float = 0.0
    cut: bool = False
    leg: str = ""
    joined_at: float | None = None
    plan: Plan | None = None
    presses: int = 0
    rings: int = 0
    dials: int = 0
    connects: int = 0
    messages: int = 0
    texts: dict[str, int] = {}
    assumed: set[Assumed] = set()

    def next_press(self) -> Press | None:
        """The key that he presses next, if he presses one more."""
        return self.past.presses[self.presses] if self.presses < len(self.past.presses) else None

    def next_ring(self) -> Ring | None:
        """How the next telephone of a seat rings for him; None: there was none more."""
        self.rings += 1
        return self.past.rings[self.rings - 1] if self.rings <= len(self.past.rings) else None

    def next_dial(self) -> Ring | None:
        """The same of other telephones."""
        self.dials += 1
        return self.past.dials[self.dials - 1] if self.dials <= len(self.past.dials) else None

    def next_text(self, text: str) -> Span | None:
        """How long a text (`guidance/language`) was said to him, the next time that he hears it."""
        at = self.texts.get(text, 0)
        self.texts[text] = at + 1
        said = self.past.texts.get(text, ())
        return said[at] if at < len(said) else None


def person_of(record: CallRecord, past: PastCall | None, laws: Laws, uniforms: Sampler) -> Person:
    """Who called then. Each costs two numbers of `uniforms`, whatever he did."""
    patience, talk = uniforms(), uniforms()
    person = Person(record, past or past_from(record), leg=record.leg)
    person.gave_up = _gave_up(record)
    if laws.patience is not None:
        person.patience = laws.patience.draw(record.wait or 0.0, patience)
    person.talked = _talked(record)
    person.cut = person.talked is not None and person.talked.ended != record.ended_at
    lasted = (
        (record.lost_at or 0.0) - (record.answered_at or 0.0)
        if record.lost_at and record.answered_at
        else 0.0
    )
    person.talk = laws.talk.draw(max(0.0, lasted), talk)
    return person


def past_from(record: CallRecord) -> PastCall:
    """Of a call of which only the record is left: its keys are pressed whenever the flow waits for one."""
    past = PastCall(record.call, record.leg, record.project, record.number, record.caller, record.arrived_at)
    at = record.arrived_at
    past.presses = [Press("asked", "", at, at + 2.0, digit) for digit in record.keys]
    if record.queued_at is None and record.answered_at is None and record.outcome == Outcome.ABANDONED_IVR:
        past.left_at = record.ended_at
    return past


def _gave_up(record: CallRecord) -> Span | None:
    if record.ended_at is None:
        return None
    if record.outcome == Outcome.ABANDONED_QUEUE and record.queued_at is not None:
        return Span(record.queued_at, record.ended_at)
    if record.outcome == Outcome.DEGRADED_UNANSWERED and record.queued_at is not None:
        return Span(record.queued_at, record.ended_at)
    return None


def _talked(record: CallRecord) -> Span | None:
    """Until the first operator was done with him."""
    if record.answered_at is None or record.ended_at is None or record.lost_at is not None:
        return None
    own = [talk.ended for talk in record.talks if talk.role in IN_CHARGE]
    ended = own[0] if own and own[0] is not None else record.ended_at
    cut = ended < record.ended_at - SAME_S
    return Span(record.answered_at, ended if cut else record.ended_at)


def failed(record: CallRecord) -> bool:
    """Whether the system put an end to a call, or nobody knows how it ended."""
    return record.outcome in NOT_HIS_OWN or record.lost_at is not None or record.ended_at is None


Wrapups = Mapping[str, Span]
"""How long the operators wrote, by call id."""
