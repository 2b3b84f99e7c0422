"""How long callers wait, talk and let operators write, and how long telephones ring: observations out of the past."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from calls.lifecycle import Outcome
from calls.queue_settings import QueueSettings
from calls.record import CallRecord
from ivr.project import Project
from sim.learn import estimate
from sim.learn.estimate import FEW, Choice, Estimate, choose, share
from sim.learn.laws import Constant, Exponential, Law, log_likelihood
from sim.learn.past import Past
from sim.learn.past_call import Ring
from sim.learn.survival import Lasted, sample

NEARLY_ALL = 0.8
"""Classes of inquiry are told apart where this share of the answered calls has one."""
LIMIT_S = 0.05
"""A wrap-up that ended so near to the queue's limit was ended by it."""


class RingFit(NamedTuple):
    """How long operators let it ring, and the share of rings that nobody picks up."""

    choice: Choice | None
    misses: Estimate
    rings: int


class ClassFit(NamedTuple):
    """Conversations of one class of inquiry, and its share of all."""

    share: Estimate
    choice: Choice


def patience_seen(records: Iterable[CallRecord], heard_until: float) -> list[Lasted]:
    """Each wait in the line: to its own end for who gave up, cut off for everybody else, however he left it.

    Who was lost by a crash, or waits still, waited at least until he was last heard of.
    """
    seen = []
    for record in records:
        if record.queued_at is None or record.outcome.startswith("degraded"):
            continue
        wait = record.wait if record.wait is not None else max(0.0, heard_until - record.queued_at)
        seen.append(Lasted(wait, record.outcome == Outcome.ABANDONED_QUEUE))
    return seen


def talk_seen(records: Iterable[CallRecord]) -> list[Lasted]:
    """Each conversation; cut off where the system failed it."""
    return [
        Lasted(record.talk, record.lost_at is None)
        for record in records
        if record.answered_at is not None and record.talk is not None and record.queue
    ]


def by_class(records: Sequence[CallRecord]) -> dict[str, ClassFit]:
    """By class of inquiry, where nearly all answered calls have one; classes of too few calls are left together."""
    answered = [one for one in records if one.answered_at is not None and one.talk is not None and one.queue]
    names = sorted({one.inquiry_class for one in answered} - {""})
    told = sum(bool(one.inquiry_class) for one in answered)
    if len(names) < 2 or told < NEARLY_ALL * len(answered):
        return {}
    found = {}
    for name in names:
        own = [one for one in answered if one.inquiry_class == name]
        choice = choose(talk_seen(own), estimate.TALK, "conversations")
        if choice is not None and choice.ends >= FEW:
            found[name] = ClassFit(share(len(own), told), choice)
    return found if len(found) > 1 else {}


def wrapup_seen(records: Iterable[CallRecord], project: Project) -> list[Lasted]:
    """How long operators wrote after each answered call: cut off where the queue's limit put an end to it."""
    seen = []
    for record in records:
        if record.answered_at is None or record.closed_at is None or record.lost_at is not None:
            continue
        limit = _limit(record, project)
        if limit == 0 or not record.queue:
            continue
        wrote = record.wrapup or 0.0
        seen.append(Lasted(wrote, limit is None or wrote < limit - LIMIT_S))
    return seen


def _limit(record: CallRecord, project: Project) -> float | None:
    settings = project.queues.get(record.queue.partition("/")[2], QueueSettings())
    return settings.wrapup_s


def fit_rings(past: Past, records: Iterable[CallRecord]) -> RingFit:
    """Either telephones are picked up late, and some too late; or some are not picked up at all: the likelier one."""
    rings = [ring for one in records if one.call in past.calls for ring in past.calls[one.call].rings]
    answered = [ring.answered - ring.began for ring in rings if ring.answered is not None]
    longest = max(answered, default=0.0)
    vain = [ring for ring in rings if _in_vain(ring, longest)]
    missed = [_silenced(ring) for ring in vain]
    gone = [
        _silenced(ring)
        for ring in rings
        if ring.answered is None and ring.silenced is not None and not _in_vain(ring, longest)
    ]
    picked = [Lasted(seconds, True) for seconds in answered] + [Lasted(seconds, False) for seconds in gone]
    alone = choose(picked, estimate.WRITING, "rings picked up")
    if not missed or alone is None:
        return RingFit(alone, share(0, len(answered)), len(rings))
    late = choose(
        [*picked, *(Lasted(seconds, False) for seconds in missed)], estimate.WRITING, "rings picked up"
    )
    if (
        late is not None
        and not isinstance(alone.law, Constant)
        and _slow(late.law, alone.law, picked, missed)
    ):
        return RingFit(late, share(0, len(answered)), len(rings))
    absences = _absences(rings, longest)
    return RingFit(alone, share(absences, absences + len(answered)), len(rings))


def _silenced(ring: Ring) -> float:
    return (ring.silenced or ring.began) - ring.began


def _in_vain(ring: Ring, longest: float) -> bool:
    """Whether nobody picked up: in time, or for longer than it ever took anybody before the caller went."""
    if ring.answered is not None or ring.silenced is None:
        return False
    return ring.missed or _silenced(ring) > longest + 1e-3


def _absences(rings: Iterable[Ring], longest: float) -> int:
    """How often nobody was at a telephone: what it missed in a row is one time."""
    last: dict[str, bool] = {}
    times = 0
    for ring in sorted(rings, key=lambda one: one.began):
        vain = _in_vain(ring, longest)
        if vain or ring.answered is not None:
            times += vain and not last.get(ring.seat, False)
            last[ring.seat] = vain
    return times


def _slow(late: Law, alone: Law, picked: list[Lasted], missed: list[float]) -> bool:
    """Whether one law for all is likelier (AIC) than a law for those picked up and a share for the others."""
    cut = [Lasted(seconds, False) for seconds in missed]
    ends = sum(one.seen for one in picked)
    part = len(missed) / (len(missed) + ends)
    two = ends * math.log(1 - part) + len(missed) * math.log(part) + log_likelihood(alone, *sample(picked))
    return log_likelihood(late, *sample([*picked, *cut])) > two - 1


def most_at_once(records: Iterable[CallRecord]) -> int:
    """How many lines were in use at most."""
    edges = []
    for record in records:
        if record.ended_at is not None and record.outcome != Outcome.BLOCKED:
            edges += [(record.arrived_at, 1), (record.ended_at, -1)]
    edges.sort()
    return int(np.max(np.cumsum([step for _, step in edges]))) if edges else 0


def law_or(choice: Choice | None, mean: float) -> Law:
    """The chosen law; where there is none, an exponential one of this mean."""
    return choice.law if choice is not None else Exponential(mean)
