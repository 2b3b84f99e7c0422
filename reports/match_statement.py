"""The carrier's statement against the journal: matched by number and time, the carrier's clock set right first."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from statistics import median
from typing import Literal, NamedTuple

import msgspec

from calls.record import CallRecord
from reports.difference import Clock, Difference, Tolerance
from reports.match_channels import leg_of
from store.accounts import AccountChannel

MOST_OFFSET_S = 300.0
"""No carrier's clock is further off than this."""

_SAME_DIGITS = 9
Basis = Literal["arrival", "answer"]


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line: `start` in seconds since 1970 UTC by the carrier's clock, numbers in digits alone."""

    line: int
    start: float
    number: str
    seconds: float
    caller: str = ""


class Offset(msgspec.Struct, frozen=True, kw_only=True):
    """The carrier's clock is so many `seconds` ahead of ours; its `start` is a call's arrival or its answer. `calls`:
    from so many this was found out."""

    seconds: float
    start_is: Basis
    calls: int


@dataclass
class Matched:
    """`lines`: those of the statement that are of our numbers and of the day."""

    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    offset: Offset | None = None
    lines: int = 0


class _Call(NamedTuple):
    """A caller's call as the carrier may have counted it. `answered`: when the line was taken, which need not be by an
    operator: guidance is charged, too."""

    record: CallRecord
    number: str
    arrived: float
    answered: float | None
    ended: float | None

    def start(self, basis: Basis) -> float | None:
        return self.arrived if basis == "arrival" else self.answered

    @property
    def seconds(self) -> float | None:
        return None if self.answered is None or self.ended is None else self.ended - self.answered


class _Pair(NamedTuple):
    worse: tuple[bool, float]
    call: int
    line: int


def plain_number(text: str) -> str:
    """Only its digits, with a leading 0 for +81."""
    digits = re.sub(r"[^\d+]", "", text)
    return "0" + digits[3:] if digits.startswith("+81") else digits.removeprefix("+")


def _key(number: str) -> str:
    """What is left of a number where a spreadsheet has eaten its first 0."""
    return plain_number(number)[-_SAME_DIGITS:]


def compare_statement(
    calls: Mapping[str, CallRecord],
    channels: Iterable[AccountChannel],
    lines: Sequence[StatementLine],
    numbers: Iterable[str],
    bounds: tuple[float, float],
    tolerance: Tolerance,
    clock: Clock,
) -> Matched:
    """Every charged call has its line, and the other way round. Lines of other numbers or days are left aside.

    `numbers`: our own, besides those that were called. `bounds`: of the day.
    """
    ours = list(_calls(calls, {channel.unique: channel for channel in channels}))
    known = {_key(number) for number in (*numbers, *(call.number for call in ours))}
    theirs = [line for line in lines if _key(line.number) in known]
    matched = Matched()
    if not theirs:
        matched.notes.append(
            "the statement has no line for a number that was called on this day: it is of another line or another "
            "month, or its columns are others than was believed (see --columns)"
        )
    matched.offset = _offset(ours, theirs, tolerance)
    shift = matched.offset.seconds if matched.offset else 0.0
    basis: Basis = matched.offset.start_is if matched.offset else "arrival"
    pairs = _pairs(ours, theirs, basis, shift, tolerance)
    taken = {pair.line for pair in pairs}
    for pair in pairs:
        matched.differences += _duration(ours[pair.call], theirs[pair.line], tolerance)
    matched.differences += _left_calls(ours, {pair.call for pair in pairs}, clock)
    # What is nearer to midnight than the tolerance may be of the other day.
    start, end = bounds[0] + tolerance.carrier_time, bounds[1] - tolerance.carrier_time
    left = [
        line for index, line in enumerate(theirs) if index not in taken and start <= line.start - shift < end
    ]
    matched.differences += [_left_line(line, shift, clock) for line in left]
    matched.lines = len(pairs) + len(left)
    return matched


def _calls(calls: Mapping[str, CallRecord], channels: Mapping[str, AccountChannel]) -> Iterator[_Call]:
    for record in calls.values():
        if record.direction == "in":
            channel = channels.get(leg_of(record))
            if channel is None:  # whether, and how long, the line was taken is not known then
                yield _Call(record, record.number, record.arrived_at, None, None)
            else:
                yield _Call(record, record.number, channel.started, channel.answered, channel.ended)


# ---- the carrier's clock


def _offset(calls: Sequence[_Call], lines: Sequence[StatementLine], tolerance: Tolerance) -> Offset | None:
    """The offset, and the meaning of `start`, by which the most lines find a call that lasted as long.

    By which the most find any call, where durations are counted in another way.
    """
    strict = _most_voted(calls, lines, tolerance)
    loose = _most_voted(calls, lines, msgspec.structs.replace(tolerance, carrier_duration=inf))
    if strict is None or loose is None:
        return loose
    return strict if 2 * strict.calls >= min(loose.calls, len(lines)) else loose


def _most_voted(
    calls: Sequence[_Call], lines: Sequence[StatementLine], tolerance: Tolerance
) -> Offset | None:
    bases: tuple[Basis, ...] = ("arrival", "answer")
    found = [one for basis in bases if (one := _voted(calls, lines, basis, tolerance)) is not None]
    return max(found, key=lambda one: one.calls, default=None)


def _voted(
    calls: Sequence[_Call], lines: Sequence[StatementLine], basis: Basis, tolerance: Tolerance
) -> Offset | None:
    starts = defaultdict[str, list[tuple[float, float | None]]](list)
    for call in calls:
        if (at := call.start(basis)) is not None:
            starts[_key(call.number)].append((at, call.seconds))
    for each in starts.values():
        each.sort(key=lambda one: one[0])
    votes = sorted(vote for line in lines for vote in _votes(line, starts[_key(line.number)], tolerance))
    best: list[float] = []
    for first in range(len(votes)):
        last = bisect_right(votes, votes[first] + tolerance.carrier_time)
        if last - first > len(best):
            best = votes[first:last]
    return Offset(seconds=round(median(best), 3), start_is=basis, calls=len(best)) if best else None


def _votes(
    line: StatementLine, starts: Sequence[tuple[float, float | None]], tolerance: Tolerance
) -> Iterator[float]:
    """How far ahead the carrier's clock would be, if this were one of those calls that lasted as long."""
    first = bisect_left(starts, line.start - MOST_OFFSET_S, key=lambda one: one[0])
    last = bisect_right(starts, line.start + MOST_OFFSET_S, key=lambda one: one[0])
    for at, seconds in starts[first:last]:
        if seconds is None or abs(seconds - line.seconds) <= tolerance.carrier_duration:
            yield line.start - at


# ---- which line is which call


def _pairs(
    calls: Sequence[_Call], lines: Sequence[StatementLine], basis: Basis, shift: float, tolerance: Tolerance
) -> list[_Pair]:
    """The nearest first; each call and each line once."""
    near = defaultdict[str, list[tuple[float, int]]](list)
    for index, call in enumerate(calls):
        at = call.start(basis)
        near[_key(call.number)].append((call.arrived if at is None else at, index))
    for each in near.values():
        each.sort()
    possible = [
        _Pair(_worse(calls[index], line, abs(line.start - shift - at)), index, number)
        for number, line in enumerate(lines)
        for at, index in _between(near[_key(line.number)], line.start - shift, tolerance.carrier_time)
    ]
    chosen: list[_Pair] = []
    taken_calls, taken_lines = set[int](), set[int]()
    for pair in sorted(possible):
        if pair.call not in taken_calls and pair.line not in taken_lines:
            chosen.append(pair)
            taken_calls.add(pair.call)
            taken_lines.add(pair.line)
    return chosen


def _between(starts: Sequence[tuple[float, int]], at: float, within: float) -> Sequence[tuple[float, int]]:
    return starts[bisect_left(starts, (at - within, -1)) : bisect_right(starts, (at + within, len(starts)))]


def _worse(call: _Call, line: StatementLine, away: float) -> tuple[bool, float]:
    """Another caller is worse than another time; of two at once, the one that lasted as long is the right one."""
    other = bool(line.caller and call.record.caller and _key(line.caller) != _key(call.record.caller))
    lasted = 0.0 if call.seconds is None else abs(call.seconds - line.seconds)
    return other, away + min(lasted, 60.0)


# ---- what is told


def _duration(call: _Call, line: StatementLine, tolerance: Tolerance) -> Iterator[Difference]:
    ours = call.seconds or 0.0
    if call.ended is not None and abs(ours - line.seconds) > tolerance.carrier_duration:
        yield Difference(
            kind="duration_differs",
            call=call.record.call,
            of=f"line {line.line} of the statement",
            at=call.record.arrived_at,
            says={"asterisk": f"{ours:.1f} s", "statement": f"{line.seconds:.1f} s"},
            text="the carrier charges for another length of time than the line was taken: ask it for its own trace of "
            "this call; where all calls are longer by the same, raise --carrier-duration",
        )


def _left_calls(calls: Sequence[_Call], taken: set[int], clock: Clock) -> Iterator[Difference]:
    """A call that was never taken costs nothing, and need not be in a statement."""
    for index, call in enumerate(calls):
        if index not in taken and call.answered is not None:
            yield Difference(
                kind="not_in_statement",
                call=call.record.call,
                at=call.record.arrived_at,
                says={"journal": f"arrived {clock.told(call.arrived)}", "statement": "nothing"},
                text="a call that was taken is not in the carrier's statement: it came another way, or the carrier has "
                "forgotten it",
            )


def _left_line(line: StatementLine, shift: float, clock: Clock) -> Difference:
    return Difference(
        kind="statement_only",
        of=f"line {line.line} of the statement",
        at=line.start - shift,
        says={
            "statement": f"{clock.told(line.start)}, {line.seconds:.1f} s, to {line.number}",
            "journal": "no such call",
        },
        text="the carrier counts a call that never came to us: it was lost on the way, or Asterisk was not there; see "
        "the alarms of that time",
    )
