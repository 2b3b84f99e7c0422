"""One day of a run, or several days laid on each other, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from calls.hours import DAY_MIN, Span
from sim.arrivals import HALF_HOUR_MIN
from sim.counting.levels import STEP_S, Piece

STEP_MIN = int(STEP_S / 60)
STEPS, SLOTS = DAY_MIN // STEP_MIN, DAY_MIN // HALF_HOUR_MIN
STEPS_OF_SLOT = HALF_HOUR_MIN // STEP_MIN


class Slot:
    """What became of the calls of one half-hour; `wait_s` is the sum of their waits."""

    __slots__ = ("abandoned", "answered", "counted", "kept", "offered", "wait_s")

    def __init__(self) -> None:
        self.offered = 0
        self.answered = 0
        self.abandoned = 0
        self.counted = 0
        self.kept = 0
        self.wait_s = 0.0

    def add(self, other: Slot) -> None:
        """The calls of another half-hour belong to this one too."""
        self.offered += other.offered
        self.answered += other.answered
        self.abandoned += other.abandoned
        self.counted += other.counted
        self.kept += other.kept
        self.wait_s += other.wait_s

    @property
    def lost(self) -> int:
        """How many of those who count were not answered as promised."""
        return self.counted - self.kept

    def told(self) -> dict[str, Any]:
        """The figures that a half-hour and a day have in common."""
        return {
            "offered": self.offered,
            "answered": self.answered,
            "abandoned": self.abandoned,
            "counted": self.counted,
            "kept": self.kept,
            "rate": self.kept / self.counted if self.counted else None,
        }


class Sheet:
    """48 half-hours with their calls and 288 times five minutes with their levels, of `days` days.

    Of one day it is known which five minutes are `open`; what is staffed in the others is not counted.
    """

    def __init__(self, days: int = 0, hours: Iterable[Span] = ()) -> None:
        self.days = days
        self.slots = [Slot() for _ in range(SLOTS)]
        self.pieces = [Piece() for _ in range(STEPS)]
        self.open = _open_steps(hours)

    def keep(self, step: int, piece: Piece) -> None:
        """The levels of one of the 288."""
        if self.open[step]:
            piece.open_s = piece.seconds
        else:
            piece.staffed_s = 0.0
        self.pieces[step].add(piece)

    def add(self, other: Sheet) -> None:
        """Lay another day on this one."""
        self.days += other.days
        for mine, its in zip(self.slots, other.slots, strict=True):
            mine.add(its)
        for piece, its_piece in zip(self.pieces, other.pieces, strict=True):
            piece.add(its_piece)

    def calls(self) -> Slot:
        """The calls of the whole day."""
        whole = Slot()
        for slot in self.slots:
            whole.add(slot)
        return whole

    @property
    def used(self) -> bool:
        """Whether there was anything: the project was open, or somebody called."""
        return any(self.open) or any(slot.offered for slot in self.slots)

    # ---- what is told of it

    def half_hours(self) -> Iterator[dict[str, Any]]:
        """Each half-hour that has calls or seats.

        `seats`: the mean number staffed while it is open, `busy`: the mean number in conversation or wrap-up.
        """
        for number, slot in enumerate(self.slots):
            whole = Piece()
            for piece in self.pieces[number * STEPS_OF_SLOT : (number + 1) * STEPS_OF_SLOT]:
                whole.add(piece)
            if slot.offered or whole.staffed_s:
                yield (
                    {"from": clock_time(number * HALF_HOUR_MIN)}
                    | slot.told()
                    | {
                        "mean_wait": slot.wait_s / slot.offered if slot.offered else None,
                        "most_waiting": whole.most_waiting,
                        "seats": round(_mean(whole.staffed_s, whole.open_s), 2),
                        "busy": round(_mean(whole.busy_s, whole.seconds), 2),
                    }
                )

    def course(self) -> dict[str, Any]:
        """The mean levels by five minutes, from the first to the last in which anything was."""
        first, last = self._extent()
        pieces = self.pieces[first:last]
        return {
            "from": clock_time(first * STEP_MIN),
            "step_minutes": STEP_MIN,
            "days": self.days,
            "waiting": [round(_mean(piece.waiting_s, piece.seconds), 3) for piece in pieces],
            "most_waiting": [piece.most_waiting for piece in pieces],
            "busy": [round(_mean(piece.busy_s, piece.seconds), 3) for piece in pieces],
            "seats": [round(_mean(piece.staffed_s, piece.seconds), 3) for piece in pieces],
        }

    def _extent(self) -> tuple[int, int]:
        some = [step for step, piece in enumerate(self.pieces) if _anything(piece)]
        for number, slot in enumerate(self.slots):
            if slot.offered:
                some += [number * STEPS_OF_SLOT, (number + 1) * STEPS_OF_SLOT - 1]
        return (min(some), max(some) + 1) if some else (0, 0)


def clock_time(minute: int) -> str:
    """570 -> '09:30'."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _anything(piece: Piece) -> bool:
    return bool(piece.staffed_s or piece.busy_s or piece.waiting_s)


def _open_steps(hours: Iterable[Span]) -> list[bool]:
    """Whether the middle of each five minutes is open."""
    middles = [step * STEP_MIN + STEP_MIN / 2 for step in range(STEPS)]
    spans = list(hours)
    return [any(span.start <= middle < span.end for span in spans) for middle in middles]


def _mean(area: float, seconds: float) -> float:
    return area / seconds if seconds else 0.0
