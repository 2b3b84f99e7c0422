"""How many seats are staffed: by what their operators do, seat by seat."""

from __future__ import annotations

from calls.command import Command
from calls.event import Event
from calls.events import PhoneRegistered
from calls.requests import SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied
from sim.counting.levels import Levels


class Staffed:
    """Tells the levels of every operator who comes, goes, takes a break or is back.

    A seat whose telephone is there is staffed, unless it was logged out before.
    """

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._here: set[str] = set()
        self._gone: set[str] = set()
        self._paused: set[str] = set()

    def changed(self, event: Event, commands: list[Command], now: float) -> None:
        """One of the events of an operator."""
        match event:
            case PhoneRegistered(seat) if seat not in self._gone:
                self._come(seat, now)
            case SeatLoggedIn(seat):
                self._gone.discard(seat)
                self._come(seat, now)
            case SeatLoggedOut(seat):
                self._gone.add(seat)
                self._paused.discard(seat)
                self._go(seat, now)
            case SeatPaused(seat) if seat in self._here:
                self._paused.add(seat)
                self._go(seat, now)
            case SeatReadied(seat) if seat in self._paused:
                self._paused.discard(seat)
                self._come(seat, now)

    def _come(self, seat: str, now: float) -> None:
        if seat not in self._here:
            self._here.add(seat)
            self._levels.staff(now, 1)

    def _go(self, seat: str, now: float) -> None:
        if seat in self._here:
            self._here.remove(seat)
            self._levels.staff(now, -1)
