"""Gives a node one input after the other."""

from __future__ import annotations

import datetime as dt

from calls.hours import HoursStatus
from ivr.nodes.base import NodeModel
from ivr.steps import Action, Input, Position, World

NOON = dt.datetime(2026, 5, 7, 12, tzinfo=dt.UTC)


def world(*, is_open: bool = True) -> World:
    """A world whose project is open, or not."""
    return World(lambda name: HoursStatus(is_open, "", NOON))


def walk(
    node: NodeModel, *given: Input, start: Position | None = None, is_open: bool = True
) -> tuple[Position, list[Action]]:
    """Where the caller is at the end, and what the node wanted at each step."""
    position, actions = start or Position("here"), []
    for each in given:
        position, action = node.step(position, each, world(is_open=is_open))
        actions.append(action)
    return position, actions
