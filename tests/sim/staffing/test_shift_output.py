from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from calls.hours import Span
from engine.shifts_file import load_shifts
from sim.arrivals import at_minute
from sim.staffing.cover import Duty, at_work
from sim.staffing.roster import Roster
from sim.staffing.seat_plan import with_seats
from sim.staffing.shift_output import ranges, roster_entries, scenario_shifts, shifts_yaml
from sim.world import build
from tests.sim.scenarios import tax_day

pytestmark = pytest.mark.unit

NOON, LATE = (Span(720, 780),), (Span(780, 840),)
EARLY = Duty(0, Span(510, 1035), NOON)
OTHER = Duty(0, Span(510, 1035), LATE)
PART = Duty(1, Span(540, 780), ())
DAYS = [dt.date(2026, 5, day) for day in (7, 8, 11, 12)]


def test_the_simulated_centre_has_as_many_there_as_the_plan() -> None:
    duties = {
        DAYS[0]: Counter({EARLY: 2, OTHER: 3}),
        DAYS[1]: Counter({EARLY: 4, PART: 1}),
        DAYS[2]: Counter({EARLY: 2, OTHER: 3, PART: 2}),
        DAYS[3]: Counter({OTHER: 1}),
    }
    scenario = tax_day(to="2026-05-12")
    world = build(with_seats(scenario, {"shifts": scenario_shifts(duties)}))
    for day, counts in duties.items():
        there = at_work(counts)
        for minute in range(480, 1080, 15):
            assert world.shifts.at(at_minute(day, minute + 1, world.zone)) == there.get(minute, 0)
    # So many different people are there on the fullest day of each duty, not on all days together.
    assert world.shifts.most == 4 + 3 + 2


def test_a_shift_that_is_there_on_all_days_needs_no_dates() -> None:
    (shift,) = scenario_shifts({day: Counter({EARLY: 2}) for day in DAYS})
    assert shift == {"seats": 2, "from": "08:30", "to": "17:15", "breaks": [{"at": "12:00", "minutes": 60}]}


def test_the_roster_is_a_shifts_file_that_the_engine_reads(tmp_path: Path) -> None:
    roster = Roster(
        {(day, who): EARLY for day in DAYS for who in ("op101", "op102", "op103")}
        | {(DAYS[0], "op107"): PART, (DAYS[2], "op107"): PART, (DAYS[3], "op107"): OTHER}
    )
    entries = roster_entries(roster, "saitama-autotax", DAYS)
    file = tmp_path / "shifts.yaml"
    file.write_text(shifts_yaml(entries), encoding="utf-8")
    found = load_shifts(file, None)
    expected = {
        (day, who, entry.hours[0], entry.breaks)
        for entry in found
        for _, who in entry.ids()
        for day in DAYS
        if day.weekday() in entry.weekdays() and entry.from_ and entry.to and entry.from_ <= day <= entry.to
    }
    assert expected == {(day, who, duty.span, duty.breaks) for (day, who), duty in roster.duties.items()}
    assert len(found) == 3  # the three together, op107 on a Thursday and a Monday, and on the last day
    assert found[0].who == ("op101-op103",)


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (["op102", "op101", "op103", "op107"], ["op101-op103", "op107"]),
        (["op099", "op100"], ["op099-op100"]),
        (["op99", "op100"], ["op100", "op99"]),
        (["leader", "op1"], ["leader", "op1"]),
        ([], []),
    ],
)
def test_names_in_a_row_are_told_as_a_range(who: list[str], told: list[str]) -> None:
    assert ranges(who) == told
