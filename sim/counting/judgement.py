"""Whether the promise was kept: by the project's own definition, for every period that it names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from calls.lifecycle import OUTCOME, Outcome
from calls.promise import Promise
from calls.record import CallRecord

Month = tuple[int, int]


class Counted(NamedTuple):
    """The calls of one local month (by their arrival) that count, and those of them that were kept."""

    month: Month
    kept: int
    counted: int


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
    """Which calls count is asked of `Promise.counts`; only an abandoned call's answer depends on its wait."""

    def __init__(self, promise: Promise) -> None:
        self._promise = promise
        self._counts = {outcome: promise.counts(_record(outcome, None)) for outcome in Outcome}
        self._numerator = frozenset(promise.numerator)
        self._short = promise.short_abandon_s > 0

    def counts(self, outcome: Outcome, wait: float | None) -> bool:
        """Whether a call that ended so is in the denominator; `wait`: seconds in the line (None: never there)."""
        if self._short and outcome is OUTCOME.ABANDONED_QUEUE:
            return self._promise.counts(_record(outcome, wait))
        return self._counts[outcome]

    def keeps(self, outcome: Outcome) -> bool:
        """Whether a call that counts and ended so is in the numerator."""
        return outcome in self._numerator

    def verdicts(self, months: Iterable[Counted]) -> list[Verdict]:
        """Each month by itself; with a yearly promise, the months without a value of their own together."""
        verdicts, years = [], dict[int, list[Counted]]()
        for counted in months:
            year, month = counted.month
            if self._promise.period == "year" and month not in self._promise.months:
                years.setdefault(year, []).append(counted)
            else:
                value = self._promise.value_for(month)
                verdicts.append(_verdict(f"{year}-{month:02d}", [counted], value))
        verdicts += [_verdict(str(year), months, self._promise.value) for year, months in years.items()]
        return verdicts

    def summary(self, months: list[Counted]) -> dict[str, Any]:
        """`promise` is the value of the period that came nearest to breaking it, or broke it the most."""
        verdicts = self.verdicts(months)
        worst = min(verdicts, key=lambda v: 1.0 if v.rate is None else v.rate - v.promise, default=None)
        return {
            "answer_rate": _verdict("all", months, 0.0).rate,
            "promise": worst.promise if worst else self._promise.value,
            "met": all(verdict.met for verdict in verdicts),
            "promise_version": self._promise.version,
            "periods": [verdict._asdict() | {"met": verdict.met} for verdict in verdicts],
        }


def _verdict(period: str, months: list[Counted], promise: float) -> Verdict:
    kept, counted = sum(month.kept for month in months), sum(month.counted for month in months)
    return Verdict(period, kept, counted, kept / counted if counted else None, promise)


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
