"""Callers who hang up because of what they are told of their place in the line, or of the wait."""

from __future__ import annotations

from collections.abc import Mapping

from calls.commands import PlayGuidance
from calls.events import LegEnded
from ivr.waiting_words import MINUTES, PLACES, position_name, wait_name
from sim.clock import Clock
from sim.edge import Edge, Guidances
from sim.habits.habit import usual


def shares_by_text(position: Mapping[int, float], expected_wait: Mapping[int, float]) -> dict[str, float]:
    """The share of callers who hang up at each text of the notices (by its id): that of the greatest figure reached.

    `position`: by places, `expected_wait`: by seconds.
    """
    places = {position_name(place): place for place in PLACES} | {position_name(0): PLACES.stop}
    waits = {wait_name(minutes): 60 * minutes for minutes in MINUTES}
    told = [(text, _reached(position, place)) for text, place in places.items()]
    told += [(text, _reached(expected_wait, seconds)) for text, seconds in waits.items()]
    return {text: share for text, share in told if share > 0}


def _reached(shares: Mapping[int, float], told: int) -> float:
    return max((share for figure, share in shares.items() if figure <= told), default=0.0)


class Balking:
    """Who is told more than he bears (his `measure`) hears it to its end and hangs up, unless he does so before."""

    def __init__(self, edge: Edge, clock: Clock, guidances: Guidances, shares: Mapping[str, float]) -> None:
        self._edge = edge
        self._clock = clock
        self._guidances = guidances
        self._shares = shares
        self._plays = usual(edge, PlayGuidance)
        edge.acts[PlayGuidance] = self._announces

    def _announces(self, command: PlayGuidance, now: float) -> None:
        self._plays(command, now)
        share = self._shares.get(command.guidance)
        caller = self._edge.caller_on(command.leg) if share is not None else None
        if share is None or caller is None or caller.measure >= share:
            return
        at = now + self._guidances.seconds(command.project, command.guidance, command.language)
        if caller.plan is None or caller.plan.at > at:
            self._clock.call_off(caller.plan)
            caller.plan = self._clock.at(at, LegEnded(command.leg))
