"""What people do only where a scenario says so, put around the acts of the edge: switched off it costs nothing.

Each habit is a class of its own; made, it takes the place of some acts of the edge.
"""

from __future__ import annotations

from typing import Any

from calls.command import Command
from calls.commands import PlayGuidance
from calls.events import DigitPressed
from sim.clock import Clock
from sim.edge import Act, Edge, Guidances
from sim.habits.menus import Menus


def usual(edge: Edge, kind: type[Command]) -> Act:
    """What an edge does so far for a command: a habit does it as well, in its own place or not at all."""
    return edge.acts.get(kind, _nothing)


class Listening:
    """Callers know in which menu they are; in a line with keys they decide at the end of the first notice."""

    def __init__(self, edge: Edge, clock: Clock, guidances: Guidances, menus: Menus) -> None:
        self._edge = edge
        self._clock = clock
        self._guidances = guidances
        self._menus = menus
        self._plays = usual(edge, PlayGuidance)
        edge.menus = menus
        edge.acts[PlayGuidance] = self._hears

    def _hears(self, command: PlayGuidance, now: float) -> None:
        caller, text = self._edge.caller_on(command.leg), command.guidance
        self._plays(command, now)
        if caller is None:
            return
        caller.where = self._menus.heard(caller.where, text)
        if not caller.has_chosen and self._menus.in_line(caller):
            caller.has_chosen = True
            digit = self._menus.press(caller)
            if digit:
                seconds = self._guidances.seconds(command.project, text, command.language)
                self._clock.at(now + seconds, DigitPressed(command.leg, digit))


def _nothing(command: Any, now: float) -> None:
    """The edge does nothing for this command."""
