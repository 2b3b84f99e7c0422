from __future__ import annotations

from pathlib import Path

import pytest

from calls.hours import Span
from engine.build import load_centre
from engine.shifts_file import ShiftEntry, load_shifts
from ivr.yaml_marks import ConfigurationError
from tests.engine.test_build import CONFIG
from tests.engine.test_people_file import centre

pytestmark = pytest.mark.unit

GOOD = 'who: op1, days: mon-fri, hours: "08:30-17:15"'


def told(folder: Path, *entries: str) -> list[str]:
    """What is told of a shift plan: without the file's name."""
    path = folder / "shifts.yaml"
    text = "shifts:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)
    path.write_text(text, encoding="utf-8")
    found = load_centre(centre(folder))
    try:
        load_shifts(path, found)
    except ConfigurationError as error:
        return [str(problem).removeprefix(f"{path}:") for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            'who: op9, days: mon, hours: "08:30-17:15"',
            "2:11: error: there is no person 'op9' in people.yaml, and no such seat in seats.yaml; did you mean 'op1'?",
        ),
        (
            'who: [s1, s2-s3], days: mon, hours: "08:30-17:15"',
            "2:16: error: there is no person 's3' in people.yaml, and no such seat in seats.yaml",
        ),
        (
            'who: s-1, days: mon, hours: "08:30-17:15"',
            "2:11: error: 's-1' is no person; write it like op101, or op101-op134 for a range",
        ),
        ('who: [], days: mon, hours: "08:30-17:15"', "2:6: error: at least one is needed here"),
        (
            'who: op1, days: monday, hours: "08:30-17:15"',
            "2:22: error: 'monday' is no weekday; write mon, tue, ... or a range like mon-fri",
        ),
        ("who: op1, days: mon, hours: 8-17", "2:34: error: hours are written like 08:30-17:15"),
        ("who: op1, days: mon", "2:5: error: 'hours' is missing here"),
        (f'{GOOD}, breaks: "17:00-17:30"', "2:61: error: a break lies outside of the hours"),
        (
            f"{GOOD}, from: 2026-05-02, to: 2026-05-01",
            "2:5: error: `to` lies before `from`: nobody would ever be expected",
        ),
        (f"{GOOD}, from: 2026-02-30", "2:59: error: there is no day 2026-02-30"),
        (f"{GOOD}, project: taxi", "2:62: error: there is no project 'taxi'; did you mean 'tax'?"),
        (f"{GOOD}, rest: 1", "2:53: error: 'rest' means nothing here; did you mean 'breaks'?"),
    ],
)
def test_a_shift_that_is_wrong(tmp_path: Path, entry: str, message: str) -> None:
    assert told(tmp_path, entry) == [message]


TWICE = "3:11: error: 'op1' is expected on {} at the same time by an entry above"


@pytest.mark.parametrize(
    ("second", "day"),
    [
        ('who: op1, days: fri-sun, hours: "17:00-20:00"', "fri"),
        ('who: op1, days: fri-sun, hours: "17:15-20:00"', ""),
        ('who: op1, days: [sat, sun], hours: "08:30-17:15"', ""),
        ('who: op1, days: sun, hours: "22:00-09:00"', "mon"),
        ('who: op1, days: sun, hours: "22:00-08:30"', ""),
        ('who: op1, days: mon, hours: "09:00-10:00", from: 2026-05-01', "mon"),
        ('who: s1, days: mon, hours: "09:00-10:00"', ""),
    ],
)
def test_somebody_is_expected_twice_at_the_same_time(tmp_path: Path, second: str, day: str) -> None:
    assert told(tmp_path, GOOD, second) == ([TWICE.format(day)] if day else [])


def test_who_is_there_when() -> None:
    entry = ShiftEntry.model_validate(
        {
            "who": ["op1-op2", "s1"],
            "days": ["fri-sat", "mon"],
            "hours": ["08:00-12:00", "22:00-06:00"],
            "breaks": ["02:00-02:30", "10:00-10:15"],
        }
    )
    assert [who for _, who in entry.ids()] == ["op1", "op2", "s1"]
    assert entry.weekdays() == {0, 4, 5}
    assert entry.hours == (Span(480, 720), Span(1320, 1800))
    assert entry.breaks == (
        Span(1560, 1590),
        Span(600, 615),
    )  # the first one belongs to the night that began before


def test_one_plan_after_the_other(tmp_path: Path) -> None:
    assert told(tmp_path, f"{GOOD}, to: 2026-04-30", f"{GOOD}, from: 2026-05-01") == []


def test_without_the_file_nobody_is_expected(tmp_path: Path) -> None:
    assert load_shifts(tmp_path / "shifts.yaml", None) == ()


def test_the_plan_that_comes_along() -> None:
    assert load_shifts(CONFIG / "shifts.yaml", load_centre(CONFIG))
