"""What a mailing does to the telephone: letters posted on one day, calls on many days after it."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from calls.hours import ONE_DAY, OpeningHours
from sim.distributions import log_parameters

if TYPE_CHECKING:  # a scenario is checked by what stands here
    from sim.scenario.arrivals import Mailing, Response

WHOLE = 0.999
"""The days after a letter are counted until so many of those who will have called; the rest comes on these days."""

LONGEST_DAYS, LONGEST_CLOSED_DAYS = 400, 100


def calls_by_day(mailing: Mailing, hours: OpeningHours) -> dict[dt.date, float]:
    """The calls that a mailing brings on each day: letters x share in all, none on a day that is closed.

    With `mean_days` each day of the calendar has its part of the distribution, from the day on which the letters
    come. The part of a closed day is added to that of the next day that is open: who finds the telephone closed,
    or knows that it is, calls then. With `curve` only open days are counted. Where the project does not open again
    within LONGEST_CLOSED_DAYS, those calls never come.
    """
    came = mailing.posted + dt.timedelta(days=mailing.delay_days)
    total = mailing.letters * mailing.share
    found: dict[dt.date, float] = {}
    if mailing.response.curve is not None:
        days, whole = _open_days(came, hours), sum(mailing.response.curve)
        for weight, day in zip(mailing.response.curve, days, strict=False):
            found[day] = total * weight / whole
        return found
    for after, part in enumerate(parts_by_day(mailing.response)):
        for day in itertools.islice(_open_days(came + dt.timedelta(days=after), hours), 1):
            found[day] = found.get(day, 0.0) + total * part
    return found


def parts_by_day(response: Response) -> list[float]:
    """Which part of the calls comes on the first, second, ... day of the calendar; together 1."""
    parts: list[float] = []
    before = 0.0
    while before < WHOLE and len(parts) < LONGEST_DAYS:
        until = called_until(response, len(parts) + 1.0)
        parts.append(until - before)
        before = until
    return [part / before for part in parts]


def called_until(response: Response, days: float) -> float:
    """The part (0-1) of those who call that has called so many days after the letter came: a distribution function."""
    mean = response.mean_days or 1.0
    if response.distribution == "lognormal" and response.cv:
        mu, sigma = log_parameters(mean, response.cv)
        return (1 + math.erf((math.log(days) - mu) / (sigma * math.sqrt(2)))) / 2
    if response.distribution == "lognormal":
        return float(days >= mean)
    shape = response.shape or 1.0
    scale = mean / math.gamma(1 + 1 / shape)
    return -math.expm1(-((days / scale) ** shape))


def _open_days(day: dt.date, hours: OpeningHours) -> Iterator[dt.date]:
    closed = 0
    while closed < LONGEST_CLOSED_DAYS:
        closed = 0 if hours.day(day)[0] else closed + 1
        if not closed:
            yield day
        day += ONE_DAY
