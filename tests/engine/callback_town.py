"""A town whose callers may ask to be called back."""

from __future__ import annotations

from typing import Any

from calls.events import CallArrived
from calls.notes import NoteCallback, NoteCallbackState
from engine.timers import Timer
from tests.engine.city import TAX, City
from tests.engine.conftest import MakeCity

ANNA, BEN = "0900000001", "0900000002"
NODES: dict[str, dict[str, Any]] = {
    "notice": {"type": "menu", "prompt": "info", "keys": {"1": "line", "2": "call_me"}, "after": "line"},
    "call_me": {"type": "callback", "queue": "main", "accepted": "bye", "refused": "busy"},
}
CLOSES = 7.25 * 3600  # 17:15, after the beginning at 10:00
OPENS = 22.5 * 3600  # 8:30 of the next day
RULES = {"tries": 2, "interval_s": 600, "ring_s": 25}


def town(city: MakeCity, queue: dict[str, Any] | None = None, **more: Any) -> City:
    """Callers press 1 for the line, and 2 to be called back."""
    return city(nodes=NODES, queue={"callback": RULES} | (queue or {}), **more)


def wishes(tax: City, at: float, caller: str, number: str) -> None:
    """Somebody calls, asks to be called back, and hangs up a second later."""
    tax.happens(at, CallArrived(caller, TAX, number))
    tax.presses(at, caller, "2")
    tax.hears(at + 1, caller)


def queues(tax: City, at: float, caller: str, number: str = "") -> None:
    """Somebody calls and comes to the line."""
    tax.happens(at, CallArrived(caller, TAX, number))
    tax.presses(at, caller, "1")


def dialled(tax: City, at: float = 3) -> None:
    """Anna has wished to be called back, and the operator has picked up to do so."""
    wishes(tax, 1, "anna", ANNA)
    tax.picks_up(at, "s1")


def states(tax: City, number: str = ANNA) -> list[tuple[float, str, int]]:
    """What has become of the callback of a number: when, what, and after how many tries."""
    of = {
        note.callback
        for entry in tax.entries
        for note in entry.commands
        if isinstance(note, NoteCallback) and note.number == number
    }
    return [
        (entry.at - tax.start, note.state, note.tries)
        for entry in tax.entries
        for note in entry.commands
        if isinstance(note, NoteCallbackState) and note.callback in of
    ]


def gone(tax: City) -> bool:
    """Whether nothing is left of any callback; a seat may have missed a call."""
    floor = tax.engine.floor
    left = {timer.kind for timer in floor.timers._heap if isinstance(timer, Timer) and timer.kind}
    return not (floor.callbacks or floor.calls or floor.over) and left <= {"rest"}
