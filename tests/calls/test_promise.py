from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from calls.lifecycle import Outcome
from calls.promise import AnswerRate, Promise, answer_rate
from calls.record import CallRecord

pytestmark = pytest.mark.unit


def ended(outcome: str, wait: float | None = None) -> CallRecord:
    """A call with an outcome that waited so long in the line."""
    record = CallRecord(
        call="c", leg="l", project="tax", number="", caller="", arrived_at=0.0, outcome=outcome
    )
    if wait is not None:
        record.queued_at, record.ended_at = 10.0, 10.0 + wait
    return record


ALL_ONCE = [ended(outcome, 5.0) for outcome in Outcome]


def test_what_counts_unless_the_contract_says_otherwise() -> None:
    # answered + degraded_answered of those two, degraded_unanswered, abandoned_queue, overflowed, timed_out, lost
    assert answer_rate(ALL_ONCE, Promise()) == AnswerRate(2, 7, 2 / 7, 1)


def test_a_call_that_goes_on_does_not_count_yet() -> None:
    assert answer_rate([ended("")], Promise()) == AnswerRate(0, 0, None, 1)


@pytest.mark.parametrize(("short", "counted"), [(0.0, 3), (4.9, 2), (5.0, 2), (5.1, 1)])
def test_short_abandons(short: float, counted: int) -> None:
    records = [ended("abandoned_queue", wait) for wait in (0.0, 5.0, 60.0)]
    assert answer_rate(records, Promise(short_abandon_s=short)).denominator == counted


def test_only_those_who_gave_up_the_line_can_be_too_short() -> None:
    assert answer_rate([ended("answered", 0.0)], Promise(short_abandon_s=5)).denominator == 1


@pytest.mark.parametrize("direction", ["out", "callback", "internal"])
def test_what_we_dial_ourselves_was_promised_to_nobody(direction: str) -> None:
    records = [msgspec.structs.replace(record, direction=direction) for record in ALL_ONCE]
    assert answer_rate(records, Promise()) == AnswerRate(0, 0, None, 1)


def test_a_month_may_have_its_own_value() -> None:
    promise = Promise(value=0.9, months={5: 0.8})
    assert [promise.value_for(month) for month in (4, 5, 6)] == [0.9, 0.8, 0.9]


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 0},
        {"value": 90},
        {"months": {0: 0.8}},
        {"months": {13: 0.8}},
        {"months": {5: 80}},
        {"numerator": ["answred"]},
        {"numerator": ["closed"]},
        {"short_abandon_s": -1},
        {"period": "day"},
        {"valeu": 0.9},
    ],
)
def test_what_a_promise_may_not_be(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Promise.model_validate(fields)


outcomes = st.lists(st.sampled_from(Outcome), unique=True)


@settings(deadline=None)
@given(outcomes, outcomes, st.lists(st.tuples(st.sampled_from(Outcome), st.floats(0, 60))))
def test_a_rate_lies_between_none_and_all(
    numerator: list[Outcome], more: list[Outcome], ends: list[tuple[Outcome, float]]
) -> None:
    promise = Promise(numerator=tuple(numerator), denominator=(*numerator, *more), short_abandon_s=10)
    found = answer_rate([ended(outcome, wait) for outcome, wait in ends], promise)
    assert 0 <= found.numerator <= found.denominator <= len(ends)
    assert (found.rate is None) == (found.denominator == 0)
