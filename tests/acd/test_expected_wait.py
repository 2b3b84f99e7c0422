from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.expected_wait import FEWEST, MOST, WINDOW_S, Answers, Throughput, expected_wait

pytestmark = pytest.mark.unit


def answered(*times: float) -> Throughput:
    """Answers in a line that was never empty; the first one only begins the count."""
    throughput = Throughput()
    for at in times:
        throughput.answered(at, None)
    return throughput


def every(interval: float, until: float, begin: float = 0.0) -> list[float]:
    """Times at a fixed interval."""
    return [begin + interval * index for index in range(int((until - begin) / interval) + 1)]


@pytest.mark.parametrize(
    ("times", "ahead", "now", "wanted"),
    [
        ([], 3, 0.0, None),
        (every(60, 540), 3, 540.0, None),  # one too few
        (every(60, 600), 0, 600.0, 60.0),
        (every(60, 600), 3, 600.0, 240.0),
        (every(60, 600), 3, 650.0, 240.0),  # the next answer is not due yet
        (every(60, 600), 0, 600.0 + 280, 80.0),  # it is overdue: as if it came now
        (every(60, 600), 0, 600.0 + 1000, None),  # the line stands still
        (every(60, 600), 0, 600.0 + WINDOW_S, None),  # all too long ago
        ([7.0] * (FEWEST + 1), 9, 7.0, 0.0),  # all at once
        (every(20, 600) + every(60, 1800, 660), 0, 1800.0, None),  # the line slows down to a third
        (every(60, 1800) + every(20, 2400, 1820), 0, 2400.0, None),  # or moves faster
        (every(20, 600) + every(30, 1800, 630), 0, 1800.0, 25.714),  # a little is still steady
    ],
)
def test_the_estimate(times: list[float], ahead: int, now: float, wanted: float | None) -> None:
    assert expected_wait(answered(*times), ahead, now) == pytest.approx(wanted, abs=0.001)


def test_only_the_time_in_which_somebody_waited_counts() -> None:
    quiet = Throughput()
    for at in every(100, 1500):
        quiet.answered(at, at)  # a seat was free at once
    assert expected_wait(quiet, 0, 1500) is None
    for at in every(100, 2500, 1600):
        quiet.answered(at, at - 30)
    assert len(quiet) == FEWEST
    assert expected_wait(quiet, 1, 2500) == 60.0


def test_callers_who_waited_side_by_side_count_once() -> None:
    busy = Throughput()
    for at in every(10, 110, 10):
        busy.answered(at, 0.0)
    assert expected_wait(busy, 0, 110) == 10.0


def test_a_line_that_was_empty_did_not_stand_still() -> None:
    busy = answered(*every(60, 600))
    assert expected_wait(busy, 0, 1500) is None
    assert expected_wait(busy, 0, 1500, standing_since=1490) == 60.0


def test_after_a_night_nothing_is_known_of_the_first_answer() -> None:
    assert len(answered(0.0, 100.0, 100.0 + WINDOW_S)) == 1


def test_each_queue_by_itself_and_only_the_last_answers() -> None:
    answers = Answers()
    for at in range(MOST + 10):
        answers.answered("tax/main", float(at))
    answers.answered("water/main", 1.0)
    assert (len(answers.of("tax/main")), len(answers.of("water/main")), len(answers.of("gas/main"))) == (
        MOST,
        0,
        0,
    )
    assert expected_wait(answers.of("tax/main"), 4, float(MOST + 10)) == 5.0


@given(st.lists(st.floats(0, 300), max_size=80), st.floats(0, 300), st.integers(0, 50))
def test_it_is_steady_or_not_said(gaps: list[float], then: float, ahead: int) -> None:
    at, throughput = 0.0, Throughput()
    for gap in gaps:
        at += gap
        throughput.answered(at, None)
    wait = expected_wait(throughput, ahead, at + then)
    if wait is not None:
        assert len(throughput) >= FEWEST
        assert wait >= 0
        assert wait <= (ahead + 1) * (at + then)


def test_the_time_in_which_nobody_could_be_answered_says_nothing() -> None:
    answers = Answers()
    for at in every(60, 600):
        answers.answered("tax", at, None)
    answers.answered("water", 600.0, 600.0)
    answers.resumed(900.0)
    assert expected_wait(answers.of("tax"), 0, 1500.0, 500.0) == 60.0
    answers.answered("tax", 1560.0, 500.0)
    assert expected_wait(answers.of("tax"), 0, 1560.0, 500.0) == 60.0
    assert answers.of("nobody").last is None
