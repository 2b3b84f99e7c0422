"""Callers whose calls the system lost, and whom somebody may want to call back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

LostState = Literal["open", "ordered", "called_back", "called_again"]
"""`ordered`: he is called back, now or in his turn. `called_again`: he has tried it anew himself, and was answered."""

ANSWERED = frozenset({"answered", "degraded_answered"})


class LostCall(NamedTuple):
    """One call that was cut off. `since`: when its caller had begun to wait; if he had not, when he arrived."""

    call: str
    project: str
    queue: str
    number: str
    since: float
    lost_at: float
    outcome: str


class Owed(NamedTuple):
    """A callback that a caller was promised, or that was ordered for him, and its state."""

    project: str
    number: str
    asked_at: float
    state: str


class Again(NamedTuple):
    """A caller has called once more."""

    project: str
    number: str
    arrived_at: float
    outcome: str


class LostCaller(msgspec.Struct, frozen=True):
    """Somebody whose calls were lost: `call` is the first of them, `calls` how many they are.

    `outcome` is that of the last one: `answered` where the conversation was cut. `again_at`: when he called again
    the last time, whatever became of it; None if he has not.
    """

    call: str
    project: str
    queue: str
    number: str
    since: float
    lost_at: float
    outcome: str
    calls: int = 1
    state: LostState = "open"
    again_at: float | None = None


def lost_callers(lost: Iterable[LostCall], owed: Iterable[Owed], again: Iterable[Again]) -> list[LostCaller]:
    """Each caller once for each project, in the order in which they had begun to wait; withheld numbers each alone."""
    found: dict[tuple[str, str], LostCaller] = {}
    for call in sorted(lost, key=lambda one: (one.since, one.call)):
        key = (call.project, call.number or call.call)
        before = found.get(key)
        found[key] = LostCaller(*call) if before is None else _merged(before, call)
    promised, tried = [*owed], [*again]
    return [_settled(caller, promised, tried) for caller in found.values()]


def _merged(before: LostCaller, call: LostCall) -> LostCaller:
    return msgspec.structs.replace(
        before, lost_at=call.lost_at, outcome=call.outcome, calls=before.calls + 1
    )  # fmt: skip


def _settled(caller: LostCaller, owed: list[Owed], again: list[Again]) -> LostCaller:
    if not caller.number:
        return caller
    who = (caller.project, caller.number)
    states = {one.state for one in owed if (one.project, one.number) == who and one.asked_at >= caller.since}
    tried = [one for one in again if (one.project, one.number) == who and one.arrived_at > caller.lost_at]
    again_at = max((one.arrived_at for one in tried), default=None)
    answered = any(one.outcome in ANSWERED for one in tried)
    return msgspec.structs.replace(caller, state=_state(states, answered=answered), again_at=again_at)


def _state(states: set[str], *, answered: bool) -> LostState:
    if "reached" in states:
        return "called_back"
    if answered:
        return "called_again"
    return "ordered" if states & {"waiting", "ringing", "retry"} else "open"
