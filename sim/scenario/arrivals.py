"""Who calls, as a scenario's YAML says it: steady days, mailings, bursts, and days that are busier than others."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.distributions import Amount, check_spread
from sim.scenario.words import Day, HalfHour, Model, Moment, Share, Weekday, given

BASES = ("per_hour", "by_half_hour", "by_weekday", "by_date", "file")


def _some_weight(weights: dict[str, float]) -> dict[str, float]:
    if sum(weights.values()) <= 0:
        raise ValueError("`profile` has no weight: give at least one half-hour more than 0")
    return weights


Profile = Annotated[dict[HalfHour, Amount], AfterValidator(_some_weight)]


class DayFactor(Model):
    """How much whole days differ: each day's calls are multiplied by a gamma number of mean 1.

    `cv`: its standard deviation.
    """

    cv: Annotated[float, Field(gt=0, le=3, strict=True)]


class Burst(Model):
    """`calls` callers more than usual, from `at` (local time) on, evenly over so many minutes."""

    at: Moment
    calls: Amount
    minutes: Annotated[int, Field(ge=1, le=1440, strict=True)] = 30


class Response(Model):
    """How those who call about a letter are spread over the days after it came.

    `mean_days` with its `distribution` (`cv` for lognormal, `shape` for weibull) counts the days of the calendar;
    what would fall on a closed day comes on the next one that is open. `curve` instead: relative weights of the
    first, second, ... open day.
    """

    mean_days: Annotated[float, Field(gt=0, le=100, strict=True)] | None = None
    distribution: Literal["exponential", "lognormal", "weibull"] = "exponential"
    cv: Amount | None = None
    shape: Annotated[float, Field(gt=0, le=100, strict=True)] | None = None
    curve: Annotated[list[Amount], Field(min_length=1, max_length=400)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Response:
        if (self.mean_days is None) == (self.curve is None):
            raise ValueError("give `mean_days` or `curve` (weights of the first, second, ... open day)")
        if self.curve is not None and sum(self.curve) <= 0:
            raise ValueError("nobody answers by this `curve`: give at least one day a weight above 0")
        check_spread(self.distribution, self.cv, self.shape)
        return self


class Mailing(Model):
    """Letters that are posted on one day and make some of those who get them call.

    `share`: calls for each letter. `delay_days`: so many days of the calendar until the letters are there.
    """

    name: str = ""
    posted: Day
    letters: Annotated[int, Field(ge=0, le=100_000_000, strict=True)]
    share: Share
    delay_days: Annotated[int, Field(ge=0, le=60, strict=True)] = 2
    response: Response = Response(mean_days=5.0)


class ArrivalsPlan(Model):
    """One of five bases, with mailings and bursts on top of it, or these alone.

    `per_hour`: callers an hour while the project is open (a bare queue: always).
    `by_half_hour`: callers in each half-hour named, on each day that is open at all, also outside its hours.
    `by_weekday`: callers on each weekday that is open. `by_date`: callers on each date, none on any other.
    `file`: a CSV with a column `at` (see `sim.observed`). The others are means of Poisson numbers.
    `profile`: relative weights of half-hours, by which the calls of a day (by_weekday, by_date, mailings) are spread
    over it, also outside its hours. Left out: as `by_half_hour`, where that is given, else evenly over the hours.
    `day_factor`: multiplies whatever a day brings.
    """

    per_hour: Amount | None = None
    by_half_hour: dict[HalfHour, Amount] | None = None
    by_weekday: dict[Weekday, Amount] | None = None
    by_date: Annotated[dict[Day, Amount], Field(min_length=1)] | None = None
    file: str | None = None
    profile: Profile | None = None
    day_factor: DayFactor | None = None
    bursts: tuple[Burst, ...] = ()
    mailings: tuple[Mailing, ...] = ()

    @property
    def steady(self) -> bool:
        """Whether nothing but the opening hours ever changes the rate."""
        return self.per_hour is not None and not (self.bursts or self.mailings or self.day_factor)

    @model_validator(mode="after")
    def _one(self) -> ArrivalsPlan:
        bases = given(self, BASES)
        if len(bases) > 1 or not (bases or self.bursts or self.mailings):
            told = " and ".join(bases) or "nothing"
            raise ValueError(f"give one of {', '.join(BASES)}; {told} is given")
        if self.profile is not None and not (self.by_weekday or self.by_date or self.mailings):
            raise ValueError(
                "`profile` spreads by_weekday, by_date and mailings over the day; none of them is given"
            )
        if self.file is not None and (self.bursts or self.mailings or self.day_factor):
            raise ValueError(
                "`file` names every call: mailings, bursts and day_factor do not go with it; write the calls of the "
                "file as `by_date` or `by_half_hour` instead"
            )
        return self
