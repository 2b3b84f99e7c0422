"""The budget in words: every sentence, in every language, with the same figures in it."""

from __future__ import annotations

import string
from zoneinfo import ZoneInfo

import pytest

from calls.budget import Counts, budget
from calls.pace import Pace
from sim.forecast import Forecast
from sim.forecast.repair import NoRepair, Repair
from supervisor.budget_arguments import LANGUAGES
from supervisor.budget_words import ONE, WORDS, Told, sentences

pytestmark = pytest.mark.unit

TOKYO = ZoneInfo("Asia/Tokyo")
TWENTY_PAST_TWO = 1_778_131_200.0  # 14:20 on 7 May 2026
CALM = Pace(100.0, 5.0, 500, 30, None)
HOLDS = Forecast(20, 0.95, (None, None, None), 100.0, 1.0, 0.95)
BROKEN = (
    "Simulated: the day breaks at 14:50 (80 % of replications: 14:20 to not at all); it holds in 35.0 % of 20 "
    "replications."
)
BREAKS = Forecast(20, 0.35, (TWENTY_PAST_TWO, TWENTY_PAST_TWO + 1800, None), 100.0, 1.0, 0.79)


def fields(text: str) -> set[str]:
    """The names that are put in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_says_the_same() -> None:
    assert set(WORDS) == set(LANGUAGES)
    for key, text in WORDS["en"].items():
        for language in LANGUAGES:
            assert fields(WORDS[language][key]) == fields(text), key
    for key, text in ONE.items():
        assert fields(text) <= fields(WORDS["en"][key])


def said(told: Told, language: str = "en") -> list[str]:
    """All but the first sentence, which has the figures of the period."""
    first, *rest = sentences(told, TOKYO, language)
    assert told.period in first
    return rest


def told(numerator: int, denominator: int, more: int | None = None, **others: object) -> Told:
    """A month of 90 %, and a calm day."""
    found = budget(numerator, denominator, others.pop("promise", 0.9), more)  # type: ignore[arg-type]
    usual: dict[str, object] = {"today": Counts(95, 100), "pace": CALM}
    return Told("2026-05", False, found, **(usual | others))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "en", "ja"),
    [
        (told(1686, 1844), "You may lose 29 more calls this month.", "今月はあと29件まで取りこぼせます。"),
        (told(91, 100), "You may lose 1 more call this month.", "今月はあと1件まで取りこぼせます。"),
        (
            told(950, 1000, 640),
            "Of about 640 calls still to come this month you may lose 114.",
            "今月はこれから約640件の見込みで、うち114件まで取りこぼせます。",
        ),
        (
            told(1000, 1000, 50),
            "The promise holds even if all 50 calls that are still to come this month are lost.",
            "今月これから見込まれる50件をすべて取りこぼしても、約束は守れます。",
        ),
        (
            told(880, 1000),
            "The rate is below the promise; the next 200 calls, all answered, bring it up.",
            "応答率は約束を下回っています。続けて200件すべてに応答すれば戻ります。",
        ),
        (
            told(8999, 10000),
            "The rate is below the promise; the next 10 calls, all answered, bring it up.",
            "応答率は約束を下回っています。続けて10件すべてに応答すれば戻ります。",
        ),
        (
            told(880, 1000, 1),
            "The promise cannot be kept any more: even if every further call is answered, 88.0 % is the best.",
            "約束はもう守れません。これからの全件に応答しても88.0 %が最高です。",
        ),
        (
            told(9, 10, promise=1.0),
            "The promise cannot be kept any more: it allows no lost call.",
            "約束はもう守れません。1件の取りこぼしも許されない約束です。",
        ),
    ],
)
def test_the_period(found: Told, en: str, ja: str) -> None:
    assert said(found)[0] == en
    assert said(found, "ja")[0] == ja


def test_a_period_that_can_still_be_kept() -> None:
    assert said(told(880, 1000, 300))[:2] == [
        "The rate is below the promise, but it can still be kept.",
        "Of about 300 calls still to come this month you may lose 10.",
    ]
    assert said(told(950, 1000)._replace(yearly=True))[0] == "You may lose 55 more calls this year."
    assert said(told(950, 1000)._replace(yearly=True), "ja")[0].startswith("今年は")


@pytest.mark.parametrize(
    ("pace", "en"),
    [
        (CALM, "At this pace the day holds."),
        (CALM._replace(lost_per_hour=None, counted_per_hour=None), "It is too early today to tell the pace."),
        (CALM._replace(breaks_at=TWENTY_PAST_TWO), "At this pace the day breaks at 14:20."),
    ],
)
def test_the_pace(pace: Pace, en: str) -> None:
    found = said(told(950, 1000, pace=pace))
    assert found[-1] == en
    assert found[1].startswith("Today: 95 of 100 calls answered (95.0 %)")


def test_a_day_that_is_broken_says_so_and_no_pace() -> None:
    found = said(told(950, 1000, pace=CALM._replace(may_lose=-3, breaks_at=TWENTY_PAST_TWO)))
    assert found[-1] == (
        "Today: 95 of 100 calls answered (95.0 %), which is 3 lost too many; "
        "the day broke in the half-hour of 14:20."
    )


@pytest.mark.parametrize(
    ("outlook", "repair", "en"),
    [
        (HOLDS, None, ["Simulated: the day holds in 95.0 % of 20 replications."]),
        (
            BREAKS,
            Repair(2, TWENTY_PAST_TWO + 600, 0.95),
            [
                BROKEN,
                "2 more seats from 14:30 on repair it: with them it holds in 95.0 %.",
            ],
        ),
        (
            BREAKS,
            Repair(1, TWENTY_PAST_TWO, 0.9),
            ["1 more seat from 14:20 on repairs it: with it the day holds in 90.0 %."],
        ),
        (
            BREAKS,
            NoRepair(32, TWENTY_PAST_TWO, 0.1),
            ["Not even 32 more seats from 14:20 on repair it: with them it holds in 10.0 %."],
        ),
        (BREAKS, None, ["Today it is too late for more seats."]),
    ],
)
def test_the_simulated_day(outlook: Forecast, repair: Repair | NoRepair | None, en: list[str]) -> None:
    found = told(950, 1000, outlook=outlook, repair=repair)
    assert said(found)[-len(en) :] == en
    assert len(said(found, "ja")) == len(said(found))
