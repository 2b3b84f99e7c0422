"""All nodes of a flow and of its sub-flows in one table: what the interpreter walks on and the checks look at."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.nodes.base import NodeModel
from ivr.steppers import Stepper

RETURN = "return"
"""In a sub-flow: back to where it was called from."""


class FlowTable:
    """`nodes`: those of a sub-flow are named `SUBFLOW.NODE`. `starts`: where each sub-flow begins. `steppers`: the
    reducers of the nodes, by the same names."""

    def __init__(self, nodes: Mapping[str, NodeModel], starts: Mapping[str, str]) -> None:
        self.nodes = nodes
        self.starts = starts
        self.steppers: dict[str, Stepper] = {name: node.stepper() for name, node in nodes.items()}

    def edges(self) -> dict[str, list[str]]:
        """Where a caller can go from each node. A sub-flow returns to everywhere that it is called from."""
        returns: dict[str, list[str]] = {flow: [] for flow in self.starts}
        for name, node in self.nodes.items():
            for flow in node.subflows().values():
                returns[flow] += [target_of(name, exit_) for exit_ in node.exits().values()]
        backs = _all_backs(returns)
        return {name: list(self._edges(name, node, backs)) for name, node in self.nodes.items()}

    def _edges(self, name: str, node: NodeModel, backs: Mapping[str, list[str]]) -> list[str]:
        if called := list(node.subflows().values()):
            return [self.starts[flow] for flow in called]
        targets = [target_of(name, exit_) for exit_ in node.exits().values()]
        direct = [target for target in targets if not _is_return(target)]
        back = [target for each in targets if _is_return(each) for target in backs[_flow_of(each)]]
        return direct + back


def flow_table(
    nodes: Mapping[str, NodeModel], subflows: Mapping[str, tuple[str, Mapping[str, NodeModel]]]
) -> FlowTable:
    """The table of a flow's nodes and its sub-flows, each with its start and its nodes."""
    table = dict(nodes)
    for flow, (_, inner) in subflows.items():
        table |= {f"{flow}.{name}": node for name, node in inner.items()}
    return FlowTable(table, {flow: f"{flow}.{start}" for flow, (start, _) in subflows.items()})


def target_of(node: str, exit_: str) -> str:
    """The name in the table of what a node calls `exit_`: a sub-flow names only its own nodes."""
    flow, dot, _ = node.rpartition(".")
    return f"{flow}{dot}{exit_}"


def _is_return(target: str) -> bool:
    return target.endswith(f".{RETURN}")


def _flow_of(target: str) -> str:
    return target.rpartition(".")[0]


def _all_backs(returns: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Where each sub-flow returns to; where that is a `return` itself, on to where the caller's flow returns to."""
    found: dict[str, list[str]] = {}
    for flow in returns:
        seen: set[str] = set()
        waiting, ends = list(returns[flow]), []
        while waiting:
            target = waiting.pop()
            if target in seen:
                continue
            seen.add(target)
            if _is_return(target):
                waiting += returns[_flow_of(target)]
            else:
                ends.append(target)
        found[flow] = ends
    return found
