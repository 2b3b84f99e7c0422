from __future__ import annotations

import pytest

from acd.expected_wait import MOST, WINDOW_S, Answers, expected_wait

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("answered", "ahead", "now", "wanted"),
    [
        ([], 3, 0.0, None),
        ([0, 60, 120, 180], 3, 180.0, None),  # a handful is needed
        ([0, 60, 120, 180, 240], 0, 240.0, 60.0),
        ([0, 60, 120, 180, 240], 3, 240.0, 240.0),
        ([0, 60, 120, 180, 240], 3, 290.0, 240.0),  # the next answer is not due yet
        ([0, 60, 120, 180, 240], 0, 1000.0, 200.0),  # the line stands still
        ([0, 60, 120, 180, 240], 0, WINDOW_S, None),  # the first one is too long ago
        ([-5000, 0, 60, 120, 180, 240], 0, 240.0, 60.0),
        ([7, 7, 7, 7, 7], 9, 7.0, 0.0),  # all at once
    ],
)
def test_the_estimate(answered: list[float], ahead: int, now: float, wanted: float | None) -> None:
    assert expected_wait(answered, ahead, now) == wanted


def test_each_queue_has_its_own_times_and_only_the_last_ones() -> None:
    answers = Answers()
    for at in range(MOST + 10):
        answers.answered("tax/main", float(at))
    answers.answered("water/main", 1.0)
    assert (len(answers.of("tax/main")), answers.of("tax/main")[0]) == (MOST, 10.0)
    assert list(answers.of("water/main")) == [1.0]
    assert list(answers.of("gas/main")) == []
