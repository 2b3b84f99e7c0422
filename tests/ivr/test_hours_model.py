from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pydantic import ValidationError

from calls.hours import Span
from ivr.hours_model import Calendar, ProjectHours
from ivr.loader import load_projects
from tests.ivr.project_file import GOOD, told

pytestmark = pytest.mark.unit


def week(**days: list[str]) -> ProjectHours:
    """Hours of some weekdays; `_` stands for `-` in their names."""
    return ProjectHours.model_validate({"weekly": {name.replace("_", "-"): at for name, at in days.items()}})


def test_hours_past_midnight() -> None:
    assert week(fri=["22:00-02:00"]).opening_hours().weekly == {4: (Span(1320, 1560),)}
    assert week(mon=["00:00-24:00"]).opening_hours().weekly == {0: (Span(0, 1440),)}


@pytest.mark.parametrize("text", ["24:00-24:00", "24:00-02:00", "08:00-24:01", "08:60-09:00", "09:00-09:00"])
def test_hours_that_are_no_time(text: str) -> None:
    with pytest.raises(ValidationError, match="hours lie between 00:00 and 24:00"):
        week(mon=[text])


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ({"mon": ["22:00-02:00", "23:00-23:30"]}, "these hours overlap"),
        ({"mon": ["22:00-02:00"], "tue": ["01:00-03:00"]}, "mon and tue: these hours overlap after midnight"),
        ({"sun": ["22:00-02:00"], "mon": ["01:00-03:00"]}, "sun and mon: these hours overlap after midnight"),
        ({"mon_sun": ["22:00-21:00", "20:30-20:45"]}, "mon and tue: these hours overlap after midnight"),
    ],
)
def test_hours_that_overlap(days: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        week(**days)


def test_hours_that_only_meet_do_not_overlap() -> None:
    week(mon_sun=["22:00-02:00", "02:00-22:00"])


def test_half_a_day_closed() -> None:
    hours = ProjectHours.model_validate(
        {
            "weekly": {"mon-fri": ["08:30-17:15"]},
            "closed": [{"date": "2026-05-07", "hours": ["12:00-24:00"], "reason": "点検"}],
        }
    ).opening_hours()
    assert hours.day(dt.date(2026, 5, 7))[0] == (Span(510, 720),)
    assert hours.status(dt.datetime(2026, 5, 7, 13)).reason == "点検"  # noqa: DTZ001 (the wall clock)


def test_several_calendars() -> None:
    calendars = (
        Calendar.model_validate({"holidays": "JP", "closed": [{"date": "2026-05-07", "reason": "点検"}]}),
        Calendar.model_validate(
            {"closed_every_year": [{"from": "06-01", "to": "06-01", "reason": "創立記念日"}]}
        ),
    )
    hours = week(mon_sun=["08:30-17:15"]).model_copy(update={"days_off": calendars}).opening_hours()
    reasons = [hours.day(dt.date(2026, *day))[1] for day in ((5, 5), (5, 7), (6, 1), (6, 2))]
    assert reasons == ["こどもの日", "点検", "創立記念日", ""]


def test_the_loader_reads_several_calendars_and_sets_of_hours(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("closed: [{date: 2026-05-07, reason: 点検}]\n", encoding="utf-8")
    more = 'hours_sets:\n  night: {calendar: own, weekly: {fri: ["22:00-02:00"]}}\n'
    assert told(tmp_path, GOOD.replace("calendar: jp", "calendar: [jp, own]") + more) == []
    project = load_projects([tmp_path / "tax.yaml"], tmp_path)["tax"]
    hours, night = project.opening_hours(), project.opening_hours("night")
    assert [hours.day(dt.date(2026, 5, day))[1] for day in (5, 7)] == ["こどもの日", "点検"]
    assert night.day(dt.date(2026, 5, 5))[1] == "closed on tue"
    assert night.day(dt.date(2026, 5, 9))[0] == (Span(0, 120),)


def test_a_calendar_that_is_not_there(tmp_path: Path) -> None:
    found = told(tmp_path, GOOD.replace("calendar: jp", "calendar: [jp, jq]"))
    assert found[0] == "6:3: error: the calendar 'jq' cannot be used"


def test_an_opening_may_not_run_into_the_hours_of_the_day_after(tmp_path: Path) -> None:
    opening = '  calendar: jp\n  open: [{date: 2026-05-05, hours: ["22:00-09:00"], reason: 祭り}]'
    assert told(tmp_path, GOOD.replace("  calendar: jp", opening)) == []  # 05-06 is a holiday
    assert told(tmp_path, GOOD.replace("  calendar: jp", opening.replace("05-05", "05-06"))) == [
        "7:29: error: these hours overlap with those of the day before or after"
    ]


def test_the_disaster_node_has_to_be_there_and_counts_as_a_beginning(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD + "disaster: bussy\n")[0].endswith(
        "error: there is no node 'bussy'; did you mean 'busy'?"
    )
    node = "    busy:"
    more = f"    quake: {{type: hangup, guidance: sorry}}\n{node}"
    assert told(tmp_path, GOOD.replace(node, more) + "disaster: quake\n") == []


def test_a_service_number_belongs_to_nobody_else(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD + "service_number: {number: 048-000-0099}\n") == []
    assert told(tmp_path, GOOD + "service_number: {number: 0570-012-229}\n") == [
        "28:26: error: callers dial this number (it stands under `numbers`); give the service another one"
    ]
