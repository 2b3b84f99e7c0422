"""The budget in words, in English and Japanese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calls.budget import Budget, Counts
from calls.pace import Pace
from sim.forecast import Forecast
from sim.forecast.repair import NoRepair, Repair

Line = tuple[str, dict[str, object]]
"""A key of WORDS, and what is put in."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "period": "{name}: {answered:,} of {counted:,} calls answered ({rate}); promised {promise}.",
        "may_lose": "You may lose {calls:,} more calls this {unit}.",
        "of_expected": "Of about {expected:,} calls still to come this {unit} you may lose {calls:,}.",
        "safe": "The promise holds even if all {expected:,} calls that are still to come this {unit} are lost.",
        "behind": "The rate is below the promise; the next {calls:,} calls, all answered, bring it up.",
        "can_be_kept": "The rate is below the promise, but it can still be kept.",
        "lost": "The promise cannot be kept any more: even if every further call is answered, {rate} is the best.",
        "none_at_all": "The promise cannot be kept any more: it allows no lost call.",
        "today": "Today: {answered:,} of {counted:,} calls answered ({rate}); today may lose {calls:,} more.",
        "today_broken": "Today: {answered:,} of {counted:,} calls answered ({rate}), which is {calls:,} lost "
        "too many; the day broke in the half-hour of {at}.",
        "too_early": "It is too early today to tell the pace.",
        "pace_breaks": "At this pace the day breaks at {at}.",
        "pace_holds": "At this pace the day holds.",
        "forecast_holds": "Simulated: the day holds in {share} of {times} replications.",
        "forecast_breaks": "Simulated: the day breaks at {at} (80 % of replications: {early} to {late}); it holds "
        "in {share} of {times} replications.",
        "repair": "{seats} more seats from {at} on repair it: with them it holds in {share}.",
        "no_repair": "Not even {seats} more seats from {at} on repair it: with them it holds in {share}.",
        "too_late": "Today it is too late for more seats.",
        "not_at_all": "not at all",
        "month": "month",
        "year": "year",
    },
    "ja": {
        "period": "{name}：{counted:,}件中{answered:,}件に応答（{rate}）、約束は{promise}。",
        "may_lose": "{unit}はあと{calls:,}件まで取りこぼせます。",
        "of_expected": "{unit}はこれから約{expected:,}件の見込みで、うち{calls:,}件まで取りこぼせます。",
        "safe": "{unit}これから見込まれる{expected:,}件をすべて取りこぼしても、約束は守れます。",
        "behind": "応答率は約束を下回っています。続けて{calls:,}件すべてに応答すれば戻ります。",
        "can_be_kept": "応答率は約束を下回っていますが、まだ守れます。",
        "lost": "約束はもう守れません。これからの全件に応答しても{rate}が最高です。",
        "none_at_all": "約束はもう守れません。1件の取りこぼしも許されない約束です。",
        "today": "本日：{counted:,}件中{answered:,}件に応答（{rate}）。本日はあと{calls:,}件まで取りこぼせます。",
        "today_broken": "本日：{counted:,}件中{answered:,}件に応答（{rate}）。{calls:,}件超過し、{at}からの30分で"
        "割り込みました。",
        "too_early": "本日のペースはまだ分かりません。",
        "pace_breaks": "このペースでは{at}に本日分を割り込みます。",
        "pace_holds": "このペースなら本日は守れます。",
        "forecast_holds": "シミュレーション{times}回中{share}で本日は守れます。",
        "forecast_breaks": "シミュレーションでは{at}に割り込みます（80％の範囲：{early}～{late}）。"
        "守れるのは{times}回中{share}です。",
        "repair": "{at}から{seats}席増やせば守れます（{share}）。",
        "no_repair": "{at}から{seats}席増やしても守れません（{share}）。",
        "too_late": "本日は増席にはもう間に合いません。",
        "not_at_all": "割り込まない",
        "month": "今月",
        "year": "今年",
    },
}
"""Each sentence; `unit` is one of its own words."""

ONE: dict[str, str] = {
    "may_lose": "You may lose 1 more call this {unit}.",
    "behind": "The rate is below the promise; the next call, if it is answered, brings it up.",
    "repair": "1 more seat from {at} on repairs it: with it the day holds in {share}.",
}
"""In English of one thing."""


class Told(NamedTuple):
    """Everything that is to be said. `yearly`: the period is a year. `outlook`: what a simulation says, if one ran."""

    period: str
    yearly: bool
    budget: Budget
    today: Counts
    pace: Pace
    outlook: Forecast | None = None
    repair: Repair | NoRepair | None = None
    wanted: float = 0.9
    """With this probability the day has to hold."""


def sentences(told: Told, zone: ZoneInfo, language: str) -> list[str]:
    """What is to be said in a language of WORDS. Times are those of the project's clock."""
    return [_said(line, zone, language) for line in _lines(told)]


def _said(line: Line, zone: ZoneInfo, language: str) -> str:
    key, values = line
    words = WORDS[language]
    shown = {name: _shown(name, value, zone, words) for name, value in values.items()}
    one = language == "en" and 1 in (values.get("calls"), values.get("seats"))
    return (ONE.get(key, words[key]) if one else words[key]).format(**shown)


def _shown(name: str, value: object, zone: ZoneInfo, words: dict[str, str]) -> object:
    if name in ("rate", "promise", "share"):
        return "-" if value is None else f"{100 * float(str(value)):.1f} %"
    if name in ("at", "early", "late"):
        return words["not_at_all"] if value is None else _clock(float(str(value)), zone)
    return words[str(value)] if name == "unit" else value


def _clock(at: float, zone: ZoneInfo) -> str:
    return f"{dt.datetime.fromtimestamp(at, zone):%H:%M}"


def _lines(told: Told) -> Iterator[Line]:
    found = told.budget
    known: dict[str, object] = {"answered": found.answered, "counted": found.counted, "rate": found.rate}
    yield "period", known | {"name": told.period, "promise": found.promise}
    yield from _of_period(found, "year" if told.yearly else "month")
    yield from _of_today(told)
    if told.outlook is not None:
        yield from _of_outlook(told, told.outlook)
    elif told.pace.may_lose >= 0:
        yield _of_pace(told.pace)


def _of_period(found: Budget, unit: str) -> Iterator[Line]:
    said = {"unit": unit, "calls": found.may_lose, "expected": found.expected_more}
    if found.state == "lost":
        yield ("lost", {"rate": found.best}) if found.expected_more is not None else ("none_at_all", {})
    elif found.state == "safe":
        yield "safe", said
    elif found.expected_more is None:
        yield ("behind", {"calls": found.catch_up}) if found.state == "behind" else ("may_lose", said)
    else:
        if found.state == "behind":
            yield "can_be_kept", {}
        yield "of_expected", said


def _of_today(told: Told) -> Iterator[Line]:
    today, may_lose = told.today, told.pace.may_lose
    known: dict[str, object] = {"answered": today.answered, "counted": today.counted, "rate": today.rate}
    if may_lose >= 0:
        yield "today", known | {"calls": may_lose}
    else:
        yield "today_broken", known | {"calls": -may_lose, "at": told.pace.breaks_at}


def _of_pace(pace: Pace) -> Line:
    if pace.breaks_at is not None:
        return "pace_breaks", {"at": pace.breaks_at}
    return ("too_early" if pace.lost_per_hour is None else "pace_holds"), {}


def _of_outlook(told: Told, outlook: Forecast) -> Iterator[Line]:
    early, median, late = outlook.breaks_at
    known: dict[str, object] = {"share": outlook.kept_share, "times": outlook.times}
    if outlook.kept_share >= told.wanted:
        yield "forecast_holds", known
        return
    yield "forecast_breaks", known | {"at": median, "early": early, "late": late}
    match told.repair:
        case None:
            yield "too_late", {}
        case Repair(seats, at, share):
            yield "repair", {"seats": seats, "at": at, "share": share}
        case NoRepair(seats, at, share):
            yield "no_repair", {"seats": seats, "at": at, "share": share}
