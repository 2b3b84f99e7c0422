from __future__ import annotations

import pytest

from calls.command import Command
from calls.commands import HangUp
from calls.event import Event
from calls.events import LegEnded, TimePassed
from calls.journal import Difference, Entry, differences

pytestmark = pytest.mark.unit


class Echo:
    """An engine that hangs up whatever ended, and counts."""

    def __init__(self) -> None:
        self.seen: list[tuple[Event, float]] = []

    def handle(self, event: Event, now: float) -> list[Command]:
        """Hang up the leg that ended."""
        self.seen.append((event, now))
        return [HangUp(event.leg)] if isinstance(event, LegEnded) else []


JOURNAL = [
    Entry(1, 0.0, TimePassed(), []),
    Entry(2, 1.5, LegEnded("a"), [HangUp("a")]),
    Entry(3, 1.5, LegEnded("b"), [HangUp("b", "busy")]),
]


def test_only_what_differs_is_told() -> None:
    assert list(differences(JOURNAL, Echo())) == [Difference(3, [HangUp("b", "busy")], [HangUp("b")])]
    assert list(differences(JOURNAL[:2], Echo())) == []


def test_the_engine_sees_every_event_at_its_time() -> None:
    engine = Echo()
    list(differences(JOURNAL, engine))
    assert engine.seen == [(entry.event, entry.at) for entry in JOURNAL]
