"""Call by call: the same callers on the telephone and in the simulation with the same seed."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from calls.record import CallRecord
from sim.live.load_crowd import Dialled, caller_number
from sim.live.observation import percentile


class Pair(NamedTuple):
    """One caller, who dialled at the same time in both."""

    live: CallRecord
    simulated: CallRecord

    @property
    def same_outcome(self) -> bool:
        """Whether the same became of him."""
        return self.live.outcome == self.simulated.outcome

    @property
    def wait_difference(self) -> float | None:
        """Seconds that he waited longer on the telephone; None where he was not in the line in both."""
        if self.live.wait is None or self.simulated.wait is None:
            return None
        return self.live.wait - self.simulated.wait

    @property
    def talk_difference(self) -> float | None:
        """Seconds that he talked longer on the telephone; None where he did not in both."""
        if self.live.talk is None or self.simulated.talk is None:
            return None
        return self.live.talk - self.simulated.talk


def pairs(
    dialled: Iterable[Dialled], live: Mapping[str, CallRecord], simulated: Iterable[CallRecord]
) -> list[Pair]:
    """Everybody who dialled at exactly the same (virtual) time in both, by the number of his telephone."""
    by_time = {record.arrived_at: record for record in simulated}
    found = []
    for one in dialled:
        record, other = live.get(caller_number(one.place)), by_time.get(one.at)
        if record is not None and other is not None:
            found.append(Pair(record, other))
    return found


def told(found: list[Pair]) -> dict[str, Any]:
    """For JSON: shares and seconds; None where nobody can be compared.

    `wait_s`, `talk_s`: how much longer it was on the telephone: the median, and what 95 % do not exceed either way.
    """
    same = [pair for pair in found if pair.same_outcome]
    waits = [pair.wait_difference for pair in same if pair.wait_difference is not None]
    talks = [pair.talk_difference for pair in same if pair.talk_difference is not None]
    return {
        "compared": len(found),
        "same_outcome": len(same) / len(found) if found else None,
        "wait_s": _spread(waits),
        "talk_s": _spread(talks),
    }


def _spread(differences: list[float]) -> dict[str, float | None]:
    if not differences:
        return {"median": None, "p95": None}
    return {
        "median": round(statistics.median(differences), 4),
        "p95": percentile([abs(one) for one in differences], 95),
    }
