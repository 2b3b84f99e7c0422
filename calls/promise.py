"""The promised answer rate as code: one definition per project, used for every figure shown anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from calls.lifecycle import Outcome
from calls.record import CallRecord

Month = Annotated[int, Field(ge=1, le=12)]
Rate = Annotated[float, Field(gt=0, le=1)]


class Promise(BaseModel):
    """Who counts as answered, who counts at all, over which period, and what was promised.

    `short_abandon_s`: callers who gave up the line within so many seconds do not count at all (0: all count).
    `months` names the months (1-12) that have a value of their own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = 1
    numerator: tuple[Outcome, ...] = (Outcome.ANSWERED, Outcome.DEGRADED_ANSWERED)
    denominator: tuple[Outcome, ...] = (
        Outcome.ANSWERED,
        Outcome.DEGRADED_ANSWERED,
        Outcome.DEGRADED_UNANSWERED,
        Outcome.ABANDONED_QUEUE,
        Outcome.OVERFLOWED,
        Outcome.TIMED_OUT,
        Outcome.LOST_SYSTEM,
    )
    short_abandon_s: float = Field(default=0.0, ge=0)
    period: Literal["month", "year"] = "month"
    value: Rate = 0.9
    months: dict[Month, Rate] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _answered_are_counted(self) -> Promise:
        if uncounted := [outcome for outcome in self.numerator if outcome not in self.denominator]:
            raise ValueError(f"{', '.join(uncounted)}: stands in the numerator but not in the denominator")
        return self

    def value_for(self, month: int) -> float:
        """The promised rate that holds in a month (1-12)."""
        return self.months.get(month, self.value)

    def counts(self, record: CallRecord) -> bool:
        """Whether a call is in the denominator: one of a caller; what we dial ourselves was promised to nobody."""
        if record.direction != "in" or _as_promised(record) not in self.denominator:
            return False
        short = record.outcome == Outcome.ABANDONED_QUEUE and (record.wait or 0.0) < self.short_abandon_s
        return not short


def _as_promised(record: CallRecord) -> str:
    """Who called outside the hours while the engine was away was in no line: for the promise, he met a closed door."""
    if record.outcome == Outcome.DEGRADED_UNANSWERED and record.queued_at is None:
        return Outcome.CLOSED
    return record.outcome


class AnswerRate(NamedTuple):
    """`rate` is None where nobody counts. `version` names the definition it was computed by."""

    numerator: int
    denominator: int
    rate: float | None
    version: int


def answer_rate(records: Iterable[CallRecord], promise: Promise) -> AnswerRate:
    """The answer rate of some records by a project's own definition."""
    counted = [record for record in records if promise.counts(record)]
    answered = sum(_as_promised(record) in promise.numerator for record in counted)
    rate = answered / len(counted) if counted else None
    return AnswerRate(answered, len(counted), rate, promise.version)
