"""What a gate says, without a simulator."""

from __future__ import annotations

from store.versions import Gate


class GateError(Exception):
    """Nothing was published, because it cannot be said whether the promise would hold; says what to do."""


class BrokenPromiseError(GateError):
    """Nothing was published, because the promise would be broken; the message has the figures, and `gate` too."""

    def __init__(self, message: str, gate: Gate) -> None:
        super().__init__(message)
        self.gate = gate


def figures(gate: Gate) -> str:
    """`88.12 % +- 0.53 % of 90.00 % promised (10 replications)`."""
    width = "" if gate.half_width is None else f" +- {100 * gate.half_width:.2f} %"
    many = "1 replication" if gate.times == 1 else f"{gate.times} replications"
    return f"{100 * gate.rate:.2f} %{width} of {100 * gate.promise:.2f} % promised ({many})"
