"""Walks a caller through a flow: pure, one input at a time."""

from __future__ import annotations

import msgspec

from ivr.flow_table import RETURN, FlowTable, target_of
from ivr.positions import entering
from ivr.project import Flow
from ivr.steps import CallFlow, Entered, Goto, Input, Position, Turn, World

MOST_HOPS = 10_000

_ENTERED = Entered()


class FlowLoopError(Exception):
    """A flow went from node to node without ever waiting for anything: the configuration is wrong."""


def begin(flow: Flow, world: World, language: str, start: str | None = None) -> Turn:
    """The first turn of a call, at the flow's own start or at another node."""
    return enter(flow.table, start or flow.start, world, language)


def enter(table: FlowTable, start: str, world: World, language: str) -> Turn:
    """The first turn at a node of a table."""
    return _settle(table, Turn(Position(start, language=language), Goto(start)), world)


def advance(flow: Flow, position: Position, given: Input, world: World) -> Turn:
    """The turn that follows one input; see `proceed`."""
    return proceed(flow.table, position, given, world)


def proceed(table: FlowTable, position: Position, given: Input, world: World) -> Turn:
    """The turn that follows one input.

    Raises FlowLoopError where more than MOST_HOPS nodes follow each other without an action.
    """
    return _settle(table, table.steppers[position.node].step(position, given, world), world)


def _settle(table: FlowTable, turn: Turn, world: World) -> Turn:
    for _ in range(MOST_HOPS):
        position, action = turn.position, turn.action
        if type(action) is Goto:
            inside = "." in position.node
            here = _gone_on(position, action.node) if inside else entering(position, action.node)
        elif type(action) is CallFlow:
            here = _called(position, action, table)
        else:
            return turn
        turn = table.steppers[here.node].step(here, _ENTERED, world)
    raise FlowLoopError(f"the flow goes round without end at node '{turn.position.node}'")


def _gone_on(position: Position, exit_: str) -> Position:
    """On inside a sub-flow, or out of it."""
    if exit_ != RETURN:
        return entering(position, target_of(position.node, exit_))
    *stack, back = position.stack
    return entering(msgspec.structs.replace(position, stack=tuple(stack)), back)


def _called(position: Position, action: CallFlow, table: FlowTable) -> Position:
    """Where a sub-flow has nothing more to do after this one, this one returns for both."""
    start = table.starts[action.flow]
    if action.next == RETURN and "." in position.node:
        return entering(position, start)
    stack = (*position.stack, target_of(position.node, action.next))
    return entering(msgspec.structs.replace(position, stack=stack), start)
