"""The figures of a run by half-hour and by day: one pass, in constant memory but for one line of each day.

A call belongs to the half-hour (of local time) in which it arrived, whenever it ends. `kept` of the `counted` calls
are the numerator and the denominator of the project's own promise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from calls.hours import DAY_MIN, OpeningHours, Span
from calls.lifecycle import OUTCOME, Outcome
from sim.arrivals import HALF_HOUR_MIN
from sim.counting.budget import Losses
from sim.counting.day_sheet import STEP_MIN, Sheet, Slot
from sim.counting.judgement import Counted, Judgement
from sim.counting.levels import STEP_S, Piece

QUARTER_S = 900.0
"""In every time zone of today a half-hour is two quarters of an hour of UTC: each quarter belongs to one half-hour."""
SHEETS = 2
"""So many days are kept apart: calls of yesterday may end today."""
DAY_AND_NIGHT = (Span(0, DAY_MIN),)

Watch = Callable[[float], None]
"""Hears of each day that begins (seconds since 1970 UTC)."""


class HalfHours:
    """The fold. `ended` is told of each call once, `keep` is given the levels of every five minutes.

    `days`: the calls of each day that was open or had any. `all`: all days laid on each other. `hardest`: the day that
    lost most of the calls that count.
    """

    def __init__(
        self, judgement: Judgement, zone: ZoneInfo, hours: OpeningHours | None, watch: Watch | None = None
    ) -> None:
        self._judgement = judgement
        self._zone = zone
        self._hours = hours
        self._watch = watch
        self._sheets: dict[dt.date, Sheet] = {}
        self._slots: dict[int, Slot] = {}
        self._steps: dict[int, tuple[Sheet, int]] = {}
        self.losses = Losses()
        self.days: dict[dt.date, Slot] = {}
        self.all = Sheet()
        self.hardest = Sheet()
        self.hardest_day: dt.date | None = None

    def ended(self, outcome: Outcome, arrived_at: float, wait: float | None) -> None:
        """One more call has its outcome; `wait` None: it was never in the line."""
        slot = self._slots.get(int(arrived_at // QUARTER_S))
        if slot is None:
            slot = self._slot(arrived_at)
        slot.offered += 1
        if wait is not None:
            slot.wait_s += wait
        if outcome is OUTCOME.ANSWERED:
            slot.answered += 1
        elif outcome is OUTCOME.ABANDONED_QUEUE or outcome is OUTCOME.ABANDONED_IVR:
            slot.abandoned += 1
        if self._judgement.counts(outcome, wait):
            slot.counted += 1
            if self._judgement.keeps(outcome):
                slot.kept += 1
            else:
                self.losses.lost(arrived_at)

    def _slot(self, at: float) -> Slot:
        sheet, minute = self._place(at)
        slot = sheet.slots[minute // HALF_HOUR_MIN]
        self._slots[int(at // QUARTER_S)] = slot
        return slot

    def keep(self, at: float, piece: Piece) -> None:
        """The levels of the five minutes that began at a time."""
        quarter = int(at // QUARTER_S)
        found = self._steps.get(quarter)
        if found is None:
            sheet, minute = self._place(quarter * QUARTER_S)
            found = self._steps[quarter] = sheet, minute // STEP_MIN
        found[0].keep(found[1] + int((at - quarter * QUARTER_S) // STEP_S), piece)

    def _place(self, at: float) -> tuple[Sheet, int]:
        """The sheet of a time and the minute on it."""
        local = dt.datetime.fromtimestamp(at, self._zone)
        day = local.date()
        sheet = self._sheets.get(day)
        if sheet is None:
            sheet = self._begin(day)
        return sheet, local.hour * 60 + local.minute

    def _begin(self, day: dt.date) -> Sheet:
        if self._watch is not None:
            self._watch(dt.datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp())
        while len(self._sheets) >= SHEETS:
            self._put_away(min(self._sheets))
        # A call of it may have lasted for days, and the day is counted already.
        days = 0 if day in self.days else 1
        hours = DAY_AND_NIGHT if self._hours is None else self._hours.day(day)[0]
        sheet = self._sheets[day] = Sheet(days, hours)
        return sheet

    def _put_away(self, day: dt.date) -> None:
        sheet = self._sheets.pop(day)
        self._slots.clear()  # some of them are on that sheet
        self._steps.clear()
        if not sheet.used:
            return
        self.all.add(sheet)
        calls = sheet.calls()
        self.days.setdefault(day, Slot()).add(calls)
        hardest = self.hardest.calls()
        if self.hardest_day is None or (calls.lost, calls.offered) > (hardest.lost, hardest.offered):
            self.hardest_day, self.hardest = day, sheet

    def finish(self) -> None:
        """Nothing comes any more."""
        while self._sheets:
            self._put_away(min(self._sheets))

    def months(self) -> list[Counted]:
        """What the promise is judged by: the months in which anybody called."""
        called = [(day, slot) for day, slot in sorted(self.days.items()) if slot.offered]
        counted = []
        for month, days in groupby(called, lambda entry: (entry[0].year, entry[0].month)):
            slots = [slot for _, slot in days]
            counted.append(
                Counted(month, sum(slot.kept for slot in slots), sum(slot.counted for slot in slots))
            )
        return counted

    def summary(self) -> dict[str, Any]:
        """`half_hours` and `course` of all days together, `days`, and `hardest_day`."""
        days = [{"date": str(day)} | slot.told() for day, slot in sorted(self.days.items()) if slot.offered]
        summary = _of_sheet(self.all) | {"days": days, "hardest_day": None}
        if self.hardest_day is not None:
            summary["hardest_day"] = {"date": str(self.hardest_day)} | _of_sheet(self.hardest)
        return summary


def _of_sheet(sheet: Sheet) -> dict[str, Any]:
    return {"half_hours": list(sheet.half_hours()), "course": sheet.course()}
