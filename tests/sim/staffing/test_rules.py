from __future__ import annotations

from pathlib import Path

import pytest

from calls.hours import Span
from ivr.yaml_marks import ConfigurationError
from sim.staffing.labour import least_break, unlawful, usual_break
from sim.staffing.patterns import patterns
from sim.staffing.rules import load_rules

pytestmark = pytest.mark.unit

GOOD = """\
staff:
  - name: 常勤
    who: [op101-op103, op110]
    start: ["08:30", "09:30"]
    hours: [8.75]
    breaks: [{minutes: 60, between: ["11:30", "13:30"]}]
    cost_per_hour: 1800
  - name: パート
    people: 12
    start: "09:00"
    hours: [4, 5]
    max_hours_a_week: 20
    days: [mon-wed, fri]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_rules_are_read(tmp_path: Path) -> None:
    rules = load_rules(written(tmp_path, GOOD))
    full, part = rules.staff
    assert full.names == ["op101", "op102", "op103", "op110"]
    assert (part.names[0], len(part.names), part.start) == ("パート 1", 12, (540,))
    assert part.weekdays() == {0, 1, 2, 4}
    assert (full.max_hours_a_week, full.max_days_a_week, rules.priced) == (40.0, 5, True)


def test_patterns_are_all_starts_with_all_lengths_and_breaks_in_the_middle(tmp_path: Path) -> None:
    found = patterns(load_rules(written(tmp_path, GOOD)))
    assert [(p.staff, p.span) for p in found] == [
        (0, Span(510, 1035)),
        (0, Span(540, 1065)),
        (0, Span(570, 1095)),
        (1, Span(540, 780)),
        (1, Span(540, 840)),
    ]
    assert [span.start for span in found[0].breaks[0]] == [690, 705, 720, 735, 750]
    assert (found[0].work, found[3].work, found[3].breaks) == (465, 240, ())


@pytest.mark.parametrize(("work", "least"), [(360, 0), (361, 45), (480, 45), (481, 60), (0, 0), (240, 0)])
def test_the_least_break_is_that_of_article_34(work: int, least: int) -> None:
    assert least_break(work) == least


@pytest.mark.parametrize(("presence", "pause"), [(360, 0), (375, 45), (405, 45), (525, 45), (540, 60)])
def test_the_usual_break_is_the_shortest_that_is_lawful(presence: int, pause: int) -> None:
    assert usual_break(presence) == pause
    assert not unlawful(presence, pause)


def test_what_the_act_forbids_is_told_with_its_article() -> None:
    assert "7 h of work need at least 45 minutes" in unlawful(450, 30)
    assert "8 h 15 min of work are more than 8 hours a day" in unlawful(555, 60)


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("people: 12", "people: 0", 9, "greater than or equal to 1"),
        ("people: 12", "people: 12\n    who: op200", 8, "give `people` (how many) or `who` (their names)"),
        ("    people: 12\n", "", 8, "give `people` (how many) or `who` (their names)"),
        ("who: [op101-op103, op110]", "who: [op103-op101]", 3, "is no range"),
        ('start: "09:00"', 'start: "09:10"', 10, "a time is written at a quarter of an hour"),
        ('["08:30", "09:30"]', '["09:30", "08:30"]', 2, "`start` has the earliest time first"),
        ("hours: [8.75]", "hours: [8.7]", 5, "8.7 hours do not end at a quarter of an hour"),
        ("hours: [8.75]", "hours: [9.5]", 2, "9.5 hours: 8 h 30 min of work are more than 8 hours a day"),
        ("hours: [8.75]", "hours: [10]", 2, "10 hours: 9 h of work are more than 8 hours a day"),
        ("minutes: 60,", "minutes: 30,", 2, "8.75 hours: 8 h 15 min of work need at least 60 minutes"),
        ("minutes: 60,", "minutes: 50,", 6, "multiple of 15"),
        ('"13:30"]}', '"12:00"]}', 6, "a break of 60 minutes does not fit between these two times"),
        (
            '"13:30"]}',
            '"13:30"]}, {minutes: 15, between: ["13:00", "15:00"]}',
            2,
            "the times of one break reach into those of the next",
        ),
        ("max_hours_a_week: 20", "max_hours_a_week: 45", 12, "less than or equal to 40"),
        ("max_hours_a_week: 20", "max_hours_a_week: 4.5", 8, "5 hours are more than `max_hours_a_week`"),
        ("max_hours_a_week: 20", "max_days_a_week: 7", 12, "less than or equal to 6"),
        ("days: [mon-wed, fri]", "days: [mondays]", 13, "'mondays' is no weekday"),
        ("name: パート", "name: 常勤", 1, "'常勤' stands here a second time"),
        ("people: 12", "who: op103-op105", 1, "'op103' is named twice"),
        ("cost_per_hour: 1800", "cost: 1800", 7, "'cost' means nothing here"),
        ('start: "09:00"', 'start: "20:30"', 8, "the last shift would end after midnight"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, line: int, told: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigurationError) as caught:
        load_rules(written(tmp_path, GOOD.replace(old, new, 1)))
    (problem,) = caught.value.problems
    assert (problem.mark.line, told in problem.message) == (line, True), problem
