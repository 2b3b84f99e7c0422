"""What the loader accepts never raises, never leaves a caller without an end, and ends within its bound."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from calls.hours import HoursStatus
from ivr.flow_checks import longest_silent
from ivr.interpreter import advance, begin
from ivr.project import Project
from ivr.script import LineReason
from ivr.steps import (
    Action,
    AskCallback,
    Done,
    End,
    Enqueue,
    Input,
    Key,
    Listen,
    MessageTaken,
    NotReached,
    Played,
    QueueView,
    Refused,
    Say,
    SendNotice,
    Silence,
    TakeMessage,
    Transfer,
    World,
)
from tests.ivr.flows import NUMBER, Draw, accepted, loaded, project_files
from tests.ivr.nodes.walk import NOON
from tests.ivr.silent import inputs_of

pytestmark = pytest.mark.unit

MOST_KEYS = 25
KEYS = st.sampled_from("0123456789*#")


class Whim:
    """A world and a caller who do as chance wants; after some keys the caller is silent, and the line answers."""

    def __init__(self, draw: Draw, project: Project) -> None:
        self._draw = draw
        self._left = draw(st.integers(0, MOST_KEYS))
        self._line = draw(
            st.sampled_from(["", "full", "no_seats", "long_wait", "closing"])
        )  # on the worst day it takes nobody, ever
        self.did = 0
        caller = draw(st.sampled_from(["", "0900000001", "0481234567"]))
        self.world = World(self._hours, NUMBER, caller, self._queue, self._today, project.listed)

    def _hours(self, name: str) -> HoursStatus:
        return HoursStatus(self._draw(st.booleans()), "", NOON)

    def _queue(self, name: str) -> QueueView:
        some = st.integers(0, 2)
        return QueueView(self._draw(some), self._draw(some), self._draw(st.sampled_from([None, 0.0, 60.0])))

    def _today(self) -> dt.date:
        return dt.date(2026, 4, 1 + self._draw(st.integers(0, 1)))

    def _does(self) -> bool:
        if self.did >= self._left or not self._draw(st.booleans()):
            return False
        self.did += 1
        return True

    def _pressed(self) -> Key | None:
        return Key(self._draw(KEYS)) if self._does() else None

    def answer(self, action: Action) -> Input | None:
        """What follows an action; None: the caller has left the flow."""
        match action:
            case Say():
                return self._pressed() or Played()
            case Listen():
                return self._pressed() or Silence()
            case Enqueue():
                return self._wait()
            case Transfer():
                return self._pressed() or self._ring()
            case TakeMessage():
                return self._pressed() or self._speak()
            case AskCallback() | SendNotice():
                return Done()
            case End():
                return None
        raise AssertionError(f"a flow of these nodes never does {action}")

    def _ring(self) -> Input | None:
        reason = self._draw(st.sampled_from(["answered", "unanswered", "unknown"]))
        return None if reason == "answered" else NotReached(reason)

    def _speak(self) -> Input | None:
        seconds = self._draw(st.sampled_from([None, 0.0, 5.0]))  # None: he hangs up at the end of it
        return None if seconds is None else MessageTaken(seconds)

    def _wait(self) -> Input | None:
        reason = self._line or self._draw(st.sampled_from(["answered", *get_args(LineReason)]))
        if reason == "answered" or (reason in ("timeout", "closed") and not self._does()):
            return self._pressed()
        return Refused(reason)


def call(project: Project, whim: Whim) -> int:
    """One call from its beginning to its end; how many inputs it took."""
    position, action = begin(project.flow, whim.world, "ja")
    most = (whim.did + MOST_KEYS + 1) * (1 + longest_silent(project, inputs_of))
    count = 0
    while (given := whim.answer(action)) is not None:
        count += 1
        assert count <= most, "the call goes on beyond its bound"
        previous = action
        position, action = advance(project.flow, position, given, whim.world)
        action = previous if type(action).__name__ == "Stay" else action
    assert position.stack == () or "." in position.node
    return count


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(content=project_files(), data=st.data())
def test_a_flow_that_is_accepted_ends(content: dict[str, Any], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = accepted(content, Path(folder))
        event("accepted" if path else "refused")
        if path is None:
            return
        project = loaded(path)
    for _ in range(3):
        call(project, Whim(data.draw, project))
