"""Ways to split a mailing: how many batches, on which days, and how many letters each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sim.randomness import Numbers
from sim.staffing.mailing_forecast import Forecast

CHUNKS = 40
"""The letters are handed out to the batches in so many parts."""

Split = dict[dt.date, int]
"""Letters by posting day."""


class Limits(NamedTuple):
    """`most` batches, of at least so many letters each (`least`)."""

    most: int = 12
    least: int = 1000


def splits(forecast: Forecast, able: Sequence[dt.date], letters: int, limits: Limits) -> Iterator[Split]:
    """Every number of batches, few first, with every even distance of posting days, close ones first.

    `able`: the posting days that can be used. Sizes: part by part, the letters go where they cost the fewest calls
    more; as what is lost grows faster than what calls, no other sizes on the same days lose fewer (up to a part).
    """
    most = min(limits.most, max(1, letters // max(1, limits.least)), len(able))
    for batches in range(1, most + 1):
        for gap in range(1, 2 if batches == 1 else len(able)):
            days = list(range(0, gap * batches, gap))
            if days[-1] < len(able):
                yield _sized(forecast, [able[day] for day in days], letters, limits.least)


def _sized(forecast: Forecast, days: list[dt.date], letters: int, least: int) -> Split:
    """Whole hundreds of letters on each of some days, what is left over on the last one."""
    places = [forecast.posting.index(day) for day in days]
    spread = np.zeros(len(forecast.posting))
    spread[places] = min(least, letters / len(days))
    part = (letters - spread.sum()) / CHUNKS
    for _ in range(CHUNKS if len(days) > 1 else 0):
        costs = [forecast.lost(_more(spread, place, part)) for place in places]
        spread[places[int(np.argmin(costs))]] += part
    sizes = [int(round(spread[place], -2)) for place in places[:-1]]
    return dict(zip(days, [*sizes, letters - sum(sizes)], strict=True))


def _more(spread: Numbers, place: int, part: float) -> Numbers:
    other = spread.copy()
    other[place] += part
    return other
