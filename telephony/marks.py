"""The mark that every leg carries in Asterisk: what it is, for an engine that has lost its memory.

It stands in a channel variable that Asterisk shows with the channel wherever it does (`channelvars` in ari.conf). No
caller's number is in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, NamedTuple, get_args

from calls.lifecycle import STATE, State
from engine.belief import Role
from engine.call import Call
from engine.floor import Floor

VARIABLE = "DENWABAN"
"""The channel variable."""

MarkState = Literal["", "flow", "waiting", "talking"]
_ROLES: dict[str, Role] = {role: role for role in get_args(Role)}
_MARK_STATES: dict[str, MarkState] = {state: state for state in get_args(MarkState)}
_SEPARATOR = "|"
_TALKING = frozenset({State.TALKING, State.HELD, State.CONSULTING})
_OVER = frozenset({State.WRAP_UP, State.CLOSED})


class Mark(NamedTuple):
    """What a leg is. `since`: when it began to wait, or to talk, or arrived; `until`: when its wait ends.

    Both in whole seconds since 1970 UTC; 0: unknown, or never. `queue` is a queue's id, `run` the engine's.
    """

    role: Role
    call: str = ""
    project: str = ""
    version: int = 0
    number: str = ""
    state: MarkState = ""
    queue: str = ""
    since: int = 0
    until: int = 0
    seat: str = ""
    run: str = ""

    @property
    def text(self) -> str:
        """As it stands in the variable."""
        return _SEPARATOR.join(str(field) for field in self)


def read_mark(text: str) -> Mark | None:
    """The mark that a variable holds; None for what is no mark of ours (or one of another version)."""
    fields = text.split(_SEPARATOR)
    if len(fields) != len(Mark._fields):
        return None
    role, call, project, version, number, state, queue, since, until, seat, run = fields
    numbers = (version, since, until)
    if role not in _ROLES or state not in _MARK_STATES or not all(map(str.isdecimal, numbers)):
        return None
    return Mark(
        _ROLES[role], call, project, int(version), number, _MARK_STATES[state], queue, int(since), int(until), seat, run
    )  # fmt: skip


class Marks:
    """Writes them, from what the engine knows of the call after the step in hand."""

    def __init__(self, floor: Floor, clock: Callable[[], float] = time.time) -> None:
        self._floor = floor
        self._clock = clock
        self._states: dict[str, tuple[MarkState, int]] = {}

    def of_leg(self, role: Role, call: str, seat: str = "") -> str:
        """The mark of a leg that we place for a call (its id; empty: for none)."""
        found = self._floor.calls.get(call)
        if found is None:
            return Mark(role, call, seat=seat, run=self._floor.run).text
        return self._mark(role, found, seat).text

    def changed(self, call: str) -> tuple[str, str] | None:
        """The leg of a call's caller and its mark, where that is not the one that was told last."""
        found = self._floor.calls.get(call)
        if found is None or found.state in _OVER:
            self._states.pop(call, None)
            return None
        state, before = _state(found), self._states.get(call)
        if not found.leg or (before is not None and before[0] == state):
            return None
        self._states[call] = state, self._since(found, state)
        role: Role = "caller" if found.direction == "in" else "party"
        state, since = self._states[call]
        return found.leg, self._mark(role, found)._replace(
            state=state, since=since, until=int(found.wait_until or 0) if state == "waiting" else 0
        ).text  # fmt: skip

    def _since(self, call: Call, state: MarkState) -> int:
        if state == "waiting" and call.stands_since is not None:
            return int(call.stands_since)
        return int(self._clock())

    def _mark(self, role: Role, call: Call, seat: str = "") -> Mark:
        return Mark(
            role, call.id, call.project.project, call.version, call.number,
            queue=call.queue, seat=seat, run=self._floor.run,
        )  # fmt: skip


def _state(call: Call) -> MarkState:
    if call.state in _TALKING:
        return "talking"
    waits = call.state in (STATE.QUEUED, STATE.RINGING) or (call.state is STATE.TRANSFERRED and call.queue)
    return "waiting" if waits else "flow"
