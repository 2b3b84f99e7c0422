"""A conversation at a seat whose telephone has buttons of its own."""

from __future__ import annotations

from calls.events import LegEnded, LegHeld, LegReferred, LegRetrieved
from engine.centre import Centre, SeatPlan
from tests.engine.city import EXTENSIONS, TAX, City, project

SEATS = (SeatPlan("s1", ("tax",), "201"), SeatPlan("s2", ("tax",), "202"))
SECOND = "s1 dials 35"


def talk() -> City:
    """Anna talks to s1 from the 2nd second on."""
    tax = City(Centre({"tax": project("tax", TAX)}, SEATS, EXTENSIONS))
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    return tax


def held(at: float = 10) -> City:
    """And s1 has put her on hold by a button."""
    tax = talk()
    tax.happens(at, LegHeld(tax.leg("s1")))
    return tax


def consults(*, answered: bool = True) -> City:
    """And asks the 35th telephone, on a second line, from the 12th second on."""
    tax = held()
    assert tax.dials(11, "s1", "35") == SECOND
    if answered:
        tax.picks_up(12, "35")
    return tax


def nothing(tax: City, at: float, *events: LegHeld | LegRetrieved | LegReferred) -> None:
    """These lead to nothing at all."""
    before = len(tax.log)
    tax.happens(at, *events)
    assert tax.log[before:] == []


def over(tax: City) -> None:
    """Anna hangs up, and nothing is left."""
    tax.hangs_up(90, "anna")
    for leg in sorted(tax.engine.legs()):
        tax.happens(91, LegEnded(leg))
    tax.time_passes(200)
    tax.check()
    assert tax.engine.legs() == set()
    assert tax.engine.floor.calls == {}
    assert {seat.state for seat in tax.engine.floor.seats.values()} == {"READY"}
