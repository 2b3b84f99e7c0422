"""What seats and operators did on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf

import msgspec

from calls.activity import SeatActivity
from calls.lifecycle import SeatState
from calls.record import CallRecord
from calls.talks import IN_CHARGE, Talk, of_seat
from reports.means import mean


class SeatDay(msgspec.Struct, frozen=True, kw_only=True):
    """One person at one seat on one day (`operator` empty: nobody said who).

    Of the project's callers: `rung`, how many calls rang there; `answered`, how many he took over from the line or by a
    transfer; `mean_wrapup`, over what he wrote afterwards (seconds). Whatever project it was for: `seconds` in
    each state, and of breaks by their reason, inside the day. What did not occur is left out.
    """

    seat: str
    operator: str
    rung: int
    answered: int
    mean_wrapup: float | None
    seconds: dict[str, float]
    breaks: dict[str, float]


def seat_days(
    records: Iterable[CallRecord], activity: Iterable[SeatActivity], bounds: tuple[float, float]
) -> list[SeatDay]:
    """One line for everybody who had to do with one of these calls, by seat and operator."""
    calls = {record.call: record for record in records}
    lines: defaultdict[tuple[str, str], list[SeatActivity]] = defaultdict(list)
    for one in activity:
        lines[one.seat, one.operator].append(one)
    return [
        _line(calls, does, bounds)
        for _, does in sorted(lines.items())
        if any(one.call in calls for one in does)
    ]


def wrapups(records: Iterable[CallRecord], activity: Iterable[SeatActivity]) -> Iterator[float | None]:
    """Every wrap-up of these calls, of whoever talked in them, in seconds.

    Of a call that is older than the activity of seats, it is that of its last operator.
    """
    known = defaultdict[str, list[float | None]](list)
    seen = set[str]()
    for one in activity:
        seen.add(one.call)
        if one.state is SeatState.WRAP_UP:
            known[one.call].append(one.seconds)
    for record in records:
        yield from known[record.call] if record.call in seen else (record.wrapup,)


def _line(
    calls: Mapping[str, CallRecord], does: Sequence[SeatActivity], bounds: tuple[float, float]
) -> SeatDay:
    first, theirs = does[0], [one for one in does if one.call in calls]
    return SeatDay(
        seat=first.seat,
        operator=first.operator,
        rung=len({one.call for one in theirs if one.state is SeatState.RINGING}),
        answered=len({one.call for one in theirs if _took(calls[one.call], one)}),
        mean_wrapup=mean(one.seconds for one in theirs if one.state is SeatState.WRAP_UP),
        seconds=_sums((one.state.value, one.within(*bounds)) for one in does),
        breaks=_sums((one.reason, one.within(*bounds)) for one in does if one.state is SeatState.BREAK),
    )


def _took(call: CallRecord, one: SeatActivity) -> bool:
    """Whether the call was his then; a colleague who is asked, or joins, talks too."""
    return one.state is SeatState.TALKING and any(
        talk.who == of_seat(one.seat) and talk.role in IN_CHARGE and _meet(talk, one) for talk in call.talks
    )


def _meet(talk: Talk, one: SeatActivity) -> bool:
    over = min(talk.ended or inf, one.ended or inf)
    return max(talk.began, one.began) <= over


def _sums(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums = defaultdict[str, float](float)
    for name, seconds in parts:
        sums[name] += seconds
    return {name: round(sums[name], 3) for name in sorted(sums) if sums[name] > 0}
