"""When the day breaks at the pace of the last hour, on days so plain that one can reckon it by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.budget import NOBODY, Counts, Period
from calls.pace import HalfHour, Pace, Standing, open_s, pace

pytestmark = pytest.mark.unit

MIDNIGHT = 1_778_079_600.0  # 2026-05-07 in Tokyo
MAY = Period("2026-05", 0.9, ((2026, 5),))
NINE_TO_FIVE = [(MIDNIGHT + 9 * 3600, MIDNIGHT + 17 * 3600)]
WITH_LUNCH = [(MIDNIGHT + 9 * 3600, MIDNIGHT + 12 * 3600), (MIDNIGHT + 13 * 3600, MIDNIGHT + 17 * 3600)]


def clock(hour: float) -> float:
    """Seconds since 1970 UTC at an hour of the day."""
    return MIDNIGHT + hour * 3600


def standing(hour: float, each: Counts, before: Counts = NOBODY, opens: float = 9) -> Standing:
    """The same calls in every half-hour from opening up to a full hour."""
    starts = [MIDNIGHT + 1800 * number for number in range(int(2 * hour) + 1)]
    today = tuple(
        HalfHour(at, each if clock(opens) <= at and at + 1800 <= clock(hour) else NOBODY) for at in starts
    )
    return Standing(clock(hour), MAY, before, today)


def test_a_day_that_loses_too_many_breaks_when_its_share_is_used_up() -> None:
    # 100 calls an hour and 20 of them lost; 800 in the day may lose 80, of which 60 are gone at noon.
    found = pace(standing(12, Counts(40, 50)), NINE_TO_FIVE)
    assert found == Pace(100.0, 20.0, 500, 20, clock(12) + 21 * 180)


def test_a_day_within_its_share_does_not_break() -> None:
    found = pace(standing(12, Counts(46, 50)), NINE_TO_FIVE)
    assert found == Pace(100.0, 8.0, 500, 80 - 24, None)


def test_what_earlier_days_left_is_for_today() -> None:
    found = pace(standing(12, Counts(40, 50), before=Counts(970, 1000)), NINE_TO_FIVE)
    assert (found.may_lose, found.breaks_at) == (90, clock(12) + 91 * 180)


def test_what_earlier_days_owe_today_pays() -> None:
    found = pace(standing(12, Counts(50, 50), before=Counts(800, 1000)), NINE_TO_FIVE)
    assert (found.may_lose, found.breaks_at) == (-20, clock(0))


def test_a_broken_day_says_in_which_half_hour_it_broke() -> None:
    # 160 calls of the day may lose 16: the ninth half-hour of two lost ones goes beyond that.
    found = pace(standing(16, Counts(8, 10)), NINE_TO_FIVE)
    assert (found.may_lose, found.breaks_at) == (-12, clock(13))


def test_time_stands_still_in_the_lunch_break() -> None:
    lunch = pace(standing(12, Counts(40, 50)), WITH_LUNCH)
    assert lunch.expected_more == 400
    assert lunch.may_lose == 70 - 60
    assert lunch.breaks_at == clock(13) + 11 * 180


def test_just_after_opening_nobody_can_tell() -> None:
    early = standing(9, Counts(40, 50))
    found = pace(early._replace(at=clock(9) + 599, before=Counts(100, 100)), NINE_TO_FIVE)
    assert found == Pace(None, None, 0, 11, None)
    assert pace(early._replace(today=()), NINE_TO_FIVE).breaks_at is None


def test_after_closing_nothing_changes() -> None:
    found = pace(standing(18, Counts(46, 50)), NINE_TO_FIVE)
    assert (found.expected_more, found.breaks_at) == (0, None)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(18, 34), st.integers(0, 60), st.integers(0, 600))
def test_the_day_breaks_while_it_is_open_or_not_at_all(
    answered: int, lost: int, halves: int, lost_before: int, answered_before: int
) -> None:
    before = Counts(answered_before, answered_before + lost_before)
    now = standing(halves / 2, Counts(answered, answered + lost), before)
    found = pace(now, WITH_LUNCH)
    if found.may_lose < 0:
        assert found.breaks_at is not None
        assert found.breaks_at <= now.at
    elif found.breaks_at is not None:
        assert now.at <= found.breaks_at <= clock(17)
        at_pace = (found.lost_per_hour or 0) / 3600 * open_s(WITH_LUNCH, now.at, found.breaks_at)
        assert at_pace == pytest.approx(found.may_lose + 1)
