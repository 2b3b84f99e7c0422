"""A simulated world where telephones, messages and callers do as chance wants, refused and lost commands included."""

from __future__ import annotations

import dataclasses
import random

from calls.command import Command
from calls.commands import ConnectLegs, RingTelephone, StartMessage
from calls.event import Event
from calls.events import CommandFailed, DigitPressed, LegAnswered, LegEnded, LegRang, MessageFinished
from sim.clock import Clock
from sim.edge import Act, Edge
from sim.world import World

Course = list[tuple[float, Event]]
"""What happens, each so many seconds from now."""

BUSY, REJECTED = 17, 21


@dataclasses.dataclass(frozen=True)
class ChanceWorld(World):
    """A scenario's world with an edge of chance."""

    def edge(self, clock: Clock) -> Edge:
        """The people and the telephones; nothing can be relied on."""
        edge = super().edge(clock)
        edge.acts |= Chance(clock, edge, self.scenario.seed).acts
        return edge


def chance_world(world: World) -> ChanceWorld:
    """The same world, but for its edge."""
    return ChanceWorld(**{field.name: getattr(world, field.name) for field in dataclasses.fields(world)})


class Chance:
    """Does what the edge does, or something worse. Whatever never comes is left to the engine's deadlines."""

    def __init__(self, clock: Clock, edge: Edge, seed: int) -> None:
        self._clock = clock
        self._edge = edge
        self._random = random.Random(seed)  # no secret
        self._usual: dict[type[Command], Act] = {
            kind: edge.acts[kind] for kind in (RingTelephone, StartMessage, ConnectLegs)
        }
        self.acts: dict[type[Command], Act] = {
            RingTelephone: self._rings,
            StartMessage: self._speaks,
            ConnectLegs: self._connects,
        }

    def _rings(self, command: RingTelephone, now: float) -> None:
        leg, caller = command.leg, command.caller_leg or command.leg
        self._edge.dials(command)
        self._one_of(
            now,
            None,  # picked up after some rings
            [(0.0, CommandFailed("RingTelephone", leg, self._random.choice([0, 404, 500])))],
            [(0.0, LegRang(leg))],  # nobody there
            [],  # not even a ring
            [(0.5, LegEnded(leg, BUSY)), (0.5, LegEnded(leg, BUSY))],
            [(0.0, LegRang(leg)), (2.0, LegEnded(leg, REJECTED))],
            [(1.0, LegAnswered(leg)), (1.0, LegEnded(leg))],  # on the hook again before the two are connected
            [(1.0, LegAnswered(leg)), (7.0, LegEnded(leg))],
            [(2.0, DigitPressed(caller, "1")), (3.0, LegEnded(caller))],
            [(0.9, LegAnswered(leg)), (0.9, LegEnded(caller))],
            act=(RingTelephone, command),
        )

    def _speaks(self, command: StartMessage, now: float) -> None:
        message, leg = command.message, command.leg
        self._one_of(
            now,
            None,  # some words
            [(0.0, CommandFailed("StartMessage", message, 404))],
            [],  # its end is never told
            [(5.0, MessageFinished(message, 0.0))],
            [(0.5, DigitPressed(leg, "#")), (0.5, MessageFinished(message, 0.5))],
            [(0.7, MessageFinished(message, 0.7)), (0.8, LegEnded(leg))],
            [(0.7, LegEnded(leg)), (0.7, MessageFinished(message, 0.7))],
            act=(StartMessage, command),
        )

    def _connects(self, command: ConnectLegs, now: float) -> None:
        bridge = command.bridge
        failed: Course = [(0.0, CommandFailed("ConnectLegs", bridge, 404))]
        self._one_of(now, None, None, None, [], failed, act=(ConnectLegs, command))

    def _one_of(self, now: float, *choices: Course | None, act: tuple[type[Command], Command]) -> None:
        """Plan one of some courses; None: as usual."""
        chosen = self._random.choice(choices)
        if chosen is None:
            self._usual[act[0]](act[1], now)
            return
        for seconds, event in chosen:
            self._clock.at(now + seconds, event)
