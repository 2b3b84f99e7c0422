"""What a load has come to: the figures of `denwaban sim`, from the journal of the engine that took the real calls.

The folds are the simulator's own, put together as in `sim.run`, so every figure has its name and its definition.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from calls.journal import Entry
from calls.lifecycle import Outcome
from calls.record import CallRecord, RecordFold
from sim.counting.account import Account
from sim.live.callers import CallResult
from sim.live.load_crowd import Dialled, caller_number
from sim.live.observation import Observation, percentile
from sim.live.trace import Ending
from sim.world import World


class Fold:
    """`see` every entry of a load, in virtual time; `close` it after the last.

    `records`: of all calls, by the caller's number; `observation`: states of the moment and latencies.
    """

    def __init__(self, world: World) -> None:
        self._account = Account(world)
        self._records = RecordFold()
        self.observation = Observation()

    def see(self, entry: Entry) -> None:
        """One step of the engine."""
        self.observation.feed(entry)
        self._records.feed(entry)
        self._account.staffed.changed(entry.event, entry.commands, entry.at)
        for command in entry.commands:
            note = self._account.figures.notes.get(type(command))
            if note is not None:
                note(command, entry.at)

    def close(self, now: float) -> None:
        """Nothing comes any more."""
        self._account.close(now)

    @property
    def open_calls(self) -> int:
        """Calls that are not closed yet."""
        return self._account.figures.open_calls

    @property
    def records(self) -> dict[str, CallRecord]:
        """By the number of the caller."""
        return {record.caller: record for record in self._records.records.values()}

    def summary(self, seconds: float, redials: int) -> dict[str, Any]:
        """The figures, with the verdict on the promise; `seconds` that it took, `redials`: of who tried again."""
        return self._account.summary(seconds, redials)


class Failures(NamedTuple):
    """Callers whom the telephone did not serve; whom the centre had no line for heard busy, and did not fail.

    `lost`: dialled, and the engine never heard of it; `cut`: the system ended the call, or never ended it; `hanging`:
    at the caller's telephone the call never ended; `stuck`: he hung up, and it was not heard.
    """

    lost: int
    cut: int
    hanging: int
    stuck: int

    @property
    def all(self) -> int:
        """All together."""
        return sum(self)


def failures(
    dialled: list[Dialled], results: tuple[CallResult, ...], records: dict[str, CallRecord], stuck: int
) -> Failures:
    """What went wrong with those who dialled, of whom so many are `stuck`.

    `results` are what their telephones saw, in the same order.
    """
    lost = cut = hanging = 0
    for one, result in zip(dialled, results, strict=True):
        record = records.get(caller_number(one.place))
        if record is None:
            lost += 1
        elif record.outcome in ("", Outcome.LOST_SYSTEM):
            cut += 1
        elif result.ending is Ending.UNFINISHED:
            hanging += 1
    return Failures(lost, cut, hanging, stuck)


def late_ms(late: list[float]) -> dict[str, float | None]:
    """How long after their time callers and operators did what they had to, in ms."""
    return {f"p{share}": percentile([1000 * one for one in late], share) for share in (50, 99)}
