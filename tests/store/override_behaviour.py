"""How orders by hand are found again, on every database."""

from __future__ import annotations

from calls.event import Event
from calls.events import HoursOverridden, OverrideKind, TimePassed
from calls.journal import Entry
from store.database import Database
from store.overrides import valid_overrides
from tests.store.helpers import write


def order(kind: OverrideKind, until: float, project: str = "tax") -> HoursOverridden:
    return HoursOverridden(project, kind, until, "大雪", "sv01")


def entries(start: float, *events: Event) -> list[Entry]:
    """A run that begins at `start`, one event a second."""
    return [Entry(number, start + number, event, []) for number, event in enumerate(events, 1)]


class OverrideBehaviour:
    """Inherit it next to a fixture `database`."""

    async def test_none_was_ever_given(self, database: Database) -> None:
        assert await valid_overrides(database, 0.0) == []

    async def test_the_last_of_each_project_over_all_runs(self, database: Database) -> None:
        # The names of the runs are in another order than their times.
        await write(
            database, "b", entries(1000, TimePassed(), order("open", 9000), order("closed", 9000, "x"))
        )
        await write(database, "a", entries(2000, order("closed", 5000), TimePassed(), order("none", 0, "x")))
        assert await valid_overrides(database, 3000.0) == [order("closed", 5000)]
        assert await valid_overrides(database, 5000.0) == []
