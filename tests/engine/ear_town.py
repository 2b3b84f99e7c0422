"""A town with operators and supervisors who may listen to them."""

from __future__ import annotations

from typing import Any

from calls.requests import EarAsked, EarMode
from engine.centre import Centre, Person, SeatPlan
from tests.engine.city import EXTENSIONS, TAX, WATER, City, project

SEATS = (
    SeatPlan("s1", ("tax",), "201"),
    SeatPlan("s2", ("tax",), "202"),
    SeatPlan("sv", (), "301", supervises=("tax",)),
    SeatPlan("sv2", (), "302", supervises=("tax",)),
    SeatPlan("other", (), "303", supervises=("water",)),
    SeatPlan("hot", (), "304", personal=True),
)
PEOPLE = {"ld": Person("ld", "901", supervises=("tax",), role="leader")}


def town(**queue: Any) -> City:
    """Operators and supervisors; s1 is asked first."""
    projects = {"tax": project("tax", TAX, queue), "water": project("water", WATER)}
    return City(Centre(projects, SEATS, EXTENSIONS, people=PEOPLE))


def talk(**queue: Any) -> City:
    """Anna talks to s1 from the 5th second on."""
    tax = town(**queue)
    tax.waits(1, "anna")
    tax.picks_up(5, "s1")
    return tax


def listens(mode: EarMode = "listen", **queue: Any) -> City:
    """The same, and the supervisor takes part from the 12th second on."""
    tax = talk(**queue)
    tax.happens(10, EarAsked("sv", mode, "s1", by="mori", ask="a"))
    tax.picks_up(12, "sv")
    return tax


def refused(tax: City, at: float, *fields: Any, by: str = "mori") -> tuple[str, str]:
    """What is answered to a request for an ear that cannot be."""
    before = len(tax.log)
    tax.happens(at, EarAsked(*fields, by=by, ask=f"ask at {at}"))
    assert len(tax.log) == before + 1
    return tax.answers[f"ask at {at}"].refusal, tax.answers[f"ask at {at}"].state


def ears(tax: City) -> list[tuple[float, str]]:
    """The audit log."""
    return [(at, what.partition("ear of ")[2]) for at, what in tax.log if what.startswith("ear of ")]


def over(tax: City) -> None:
    """Nothing is left behind of anybody's ear, and a fresh engine does the same."""
    tax.check()
    floor = tax.engine.floor
    assert tax.engine.legs() == {*floor.callers, *floor.seat_legs, *floor.parties}
    assert not tax.engine._ear.listening
    assert not floor.seats["sv"].leg
    assert floor.seats["sv"].state == floor.seats["sv"].resting_state()
