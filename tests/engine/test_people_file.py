"""Seats and people: what they serve, their numbers, and every mistake with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.build import load_centre
from engine.centre import Person, SeatPlan, Skill
from tests.engine.test_build import CONFIG, NAME_IT, PROJECT, config, told

pytestmark = pytest.mark.unit

SEATS = """\
seats:
  - {ids: s1-s2, numbers: 201-202, projects: [tax]}
  - {ids: b1, projects: [bus]}
"""
BUS = PROJECT.replace("project: tax", "project: bus").replace("0570-012-229", "0570-012-230")


def centre(folder: Path, seats: str = "", people: str = "") -> Path:
    """A config folder with a project that shares its seats and one that does not; one more entry of seats or people."""
    config(folder, f"{SEATS}  - {seats}\n" if seats else SEATS)
    (folder / "projects" / "bus.yaml").write_text(BUS + "exclusive_seats: true\n", encoding="utf-8")
    entry = f"  - {people}\n" if people else ""
    (folder / "people.yaml").write_text(
        "people:\n  - {id: op1, number: '101', projects: [tax]}\n" + entry, encoding="utf-8"
    )
    (folder / "extensions.yaml").write_text("extensions: [{id: ext35, number: '35'}]\n", encoding="utf-8")
    return folder


def test_a_seat_with_all_that_can_be_said_of_it(tmp_path: Path) -> None:
    skills = "{tax: {level: 2}, tax/second: {after_s: 30}}"
    rest = f"skills: {skills}, supervises: [tax], auto_answer: true, personal: true"
    found = load_centre(centre(tmp_path, f"{{ids: s09-s10, numbers: 0098-0099, projects: [tax], {rest}}}"))
    assert found.seats[0] == SeatPlan("s1", ("tax",), "201")
    assert found.seats[3:] == tuple(
        SeatPlan(
            seat,
            ("tax",),
            number,
            {"tax": Skill(2, 0), "tax/second": Skill(1, 30)},
            ("tax",),
            auto_answer=True,
            personal=True,
        )
        for seat, number in (("s09", "0098"), ("s10", "0099"))
    )


def test_people_with_all_that_can_be_said_of_them(tmp_path: Path) -> None:
    entry = "{id: op10-op11, number: 110-111, name: One, projects: [tax], skills: {tax: {after_s: 5}}, "
    found = load_centre(centre(tmp_path, people=entry + "supervises: [tax, bus], role: leader}"))
    assert found.people["op1"] == Person("op1", "101", "", ("tax",))
    assert found.people["op11"] == Person(
        "op11", "111", "One", ("tax",), {"tax": Skill(1, 5)}, ("tax", "bus"), "leader"
    )
    assert list(found.people) == ["op1", "op10", "op11"]


OWN_SEATS = "the project 'bus' has seats of its own (exclusive_seats): they serve no other project"
BOTH = [
    ("projects: [taxi]", "there is no project 'taxi'; did you mean 'tax'?", "taxi]"),
    ("projects: [tax, bus]", OWN_SEATS, "bus]"),
    ("projects: [tax], skills: {bus: {}}", "'bus' is not served here; name it under `projects` too", "bus:"),
    (
        "projects: [tax], skills: {taxi: {}}",
        "there is no project 'taxi'; did you mean 'tax'?",
        "taxi:",
    ),
    (
        "projects: [tax], skills: {tax/scond: {}}",
        "there is no queue 'scond' in the project 'tax'; did you mean 'second'?",
        "tax/scond",
    ),
    ("projects: [tax], skills: {tax: {level: 0}}", "this must be greater than or equal to 1", "0}}"),
    ("projects: [tax], skills: {tax: {level: 10}}", "this must be less than or equal to 9", "10}}"),
    ("projects: [tax], skills: {tax: {after_s: -1}}", "this must be greater than or equal to 0", "-1}}"),
    (
        "projects: [tax], skills: {tax: {after: 1}}",
        "'after' means nothing here; did you mean 'after_s'?",
        "after: 1",
    ),
    ("projects: [tax], skills: {tax: 2}", "names with values (name: value) are expected here", "2}"),
]
OF_SEATS = [
    ("ids: s1", "the seat 's1' stands here a second time", "s1"),
    ("ids: s3, supervises: [taxi]", "there is no project 'taxi'; did you mean 'tax'?", "taxi]"),
    ("ids: s3, number: '202'", "the number '202' is given twice", "'202'"),
    ("ids: s3-s4, numbers: 203-205", "the range of `ids` has 2 seats, that of their numbers has 3", "{ids"),
    ("ids: s3-s4, number: '203'", "the range of `ids` has 2 seats, that of their numbers has 1", "{ids"),
    (
        "ids: s3, number: '203', numbers: '203'",
        "`number` is that of one seat, `numbers` those of a range; write only one of them",
        "{ids",
    ),
    (
        "ids: s3, number: '*11'",
        "'*11' is no number; write digits, or 1000-1049 for a range, at both ends as many",
        "'*11'",
    ),
    ("ids: s3, number: 203", "a text is expected here; put it in quotes", "203"),
    ("ids: s3, number: '0481234567'", "'0481234567' is a number outside; give a shorter one", "'048"),
    ("ids: s3, auto_answer: loud", "true or false is expected here", "loud"),
    ("ids: s3, auto: true", "'auto' means nothing here", "auto:"),
]
OF_PEOPLE = [
    ("id: op1, number: '102'", "the person 'op1' stands here a second time", "op1"),
    ("id: s1, number: '102'", "'s1' is the id of a seat; give another one", "s1"),
    ("id: op2, number: '101'", "the number '101' is given twice", "'101'"),
    ("id: op2, number: '201'", "the number '201' is given twice: the seat 's1' has it", "'201'"),
    ("id: op2-op3, number: 102-104", "the range of `id` has 2 people, that of `number` has 3", "{id"),
    ("id: op2", "'number' is missing here", "{id"),
    (
        "id: Op 2, number: '102'",
        "'Op 2' is no person; write it like op101, or op101-op134 for a range",
        "Op 2",
    ),
    (
        "id: op2, number: '102', role: boss",
        "'boss' is not known here (known: operator, leader, supervisor)",
        "boss",
    ),
    (
        "id: op2, number: '102', supervises: [tax]",
        "an operator supervises nobody; write `role: leader` or `role: supervisor`",
        "supervises",
    ),
    (
        "id: op2, number: '102', role: leader, supervises: [busses]",
        "there is no project 'busses'; did you mean 'bus'?",
        "busses",
    ),
]


def place(folder: Path, file: str, at: str) -> str:
    """Where in the entry that was added something stands."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    entry = lines[-1]
    assert entry.count(at) >= 1
    return f"{file}:{len(lines)}:{entry.rindex(at) + 1}"


@pytest.mark.parametrize(
    ("entry", "message", "at"), [*OF_SEATS, *((f"ids: s3, {entry}", *rest) for entry, *rest in BOTH)]
)
def test_a_seat_that_is_wrong(tmp_path: Path, entry: str, message: str, at: str) -> None:
    folder = centre(tmp_path, f"{{{entry}}}")
    at = place(folder, "seats.yaml", at)
    assert told(folder) == [f"{at}: error: {message}"]


@pytest.mark.parametrize(
    ("entry", "message", "at"),
    [*OF_PEOPLE, *((f"id: op2, number: '102', {entry}", *rest) for entry, *rest in BOTH)],
)
def test_a_person_who_is_wrong(tmp_path: Path, entry: str, message: str, at: str) -> None:
    folder = centre(tmp_path, people=f"{{{entry}}}")
    at = place(folder, "people.yaml", at)
    assert told(folder) == [f"{at}: error: {message}"]


def test_a_number_of_a_person_and_of_an_extension(tmp_path: Path) -> None:
    folder = centre(tmp_path)
    (folder / "extensions.yaml").write_text("extensions: [{id: ext35, number: '101'}]\n", encoding="utf-8")
    assert told(folder) == [
        "extensions.yaml:1:34: error: the number '101' is given twice: the person 'op1' has it"
    ]


def test_a_project_that_is_served_by_people_alone(tmp_path: Path) -> None:
    personal = SEATS.replace("projects: [tax]}", "projects: [tax], personal: true}")
    folder = centre(tmp_path)
    (folder / "seats.yaml").write_text(personal, encoding="utf-8")
    assert load_centre(folder).serves(load_centre(folder).plans["s1"]) == ()
    (folder / "people.yaml").unlink()
    assert [line.split("error: ")[1] for line in told(folder)] == [
        f"nobody serves the queue 'main' of the project 'tax'; {NAME_IT}"
    ]


def test_nobody_is_named_where_there_is_no_such_file(tmp_path: Path) -> None:
    folder = centre(tmp_path)
    (folder / "people.yaml").unlink()
    assert load_centre(folder).people == {}


def test_the_people_that_come_along_fit_at_the_seats_of_their_projects() -> None:
    found = load_centre(CONFIG)
    for person in found.people.values():
        plans = [plan for plan in found.seats if set(person.projects) <= set(plan.projects)]
        assert any(found.fits(plan, person) for plan in plans)
        assert person.role != "operator" or any(found.serves(plan, person) for plan in plans)
    own = {plan.id for plan in found.seats if found.fits(plan, found.people["op151"])}
    assert own == {"seat51", "seat52", "seat53"}
    assert {plan.id for plan in found.seats if not plan.number} == set()
