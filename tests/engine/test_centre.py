"""Who serves what where, whom a number reaches, and who may listen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acd.seat import Serves
from calls.command import TargetKind
from engine.centre import Centre, Person, SeatPlan, Skill
from tests.engine.city import EXTENSIONS, TAX, WATER, project

pytestmark = pytest.mark.unit

GAS = "0312345678"
SHARED = SeatPlan(
    "s1", ("tax", "water"), "201", {"water": Skill(2, 30), "water/main": Skill(3, 60)}, ("tax",)
)
OWN = SeatPlan("s2", ("gas",), "202", supervises=("gas",))
FREE = SeatPlan("s3", (), "203", supervises=("tax",), personal=True)
ANN = Person("op1", "101", "", ("water",), {"water": Skill(2, 15)})
GASMAN = Person("op2", "102", "", ("gas",))
BOTH = Person("op3", "103", "", ("tax", "gas"))
BOSS = Person("sv1", "191", "", (), {}, ("gas",), "supervisor")
CENTRE = Centre(
    {
        "tax": project("tax", TAX, queues={"main": {}, "second": {}}),
        "water": project("water", WATER),
        "gas": project("gas", GAS, exclusive_seats=True),
    },
    (SHARED, OWN, FREE),
    EXTENSIONS,
    people={one.id: one for one in (ANN, GASMAN, BOTH, BOSS)},
)


@pytest.mark.parametrize(
    ("plan", "person", "serves"),
    [
        (SHARED, None, [Serves("tax/main"), Serves("tax/second"), Serves("water/main", 3, 60)]),
        (SHARED, ANN, [Serves("water/main", 2, 15)]),
        (SHARED, BOSS, []),
        (OWN, None, [Serves("gas/main")]),
        (OWN, GASMAN, [Serves("gas/main")]),
        (OWN, ANN, []),
        (SHARED, GASMAN, []),
        (FREE, None, []),
        (FREE, ANN, [Serves("water/main", 2, 15)]),
        (SeatPlan("s4", ("nobodys", "tax")), None, [Serves("tax/main"), Serves("tax/second")]),
        (replace(SHARED, personal=True), None, []),
    ],
)
def test_what_a_seat_serves(plan: SeatPlan, person: Person | None, serves: list[Serves]) -> None:
    assert CENTRE.serves(plan, person) == tuple(serves)


@pytest.mark.parametrize(
    ("plan", "person", "fits"),
    [
        (OWN, None, True),
        (OWN, GASMAN, True),
        (OWN, ANN, False),
        (OWN, BOTH, False),
        (OWN, BOSS, False),
        (SHARED, GASMAN, False),
        (FREE, GASMAN, False),
        (SHARED, BOTH, False),
        (SHARED, ANN, True),
        (SHARED, BOSS, True),
        (FREE, ANN, True),
    ],
)
def test_seats_of_a_project_that_shares_none_are_for_its_own_people(
    plan: SeatPlan, person: Person | None, fits: bool
) -> None:
    assert CENTRE.fits(plan, person) is fits


@pytest.mark.parametrize(
    ("plan", "person", "name", "may"),
    [
        (SHARED, None, "tax", True),
        (SHARED, None, "water", False),
        (SHARED, ANN, "tax", False),
        (SHARED, BOSS, "gas", True),
        (SHARED, BOSS, "tax", False),
        (FREE, None, "tax", False),
        (FREE, BOSS, "gas", True),
    ],
)
def test_who_may_listen(plan: SeatPlan, person: Person | None, name: str, may: bool) -> None:
    assert CENTRE.may_supervise(plan, person, name) is may


@pytest.mark.parametrize(
    ("number", "reached"),
    [
        ("201", ("seat", "s1")),
        ("35", ("extension", "35")),
        ("0481234567", ("outside", "0481234567")),
        ("09012345678", ("outside", "09012345678")),
        ("101", None),
        ("204", None),
        ("", None),
        ("*11", None),
        ("110", None),
        ("0481", None),
        ("01081312345678", None),
    ],
)
def test_whom_a_number_reaches(number: str, reached: tuple[TargetKind, str] | None) -> None:
    assert CENTRE.telephone(number) == reached


def test_people_and_seats_by_number() -> None:
    assert CENTRE.person_by_number["102"] is GASMAN
    assert CENTRE.seat_by_number == {"201": SHARED, "202": OWN, "203": FREE}
    assert CENTRE.plans["s2"] is OWN


@pytest.mark.parametrize(
    "other",
    [
        replace(CENTRE, seats=(replace(SHARED, number="209"), OWN, FREE)),
        replace(CENTRE, seats=(replace(SHARED, auto_answer=True), OWN, FREE)),
        replace(CENTRE, seats=(replace(SHARED, skills={}), OWN, FREE)),
        replace(CENTRE, seats=(replace(SHARED, supervises=()), OWN, FREE)),
        replace(CENTRE, seats=(replace(SHARED, personal=True), OWN, FREE)),
        replace(CENTRE, people={}),
        replace(CENTRE, people={**CENTRE.people, "op1": replace(ANN, number="109")}),
        replace(CENTRE, people={**CENTRE.people, "op1": replace(ANN, skills={"water": Skill(2, 16)})}),
    ],
)
def test_the_digest_changes_with_whatever_decides(other: Centre) -> None:
    assert other.digest() != CENTRE.digest()
    assert replace(CENTRE, seats=(SHARED, OWN, FREE)).digest() == CENTRE.digest()
