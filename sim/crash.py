"""Crashes on virtual time: an engine that dies again and again, and comes back from what it had written down."""

from __future__ import annotations

from calls.command import Command
from calls.commands import decode_commands, encode_commands
from calls.event import Event
from calls.events import decode_event, encode_event
from calls.journal import Entry, differences
from engine.engine import Engine
from engine.machine import Machine
from engine.memory import freeze, thaw


class ForgottenError(Exception):
    """An engine came back from its memory and did something else than before its death: a fault of ours."""


class MortalEngine(Machine):
    """Works as the engine that it is given; every `crash_s` seconds (virtual) nothing is left of it but the written.

    Written are a snapshot every `snapshot_s` and, before anything is done, each step since then, as text: the same
    that the telephone writes. `deaths` counts, and `repeated` the steps that had to be done again.
    """

    def __init__(self, engine: Engine, crash_s: float, snapshot_s: float = 60.0) -> None:
        super().__init__(engine.floor)
        self._engine = engine
        self._crash_s = crash_s
        self._snapshot_s = snapshot_s
        self._dies_at: float | None = None
        self._writes_at = 0.0
        self._snapshot = freeze(engine)
        self._tail: list[tuple[float, bytes, bytes]] = []
        self.deaths = self.repeated = 0

    def next_deadline(self) -> float | None:
        """When it has to be told that time has passed."""
        return self._engine.next_deadline()

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take one event in; raises ForgottenError where the way back from a crash went wrong."""
        if self._dies_at is None:
            self._dies_at = now + self._crash_s
        elif now >= self._dies_at:
            self._die()
            self._dies_at = now + self._crash_s
        if now >= self._writes_at:
            self._snapshot, self._tail = freeze(self._engine), []
            self._writes_at = now + self._snapshot_s
        commands = self._engine.handle(event, now)
        self._tail.append((now, encode_event(event), encode_commands(commands)))
        return commands

    def _die(self) -> None:
        self._engine = thaw(self._snapshot)
        self.floor = self._engine.floor
        self.deaths += 1
        self.repeated += len(self._tail)
        for wrong in differences(self._read(), self._engine):
            raise ForgottenError(
                f"step {wrong.number} since the snapshot: {wrong.recorded} was {wrong.repeated}"
            )

    def _read(self) -> list[Entry]:
        return [
            Entry(number, at, decode_event(event), list(decode_commands(commands)))
            for number, (at, event, commands) in enumerate(self._tail, 1)
        ]
