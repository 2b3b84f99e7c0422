"""What each seat did from when to when, folded from the journal: time in state, breaks, wrap-ups, calls missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from calls.journal import Entry
from calls.lifecycle import SeatState
from calls.notes import NoteSeat


class SeatActivity(msgspec.Struct, kw_only=True):
    """A seat was in one state, for one call, with one person, from `began` until `ended` (None: it still is).

    Times are seconds since 1970 UTC. `number` counts those of a seat from 1, in the order of time. `operator`, `call`
    and `reason` are those of `NoteSeat`. Of a call that goes on at another seat, or at none, the wrap-up is here.
    """

    seat: str
    number: int
    operator: str
    state: SeatState
    began: float
    ended: float | None = None
    call: str = ""
    reason: str = ""

    @property
    def seconds(self) -> float | None:
        """How long; None while it goes on."""
        return None if self.ended is None else self.ended - self.began

    def within(self, start: float, end: float) -> float:
        """How many seconds of it lie in [start, end); what goes on goes on beyond `end`."""
        until = end if self.ended is None else min(self.ended, end)
        return max(0.0, until - max(self.began, start))


class SeatFold:
    """Folds journal entries, in their order. `seats`: what each seat does now; nothing else is kept."""

    def __init__(self) -> None:
        self.seats: dict[str, SeatActivity] = {}
        self._changed: dict[tuple[str, int], SeatActivity] = {}

    def feed(self, entry: Entry) -> None:
        """Take one entry in."""
        for command in entry.commands:
            if type(command) is NoteSeat:
                self._note(command, entry.at)

    def take_changed(self) -> list[SeatActivity]:
        """What began or ended since the last call of this, in the order of the first change."""
        changed, self._changed = list(self._changed.values()), {}
        return changed

    def _note(self, note: NoteSeat, at: float) -> None:
        before = self.seats.get(note.seat)
        if before is not None:
            before.ended = at
            self._keep(before)
        self.seats[note.seat] = now = SeatActivity(
            seat=note.seat,
            number=1 if before is None else before.number + 1,
            operator=note.operator,
            state=note.state,
            began=at,
            call=note.call,
            reason=note.reason,
        )
        self._keep(now)

    def _keep(self, activity: SeatActivity) -> None:
        self._changed[activity.seat, activity.number] = activity


def activity(entries: Iterable[Entry]) -> Iterator[SeatActivity]:
    """Everything that the seats did, in the order in which it began."""
    seats = SeatFold()
    for entry in entries:
        seats.feed(entry)
    yield from sorted(seats.take_changed(), key=lambda one: (one.began, one.seat, one.number))
