"""Everything that is counted of a run, put together: of a simulated one, and of one over real telephones."""

from __future__ import annotations

from typing import Any

from sim.counting.budget import budget_by_day, budget_of
from sim.counting.figures import Figures
from sim.counting.half_hours import HalfHours, Watch
from sim.counting.judgement import Judgement
from sim.counting.levels import Levels
from sim.counting.staffed import Staffed
from sim.shifts import staffed_seat_seconds
from sim.world import World


class Account:
    """The folds. `figures` reads the notes; `staffed` hears of every event about a seat; `close` comes last."""

    def __init__(self, world: World, watch: Watch | None = None) -> None:
        self._world = world
        self._judgement = Judgement(world.project.promise)
        self.half_hours = HalfHours(self._judgement, world.zone, world.hours, watch)
        self.levels = Levels(world.start(), self.half_hours.keep)
        self.figures = Figures(self.half_hours.ended, self.levels)
        self.staffed = Staffed(self.levels)

    def close(self, now: float) -> None:
        """Nothing comes any more."""
        self.levels.close(now)
        self.half_hours.finish()

    def summary(self, seconds: float, redials: int) -> dict[str, Any]:
        """The figures, with the verdict on the promise; `seconds` that it took, `redials`: of who tried again.

        `budget` by period and, in `days`, by day: see `sim.counting.budget`.
        """
        world, figures = self._world, self.figures
        end = max(figures.last_at, world.start())
        staffed = staffed_seat_seconds(world.shifts, world.hours, world.zone, world.start(), end)
        summary = figures.summary(staffed) | self._judgement.summary(self.half_hours.months())
        summary |= self.half_hours.summary()
        losses, promise = self.half_hours.losses, world.project.promise
        summary["budget"] = budget_of(summary["periods"], losses, promise, world.zone)
        spent = budget_by_day(summary["days"], losses, promise, world.zone)
        summary["days"] = [day | left for day, left in zip(summary["days"], spent, strict=True)]
        summary |= {"callers": figures.offered - redials, "redials": redials}
        return summary | {"calls_per_second": round(figures.offered / seconds, 1) if seconds else None}
