"""Everything in `arrivals` together: bases, profiles, mailings, bursts and busy days."""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.hours import OpeningHours, Span
from sim.arrivals import DaySpan, NoArrivalsError, burst_plan, together
from sim.demand import day_factors, drawn_plan, expected_plan
from sim.expectation import expected_calls, handle_mean, wrapup_mean
from sim.randomness import Stream
from sim.run import run
from sim.scenario import Scenario
from sim.scenario.arrivals import ArrivalsPlan, DayFactor
from tests.sim.scenarios import PROJECT, bare, tax_day

pytestmark = pytest.mark.unit

OFFICE = OpeningHours(weekly={day: (Span(510, 1035),) for day in range(5)})
MONDAY, SUNDAY = dt.date(2026, 5, 11), dt.date(2026, 5, 10)


def planned(day: dt.date, **arrivals: object) -> list[DaySpan]:
    """What a day brings."""
    return expected_plan(ArrivalsPlan.model_validate(arrivals), OFFICE)(day)


def total(spans: list[DaySpan]) -> float:
    return sum(span.calls for span in spans)


def test_a_date_has_its_calls_spread_over_the_hours_or_by_the_profile() -> None:
    assert planned(MONDAY, by_date={"2026-05-11": 700}) == [DaySpan(Span(510, 1035), 700)]
    assert planned(MONDAY, by_date={"2026-05-12": 700}) == []
    spread = planned(MONDAY, by_date={"2026-05-11": 700}, profile={"09:00": 5, "18:00": 2})
    assert spread == [DaySpan(Span(540, 570), 500), DaySpan(Span(1080, 1110), 200)]
    assert planned(SUNDAY, by_date={"2026-05-10": 7}, profile={"09:00": 1}) == [DaySpan(Span(540, 570), 7)]


def test_a_weekday_that_is_closed_brings_nobody_whatever_the_profile_says() -> None:
    weekdays = {"sun": 10, "mon": 20}
    assert total(planned(SUNDAY, by_weekday=weekdays, profile={"09:00": 1})) == 0
    assert total(planned(MONDAY, by_weekday=weekdays, profile={"09:00": 1})) == 20


def test_letters_come_on_top_and_take_the_shape_of_the_day() -> None:
    letters = [
        {"posted": "2026-05-11", "letters": 1000, "share": 0.1, "delay_days": 0, "response": {"curve": [1]}}
    ]
    both = planned(MONDAY, by_half_hour={"09:00": 30, "10:00": 10}, mailings=letters)
    assert [(span.span.start, span.calls) for span in both if span.calls] == [(540, 105), (600, 35)]
    assert total(planned(MONDAY, mailings=letters)) == 100
    assert total(planned(SUNDAY, mailings=letters)) == 0


def test_several_mailings_and_bursts_add_up() -> None:
    one = {"posted": "2026-05-08", "letters": 1000, "share": 0.1, "response": {"mean_days": 3.0}}
    single = total(planned(MONDAY, mailings=[one]))
    assert total(planned(MONDAY, mailings=[one, one])) == pytest.approx(2 * single)
    burst = {"at": "2026-05-11T10:10", "calls": 300, "minutes": 20}
    together = planned(MONDAY, per_hour=60, bursts=[burst])
    assert [tuple(part.span) for part in together] == [(510, 610), (610, 630), (630, 1035)]
    assert [part.calls for part in together] == pytest.approx([100, 320, 405])


def test_a_burst_goes_on_after_midnight() -> None:
    plan = burst_plan(dt.datetime.fromisoformat("2026-05-10T23:50"), 30, 300.0)
    assert plan(SUNDAY) == [DaySpan(Span(1430, 1440), 100)]
    assert plan(MONDAY) == [DaySpan(Span(0, 20), 200)]
    assert plan(dt.date(2026, 5, 12)) == plan(dt.date(2026, 5, 9)) == []


spans = st.tuples(st.integers(0, 1439), st.integers(1, 300), st.floats(0, 1000)).map(
    lambda drawn: DaySpan(Span(drawn[0], min(drawn[0] + drawn[1], 1440)), drawn[2])
)


@given(st.lists(st.lists(spans, max_size=4), min_size=2, max_size=4))
def test_plans_together_lose_nobody_and_never_overlap(parts: list[list[DaySpan]]) -> None:
    merged = together([lambda day, part=part: part for part in parts])(MONDAY)  # type: ignore[misc]
    assert total(merged) == pytest.approx(sum(total(part) for part in parts))
    assert all(here.span.end <= later.span.start for here, later in itertools.pairwise(merged))


def test_day_factors_have_mean_1_and_the_spread_asked_for() -> None:
    draw = day_factors(DayFactor(cv=0.15), Stream(1, "day-factor"))
    drawn = [draw() for _ in range(20_000)]
    assert statistics.fmean(drawn) == pytest.approx(1, abs=3 * 0.15 / 20_000**0.5)
    assert statistics.stdev(drawn) == pytest.approx(0.15, rel=0.03)
    assert min(drawn) > 0


def test_a_day_factor_changes_days_and_not_their_shape() -> None:
    plan = ArrivalsPlan.model_validate(
        {"by_half_hour": {"09:00": 30, "10:00": 10}, "day_factor": {"cv": 0.3}}
    )
    drawn = drawn_plan(plan, OFFICE, seed=1)
    days = [drawn(MONDAY), drawn(MONDAY + dt.timedelta(days=1))]
    assert [day[0].calls / day[1].calls for day in days] == [pytest.approx(3)] * 2
    assert total(days[0]) != total(days[1])


def test_the_scenario_brings_what_is_expected_of_it() -> None:
    arrivals = {
        "by_weekday": {"mon": 300, "thu": 400, "fri": 200},
        "profile": {"08:00": 1, "09:00": 5, "13:00": 3, "18:00": 1},
        "mailings": [{"posted": "2026-05-06", "letters": 10_000, "share": 0.05, "delay_days": 1}],
        "bursts": [{"at": "2026-05-08T10:05", "calls": 100, "minutes": 50}],
    }
    scenario = tax_day(to="2026-05-11", arrivals=arrivals, seats=60)
    expected = expected_calls(scenario)
    counts = [run(scenario.model_copy(update={"seed": seed})).summary["offered"] for seed in range(3)]
    mean = sum(half_hour.calls for half_hour in expected)
    assert statistics.fmean(counts) == pytest.approx(mean, abs=3 * (mean / 3) ** 0.5)
    assert {half_hour.day for half_hour in expected} == {dt.date(2026, 5, day) for day in (7, 8, 11)}
    burst = [h for h in expected if h.day == dt.date(2026, 5, 8) and h.minute in (600, 630)]
    assert [half_hour.calls for half_hour in burst] == [pytest.approx(50), pytest.approx(50)]


def test_expectations_end_where_the_scenario_ends() -> None:
    assert sum(half_hour.calls for half_hour in expected_calls(bare())) == pytest.approx(2000)
    tax = tax_day(arrivals={"per_hour": 100})
    assert sum(half_hour.calls for half_hour in expected_calls(tax)) == pytest.approx(875)
    last = expected_calls(tax)[-1]
    assert (last.day, last.minute) == (dt.date(2026, 5, 7), 1020)
    assert last.calls == pytest.approx(25)  # 17:00-17:15
    nobody = tax.model_copy(
        update={"last": None, "arrivals": ArrivalsPlan(by_weekday={"sun": 3}), "calls": 5}
    )
    with pytest.raises(NoArrivalsError):
        expected_calls(nobody)


def test_the_calls_of_a_file_are_counted(tmp_path: Path) -> None:
    scenario = Scenario.model_validate(
        {"project": PROJECT, "arrivals": {"file": "calls.csv"}, "handle": {"mean": 1.0}, "seats": 1}
    )
    times = "at\n2026-05-07T09:29\n2026-05-07T09:30\n2026-05-07T09:59\n"
    (tmp_path / "calls.csv").write_text(times, encoding="utf-8")
    scenario = scenario.model_copy(update={"folder": tmp_path})
    assert [(h.minute, h.calls) for h in expected_calls(scenario)] == [(540, 1), (570, 2)]
    assert [h.calls for h in expected_calls(scenario.model_copy(update={"calls": 2}))] == [1, 1]


def test_means_over_the_classes_of_inquiry() -> None:
    classes = {
        "a": {"share": 0.2, "mean": 700.0, "wrapup": {"mean": 90.0}},
        "b": {"share": 0.3, "mean": 100.0},
    }
    scenario = bare(handle={"mean": 400.0, "classes": classes}, wrapup={"mean": 30.0})
    assert handle_mean(scenario) == pytest.approx(0.2 * 700 + 0.3 * 100 + 0.5 * 400)
    assert wrapup_mean(scenario) == pytest.approx(0.2 * 90 + 0.8 * 30)
    assert handle_mean(bare()) == 300
