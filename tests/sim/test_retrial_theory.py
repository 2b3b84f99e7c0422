"""Callers who try again, through the real engine, against the exact retrial queue."""

from __future__ import annotations

import statistics

import pytest

from sim.run import run
from tests.sim.scenarios import bare

pytestmark = pytest.mark.theory

TALK_S, RETRY_S, PER_HOUR = 100.0, 60.0, 20.0


def retries(load: float, calls_per_retry: float) -> float:
    """How often each caller of an M/M/1/1 retrial queue tries again on average, if nobody ever gives up.

    The mean number of callers who are about to retry is load (rate + load nu) / ((1 - load) nu), each retries at the
    rate nu, and `rate` callers come (Falin and Templeton, Retrial Queues, 1997, section 1.2). `calls_per_retry`: rate
    divided by nu.
    """
    return load * (calls_per_retry + load) / ((1 - load) * calls_per_retry)


def test_one_line_and_callers_who_never_give_up() -> None:
    scenario = bare(
        calls=1500, seats=1, lines=1, patience=None, arrivals={"per_hour": PER_HOUR}, handle={"mean": TALK_S},
        redial={"after_busy": {"share": 1.0, "wait": {"mean": RETRY_S}}, "most": 100},
    )  # fmt: skip
    summaries = [run(scenario.model_copy(update={"seed": seed})).summary for seed in range(1, 9)]
    assert {summary["answered"] for summary in summaries} == {1500}
    seen = [summary["blocked"] / 1500 for summary in summaries]
    exact = retries(TALK_S * PER_HOUR / 3600, RETRY_S * PER_HOUR / 3600)  # 10/3
    error = statistics.stdev(seen) / len(seen) ** 0.5
    assert error < 0.07 * exact
    assert abs(statistics.fmean(seen) - exact) <= 3 * error
