"""What a caller would hear: the interpreter itself, a clock made of the lengths of the texts, and keys set before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from calls.hours import HoursStatus, OpeningHours
from calls.lifecycle import Outcome
from calls.queue_settings import QueueSettings
from ivr import interpreter
from ivr.builtin_texts import notice_texts
from ivr.project import Project
from ivr.script import ORDINARY, SILENT, Hand
from ivr.script import Circumstances as Circumstances
from ivr.speech_length import estimated_seconds
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
    Position,
    Refused,
    Say,
    SendNotice,
    Silence,
    Stay,
    TakeMessage,
    Transfer,
    World,
)

KEY_S = 1.0
"""How long a caller looks for a key once the prompt is over."""

MOST_STEPS = 20_000

EndKind = Literal["queue", "hangup", "transfer", "message", "callback"]


@dataclass(frozen=True)
class Heard:
    """One text that was played; `at` in seconds since the call began."""

    guidance: str
    version: int
    language: str
    text: str
    at: float


@dataclass(frozen=True)
class Pressed:
    """One key at one node; `-` where the caller let the time pass."""

    node: str
    key: str
    at: float


@dataclass(frozen=True)
class Walk:
    """One call from its first to its last word. `nodes` are those where something was said, asked or done.

    `target`: the queue, the telephone or the number that the call ended at. `unused`: keys that nobody asked for.
    """

    project: str
    began: dt.datetime
    open: bool
    reason: str
    steps: tuple[Heard | Pressed, ...]
    end: EndKind
    outcome: Outcome | None
    target: str
    seconds: float
    nodes: tuple[str, ...]
    unused: tuple[str, ...]
    sent: tuple[SendNotice, ...]

    @property
    def heard(self) -> tuple[Heard, ...]:
        """The texts, in order."""
        return tuple(step for step in self.steps if isinstance(step, Heard))

    @property
    def pressed(self) -> tuple[Pressed, ...]:
        """The keys and silences, in order."""
        return tuple(step for step in self.steps if isinstance(step, Pressed))

    @property
    def keys(self) -> list[str]:
        """The keys that were pressed, in order."""
        return [pressed.key for pressed in self.pressed if pressed.key != SILENT]

    def time_of(self, seconds: float) -> dt.datetime:
        """The project's local time, so many seconds into the call."""
        return self.began + dt.timedelta(seconds=seconds)


def walk(
    project: Project,
    at: dt.datetime,
    presses: Sequence[str] = (),
    caller: str = "",
    number: str = "",
    met: Circumstances = ORDINARY,
) -> Walk:
    """What a caller hears who calls at a local time (an aware one is converted) and presses these keys.

    `presses`: one entry at each menu; several keys in one entry ("1234#") are typed one after the other, "-" presses
    nothing. When all are used the caller is silent. `caller` is empty for a withheld number; `number` is the one
    dialled, the project's first one if empty.

    Raises FlowLoopError where the flow does not wait or does not end.
    """
    if at.tzinfo is not None:
        at = at.astimezone(ZoneInfo(project.timezone)).replace(tzinfo=None)
    return _Walker(project, at, Hand(presses), met).run(caller, number or project.numbers[0].number)


class _Walker:
    """The caller, and all that he meets: answers each action of the flow with what follows from it."""

    def __init__(self, project: Project, began: dt.datetime, hand: Hand, met: Circumstances) -> None:
        self._project = project
        self._began = began
        self._hand = hand
        self._met = met
        self._hours: dict[str, OpeningHours] = {}
        self._now = 0.0
        self._steps: list[Heard | Pressed] = []
        self._nodes: list[str] = []
        self._sent: list[SendNotice] = []
        self._failed: set[str] = set()
        self._end: EndKind = "hangup"
        self._target = ""
        self._listening_s = 0.0
        self._read_back = ""  # the digits that stood there when something was said last: that entry is over

    def run(self, caller: str, number: str) -> Walk:
        world = World(
            self._status, number, caller, lambda _: self._met.queue, self._today, self._project.listed
        )
        flow = self._project.flow
        start = self._project.disaster if self._met.switched == "disaster" else None
        turn = interpreter.begin(flow, world, self._project.language, start)
        for _ in range(MOST_STEPS):
            position, action = turn
            self._visit(position.node)
            given = self._answer(position, action)
            if given is None:
                return self._walk(action)
            turn = interpreter.advance(flow, position, given, world)
        raise interpreter.FlowLoopError(f"the call does not end: it is at node '{turn.position.node}' still")

    def _local(self) -> dt.datetime:
        return self._began + dt.timedelta(seconds=self._now)

    def _today(self) -> dt.date:
        return self._local().date()

    def _status(self, name: str = "") -> HoursStatus:
        if self._met.switched in ("open", "closed"):
            return HoursStatus(self._met.switched == "open", "switched by hand", self._local())
        if name not in self._hours:
            self._hours[name] = self._project.opening_hours(name)
        return self._hours[name].status(self._local())

    def _visit(self, node: str) -> None:
        if self._nodes[-1:] != [node]:
            self._nodes.append(node)

    def _answer(self, position: Position, action: Action) -> Input | None:
        """What happens next; None where the call has left the flow."""
        match action:
            case Say(guidance):
                return self._hear(guidance, position)
            case Listen(seconds):
                self._listening_s = seconds
                return self._press(position, seconds)
            case Stay():
                return self._press(position, self._listening_s)  # a key that means nothing here
            case Enqueue():
                return self._queue(position, action)
            case Transfer():
                return self._ring(position.node, action)
            case TakeMessage(longest, silence):
                self._end = "message"
                self._now += min(self._met.message_s + silence, longest)
                return MessageTaken(min(self._met.message_s, longest))
            case AskCallback(queue, _):
                self._end, self._target = "callback", queue
                return Done()
            case SendNotice():
                self._sent.append(action)
                return Done()
            case _:
                return None

    def _hear(self, guidance: str, position: Position) -> Played:
        said = self._project.said(guidance, position.language, self._today())
        self._read_back = position.digits
        self._steps.append(Heard(*said, self._now))
        self._now += estimated_seconds(said.text, language=said.language)
        return Played()

    def _press(self, position: Position, seconds: float) -> Input:
        key = self._hand.next(typing=position.digits != self._read_back)
        self._now += seconds if key == SILENT else min(KEY_S, seconds)
        self._steps.append(Pressed(position.node, key, self._now))
        return Silence() if key == SILENT else Key(key)

    def _queue(self, position: Position, action: Enqueue) -> Input | None:
        reason, settings = self._met.line, self._project.queues[action.queue]
        waits_s = self._kept_s(reason, settings)
        if not reason or waits_s is None or self._fails_again(position.node):
            return self._stay(position, action, settings)
        self._wait(position, settings, waits_s)
        return Refused(reason)

    def _kept_s(self, reason: str, settings: QueueSettings) -> float | None:
        """How long the line keeps whom it gives back for a reason; None where it does not give anybody back for it."""
        if reason == "timeout":
            return settings.max_wait_s
        if reason == "closed":
            left_s = (self._status().until - self._local()).total_seconds()
            return left_s if settings.at_closing == "release" else None
        return 0.0

    def _stay(self, position: Position, action: Enqueue, settings: QueueSettings) -> Input | None:
        """The caller stays in the line, unless he presses a key that leads out of it while he waits."""
        view = self._met.queue
        if view.waiting or not view.seats_free:
            self._wait(position, settings, settings.notices.first_s if settings.notices else 0.0)
            given = self._press(position, KEY_S) if action.keys else None
            while isinstance(given, Key):
                if given.digit in action.keys:
                    return given
                given = self._press(position, KEY_S)
        self._end, self._target = "queue", action.queue
        return None

    def _wait(self, position: Position, settings: QueueSettings, seconds: float) -> None:
        """Time in the line; what is said there again and again is told once."""
        began, notices = self._now, settings.notices
        if notices and seconds >= notices.first_s:
            self._now += notices.first_s
            for text in notice_texts(notices, self._met.queue.waiting + 1, self._met.queue.expected_wait):
                self._hear(text, position)
        self._now = max(self._now, began + seconds)

    def _ring(self, node: str, action: Transfer) -> NotReached | None:
        known = self._met.extensions
        if action.kind == "extension" and known is not None and action.target not in known:
            return NotReached("unknown")
        reason = self._met.transfer
        if not reason or self._fails_again(node):
            self._end, self._target = "transfer", action.target
            return None
        if reason == "unanswered":
            self._now += action.ring_s
        return NotReached(reason)

    def _fails_again(self, node: str) -> bool:
        again = node in self._failed
        self._failed.add(node)
        return again

    def _walk(self, last: Action) -> Walk:
        seconds, self._now = self._now, 0.0
        status = self._status()
        return Walk(
            project=self._project.project,
            began=self._began,
            open=status.open,
            reason=status.reason,
            steps=tuple(self._steps),
            end=self._end,
            outcome=last.outcome if isinstance(last, End) else None,
            target=self._target,
            seconds=seconds,
            nodes=tuple(self._nodes),
            unused=self._hand.left(),
            sent=tuple(self._sent),
        )
