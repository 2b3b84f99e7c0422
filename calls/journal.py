"""The journal: every event with its time, and the commands that it led to.

Feeding the events to a fresh engine of the same configuration gives the same commands (`differences` checks
it): that is what makes a simulated day and a recorded day the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from calls.command import Command
from calls.event import Event


class Entry(NamedTuple):
    """One step of the engine. `at`: seconds since 1970 UTC; `number` counts from 1 without gaps."""

    number: int
    at: float
    event: Event
    commands: list[Command]


class Handler(Protocol):
    """What `differences` needs of an engine."""

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take one event in; return what is to be done."""


class Difference(NamedTuple):
    """A step where the fresh engine did something else than the journal says."""

    number: int
    recorded: list[Command]
    repeated: list[Command]


def differences(entries: Iterable[Entry], engine: Handler) -> Iterator[Difference]:
    """Feed a journal to a fresh engine; yield each step whose commands are not identical."""
    for number, at, event, commands in entries:
        repeated = engine.handle(event, at)
        if repeated != commands:
            yield Difference(number, commands, repeated)
