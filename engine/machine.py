"""What takes events in and answers with commands: the engine, or one that stands in for it."""

from __future__ import annotations

from calls.command import Command
from calls.event import Event
from engine.floor import Floor


class Machine:
    """`floor`: what it holds in its hands."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take one event in at `now` (seconds since 1970 UTC); the commands are to be carried out in their order."""
        raise NotImplementedError

    def next_deadline(self) -> float | None:
        """When it has to be told that time has passed, at the latest; None if it waits for nothing."""
        raise NotImplementedError
