"""A town whose telephones dial star codes."""

from __future__ import annotations

from typing import Any, get_args

from engine.centre import Centre, Person, SeatPlan
from engine.desk_texts import DeskText
from tests.engine.city import EXTENSIONS, TAX, WATER, City, project

CLASSES = ["納税通知書", "減免", "還付"]
SEATS = (
    SeatPlan("s1", ("tax",), "201"),
    SeatPlan("s2", ("tax",), "202"),
    SeatPlan("hot", (), "203", personal=True),
    SeatPlan("own", ("water",), "204"),
    SeatPlan("sv", (), "301", supervises=("tax",)),
)
PEOPLE = {
    "mori": Person("mori", "101", projects=("tax",)),
    "abe": Person("abe", "102", projects=("tax",)),
}


def town(**queue: Any) -> City:
    """Two seats for the tax, one for whoever sits down, one that is kept apart, and a supervisor."""
    projects = {
        "tax": project("tax", TAX, queue, inquiry_classes=CLASSES),
        "water": project("water", WATER, exclusive_seats=True),
    }
    return City(Centre(projects, SEATS, EXTENSIONS, people=PEOPLE))


def said(tax: City, at: float, phone: str, number: str) -> str:
    """What a telephone says to what it has dialled; then it is hung up."""
    leg = tax.dials(at, phone, number)
    text = [what.split()[1] for _, what in tax.log if what.startswith("play ") and what.endswith(leg)][-1]
    tax.hears(at + 2, leg)
    assert text in get_args(DeskText)
    return text


def state(tax: City, seat: str) -> tuple[str, str]:
    """What a seat is doing, and why."""
    tax.check()
    return tax.engine.floor.seats[seat].state, tax.engine.floor.seats[seat].reason


def wraps_up(tax: City) -> None:
    """The operator of s1 has talked to anna and writes his record, from the 10th second on."""
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.hangs_up(10, "anna")
