"""The figures of a drill, from what the robots lived through and what the books say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from calls.record import CallRecord
from sim.drill.house import NOTICE_HZ, NOTICE_S
from sim.drill.judge import Fault, by_caller, faults, jumped, overtaken
from sim.drill.lines import DEAD, Line
from sim.drill.scene import Course
from sim.drill.story import Story, stories
from sim.drill.tapes import WRITES_S, Tape

SILENCE_S = 0.25
"""A longer silence in a talk is heard as one; shorter ones are those of any line."""
TOGETHER_S = 1.0
"""Callers who came into the line within so short a time came together: from outside their order is not known."""
AS_IT_DIED_S = 0.1
"""An engine that brings two together in its last moment does not hear any more that they are."""
_EDGE_S = 0.1
"""At the end of a talk: what is still on its way, and what is not sent any more."""
_RECONCILED = re.compile(r"Asterisk and the journal differed: [A-Z]\w+ \((\d+)\)")
"""What the engine was told of only now; words in small letters are what was done about it in Asterisk."""


@dataclass(frozen=True)
class Silence:
    """The longest time (s) that one end of a talk did not hear the other."""

    caller: str
    seconds: float


def silences(course: Course, callers: Sequence[Line], seats: Sequence[Line]) -> list[Silence]:
    """Of every talk that Asterisk could carry to its end, from the lines of both ends."""
    near = {line.party: line for line in callers}
    far = {(line.party, line.answered): line for line in seats}
    told = stories(callers, seats, NOTICE_HZ)
    whole = [s for s in told if s.conversed and not course.away.lost_by(s.dialled, s.talk_ended or s.dialled)]
    return [silence_of(s, near[s.caller], far[s.caller, s.seat_answered]) for s in whole]


def silence_of(story: Story, caller: Line, seat: Line) -> Silence:
    """From when each of the two first heard the other until one of them hung up."""
    return Silence(story.caller, max(_silence(caller, seat.hz, story), _silence(seat, caller.hz, story)))


def _silence(line: Line, hz: int, story: Story) -> float:
    assert story.seat_answered is not None
    assert story.talk_ended is not None
    end = story.talk_ended - _EDGE_S
    heard = line.stream.heard(hz, story.seat_answered)
    return line.stream.gap(hz, float(heard[0]), end) if len(heard) else end - story.seat_answered


def recovered_events(log: Iterable[str]) -> int:
    """How many events the reconciliation has fed, as the engine's log tells."""
    return sum(int(found[1]) for line in log if (found := _RECONCILED.search(line)))


@dataclass(frozen=True)
class Evidence:
    """All that a verdict needs. `calls_end`: whether the calls could not survive. `silences`: of each talk. `listed`:
    the callers who are to be called back.
    """

    course: Course
    callers: Sequence[Line]
    seats: Sequence[Line]
    silences: Sequence[Silence]
    served: Sequence[str]
    records: Sequence[CallRecord]
    listed: set[str]
    calls_end: bool
    journal_whole: bool
    log: Sequence[str]

    @cached_property
    def told(self) -> list[Story]:
        return stories(self.callers, self.seats, NOTICE_HZ)


def talks_of(evidence: Evidence) -> list[Story]:
    """The stories that must have a recording: every talk; of one that was cut off with Asterisk, what was before."""
    return [
        story
        for story in evidence.told
        if story.conversed and not _hardly_begun(story, evidence) and not in_an_outage(story, evidence.course)
    ]


def in_an_outage(story: Story, course: Course) -> bool:
    """It began as the engine died and was over before the next one was there: nobody could begin to record it."""
    began, ended = story.seat_answered or 0.0, story.talk_ended or 0.0
    return any(died - AS_IT_DIED_S <= began and ended <= back for died, back in course.away.engine)


def _hardly_begun(story: Story, evidence: Evidence) -> bool:
    """Asterisk died before it had written anything of it."""
    began = story.seat_answered or 0.0
    death = evidence.course.away.death(began, story.talk_ended or began)
    return death is not None and death - began < WRITES_S


def figures(evidence: Evidence, found: Sequence[Tape]) -> tuple[dict[str, Any], list[Fault]]:
    """The figures without the decision, and all that is wrong in the books."""
    course, told = evidence.course, evidence.told
    wrong = faults(told, evidence.records, course.away, NOTICE_S)
    dropped = [s for s in told if s.dropped and not _excused(s, evidence)]
    outcomes = Counter(record.outcome for record in evidence.records)
    behind = _out_of_order(evidence)
    stuck = [
        line for line in (*evidence.callers, *evidence.seats) if not line.how or _deserted(line, evidence)
    ]
    return {
        "dropped": len(dropped),
        "out_of_order": len(behind),
        "miscounted": len(wrong),
        "stuck": len(stuck),
        "recover_s": _worst(recoveries(evidence)),
        "engine_back_s": _worst(course.engine_back_s),
        "silence_s": _worst([silence.seconds for silence in evidence.silences]),
        "recordings": len(found),
        "unrecordable": sum(s.conversed and in_an_outage(s, course) for s in told),
        "recordings_whole": _share(found),
        "records": len(evidence.records),
        "calls": len(told),
        "outcomes": dict(sorted(outcomes.items())),
        "journal_whole": evidence.journal_whole,
        "events_recovered": recovered_events(evidence.log),
        "to_call_back": len(evidence.listed & _lost(evidence)),
        "to_call_back_wanted": len(_lost(evidence)),
    }, wrong + [Fault(s.caller, "line", "no end before somebody hangs up", s.ended_by) for s in dropped]


def recoveries(evidence: Evidence) -> list[float]:
    """After each harm, until the engine answered somebody who had dialled only then; what none did is left out."""
    records = by_caller(evidence.records)
    answered = [
        (story.dialled, story.answered)
        for story in evidence.told
        if story.answered is not None and story.notice_s > 0 and _by_engine(records.get(story.caller))
    ]
    firsts = (
        min((at for dialled, at in answered if dialled > harmed), default=None)
        for harmed in evidence.course.harmed
    )
    return [at - harmed for at, harmed in zip(firsts, evidence.course.harmed, strict=True) if at is not None]


def _by_engine(record: CallRecord | None) -> bool:
    return record is not None and not record.outcome.startswith("degraded")


def _out_of_order(evidence: Evidence) -> list[str]:
    """Where the order of arrival is known, by it; in traffic by the times alone."""
    if evidence.calls_end:
        return []
    if evidence.course.arrived:
        return overtaken(evidence.course.arrived, evidence.served)
    away = evidence.course.away
    waits = [(s.caller, s.into_line(away, NOTICE_S), s.seat_answered) for s in evidence.told]
    return jumped([(who, came, left) for who, came, left in waits if came is not None], TOGETHER_S)


def _deserted(line: Line, evidence: Evidence) -> bool:
    """It was given up, though the exchange was there all the time."""
    return line.how == DEAD and not evidence.calls_end


def _excused(story: Story, evidence: Evidence) -> bool:
    """Nobody can keep a call whose exchange has died."""
    return evidence.calls_end and evidence.course.away.lost_by(story.dialled, story.ended or story.dialled)


def _lost(evidence: Evidence) -> set[str]:
    return {s.caller for s in evidence.told if s.answered is not None and _excused(s, evidence)}


def _worst(values: Sequence[float]) -> float | None:
    return round(max(values), 3) if values else None


def _share(found: Sequence[Tape]) -> float:
    return round(sum(tape.whole for tape in found) / len(found), 4) if found else 1.0
