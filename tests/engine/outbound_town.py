"""A town whose operators call somebody themselves."""

from __future__ import annotations

from typing import Any

from calls.requests import (
    DialAsked,
    SeatLoggedOut,
)
from engine.centre import Centre, Person, SeatPlan
from tests.engine.city import EXTENSIONS, TAX, WATER, City, project

ANNA = "0481234567"
OUT = f"out {ANNA}"


def town(queue: dict[str, Any] | None = None, **more: Any) -> City:
    """Two seats of the tax office, one of the water board, one that serves nothing, one of a leader."""
    plans = (
        SeatPlan("s1", ("tax",), "201"),
        SeatPlan("s2", ("tax", "water"), "202"),
        SeatPlan("s3", ("water",), "203"),
        SeatPlan("s4", (), "204"),
        SeatPlan("s5", (), "205", personal=True),
    )
    people = {
        "yuki": Person("yuki", "101", "Yuki", ("water",)),
        "boss": Person("boss", "102", supervises=("tax",), role="leader"),
    }
    projects = {"tax": project("tax", TAX, queue, **more), "water": project("water", WATER)}
    tax = City(Centre(projects, plans, EXTENSIONS, people=people))
    tax.happens(0, SeatLoggedOut("s2"), SeatLoggedOut("s3"))
    return tax


def dials(tax: City, at: float, number: str = ANNA, seat: str = "s1", project: str = "") -> None:
    """An operator asks on his screen for a call, and his telephone picks up."""
    tax.happens(at, DialAsked(seat, number, project, ask=f"dial {at:g}"))
    if tax.answers[f"dial {at:g}"].refusal == "":
        tax.picks_up(at + 1, seat)


def refused(tax: City, at: float, number: str = ANNA, seat: str = "s1", project: str = "") -> tuple[str, str]:
    """Why not, and the state that stands against it; nothing else is done."""
    tax.happens(at)
    before = len(tax.log)
    tax.happens(at, DialAsked(seat, number, project, ask="no"))
    assert len(tax.log) == before + 1
    return tax.answers["no"].refusal, tax.answers["no"].state
