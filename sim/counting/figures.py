"""The figures of a run: one pass over the engine's notes, with nothing kept of a call that is over.

Definitions (times in seconds; a call's wait is from its place in the line to both legs in the bridge, or to
its leaving the line, be it to the end or back to the flow: the same as `CallRecord.wait`):

- `offered`: everybody who called, whatever became of it; `outcomes`: how many ended how. Calls of ours are in none of
  these figures but `callbacks`: how many callers were dialled again (`made`) and how many answered (`reached`).
- `answered`; `blocked` (no line free); `abandoned`: hung up in the line or in the flow before it.
- `answer_rate`: by the project's own promise. `abandon_rate`: abandoned / offered.
- `wait_rate`: calls that found no free seat when they joined the line / offered.
- `service_level`: `{"20": ...}`: answered after at most 20 s of waiting / offered.
- `mean_wait`: the waits of all calls / offered. `mean_talk`, `mean_wrapup`: of the answered calls, as
  `CallRecord.talk` and `CallRecord.wrapup`.
- `occupancy`: seat time in conversation or wrap-up / seat time staffed.

By half-hour and by day: `sim.counting.half_hours`. Whether all of it agrees: `sim.counting.books`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from mypy_extensions import mypyc_attr

from calls.command import Command
from calls.lifecycle import MOVE, OUTCOME, STATE, Outcome
from calls.notes import Direction, NoteArrived, NoteMoved, NoteOutcome
from sim.counting.levels import Levels

Note = Callable[[Any, float], None]
Ended = Callable[[Outcome, float, float | None], None]
WITHIN_S = (20.0,)


@mypyc_attr(acyclic=True)
class Tale:
    """What has to be remembered of a call until it is closed."""

    __slots__ = (
        "arrived_at", "busy", "decided", "finished_at", "in_line", "left_line_at", "offered", "queued_at",
        "talking_since",
    )  # fmt: skip

    def __init__(self, arrived_at: float) -> None:
        self.arrived_at = arrived_at
        self.queued_at: float | None = None
        self.left_line_at: float | None = None
        self.in_line = False
        self.offered = False
        self.decided = False
        self.busy = False
        self.talking_since: float | None = None
        self.finished_at = 0.0


class Figures:
    """The fold. `notes` says which commands it reads; each is fed with its time.

    `ended(outcome, arrived_at, wait)` is told how each call ended; wait None: it was never in the line. `levels` are
    told who joins and leaves the line and the seats.

    `gap_s`: of the waits, what callers spent in the flow before they took a place in the line once more. `unwritten_s`:
    wrap-ups that were cut off.
    """

    def __init__(
        self, ended: Ended, levels: Levels | None = None, within: tuple[float, ...] = WITHIN_S
    ) -> None:
        self.offered = 0
        self.joined = 0
        self.served_at_once = 0
        self.outcomes: dict[Outcome, int] = {}
        self.within = dict.fromkeys(within, 0)
        self.wait_s = self.talk_s = self.wrapup_s = 0.0
        self.gap_s = self.unwritten_s = 0.0
        self.last_at = 0.0
        self._ended = ended
        self._levels = levels or Levels()
        self._tales: dict[str, Tale] = {}
        self._ours: dict[str, Direction] = {}
        self._our_ends: Counter[tuple[Direction, Outcome]] = Counter()
        self.notes: dict[type[Command], Note] = {
            NoteArrived: self._arrived,
            NoteMoved: self._moved,
            NoteOutcome: self._decided,
        }

    @property
    def open_calls(self) -> int:
        """Calls that are not closed yet."""
        return len(self._tales) + len(self._ours)

    def _arrived(self, note: NoteArrived, now: float) -> None:
        if note.direction == "in":
            self.offered += 1
            self._tales[note.call] = Tale(now)
        else:
            self._ours[note.call] = note.direction

    def _moved(self, note: NoteMoved, now: float) -> None:
        tale = self._tales.get(note.call)
        if tale is None:
            self._ours_moved(note, now)
            return
        move = note.move
        if move is MOVE.OFFERED:
            self._seat_found(tale, now)
        elif move is MOVE.QUEUED:
            self._queued(tale, now)
        elif move is MOVE.ANSWERED:
            self._answered(tale, now)
        elif move is MOVE.FINISHED:
            self._parted(tale, now)
            tale.finished_at = now
        elif move is MOVE.REFUSED:
            self._refused(tale, now)
        elif move is MOVE.TRANSFERRED:
            self._parted(tale, now)
            self._free(tale, now)
        if note.state is STATE.CLOSED:
            self._closed(self._tales.pop(note.call), note, now)

    def _ours_moved(self, note: NoteMoved, now: float) -> None:
        if note.state is STATE.CLOSED:
            del self._ours[note.call]
            self.last_at = now

    def _refused(self, tale: Tale, now: float) -> None:
        if tale.in_line:  # a transfer that reaches nobody is refused too
            tale.left_line_at, tale.in_line = now, False
            self._levels.change(now, -1, 0)

    def _queued(self, tale: Tale, now: float) -> None:
        if tale.decided:  # he was answered, and comes back to the line: his wait is over and counted
            return
        if tale.queued_at is None:
            tale.queued_at = now
            self.joined += 1
        elif tale.left_line_at is not None:
            self.gap_s += now - tale.left_line_at
        tale.left_line_at, tale.in_line = None, True
        self._levels.change(now, 1, 0)

    def _answered(self, tale: Tale, now: float) -> None:
        tale.talking_since = now
        if not tale.busy:
            tale.busy = True
            self._levels.change(now, 0, 1)

    def _free(self, tale: Tale, now: float) -> None:
        if tale.busy:
            tale.busy = False
            self._levels.change(now, 0, -1)

    def _seat_found(self, tale: Tale, now: float) -> None:
        if not tale.offered:
            tale.offered = True
            if tale.queued_at == now:
                self.served_at_once += 1

    def _decided(self, note: NoteOutcome, now: float) -> None:
        tale, wait, outcome = self._tales.get(note.call), None, note.outcome
        if tale is None:
            self._our_ends[self._ours[note.call], outcome] += 1
            return
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        tale.decided = True
        if tale.queued_at is not None:
            wait = (now if tale.left_line_at is None else tale.left_line_at) - tale.queued_at
            self.wait_s += wait
            if tale.in_line:
                tale.in_line = False
                self._levels.change(now, -1, 0)
        if outcome is OUTCOME.ANSWERED:
            for limit in self.within:
                if wait is not None and wait <= limit:
                    self.within[limit] += 1
        self._ended(outcome, tale.arrived_at, wait)

    def _parted(self, tale: Tale, now: float) -> None:
        if tale.talking_since is not None:
            self.talk_s += now - tale.talking_since
            tale.talking_since = None

    def _closed(self, tale: Tale, note: NoteMoved, now: float) -> None:
        self.last_at = now
        if tale.talking_since is not None:
            self._parted(tale, now)
        if note.move is MOVE.WRAPPED_UP:
            self.wrapup_s += now - tale.finished_at
        elif tale.finished_at:
            self.unwritten_s += now - tale.finished_at
        self._free(tale, now)

    # ---- what comes out of it

    @property
    def in_line_s(self) -> float:
        """The waits of all calls, without what they spent outside the line meanwhile."""
        return self.wait_s - self.gap_s

    @property
    def busy_s(self) -> float:
        """Talk and wrap-up of all calls, those that were cut off too."""
        return self.talk_s + self.wrapup_s + self.unwritten_s

    def summary(self, staffed_s: float) -> dict[str, Any]:
        """The figures by their names; `staffed_s` is the seat time staffed (seat-seconds)."""
        ended, offered = Counter(self.outcomes), self.offered
        answered = ended[OUTCOME.ANSWERED]
        reached = self._our_ends["callback", OUTCOME.ANSWERED]
        abandoned = ended[OUTCOME.ABANDONED_QUEUE] + ended[OUTCOME.ABANDONED_IVR]
        return {
            "offered": offered,
            "answered": answered,
            "abandoned": abandoned,
            "blocked": ended[OUTCOME.BLOCKED],
            "abandon_rate": _share(abandoned, offered),
            "wait_rate": _share(self.joined - self.served_at_once, offered),
            "service_level": {f"{limit:g}": _share(count, offered) for limit, count in self.within.items()},
            "mean_wait": _share(self.wait_s, offered),
            "mean_talk": _share(self.talk_s, answered),
            "mean_wrapup": _share(self.wrapup_s, answered),
            "occupancy": _share(self.talk_s + self.wrapup_s, staffed_s),
            "outcomes": {outcome.value: ended[outcome] for outcome in sorted(ended)},
            "callbacks": {
                "made": reached + self._our_ends["callback", OUTCOME.NOT_REACHED],
                "reached": reached,
            },
        }


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
