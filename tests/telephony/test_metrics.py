"""The figures: right, from the journal alone, and without anybody's number."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from calls.command import Command
from calls.commands import CloseBridge, ConnectLegs, HangUp, RingSeat
from calls.event import Event
from calls.events import LegEnded, LegRang, LegsConnected, TimePassed
from calls.journal import Entry
from calls.lifecycle import Move, Outcome, State
from calls.notes import NoteArrived, NoteMoved, NoteOutcome
from calls.outages import AsteriskEnded, ClockStepped, DegradedCallEnded, EngineResumed
from calls.requests import HoldAsked, SeatLoggedIn
from telephony.alarms import AlarmName, Alarms
from telephony.loop_watch import LoopWatch
from telephony.metrics import Metrics, Sources
from telephony.sd_notify import Systemd
from telephony.tally import Buckets, Tally
from tests.supervisor.api_office import Centrale

pytestmark = pytest.mark.unit

LABELS = {
    "alarm", "direction", "how", "kind", "outcome", "project", "queue", "reason", "severity", "state", "le",
    "generation", "implementation", "major", "minor", "patchlevel", "version",
}  # fmt: skip


class Watched:
    """A centre, and its metrics."""

    def __init__(self, folder: Path, sources: Sources | None = None) -> None:
        self.centre = Centrale(folder)
        self.alarms = Alarms()
        loop = LoopWatch(Systemd({}))
        self.metrics = Metrics(
            lambda: self.centre.engine.floor,
            self.alarms,
            sources or Sources(),
            loop,
            lambda: self.centre.now,
        )
        self.centre.live.listen(lambda entry, _: self.metrics.observe(entry))

    def figures(self) -> dict[str, float]:
        """All samples of a scrape, as `name{value,value}` without our prefix."""
        families = text_string_to_metric_families(self.metrics.text().decode())
        found = {}
        for family in families:
            for sample in family.samples:
                labels = ",".join(value for _, value in sorted(sample.labels.items()))
                found[f"{sample.name.removeprefix('denwaban_')}{{{labels}}}"] = sample.value
        return found


def test_calls_seats_and_lines(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    centre = watched.centre
    centre.feed(SeatLoggedIn(ask="1", seat="s1", operator="op1"))
    centre.talks("A", "s1")
    centre.waits("B")
    centre.passes(30)
    centre.waits("C")
    told = watched.figures()
    assert told["calls_arrived_total{in,tax}"] == 3
    assert told["calls_now{in,tax,TALKING}"] == 1
    assert told["calls_now{in,tax,QUEUED}"] == 2
    assert told["calls_now{in,water,QUEUED}"] == 0
    assert told["callers_waiting{tax/main}"] == 2
    assert told["oldest_wait_seconds{tax/main}"] == 30
    assert told["queue_seats{tax/main,TALKING}"] == 1
    assert (told["seats{TALKING}"], told["seats{HOLDING}"]) == (1, 0)
    centre.feed(HoldAsked(ask="2", seat="s1"))
    assert watched.figures()["seats{HOLDING}"] == 1
    centre.hangs_up("B")
    centre.hangs_up("A")
    told = watched.figures()
    assert told["calls_total{in,abandoned_queue,tax}"] == 1
    assert told["calls_total{in,answered,tax}"] == 1
    assert told["wait_seconds_count{tax/main}"] == told["entry_to_bridge_seconds_count{tax}"] == 1


def test_nobody_s_number_is_in_a_scrape_and_only_known_labels_are(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.centre.feed(SeatLoggedIn(ask="1", seat="s1", operator="op1"))
    watched.centre.talks("A", "s1")
    watched.centre.waits("B", shows="0312345678")
    text = watched.metrics.text().decode()
    assert "0901234567" not in text
    assert "0312345678" not in text
    families = text_string_to_metric_families(text)
    assert {label for family in families for sample in family.samples for label in sample.labels} <= LABELS


def test_the_other_parts_and_the_troubles(tmp_path: Path) -> None:
    sources = Sources(pressure=lambda: 0.25, connected=lambda: 1, starts=lambda: 7, snapshot_age=lambda: 3.5)
    watched = Watched(tmp_path, sources)
    watched.alarms.sound(AlarmName.DISK_LOW, "a little is left")
    watched.metrics.found("missed_hangup", 2)
    watched.metrics.step(0.00002)
    told = watched.figures()
    assert told["journal_pressure_ratio{}"] == 0.25
    assert (told["ari_connected{}"], told["engine_starts_total{}"]) == (1, 7)
    assert told["snapshot_age_seconds{}"] == 3.5
    assert (told["alarm{disk_low,warning}"], told["alarm{ari_lost,critical}"]) == (1, 0)
    assert told["reconcile_findings_total{missed_hangup}"] == 2
    assert (told["step_seconds_bucket{1e-05}"], told["step_seconds_bucket{2.5e-05}"]) == (0, 1)
    assert {f"alarm{{{name.value}" for name in AlarmName} <= {name.partition(",")[0] for name in told}
    assert told["process_start_time_seconds{}"] > 0


def test_many_services_in_one_process(tmp_path: Path) -> None:
    one, other = Watched(tmp_path / "1"), Watched(tmp_path / "2")
    one.centre.waits("A")
    assert one.figures()["calls_arrived_total{in,tax}"] == 1
    assert "calls_arrived_total{in,tax}" not in other.figures()


def test_a_fault_in_a_figure_does_not_reach_the_calls(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watched = Watched(tmp_path)
    broken = [NoteOutcome(call=[], outcome=Outcome.CLOSED)]  # type: ignore[arg-type]
    for number in (1, 2):
        watched.metrics.observe(Entry(number, 1.0, TimePassed(), [*broken]))
    assert watched.figures()["metrics_faults_total{}"] == 2
    assert len(caplog.records) == 1


def test_calls_that_began_before_this_process(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.centre.waits("A")  # with nobody logged in: he hears that nobody can take his call
    floor = watched.centre.engine.floor
    later = Metrics(lambda: floor, Alarms(), Sources(), LoopWatch(Systemd({})))
    later.know()
    watched.centre.live.listen(lambda entry, _: later.observe(entry))
    watched.centre.hangs_up("A")
    assert later.tally.outcomes == watched.metrics.tally.outcomes == {("tax", "in", "overflowed"): 1}


class Fed:
    """A tally, and what happens to it."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._number = 0

    def __call__(self, at: float, event: Event, *commands: Command) -> None:
        self._number += 1
        self.tally.feed(Entry(self._number, at, event, list(commands)))


def ring(leg: str) -> RingSeat:
    return RingSeat("s1", leg, "c1", "A", "")


def test_how_long_telephone_and_bridge_take() -> None:
    fed = Fed()
    fed(10.0, TimePassed(), ring("l1"))
    fed(10.2, LegRang("l1"))
    fed(10.4, LegRang("l1"))  # 180 comes again
    fed(13.0, TimePassed(), ConnectLegs("b1", "A", "l1"))
    fed(13.04, LegsConnected("b1"))
    assert round(fed.tally.ring.sum, 6) == 0.2
    assert round(fed.tally.bridge.sum, 6) == 0.04


@pytest.mark.parametrize(
    ("event", "commands"),
    [
        (LegEnded("l1"), [CloseBridge("b1")]),
        (TimePassed(), [HangUp("l1"), CloseBridge("b1")]),
        (AsteriskEnded("crashed"), []),
    ],
)
def test_nothing_is_kept_of_what_is_gone(event: Event, commands: list[Command]) -> None:
    fed = Fed()
    fed(1.0, TimePassed(), ring("l1"), ConnectLegs("b1", "A", "l1"))
    fed(2.0, event, *commands)
    fed(3.0, LegRang("l1"))
    fed(3.0, LegsConnected("b1"))
    assert sum(fed.tally.ring.counts) == sum(fed.tally.bridge.counts) == 0


def test_what_befell_the_system() -> None:
    fed = Fed()
    fed(1.0, EngineResumed(1.5))
    fed(2.0, AsteriskEnded("hung"))
    fed(3.0, ClockStepped(3600.0))
    fed(4.0, ClockStepped(0.0))
    fed(5.0, DegradedCallEnded("d1", "tax", "0480", "", 1.0, 0.0, 2.0, "closed"))
    tally = fed.tally
    assert (tally.resumes, tally.away_s, tally.asterisk_ends) == (1, 1.5, {"hung": 1})
    assert (tally.clock_steps, tally.clock_offset) == (2, 0.0)
    assert tally.degraded == {("tax", "closed"): 1}


def test_who_comes_back_to_the_line_waits_since_when_he_waited_first() -> None:
    fed = Fed()
    fed(0.0, TimePassed(), NoteArrived("c1", "A", "tax", "048", ""))
    fed(5.0, TimePassed(), NoteMoved("c1", Move.QUEUED, State.QUEUED, "tax/main"))
    fed(9.0, TimePassed(), NoteMoved("c1", Move.RETURNED, State.QUEUED, "tax/main"))
    fed(25.0, TimePassed(), NoteMoved("c1", Move.ANSWERED, State.TALKING, "tax/main", "s1"))
    fed(60.0, TimePassed(), NoteMoved("c1", Move.ANSWERED, State.TALKING, "tax/main", "s2"))  # transferred
    tally = fed.tally
    assert (tally.wait["tax/main"].sum, tally.entry["tax"].sum) == (20.0, 25.0)


def test_buckets_are_cumulative() -> None:
    buckets = Buckets((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 9.0):
        buckets.add(value)
    assert buckets.cumulative() == [("1.0", 2.0), ("2.0", 3.0), ("+Inf", 4.0)]
    assert buckets.sum == 12.0
