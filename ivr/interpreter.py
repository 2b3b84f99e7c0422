"""Walks a caller through a flow: pure, one input at a time."""

from __future__ import annotations

from ivr.project import Flow
from ivr.steps import Entered, Goto, Input, Position, Turn, World

MOST_HOPS = 1000


class FlowLoopError(Exception):
    """A flow went from node to node without ever waiting for anything: the configuration is wrong."""


def begin(flow: Flow, world: World, language: str) -> Turn:
    """The first turn of a call."""
    return _settle(flow, Turn(Position(flow.start, language=language), Goto(flow.start)), world)


def advance(flow: Flow, position: Position, given: Input, world: World) -> Turn:
    """The turn that follows one input.

    Raises FlowLoopError where more than MOST_HOPS nodes follow each other without an action.
    """
    return _settle(flow, flow.nodes[position.node].step(position, given, world), world)


def _settle(flow: Flow, turn: Turn, world: World) -> Turn:
    entered = Entered()
    for _ in range(MOST_HOPS):
        position, action = turn.position, turn.action
        if not isinstance(action, Goto):
            return turn
        here = Position(action.node, 0, 0, position.language, position.outcome)
        turn = flow.nodes[action.node].step(here, entered, world)
    raise FlowLoopError(f"the flow goes round without end at node '{turn.position.node}'")
