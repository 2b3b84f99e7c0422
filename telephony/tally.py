"""What the metrics count: a fold of the journal that costs a step next to nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from calls.commands import CloseBridge, ConnectLegs, HangUp, RingSeat
from calls.events import LegEnded, LegRang, LegsConnected
from calls.journal import Entry
from calls.lifecycle import MOVE, STATE
from calls.notes import NoteArrived, NoteMoved, NoteOutcome
from calls.outages import AsteriskEnded, ClockStepped, DegradedCallEnded, EngineResumed
from engine.call import Call

SOON = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
LATER = (1.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 180.0, 300.0, 600.0, 1200.0)
STEP = (0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5)
NEVER = -1.0


class Buckets:
    """A histogram: how many values are not above each of `bounds`, and their sum."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        """One more."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def cumulative(self) -> list[tuple[str, float]]:
        """As Prometheus wants them: each bound with the number of values up to it, the last one `+Inf`."""
        found, total = [], 0
        for bound, count in zip([*map(str, self.bounds), "+Inf"], self.counts, strict=True):
            total += count
            found.append((bound, float(total)))
        return found


class _Begun(NamedTuple):
    project: str
    direction: str
    arrived_at: float


class _Waiting(NamedTuple):
    queue: str
    since: float


class Tally:
    """Counters and histograms since the start of the process. It holds no number of anybody.

    `wait` is by queue, `entry` by project: from a call's entry to both hearing each other for the first time. `ring`:
    from the step in which a seat was chosen to its telephone ringing. `bridge`: from the picking up to both hearing
    each other. `clock_steps`: how often the wall clock was set; `clock_offset`: by how much it is off the engine's own.
    """

    def __init__(self) -> None:
        self.arrived: Counter[tuple[str, str]] = Counter()
        self.outcomes: Counter[tuple[str, str, str]] = Counter()
        self.degraded: Counter[tuple[str, str]] = Counter()
        self.asterisk_ends: Counter[str] = Counter()
        self.entries = 0
        self.last_entry = 0
        self.resumes = 0
        self.away_s = 0.0
        self.clock_steps = 0
        self.clock_offset = 0.0
        self.wait: dict[str, Buckets] = {}
        self.entry: dict[str, Buckets] = {}
        self.ring = Buckets(SOON)
        self.bridge = Buckets(SOON)
        self._begun: dict[str, _Begun] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._rung: dict[str, float] = {}
        self._picked_up: dict[str, float] = {}
        self._at = 0.0
        self._commands: dict[type, Callable[[Any], None]] = {
            NoteArrived: self._arrived,
            NoteMoved: self._moved,
            NoteOutcome: self._decided,
            RingSeat: self._ringing,
            HangUp: self._hung_up,
            ConnectLegs: self._connecting,
            CloseBridge: self._closed,
        }
        self._events: dict[type, Callable[[Any], None]] = {
            LegRang: self._rang,
            LegEnded: self._leg_ended,
            LegsConnected: self._connected,
            AsteriskEnded: self._asterisk_ended,
            EngineResumed: self._resumed,
            DegradedCallEnded: self._degraded,
            ClockStepped: self._stepped,
        }

    def feed(self, entry: Entry) -> None:
        """Take one step in."""
        self.last_entry, self._at, event, commands = entry
        self.entries += 1
        known = self._events.get(type(event))
        if known is not None:
            known(event)
        for command in commands:
            known = self._commands.get(type(command))
            if known is not None:
                known(command)

    def know(self, calls: Iterable[Call]) -> None:
        """Calls that began before this process did: how they end is counted all the same."""
        for call in calls:
            self._begun[call.id] = _Begun(call.project.project, call.direction, NEVER)

    # ---- events

    def _rang(self, event: LegRang) -> None:
        since = self._rung.pop(event.leg, None)
        if since is not None:
            self.ring.add(self._at - since)

    def _leg_ended(self, event: LegEnded) -> None:
        self._rung.pop(event.leg, None)

    def _connected(self, event: LegsConnected) -> None:
        since = self._picked_up.pop(event.bridge, None)
        if since is not None:
            self.bridge.add(self._at - since)

    def _asterisk_ended(self, event: AsteriskEnded) -> None:
        self.asterisk_ends[event.reason] += 1
        self._rung.clear()
        self._picked_up.clear()

    def _resumed(self, event: EngineResumed) -> None:
        self.resumes += 1
        self.away_s = event.away_s

    def _degraded(self, event: DegradedCallEnded) -> None:
        self.degraded[event.project, event.how] += 1

    def _stepped(self, event: ClockStepped) -> None:
        self.clock_steps += 1
        self.clock_offset = event.seconds

    # ---- commands

    def _arrived(self, note: NoteArrived) -> None:
        self._begun[note.call] = _Begun(note.project, note.direction, self._at)
        self.arrived[note.project, note.direction] += 1

    def _decided(self, note: NoteOutcome) -> None:
        begun = self._begun.get(note.call)
        project, direction = (begun.project, begun.direction) if begun is not None else ("", "")
        self.outcomes[project, direction, note.outcome] += 1

    def _moved(self, note: NoteMoved) -> None:
        if note.state is STATE.CLOSED:
            self._begun.pop(note.call, None)
            self._waiting.pop(note.call, None)
        elif note.state is STATE.QUEUED:
            self._waiting.setdefault(note.call, _Waiting(note.queue, self._at))
        elif note.move is MOVE.ANSWERED:
            self._answered(note.call)

    def _answered(self, call: str) -> None:
        waited = self._waiting.pop(call, None)
        if waited is not None:
            _of(self.wait, waited.queue).add(self._at - waited.since)
        begun = self._begun.get(call)
        if begun is not None and begun.arrived_at != NEVER:
            _of(self.entry, begun.project).add(self._at - begun.arrived_at)
            self._begun[call] = begun._replace(arrived_at=NEVER)

    def _ringing(self, command: RingSeat) -> None:
        self._rung[command.leg] = self._at

    def _hung_up(self, command: HangUp) -> None:
        self._rung.pop(command.leg, None)

    def _connecting(self, command: ConnectLegs) -> None:
        self._picked_up[command.bridge] = self._at

    def _closed(self, command: CloseBridge) -> None:
        self._picked_up.pop(command.bridge, None)


def _of(buckets: dict[str, Buckets], name: str) -> Buckets:
    found = buckets.get(name)
    if found is None:
        found = buckets[name] = Buckets(LATER)
    return found
