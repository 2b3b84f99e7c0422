"""Whether the promise was kept: by the project's own definition, for every period that it names."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from calls.lifecycle import Outcome
from calls.promise import Promise
from calls.record import CallRecord


class Verdict(NamedTuple):
    """One period with its rate; `rate` None: nobody counted, so nothing was broken."""

    period: str
    answered: int
    counted: int
    rate: float | None
    promise: float

    @property
    def met(self) -> bool:
        """Whether the rate is at least what was promised."""
        return self.rate is None or self.rate >= self.promise


class Judgement:
    """Counts each call in the local month of its arrival, in constant memory.

    Whether a call counts is asked of `Promise.counts`; only an abandoned call's answer depends on its wait.
    """

    def __init__(self, promise: Promise, timezone: str) -> None:
        self._promise = promise
        self._zone = ZoneInfo(timezone)
        self._from = self._until = 0.0
        self._here: list[int] = [0, 0]
        self._months: dict[tuple[int, int], list[int]] = {}
        self._counts = {outcome: promise.counts(_record(outcome, None)) for outcome in Outcome}
        self._numerator = frozenset(promise.numerator)
        self._short = promise.short_abandon_s > 0

    def ended(self, outcome: Outcome, arrived_at: float, wait: float | None) -> None:
        """One more call has its outcome."""
        if not self._from <= arrived_at < self._until:
            self._turn_to(arrived_at)
        if self._short and outcome is Outcome.ABANDONED_QUEUE:
            counts = self._promise.counts(_record(outcome, wait))
        else:
            counts = self._counts[outcome]
        if counts:
            self._here[1] += 1
            if outcome in self._numerator:
                self._here[0] += 1

    def _turn_to(self, at: float) -> None:
        local = dt.datetime.fromtimestamp(at, self._zone)
        first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        self._from = first.timestamp()
        self._until = (first + dt.timedelta(days=32)).replace(day=1).timestamp()
        self._here = self._months.setdefault((local.year, local.month), [0, 0])

    def overall(self) -> float | None:
        """The answer rate of the whole run."""
        return _verdict("all", list(self._months.values()), 0.0).rate

    def verdicts(self) -> list[Verdict]:
        """Each month by itself; with a yearly promise, the months without a value of their own together."""
        verdicts, years = [], dict[int, list[list[int]]]()
        for (year, month), counts in sorted(self._months.items()):
            if self._promise.period == "year" and month not in self._promise.months:
                years.setdefault(year, []).append(counts)
            else:
                value = self._promise.value_for(month)
                verdicts.append(_verdict(f"{year}-{month:02d}", [counts], value))
        verdicts += [_verdict(str(year), counts, self._promise.value) for year, counts in years.items()]
        return verdicts

    def summary(self) -> dict[str, Any]:
        """`promise` is the value of the period that came nearest to breaking it, or broke it the most."""
        verdicts = self.verdicts()
        worst = min(verdicts, key=lambda v: 1.0 if v.rate is None else v.rate - v.promise, default=None)
        return {
            "answer_rate": self.overall(),
            "promise": worst.promise if worst else self._promise.value,
            "met": all(verdict.met for verdict in verdicts),
            "promise_version": self._promise.version,
            "periods": [verdict._asdict() | {"met": verdict.met} for verdict in verdicts],
        }


def _verdict(period: str, months: list[list[int]], promise: float) -> Verdict:
    answered, counted = sum(m[0] for m in months), sum(m[1] for m in months)
    return Verdict(period, answered, counted, answered / counted if counted else None, promise)


def _record(outcome: Outcome, wait: float | None) -> CallRecord:
    return CallRecord(
        call="",
        leg="",
        project="",
        number="",
        caller="",
        arrived_at=0.0,
        queued_at=0.0,
        ended_at=wait if wait is not None else float("inf"),
        outcome=outcome,
    )
