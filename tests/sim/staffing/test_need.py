from __future__ import annotations

import datetime as dt

import pytest

from calls.promise import Promise
from sim.expectation import HalfHour, expected_calls
from sim.staffing.need import NothingToStaffError, needs, period_of
from sim.staffing.seat_plan import as_seats, as_yaml, by_day, seat_hours, staffed
from sim.staffing.staff import dated, needed
from sim.world import build
from tests.sim.scenarios import bare, tax_day

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 5, 7)


def test_only_open_half_hours_need_seats_and_each_of_them_does() -> None:
    # 08:30 to 17:15; by_half_hour is spread over whole half-hours, so that half of 17:00 finds the centre closed.
    need = needed(build(tax_day()))
    found = {slot.minute: slot for slot in need.slots}
    assert (min(found), max(found), len(found)) == (510, 1020, 18)
    assert (found[1020].open_min, found[1020].calls) == (15, 30.0)
    assert (found[510].open_min, found[510].calls, found[570].calls) == (30, 40.0, 0.0)
    assert need.outside == pytest.approx(5 + 30 + 20)


def test_calls_by_weekday_all_come_while_it_is_open() -> None:
    scenario = tax_day(arrivals={"by_weekday": {"thu": 350}})
    need = needed(build(scenario))
    assert need.slots[-1].calls == pytest.approx(350 * 15 / 525)
    assert need.calls == pytest.approx(350)
    assert need.outside == pytest.approx(0)


def test_closed_days_need_nobody() -> None:
    scenario = tax_day(**{"from": "2026-05-02", "to": "2026-05-08"})
    assert {slot.day for slot in needed(build(scenario)).slots} == {DAY, DAY + dt.timedelta(days=1)}
    with pytest.raises(NothingToStaffError, match="never open from 2026-05-02 to 2026-05-06"):
        needed(build(tax_day(**{"from": "2026-05-02", "to": "2026-05-06"})))


def test_who_wants_no_operator_needs_no_seat() -> None:
    need = needs(build(tax_day()), [HalfHour(DAY, 540, 80.0)], whole=True)
    assert need.kinds(0.25)[DAY, 540].calls == 20.0


def test_a_bare_queue_is_open_day_and_night_and_its_calls_become_days() -> None:
    scenario = dated(bare(calls=2880, arrivals={"per_hour": 60}))
    assert (scenario.start, scenario.last) == (dt.date(2026, 4, 1), dt.date(2026, 4, 2))
    need = needed(build(scenario))
    assert len(need.slots) == 96
    assert need.calls == pytest.approx(2880)
    with pytest.raises(NothingToStaffError, match="give `from` and `to`"):
        dated(tax_day(to=None, calls=100))


@pytest.mark.parametrize(
    ("promise", "day", "period"),
    [
        (Promise(), DAY, ("2026-05", 0.9)),
        (Promise(months={5: 0.8}), DAY, ("2026-05", 0.8)),
        (Promise(period="year", months={5: 0.8}), DAY, ("2026-05", 0.8)),
        (Promise(period="year", months={5: 0.8}), dt.date(2026, 6, 1), ("2026", 0.9)),
    ],
)
def test_periods_are_those_of_the_promise(promise: Promise, day: dt.date, period: tuple[str, float]) -> None:
    assert period_of(promise, day) == period


def test_a_plan_goes_into_a_scenario_and_comes_out_the_same() -> None:
    alike = {(DAY + dt.timedelta(days=n), minute): 2 + minute // 600 for n in (0, 1) for minute in (540, 600)}
    assert as_seats(alike) == {"by_half_hour": {"09:00": 2, "10:00": 3}}
    other = alike | {(DAY, 540): 9}
    assert as_seats(other)["by_date"]["2026-05-07"] == {"09:00": 9, "10:00": 3}
    assert (seat_hours(other), by_day(other)[DAY]["09:00"]) == (8.5, 9)
    assert "by_date:\n    '2026-05-07': {'09:00': 9, '10:00': 3}" in as_yaml(as_seats(other))
    world = build(staffed(tax_day(), other))
    opening = dt.datetime(2026, 5, 7, 9, 0, tzinfo=world.zone).timestamp()
    assert [world.shifts.at(opening + 60 * minutes) for minutes in (0, 29, 31, 60)] == [9, 9, 0, 3]


def test_the_expected_calls_are_where_the_scenario_has_them() -> None:
    assert sum(half.calls for half in expected_calls(tax_day())) == 355
