"""What a caller gives a flow who does nothing."""

from __future__ import annotations

from ivr.nodes.base import NodeModel
from ivr.nodes.collect import Collect
from ivr.nodes.menu import Menu


def inputs_of(node: NodeModel) -> int:
    """So many inputs a caller who presses nothing gives a node at most, one for coming to it included."""
    if isinstance(node, Menu):
        return 1 + node.attempts * (len(node.prompt) + 1)
    if isinstance(node, Collect):
        read_back = 0 if node.confirm is None else node.length[1] + 3
        return 1 + node.attempts * (len(node.prompt) + 2 + read_back)
    return 1 + len(node.texts())
