from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from acd.seat import Serves
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


NAME_IT = "name the project at some seats, or for people if those seats are personal"
BROKEN: dict[str, tuple[str | None, list[str]]] = {
    "no file": (None, ["seats.yaml:1:1: error: there is no such file"]),
    "an unknown key": (
        "seats:\n  - {id: s1, projects: [tax]}\n",
        [
            "seats.yaml:2:5: error: 'ids' is missing here",
            "seats.yaml:2:6: error: 'id' means nothing here; did you mean 'ids'?",
        ],
    ),
    "a queue that nobody serves": (
        "seats:\n  - {ids: s1}\n",
        [
            f"seats.yaml:1:1: error: nobody serves the queue 'main' of the project 'tax'; {NAME_IT}",
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


def test_a_project_that_shares_no_seats(tmp_path: Path) -> None:
    folder = config(
        tmp_path, "seats: [{ids: s1, projects: [tax, bus]}]\n", PROJECT + "exclusive_seats: true\n"
    )
    bus = PROJECT.replace("project: tax", "project: bus").replace("0570-012-229", "0570-012-230")
    (folder / "projects" / "bus.yaml").write_text(bus, encoding="utf-8")
    [problem] = told(folder)
    assert problem.startswith("seats.yaml:1:30: error: the project 'tax' has seats of its own")


def test_mistakes_of_projects_and_seats_are_told_together(tmp_path: Path) -> None:
    folder = config(
        tmp_path, "seats: [{ids: s1, projects: [tax], rooom: 1}]\n", PROJECT.replace("name: Tax", "nam: T")
    )
    assert [line.split(": error")[0] for line in told(folder)] == [
        "projects/tax.yaml:1:1",
        "projects/tax.yaml:2:1",
        "seats.yaml:1:36",
    ]


TRANSFERS = PROJECT.replace(
    "    bye:",
    """\
    boss: {type: transfer, to: {seat: s11}, unanswered: office}
    office: {type: transfer, to: {extension: "350"}, unanswered: bye}
    bye:""",
).replace("full: bye", "full: boss")


def test_telephones_that_are_not_there(tmp_path: Path) -> None:
    folder = config(tmp_path, "seats: [{ids: s1, projects: [tax]}]\n", TRANSFERS)
    (folder / "extensions.yaml").write_text("extensions: [{id: ext35, number: '35'}]\n", encoding="utf-8")
    assert told(folder) == [
        "projects/tax.yaml:9:39: error: there is no seat 's11' in seats.yaml; did you mean 's1'?",
        "projects/tax.yaml:10:46: error: there is no extension '350' in extensions.yaml; did you mean '35'?",
    ]


def test_telephones_that_are_there(tmp_path: Path) -> None:
    folder = config(tmp_path, "seats: [{ids: s11, projects: [tax]}]\n", TRANSFERS)
    (folder / "extensions.yaml").write_text(
        "extensions: [{id: ext35, number: '350'}, {id: f1-f2, number: 1001-1002, via: trunk}]\n",
        encoding="utf-8",
    )
    found = load_centre(folder)
    assert {number: (one.id, one.via) for number, one in found.extensions.items()} == {
        "350": ("ext35", "phone"),
        "1001": ("f1", "trunk"),
        "1002": ("f2", "trunk"),
    }
    (folder / "extensions.yaml").write_text("extensions: [{id: ext36, number: '350'}]\n", encoding="utf-8")
    assert load_centre(folder).digest() != found.digest()


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
    assert found.serves(found.seats[0]) == (Serves("tax/main"), Serves("tax/second"))
    assert found.serves(found.seats[3]) == ()
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
    served = Counter(project for seat in found.seats for project in seat.projects)
    assert served == {
        "saitama-autotax": 34,
        "saitama-alkoo": 9,  # four of them help after half a minute
        "hatsukaichi-mynumber": 3,
        "fujisawa-contact": 4,
    }
    assert {number: project.project for number, project in found.by_number.items()} == {
        "0570012229": "saitama-autotax",
        "0480001229": "saitama-autotax",
        "0480001299": "saitama-autotax.service",
        "0570015566": "saitama-alkoo",
        "0120000852": "hatsukaichi-mynumber",
        "0466251111": "fujisawa-contact",
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
