"""Letters and the calls that they bring, against figures worked out by hand."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.hours import OpeningHours, Span
from sim.mailings import LONGEST_CLOSED_DAYS, called_until, calls_by_day, parts_by_day
from sim.scenario.arrivals import Mailing, Response

pytestmark = pytest.mark.unit

OFFICE = OpeningHours(weekly={day: (Span(510, 1035),) for day in range(5)})
NEVER = OpeningHours(weekly={})
JULY_LETTERS = 154_083


def mailing(**changes: object) -> Mailing:
    """July's dunning letters of the motor-vehicle tax centre, of which 8 in 100 make somebody call."""
    usual = {"posted": "2026-07-15", "letters": JULY_LETTERS, "share": 0.08}
    return Mailing.model_validate(usual | changes)


def test_julys_dunning_letters_by_hand() -> None:
    """Posted on Wednesday the 15th, there on Friday the 17th; Monday the 20th is the Day of the Sea."""
    days = calls_by_day(mailing(), OFFICE)
    total = JULY_LETTERS * 0.08
    assert sum(days.values()) == pytest.approx(total)  # 12,326.64
    assert list(days)[:3] == [dt.date(2026, 7, 17), dt.date(2026, 7, 21), dt.date(2026, 7, 22)]
    counted = 1 - math.exp(-35 / 5)  # exponential with 5 days: 99.9 % have called after 35 days
    assert days[dt.date(2026, 7, 17)] == pytest.approx(total * (1 - math.exp(-1 / 5)) / counted)
    four_days = math.exp(-1 / 5) - math.exp(-5 / 5)  # Saturday, Sunday, the holiday and the 21st itself
    assert days[dt.date(2026, 7, 21)] == pytest.approx(total * four_days / counted)
    assert days[dt.date(2026, 7, 21)] == pytest.approx(5562.6, abs=0.1)
    assert all(OFFICE.day(day)[0] for day in days)


def test_a_curve_counts_open_days_and_its_weights_are_relative() -> None:
    days = calls_by_day(mailing(letters=1000, share=0.1, response={"curve": [3, 1, 0, 1]}), OFFICE)
    assert days == {
        dt.date(2026, 7, 17): pytest.approx(60),
        dt.date(2026, 7, 21): pytest.approx(20),
        dt.date(2026, 7, 22): 0,
        dt.date(2026, 7, 23): pytest.approx(20),
    }


def test_the_delay_counts_days_of_the_calendar() -> None:
    first = {delay: min(calls_by_day(mailing(delay_days=delay), OFFICE)) for delay in (0, 1, 3, 5)}
    assert first == {
        0: dt.date(2026, 7, 15),
        1: dt.date(2026, 7, 16),
        3: dt.date(2026, 7, 21),
        5: dt.date(2026, 7, 21),
    }


def test_where_it_never_opens_nobody_calls() -> None:
    assert calls_by_day(mailing(), NEVER) == {}
    assert calls_by_day(mailing(response={"curve": [1]}), NEVER) == {}
    late = mailing().posted + dt.timedelta(days=2 + LONGEST_CLOSED_DAYS)
    once = OpeningHours(weekly={}, open_days={late: ((Span(0, 60),), "")})
    assert calls_by_day(mailing(delay_days=3), once)[late] > 0


@pytest.mark.parametrize(
    ("response", "days", "called"),
    [
        ({"mean_days": 5.0}, 5.0, 1 - math.exp(-1)),
        ({"mean_days": 5.0, "distribution": "weibull", "shape": 1.0}, 5.0, 1 - math.exp(-1)),
        # Rayleigh: the mean is sigma sqrt(pi/2)
        ({"mean_days": 5.0, "distribution": "weibull", "shape": 2.0}, 5.0, 1 - math.exp(-math.pi / 4)),
        # half of all numbers are below the median, mean / sqrt(1 + cv^2)
        ({"mean_days": 5.0, "distribution": "lognormal", "cv": 1.0}, 5 / math.sqrt(2), 0.5),
        ({"mean_days": 5.0, "distribution": "lognormal", "cv": 0.0}, 4.9, 0.0),
        ({"mean_days": 5.0, "distribution": "lognormal", "cv": 0.0}, 5.0, 1.0),
    ],
)
def test_who_has_called_after_some_days(response: dict[str, object], days: float, called: float) -> None:
    assert called_until(Response.model_validate(response), days) == pytest.approx(called)


@given(
    st.floats(0.05, 100),
    st.sampled_from(
        [{}, {"distribution": "weibull", "shape": 0.5}, {"distribution": "lognormal", "cv": 2.0}]
    ),
)
def test_no_call_is_lost_whatever_the_response(mean_days: float, spread: dict[str, object]) -> None:
    parts = parts_by_day(Response.model_validate({"mean_days": mean_days} | spread))
    assert sum(parts) == pytest.approx(1)
    assert min(parts) >= 0
    found = calls_by_day(mailing(response={"mean_days": mean_days} | spread), OFFICE)
    assert sum(found.values()) == pytest.approx(JULY_LETTERS * 0.08)
