"""Who calls again after a busy tone, or after giving up: told by the number, which is never shown to anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from calls.lifecycle import Outcome
from calls.record import CallRecord
from sim.learn.estimate import Estimate, positive, share
from sim.learn.laws import rounded

WITHIN_S = 7200.0
"""Who calls later than this calls for another reason."""
FEWEST = 5
_AFTER = {
    Outcome.BLOCKED.value: "after_busy",
    Outcome.OVERFLOWED.value: "after_busy",
    Outcome.TIMED_OUT.value: "after_busy",
    Outcome.ABANDONED_QUEUE.value: "after_abandon",
}


@dataclass(frozen=True)
class RedialFit:
    """`settings`: what a scenario says; empty where there is too little. `again`: the ids of calls that were a redial.

    `before`: by the id of every such call, also of the few that do not count, that of the call that had failed.
    `seen`: by `after_busy` and `after_abandon`, how many failed with a number shown, and how many of them called again.
    """

    settings: dict[str, Any]
    again: frozenset[str]
    seen: dict[str, tuple[int, int]]
    before: dict[str, str]
    estimates: dict[str, Estimate] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def fit_redials(records: Iterable[CallRecord]) -> RedialFit:
    """From the calls of a project in the order of their arrival."""
    waiting: dict[str, tuple[str, CallRecord, float]] = {}
    failed = dict.fromkeys(_AFTER.values(), 0)
    waits: dict[str, list[float]] = {name: [] for name in failed}
    earlier: dict[str, str] = {}
    for record in records:
        if not record.caller:
            continue
        before = waiting.pop(record.caller, None)
        if before is not None and record.arrived_at - before[2] <= WITHIN_S:
            waits[before[0]].append(max(0.0, record.arrived_at - before[2]))
            earlier[record.call] = before[1].call
        after = _AFTER.get(record.outcome)
        if after is not None and record.ended_at is not None:
            failed[after] += 1
            waiting[record.caller] = (after, record, record.ended_at)
    return _fitted(failed, waits, earlier)


def _fitted(failed: dict[str, int], waits: dict[str, list[float]], earlier: dict[str, str]) -> RedialFit:
    settings, estimates, remarks = {}, {}, []
    for after, seconds in waits.items():
        if not seconds:
            continue
        if len(seconds) < FEWEST:
            remarks.append(f"redial {after}: only {len(seconds)} of {failed[after]} called again; left out")
            continue
        part, mean = share(len(seconds), failed[after]), sum(seconds) / len(seconds)
        estimates[f"{after}.share"] = part
        estimates[f"{after}.wait"] = positive(mean, len(seconds) ** -0.5)
        settings[after] = {"share": rounded(part.value), "wait": {"mean": rounded(mean)}}
    seen = {after: (failed[after], len(waits[after])) for after in failed}
    kept = frozenset(earlier if settings else ())
    return RedialFit(settings, kept, seen, earlier, estimates, tuple(remarks))
