"""Compares what really happened with what the books say. Pure functions over stories and records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from calls.record import CallRecord
from sim.drill.story import RACE_S, Away, Story

TALK_S = 1.0
"""So much may the talk of a record differ from the talk that there was."""


@dataclass(frozen=True)
class Fault:
    """`caller`: the robot's number. `expected` and `found` are for whoever reads the report."""

    caller: str
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.caller}: {self.what}: expected {self.expected}, found {self.found}"


def overtaken(arrived: Sequence[str], served: Iterable[str]) -> list[str]:
    """Those of `arrived` (in the order of their arrival) before whom somebody was served who came after them.

    Who was never served was overtaken by whoever came later and was. Others than those who arrived do not count.
    """
    turn = {caller: at for at, caller in enumerate(served)}
    behind, earliest = [], float("inf")
    for caller in reversed(arrived):
        own = turn.get(caller, float("inf"))
        if own > earliest:
            behind.append(caller)
        earliest = min(earliest, own)
    return behind[::-1]


def jumped(waits: Iterable[tuple[str, float, float | None]], slack_s: float) -> list[str]:
    """The same where only times are known: (caller, came into the line, left it to a seat or None for never).

    Within `slack_s` of each other two came together.
    """
    rows = sorted(waits, key=lambda row: row[1])
    return [
        caller
        for at, (caller, came, left) in enumerate(rows)
        if left is not None
        and any(later[1] > came + slack_s and _sooner(later[2], left) for later in rows[at + 1 :])
    ]


def _sooner(other: float | None, own: float) -> bool:
    return other is not None and other < own


def faults(told: Iterable[Story], records: Iterable[CallRecord], away: Away, notice_s: float) -> list[Fault]:
    """One record per call, and each says what was: outcome, seat, length of the talk."""
    found: defaultdict[str, list[CallRecord]] = defaultdict(list)
    for record in records:
        found[record.caller].append(record)
    wrong: list[Fault] = []
    for story in told:
        allowed = story.outcomes(away, notice_s)
        wrong += _of_one(story, found.pop(story.caller, []), allowed, away, notice_s)
    return wrong + [_unknown(caller, rest) for caller, rest in found.items()]


def _of_one(
    story: Story, records: list[CallRecord], allowed: frozenset[str], away: Away, notice_s: float
) -> list[Fault]:
    if not records and not allowed:
        return []
    if len(records) != 1:
        return [Fault(story.caller, "records", "1", str(len(records)))]
    [record] = records
    if allowed and record.outcome not in allowed:
        return [Fault(story.caller, "outcome", " or ".join(sorted(allowed)), record.outcome or "none")]
    if not record.outcome or record.closed_at is None:
        return [Fault(story.caller, "state", "CLOSED with an outcome", f"{record.state} {record.outcome}")]
    checks = (_seat(story, record), _talk(story, record, away), _heard(story, record, notice_s))
    return [fault for fault in checks if fault]


def _seat(story: Story, record: CallRecord) -> Fault | None:
    if story.talked and record.answered_at is not None and record.seat != story.seat:
        return Fault(story.caller, "seat", story.seat, record.seat or "none")
    return None


def _talk(story: Story, record: CallRecord, away: Away) -> Fault | None:
    if not story.talked or record.talk is None or story.seat_answered is None or story.talk_ended is None:
        return None
    # A telephone finds out only later that its exchange has died.
    ended = away.death(story.seat_answered, story.talk_ended) or story.talk_ended
    least = ended - story.seat_answered
    most = least + _unseen_for(ended, away)
    if least - TALK_S <= record.talk <= most + TALK_S:
        return None
    return Fault(story.caller, "talk", f"{least:.1f} to {most:.1f} s", f"{record.talk:.1f} s")


def _heard(story: Story, record: CallRecord, notice_s: float) -> Fault | None:
    """What the engine says that a caller heard, he has to have heard, if he stayed for it."""
    if not record.heard or story.answered is None:
        return None
    stayed = (story.ended or story.answered) - story.answered > notice_s + RACE_S
    if not stayed or story.notice_s >= notice_s / 2:
        return None
    return Fault(story.caller, "guidance", f"{notice_s:.1f} s of it heard", f"{story.notice_s:.1f} s")


def _unseen_for(moment: float, away: Away) -> float:
    """A talk that ended while nobody looked ends in the books when somebody looks again."""
    spans = (*away.engine, *away.asterisk)
    return max((ended - moment for began, ended in spans if began - TALK_S <= moment <= ended), default=0.0)


def _unknown(caller: str, records: Sequence[CallRecord]) -> Fault:
    return Fault(caller or "nobody", "records", "none: nobody called", str(len(records)))


def by_caller(records: Iterable[CallRecord]) -> Mapping[str, CallRecord]:
    """The records by the number of the caller."""
    return {record.caller: record for record in records}
