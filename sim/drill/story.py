"""What really happened to each caller, told by both ends of the line, and what the books may say of it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from calls.lifecycle import Outcome
from sim.drill.lines import CANCELLED, FAR_END, HUNG_UP, Line

BY_CALLER, BY_SEAT, BY_NOBODY = "caller", "seat", "nobody"
HEARD_S = 0.1
RACE_S = 0.5
"""Two things within so short a time: the engine may have seen them in either order."""

_ANSWERED = frozenset({Outcome.ANSWERED.value})
_DEGRADED = frozenset({Outcome.DEGRADED_ANSWERED.value, Outcome.DEGRADED_UNANSWERED.value})
_IVR, _QUEUE = frozenset({Outcome.ABANDONED_IVR.value}), frozenset({Outcome.ABANDONED_QUEUE.value})
_LOST = frozenset({Outcome.LOST_SYSTEM.value})


@dataclass(frozen=True)
class Away:
    """When the engine was away, and when Asterisk was: pairs of times (seconds since 1970 UTC)."""

    engine: Sequence[tuple[float, float]] = ()
    asterisk: Sequence[tuple[float, float]] = ()

    def engine_within(self, start: float, end: float) -> bool:
        """Whether the engine was away at any moment between these."""
        return any(began <= end and start <= ended for began, ended in self.engine)

    def lost_by(self, start: float, end: float) -> bool:
        """Whether Asterisk died while this went on."""
        return self.death(start, end) is not None

    def death(self, start: float, end: float) -> float | None:
        """When it did."""
        return next((began for began, _ in self.asterisk if start <= began <= end), None)


@dataclass(frozen=True)
class Story:
    """One caller. Times in seconds since 1970 UTC; None where it never came so far.

    `answered`: the carrier was told 200; `seat_answered`: a seat was; `seat` and `ended_by` empty where there is
    nothing to tell. `refused`: the carrier was told no. `seat_ended`: its telephone was on the hook. `notice_s`: how
    long he heard what only the engine says; `heard_s`: how long he heard the operator.
    """

    caller: str
    hz: int
    dialled: float
    answered: float | None
    ended: float | None
    ended_by: str
    refused: bool = False
    seat: str = ""
    seat_hz: int = 0
    seat_answered: float | None = None
    seat_ended: float | None = None
    notice_s: float = 0.0
    heard_s: float = 0.0

    @property
    def talked(self) -> bool:
        """Whether he has heard an operator: a telephone that was picked up is no conversation yet."""
        return self.seat_answered is not None and self.heard_s >= HEARD_S

    @property
    def conversed(self) -> bool:
        """Whether they talked long enough for nobody to doubt it."""
        ended = self.talk_ended
        if self.seat_answered is None or ended is None:
            return False
        return self.talked and ended - self.seat_answered > RACE_S

    @property
    def dropped(self) -> bool:
        """Refused, or ended though nobody hung up."""
        return self.refused or self.ended_by == BY_NOBODY

    @property
    def talk_ended(self) -> float | None:
        """When the first of the two was gone."""
        return min((at for at in (self.ended, self.seat_ended) if at is not None), default=None)

    def into_line(self, away: Away, notice_s: float) -> float | None:
        """When he came into the line: after the guidance, or when the engine could see that it was over."""
        if self.answered is None:
            return None
        at = self.answered + notice_s
        return max((ended for began, ended in away.engine if began <= at <= ended), default=at)

    def outcomes(self, away: Away, notice_s: float) -> frozenset[str]:
        """What its record may say; empty where there need not be one. `notice_s`: how long the guidance takes."""
        end = self.ended or float("inf")
        beside = _DEGRADED if away.engine_within(self.dialled, self.seat_answered or end) else frozenset()
        if away.lost_by(self.dialled, end):
            return _LOST | (_ANSWERED if self.talked else frozenset())
        if self.talked:
            hasty = self._hung_up_at(self.seat_answered) if self.seat_answered else frozenset()
            return _ANSWERED | hasty | beside
        if self.answered is None:
            return frozenset()
        picked_up = _ANSWERED if self.seat_answered is not None else frozenset()
        return self._gave_up(end, away, notice_s) | picked_up | beside

    def _hung_up_at(self, moment: float) -> frozenset[str]:
        """The caller hung up just when the operator answered."""
        close = self.ended is not None and abs(self.ended - moment) < RACE_S
        return _QUEUE if close and self.ended_by == BY_CALLER else frozenset()

    def _gave_up(self, end: float, away: Away, notice_s: float) -> frozenset[str]:
        assert self.answered is not None
        in_line = self.answered + notice_s
        either = away.engine_within(self.answered, end) or abs(end - in_line) < RACE_S
        return _IVR | _QUEUE if either else (_IVR if end < in_line else _QUEUE)


def stories(callers: Iterable[Line], seats: Iterable[Line], notice_hz: int) -> list[Story]:
    """In the order in which they dialled. A caller's number is his alone: by it the two ends of a talk are known."""
    taken: defaultdict[str, list[Line]] = defaultdict(list)
    for line in sorted(seats, key=lambda line: line.began):
        if line.answered is not None:
            taken[line.party].append(line)
    return [
        story_of(line, heard_at(line, taken[line.party]), notice_hz)
        for line in sorted(callers, key=lambda line: line.began)
    ]


def heard_at(caller: Line, seats: Sequence[Line]) -> Line | None:
    """Of the seats that picked him up, the first that he has heard; if he heard none, the first."""
    heard = [seat for seat in seats if caller.seconds_of(seat.hz) >= HEARD_S]
    return next(iter([*heard, *seats]), None)


def story_of(line: Line, seat: Line | None, notice_hz: int) -> Story:
    """One caller's, with the end of the seat that took him."""
    return Story(
        caller=line.party,
        hz=line.hz,
        dialled=line.began,
        answered=line.answered,
        ended=line.ended,
        ended_by=_who(line, seat),
        refused=line.how.startswith("refused"),
        seat=seat.seat if seat else "",
        seat_hz=seat.hz if seat else 0,
        seat_answered=seat.answered if seat else None,
        seat_ended=seat.ended if seat else None,
        notice_s=line.seconds_of(notice_hz),
        heard_s=line.seconds_of(seat.hz) if seat else 0.0,
    )


def _who(line: Line, seat: Line | None) -> str:
    """Who ended it; empty for a line that still lives."""
    by_caller = line.how in (HUNG_UP, CANCELLED)
    by_seat = seat is not None and seat.how == HUNG_UP
    if by_caller and by_seat:
        assert seat is not None
        return BY_CALLER if (line.ended or 0.0) <= (seat.ended or 0.0) else BY_SEAT
    if by_caller or by_seat:
        return BY_CALLER if by_caller else BY_SEAT
    if seat is not None and seat.how == FAR_END and not line.how:
        return BY_NOBODY  # the operator heard the end of a talk that the caller is still in
    return BY_NOBODY if line.how else ""
