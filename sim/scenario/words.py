"""The words that scenario files are made of: days, times of day, counts and shares."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from calls.hours import WEEKDAYS

MOST_SEATS = 10_000
_HALF_HOUR = re.compile(r"^([01][0-9]|2[0-3]):(00|30)$")
_TIME = re.compile(r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")
_MOMENT = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}$")


def _half_hour(text: str) -> str:
    if not _HALF_HOUR.match(text):
        raise ValueError(f"'{text}' is no half-hour; write 09:00 or 09:30")
    return text


def _time(text: str) -> str:
    if not _TIME.match(text):
        raise ValueError(f"'{text}' is no time of day; write it like 08:30 (24:00 is the end of the day)")
    return text


def _weekday(text: str) -> str:
    if text not in WEEKDAYS:
        raise ValueError(f"'{text}' is no weekday; write one of {', '.join(WEEKDAYS)}")
    return text


def _day(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if not isinstance(value, str | dt.date):
        raise ValueError("a day is written 2026-05-07")
    return value


def _moment(value: object) -> object:
    if isinstance(value, dt.datetime) or (isinstance(value, str) and _MOMENT.match(value)):
        return value
    raise ValueError("a moment is written 2026-05-07T10:00, in the project's local time")


def _key(text: str) -> str:
    if len(text) != 1 or text not in "0123456789*#":
        raise ValueError(f"'{text}' is no key of a telephone; write one of 0-9, * and #")
    return text


def _one_key(shares: dict[str, float]) -> dict[str, float]:
    if sum(shares.values()) > 1 + 1e-9:
        raise ValueError("the shares of these keys are more than 1 together")
    return shares


Count = Annotated[int, Field(ge=0, le=MOST_SEATS, strict=True)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Day = Annotated[dt.date, BeforeValidator(_day)]
Moment = Annotated[dt.datetime, BeforeValidator(_moment)]
HalfHour = Annotated[str, AfterValidator(_half_hour)]
TimeOfDay = Annotated[str, AfterValidator(_time)]
Weekday = Annotated[str, AfterValidator(_weekday)]
Digit = Annotated[str, AfterValidator(_key)]
KeyShares = Annotated[dict[Digit, Share], AfterValidator(_one_key)]
"""The share of callers who press each key; the rest press nothing."""


def minute(time: str) -> int:
    """'09:30' -> 570, '24:00' -> 1440."""
    return int(time[:2]) * 60 + int(time[3:])


def clock(minute: int) -> str:
    """570 -> '09:30'."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


class Model(BaseModel):
    """A part of a scenario: nothing in it that is not known, and never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def given(model: BaseModel, names: tuple[str, ...]) -> list[str]:
    """Which of some fields are given."""
    return [name for name in names if getattr(model, name) is not None]
