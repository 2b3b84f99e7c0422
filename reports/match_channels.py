"""The journal against Asterisk's own account: every caller's channel has one record, and every record its channel."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from calls.lifecycle import Outcome
from calls.record import CallRecord
from reports.difference import Clock, Difference, Explained, Kind, Tolerance
from reports.journal_day import JournalDay
from store.accounts import AccountChannel

_OURS = re.compile(r"(c(\d+)\w*-\d+)\.\w+")
_ALONE = frozenset({Outcome.DEGRADED_ANSWERED, Outcome.DEGRADED_UNANSWERED})
_WHOLE_SECONDS = 1.0
"""More between the two where Asterisk was alone: what then notes a call counts in whole seconds."""


@dataclass
class Matched:
    """What came out. `counts`: `asterisk`, callers' channels of the day; `gone_at_once`, those of them that nobody
    could take so quickly; `still_open`: calls that go on."""

    differences: list[Difference] = field(default_factory=list)
    explained: list[Explained] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: {"asterisk": 0, "gone_at_once": 0, "still_open": 0}
    )


class ChannelMatch:
    """`calls`: those of the day, by call id. `bounds`: [start, end) in which a channel is of the day, if nobody knows
    its project. `moving`: calls that go on; what has become of them so far is not compared."""

    def __init__(
        self,
        journal: JournalDay,
        calls: Mapping[str, CallRecord],
        channels: Sequence[AccountChannel],
        bounds: tuple[float, float],
        trunk: str,
        tolerance: Tolerance,
        clock: Clock,
        moving: AbstractSet[str] = frozenset(),
    ) -> None:
        self._moving = moving
        self._journal = journal
        self._calls = calls
        self._channels = {channel.unique: channel for channel in channels}
        self._start, self._end = bounds
        self._trunk = trunk
        self._tolerance = tolerance.time
        self._clock = clock
        self._offsets = (0.0, *(step for _, step in journal.steps))
        self.matched = Matched()

    def compare(self) -> Matched:
        """Compare them all."""
        for record in self._calls.values():
            self._record(record)
        legs = defaultdict[str, list[CallRecord]](list)
        for record in self._journal.records.values():
            legs[leg_of(record)].append(record)
        for channel in self._channels.values():
            if channel.came_in_on(self._trunk):
                self._incoming(channel, legs.get(channel.unique, []))
            else:
                self._ours(channel)
        return self.matched

    # ---- from the record to the channel

    def _record(self, record: CallRecord) -> None:
        channel = self._channels.get(leg_of(record))
        if channel is None:
            if record.direction == "in" or record.answered_at is not None:
                self._missing(record)
            return
        late = _WHOLE_SECONDS if record.outcome in _ALONE else 0.0
        if record.direction == "in":
            self._time("arrival_differs", record, "arrival", record.arrived_at, channel.started, late)
        if record.call in self._moving:
            self.matched.counts["still_open"] += 1
            return
        self._answer(record, channel, late)
        self._ending(record, channel, late)

    def _missing(self, record: CallRecord) -> None:
        self._differ(
            "missing_in_asterisk",
            record,
            {"journal": f"arrived {self._clock.told(record.arrived_at)}", "asterisk": "no such channel"},
            "the journal has this call and Asterisk's account does not: lines of the account are lost (disk full? file "
            "removed?), or it was not written yet at that time",
        )

    def _answer(self, record: CallRecord, channel: AccountChannel, late: float) -> None:
        ours, theirs = record.answered_at, channel.met
        if ours is not None and theirs is not None:
            self._time("answer_differs", record, "answer", ours, theirs, late)
        elif ours is not None or (theirs is not None and not self._left_just_then(record, theirs)):
            self._time_or_why("answer_differs", record, "answer", ours, theirs)

    def _left_just_then(self, record: CallRecord, met: float) -> bool:
        """Brought together with an operator in the moment in which he hung up: that is no answer."""
        return record.ended_at is not None and self._near(record.ended_at, met, 0.0)

    def _ending(self, record: CallRecord, channel: AccountChannel, late: float) -> None:
        ours, theirs = record.ended_at, channel.ended
        if ours is not None and theirs is not None:
            self._time("end_differs", record, "end", ours, theirs, late)
        elif ours is None:
            self._time_or_why("never_closed", record, "end", ours, theirs)
        else:
            self._time_or_why("never_ended", record, "end", ours, theirs)

    def _time(
        self, kind: Kind, record: CallRecord, what: str, ours: float, theirs: float, late: float
    ) -> None:
        if not self._near(ours, theirs, late):
            self._time_or_why(kind, record, what, ours, theirs)

    def _near(self, ours: float, theirs: float, late: float) -> bool:
        return any(abs(theirs - ours - offset) <= self._tolerance + late for offset in self._offsets)

    def _time_or_why(
        self, kind: Kind, record: CallRecord, what: str, ours: float | None, theirs: float | None
    ) -> None:
        says = {
            "journal": f"{what} {self._clock.told(ours)}",
            "asterisk": f"{what} {self._clock.told(theirs)}",
        }
        times = [at for at in (ours, theirs) if at is not None]
        came = min(
            record.arrived_at, *times
        )  # who came while the engine was away arrived for it when it was back
        why = next((one.why for one in self._journal.breaks if one.explains(came, *times)), "")
        if kind == "never_ended" and record.lost_at is not None:
            why = why or "the system cut the call off, and its record says so"
        if why:
            told = f"{what}: journal {self._clock.told(ours)}, asterisk {self._clock.told(theirs)}"
            self.matched.explained.append(Explained(call=record.call, what=told, why=why))
        else:
            self._differ(kind, record, says, _MEANING[kind])

    # ---- from the channel to the record

    def _incoming(self, channel: AccountChannel, records: Sequence[CallRecord]) -> None:
        if not records and not self._start <= channel.started < self._end:
            return
        if records and not any(record.call in self._calls for record in records):
            return  # of the day before or after
        self.matched.counts["asterisk"] += 1
        if len(records) > 1:
            self._twice(records)
        elif not records and self._gone_at_once(channel):
            self.matched.counts["gone_at_once"] += 1
        elif not records:
            self._without_record(channel)

    def _gone_at_once(self, channel: AccountChannel) -> bool:
        lasted = None if channel.ended is None else channel.ended - channel.started
        return channel.answered is None and lasted is not None and lasted <= self._tolerance

    def _twice(self, records: Sequence[CallRecord]) -> None:
        calls = [record.call for record in records]
        self._differ(
            "two_records",
            records[0],
            {"journal": f"{len(calls)} calls", "asterisk": "one channel"},
            f"one caller's channel is counted as {len(calls)} calls ({', '.join(calls)}): the journal forgot that it "
            "had the call already, and took it in again",
        )

    def _without_record(self, channel: AccountChannel) -> None:
        away = next(
            (one.why for one in self._journal.breaks if one.explains(channel.started, channel.started)), ""
        )
        told = (
            f"that was while {away}: what Asterisk noted of it has not been taken in yet, or is lost"
            if away
            else "the engine never heard of this caller, so he is in no report: look for alarms of that time"
        )
        ended = self._clock.told(channel.ended)
        self.matched.differences.append(
            Difference(
                kind="channel_without_record",
                of=f"channel {channel.unique}",
                at=channel.started,
                says={
                    "journal": "nothing",
                    "asterisk": f"began {self._clock.told(channel.started)}, "
                    f"{'not ' if channel.met is None else ''}talked to, ended {ended}",
                },
                text=f"a call came in on the carrier's line that has no record; {told}",
            )
        )

    def _ours(self, channel: AccountChannel) -> None:
        """A leg that we placed carries its call's id."""
        found = _OURS.fullmatch(channel.unique)
        if found is None or found[1] in self._journal.records:
            return
        if self._start <= channel.started < self._end and float(found[2]) + 1.0 >= self._start:
            self.matched.differences.append(
                Difference(
                    kind="leg_of_unknown_call",
                    call=found[1],
                    of=f"channel {channel.unique}",
                    at=channel.started,
                    says={
                        "journal": "nothing",
                        "asterisk": f"a leg from {self._clock.told(channel.started)} on",
                    },
                    text="Asterisk had a leg of a call that is not in the journal: entries of the journal are lost",
                )
            )

    def _differ(self, kind: Kind, record: CallRecord, says: dict[str, str], text: str) -> None:
        self.matched.differences.append(
            Difference(kind=kind, call=record.call, at=record.arrived_at, says=says, text=text)
        )


def leg_of(record: CallRecord) -> str:
    """The channel of a call; of one that Asterisk dealt with alone, it may be the call's own id."""
    return record.leg or record.call


def bounds_of_all(bounds: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """From the beginning of the first of these days to the end of the last."""
    return min(start for start, _ in bounds.values()), max(end for _, end in bounds.values())


_MEANING: dict[Kind, str] = {
    "arrival_differs": "the two disagree about when the caller arrived: the engine was slow, or a clock is wrong",
    "answer_differs": "the two disagree about whether, or when, the caller was brought together with somebody: the "
    "answer and the wait in the reports cannot be relied on for this call",
    "end_differs": "the two disagree about when the call ended, so its talking time is wrong: the connection to "
    "Asterisk was lost at that time, or the caller's line stayed open",
    "never_closed": "the call cannot go on and its record is still open: the engine, or Asterisk, was cut off in the "
    "middle of it and nobody has closed the record; start the service, and it will find out",
    "never_ended": "the record is closed and Asterisk has no end of the channel: Asterisk was killed, or its last "
    "lines are lost; if the line still exists, `core show channels` shows it",
}
