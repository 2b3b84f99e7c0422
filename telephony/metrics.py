"""Everything that Prometheus may ask of a running service, in its own words and without personal data."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from acd.expected_wait import expected_wait
from calls.journal import Entry
from calls.lifecycle import SeatState, State
from engine.floor import Floor
from telephony.alarms import SEVERITY, AlarmName, Alarms
from telephony.exposition import counter, counters, gauge, gauges, histogram, histograms
from telephony.loop_watch import LoopWatch
from telephony.tally import STEP, Buckets, Tally

log = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
UNDER_WAY = [state for state in State if state is not State.CLOSED]
Figure = Callable[[], float]


def nothing() -> float:
    """Of what a service does not have."""
    return 0.0


@dataclass
class Sources:
    """What is asked at each scrape. All of them answer at once, from memory.

    `pressure`: how much of the journal's queue is taken, 0 to 1. `unwritten`: entries that the database does not have
    yet. `spool_bytes`: what they take in the spool. `snapshot_age`: seconds since the newest snapshot. `connected`:
    ARI, 1 or 0; `outstanding`: its requests without an answer. `ready`: whether calls are taken, 1 or 0. `starts`: how
    often an engine was started on this site (`telephony.health.count_start`).
    """

    pressure: Figure = nothing
    unwritten: Figure = nothing
    spool_bytes: Figure = nothing
    snapshot_age: Figure = nothing
    connected: Figure = nothing
    outstanding: Figure = nothing
    ready: Figure = nothing
    starts: Figure = nothing
    disk_free: Figure = nothing


class Metrics(Collector):
    """The metrics of one service, in a registry of their own. `floor` gives the engine's floor as it is now.

    Give `observe` every journal entry; `step` what each step of the engine took (seconds), `found` what reconcile
    found. After a restart that went on from memory, `know()` before the first entry.
    """

    def __init__(
        self,
        floor: Callable[[], Floor],
        alarms: Alarms,
        sources: Sources,
        loop: LoopWatch,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.tally = Tally()
        self.steps = Buckets(STEP)
        self._floor = floor
        self._alarms = alarms
        self._sources = sources
        self._loop = loop
        self._clock = clock
        self._found: Counter[str] = Counter()
        self._faults = 0
        self.registry = CollectorRegistry()
        self.registry.register(self)
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def observe(self, entry: Entry) -> None:
        """Take one journal entry in. A fault in a figure never reaches the calls: it is counted, and told once."""
        try:
            self.tally.feed(entry)
        except Exception:
            self._faults += 1
            if self._faults == 1:
                log.exception("the metrics did not take in entry %d", entry.number)

    def step(self, seconds: float) -> None:
        """So long the engine took for one event."""
        self.steps.add(seconds)

    def found(self, kind: str, count: int = 1) -> None:
        """Reconcile found a difference of this kind between the engine and Asterisk."""
        self._found[kind] += count

    def know(self) -> None:
        """The engine goes on from memory: what it has on its floor began in another process."""
        self.tally.know(self._floor().calls.values())

    def text(self) -> bytes:
        """All of it, as Prometheus reads it (CONTENT_TYPE)."""
        return generate_latest(self.registry)

    # ---- what they are

    def collect(self) -> Iterator[Metric]:
        """As prometheus_client asks for it."""
        yield from self._calls()
        yield from self._queues(self._clock())
        yield from self._latencies()
        yield from self._parts()
        yield from self._troubles()

    def describe(self) -> Iterator[Metric]:
        """None beforehand: registering must not ask a service that does not run yet."""
        yield from ()

    def _calls(self) -> Iterator[Metric]:
        tally, floor = self.tally, self._floor()
        where = ("project", "direction")
        yield counters("calls_arrived", "Calls that began.", where, tally.arrived.items())
        yield counters("calls", "Calls by their outcome.", (*where, "outcome"), tally.outcomes.items())
        yield counters(
            "degraded_calls",
            "Calls that Asterisk dealt with alone while the engine was away.",
            ("project", "how"),
            tally.degraded.items(),
        )
        # What there is none of is 0, and not absent.
        every = ((name, "in", state.value) for name in floor.centre.projects for state in UNDER_WAY)
        now = Counter(dict.fromkeys(every, 0))
        now.update((call.project.project, call.direction, call.state.value) for call in floor.calls.values())
        yield gauges("calls_now", "Calls by the state in which they are.", (*where, "state"), now.items())
        seats = Counter(dict.fromkeys(map(str, SeatState), 0))
        seats.update(str(seat.state) for seat in floor.seats.values())
        yield gauges("seats", "Seats by what they are doing.", ("state",), seats.items())

    def _queues(self, now: float) -> Iterator[Metric]:
        floor = self._floor()
        queues, router = tuple(floor.centre.queues()), floor.router
        waiting = [(queue, router.waiting(queue)) for queue in queues]
        yield gauges("callers_waiting", "Callers in the line of a queue.", ("queue",), waiting)
        oldest = [(queue, max(0.0, now - router.standing_since(queue, now))) for queue in queues]
        yield gauges("oldest_wait_seconds", "How long the first of the line waits.", ("queue",), oldest)
        expected = [(queue, self._expected(floor, queue, now)) for queue in queues]
        known = [(queue, wait) for queue, wait in expected if wait is not None]
        yield gauges(
            "expected_wait_seconds", "How long a new caller would wait, if known.", ("queue",), known
        )
        states = Counter(dict.fromkeys(((queue, str(state)) for queue in queues for state in SeatState), 0))
        states.update((queue, str(seat.state)) for seat in floor.seats.values() for queue in seat.queues)
        yield gauges("queue_seats", "Seats that serve a queue, by state.", ("queue", "state"), states.items())

    @staticmethod
    def _expected(floor: Floor, queue: str, now: float) -> float | None:
        if floor.router.free(queue):
            return 0.0
        standing = floor.router.standing_since(queue, now)
        return expected_wait(floor.answers.of(queue), floor.router.waiting(queue), now, standing)

    def _latencies(self) -> Iterator[Metric]:
        tally = self.tally
        yield histograms(
            "wait_seconds", "From the line to an operator, for those who got one.", "queue", tally.wait
        )
        yield histograms(
            "entry_to_bridge_seconds",
            "From a call's entry to caller and operator hearing each other.",
            "project",
            tally.entry,
        )
        yield histogram("ring_seconds", "From choosing a seat to its telephone ringing.", tally.ring)
        yield histogram("bridge_seconds", "From picking up to both hearing each other.", tally.bridge)
        yield histogram("step_seconds", "What the engine took for one event.", self.steps)
        yield histogram("loop_lag_seconds", "How late the event loop was.", self._loop.lags)
        yield gauge("loop_lag_max_seconds", "The most of the last minute.", self._loop.worst())

    def _parts(self) -> Iterator[Metric]:
        tally, ask = self.tally, self._sources
        yield gauge("ready", "1 while calls are taken, as /readyz says.", ask.ready())
        yield counter("journal_entries", "Steps of the engine.", tally.entries)
        yield gauge("journal_pressure_ratio", "How much of the journal's queue is taken.", ask.pressure())
        yield gauge("journal_unwritten_entries", "Entries that the database has not yet.", ask.unwritten())
        yield gauge("spool_bytes", "What the spool holds that is not covered elsewhere.", ask.spool_bytes())
        yield gauge("snapshot_age_seconds", "Since the newest snapshot of the engine.", ask.snapshot_age())
        yield gauge("disk_free_bytes", "Room left on the disk of var/.", ask.disk_free())
        yield gauge("ari_connected", "1 while there is a connection to Asterisk.", ask.connected())
        yield gauge("ari_outstanding_requests", "Requests to Asterisk without an answer.", ask.outstanding())
        yield counter("engine_starts", "Starts of an engine on this site.", ask.starts())
        yield gauge("engine_away_seconds", "How long nobody was there before this engine.", tally.away_s)
        yield counters("asterisk_ends", "Ends of Asterisk.", ("reason",), tally.asterisk_ends.items())

    def _troubles(self) -> Iterator[Metric]:
        standing = {alarm.name for alarm in self._alarms.standing()}
        yield gauges(
            "alarm",
            "1 while the alarm stands; docs/operations.md says what to do.",
            ("alarm", "severity"),
            [((name.value, SEVERITY[name].value), float(name in standing)) for name in AlarmName],
        )
        yield counters("reconcile_findings", "Differences to Asterisk.", ("kind",), self._found.items())
        yield counter("clock_steps", "How often the clock on the wall was set.", self.tally.clock_steps)
        yield gauge("clock_offset_seconds", "The wall clock less the engine's own.", self.tally.clock_offset)
        yield counter("metrics_faults", "Entries that the metrics could not take in.", self._faults)
