from __future__ import annotations

from pathlib import Path

import pytest

from engine.build import load_centre
from engine.centre import SeatPlan
from ivr.yaml_marks import ConfigurationError

pytestmark = pytest.mark.unit

CONFIG = Path(__file__).parents[2] / "config"
PROJECT = """\
project: tax
name: Tax
numbers: [{number: 0570-012-229}]
hours: {weekly: {mon-fri: ["08:30-17:15"]}}
flow:
  start: line
  nodes:
    line: {type: enqueue, queue: main, full: bye, no_seats: bye, timeout: bye}
    bye: {type: hangup}
queues: {main: {}, second: {}}
"""


def config(folder: Path, seats: str | None, project: str | None = PROJECT) -> Path:
    """A config folder with one project and these seats."""
    (folder / "projects").mkdir()
    if project is not None:
        (folder / "projects" / "tax.yaml").write_text(project, encoding="utf-8")
    if seats is not None:
        (folder / "seats.yaml").write_text(seats, encoding="utf-8")
    return folder


BROKEN: dict[str, tuple[str | None, list[str]]] = {
    "no file": (None, ["seats.yaml:1:1: error: there is no such file"]),
    "an unknown key": (
        "seats:\n  - {id: s1, projects: [tax]}\n",
        [
            "seats.yaml:2:5: error: 'ids' is missing here",
            "seats.yaml:2:6: error: 'id' means nothing here; did you mean 'ids'?",
        ],
    ),
    "an unknown project": (
        "seats:\n  - {ids: s1, projects: [tax, taxi]}\n",
        ["seats.yaml:2:31: error: there is no project 'taxi'; did you mean 'tax'?"],
    ),
    "a seat twice": (
        "seats:\n  - {ids: s1-s3}\n  - {ids: s3}\n",
        ["seats.yaml:3:11: error: the seat 's3' stands here a second time"],
    ),
    "no seat": (
        "seats:\n  - {ids: Seat 1}\n",
        ["seats.yaml:2:11: error: 'Seat 1' is no seat; write it like seat01, or seat01-seat34 for a range"],
    ),
}
RANGES = ["s34-s01", "s1-t2", "s1-s10", "s-t", "s00001-s99999"]


def told(folder: Path) -> list[str]:
    """What is told of a config folder."""
    with pytest.raises(ConfigurationError) as caught:
        load_centre(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


@pytest.mark.parametrize("case", BROKEN)
def test_seats_that_are_wrong(tmp_path: Path, case: str) -> None:
    seats, expected = BROKEN[case]
    assert told(config(tmp_path, seats)) == expected


@pytest.mark.parametrize("ids", RANGES)
def test_a_range_that_is_none(tmp_path: Path, ids: str) -> None:
    assert told(config(tmp_path, f"seats: [{{ids: {ids}}}]\n")) == [
        f"seats.yaml:1:15: error: '{ids}' is no range; write it like seat01-seat34, same letters, same length"
    ]


def test_mistakes_of_projects_and_seats_are_told_together(tmp_path: Path) -> None:
    folder = config(
        tmp_path, "seats: [{ids: s1, projects: [tax], rooom: 1}]\n", PROJECT.replace("name: Tax", "nam: T")
    )
    assert [line.split(": error")[0] for line in told(folder)] == [
        "projects/tax.yaml:1:1",
        "projects/tax.yaml:2:1",
        "seats.yaml:1:36",
    ]


def test_no_project_at_all(tmp_path: Path) -> None:
    folder = config(tmp_path, "seats: [{ids: s1}]\n", None)
    assert told(folder) == [f"seats.yaml:1:1: error: there is no project file in {folder / 'projects'}"]


def test_ranges_and_queues(tmp_path: Path) -> None:
    found = load_centre(config(tmp_path, "seats: [{ids: s09-s11, projects: [tax]}, {ids: boss}]\n"))
    assert found.seats == (
        SeatPlan("s09", ("tax",)),
        SeatPlan("s10", ("tax",)),
        SeatPlan("s11", ("tax",)),
        SeatPlan("boss", ()),
    )
    assert found.queues_of(found.seats[0]) == ("tax/main", "tax/second")
    assert found.queues_of(found.seats[3]) == ()
    assert set(found.queues()) == {"tax/main", "tax/second"}
    assert found.by_number["0570012229"].project == "tax"


def test_the_digest_changes_with_whatever_decides(tmp_path: Path) -> None:
    folder = config(tmp_path, "seats: [{ids: s1, projects: [tax]}]\n")
    before = load_centre(folder).digest()
    assert load_centre(folder).digest() == before
    (folder / "seats.yaml").write_text("seats: [{ids: s2, projects: [tax]}]\n", encoding="utf-8")
    seats = load_centre(folder).digest()
    (folder / "projects" / "tax.yaml").write_text(PROJECT.replace("17:15", "17:30"), encoding="utf-8")
    assert len({before, seats, load_centre(folder).digest()}) == 3


def test_the_configuration_that_comes_with_it() -> None:
    found = load_centre(CONFIG)
    assert len(found.seats) == 34
    assert {number: project.project for number, project in found.by_number.items()} == {
        "0570012229": "saitama-autotax",
        "0480001229": "saitama-autotax",
    }
    keys = found.projects["saitama-autotax"].flow.nodes["info"].exits()
    assert [keys[f"keys.{digit}"] for digit in "123456"] == [
        "reissue",
        "change_of_address",
        "payment",
        "inspection_certificate",
        "disability_reduction",
        "refunds",
    ]
