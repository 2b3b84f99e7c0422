"""Takes a caller through the flow: turns what the flow wants into commands, and what happens into its inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calls.command import HangUpReason
from calls.commands import AnswerLeg, OverrideHours, StartEarlyMedia, StopGuidance
from calls.lifecycle import MOVE, OUTCOME, STATE, Move, Outcome
from engine.call import Call
from engine.floor import Floor
from engine.outlook import Outlook
from engine.service_line import PIN_NODE
from engine.speech import GOES_ON_AFTER_S, LONGEST_GUIDANCE_S, speak
from ivr import interpreter
from ivr.steps import (
    Action,
    Done,
    End,
    Enqueue,
    Input,
    Key,
    Listen,
    PinTyped,
    Played,
    Refused,
    Say,
    Silence,
    Stay,
    SwitchHours,
    Turn,
)

MOST_REFUSALS = 50
"""How much may be done and refused one after the other without a word in between."""

Queue = Callable[[Call, str, float], str]
"""Puts a call into a queue at a time; answers with why not ("" if it did)."""

StepOut = Callable[[Call, str, float], bool]
"""Takes a waiting caller out of the line for a key that leads out of it; answers with whether it does."""

Other = Callable[[Call, Any, float], Input | None]
"""Does what else a flow wants; answers with what the flow is told at once, None where it has to wait."""

UNANSWERED: dict[Outcome, HangUpReason] = {
    Outcome.OVERFLOWED: "busy",
    Outcome.TIMED_OUT: "busy",
    Outcome.LOST_SYSTEM: "congestion",
}
"""What the carrier is told of a call that ended without having been answered; of any other: `no_answer`."""

_PLAYED, _SILENCE = Played(), Silence()


class Guide:
    """The IVR side of the engine."""

    remembers = ("_refusals",)

    def __init__(self, floor: Floor, enqueue: Queue, step_out: StepOut) -> None:
        self._floor = floor
        self._outlook = Outlook(floor)
        self._enqueue = enqueue
        self._step_out = step_out
        self._refusals = 0
        self.others: dict[type[Action], Other] = {}

    def begin(self, call: Call, now: float) -> None:
        """The caller enters the flow of the project."""
        facts, world = call.facts, self._outlook.world(call, now)
        start = facts.disaster if self._floor.hours[facts.project].disaster else None
        try:
            turn = interpreter.enter(facts.table, start or facts.start, world, facts.language)
        except interpreter.FlowLoopError:
            self._end(call, OUTCOME.LOST_SYSTEM, MOVE.LOST)
        else:
            self._follow(call, turn, now)

    def give(self, call: Call, given: Input, now: float) -> None:
        """Something happened that the flow may want to know."""
        world = self._outlook.world(call, now)
        try:
            turn = interpreter.proceed(call.facts.table, call.position, given, world)
        except interpreter.FlowLoopError:
            self._end(call, OUTCOME.LOST_SYSTEM, MOVE.LOST)
        else:
            self._follow(call, turn, now)

    def played(self, call: Call, playback: str, now: float, *, ok: bool = True) -> None:
        """A playback is over; one that was stopped or replaced means nothing any more."""
        if not playback or playback != call.playback:
            return
        self._cancel_timer(call)
        if ok:
            call.playback = ""
            self.give(call, _PLAYED, now)
        else:
            call.timer = self._floor.timers.set(now + GOES_ON_AFTER_S, "guidance", call.id)

    def pressed(self, call: Call, digit: str, now: float) -> None:
        """A key, in the flow or in the line."""
        if call.state is STATE.IVR or self._step_out(call, digit, now):
            self.give(call, Key(digit), now)

    def pin_typed(self, call: Call, ok: bool, now: float) -> None:
        """The PIN of a service number, right or wrong."""
        if call.state is STATE.IVR and call.position.node == PIN_NODE:
            self.give(call, PinTyped(ok), now)

    def silent(self, call: Call, now: float) -> None:
        """The time for a key has passed."""
        if call.state is STATE.IVR:
            self.give(call, _SILENCE, now)

    def refused(self, call: Call, reason: str, now: float) -> None:
        """The line gives the caller back, after a while: `timeout` or `closed`."""
        self.give(call, Refused(reason), now)

    def _follow(self, call: Call, turn: Turn, now: float) -> None:
        call.position, action = turn.position, turn.action
        if type(action) is Stay:
            return
        if call.playback or call.timer is not None:
            self._silence(call)
        if type(action) is Say:
            self._say(call, action, now)
        elif type(action) is Listen:
            call.timer = self._floor.timers.set(now + action.seconds, "silence", call.id)
        elif type(action) is Enqueue:
            self._queue(call, action, now)
        elif type(action) is SwitchHours:
            self._switch(call, action, now)
        elif type(action) is End:
            self._end(call, action.outcome, MOVE.ENDED)
        else:
            self._others(call, action, now)

    def _switch(self, call: Call, action: SwitchHours, now: float) -> None:
        until = self._floor.hours[action.project].end_of_day(now)
        # By whom: the call's id leads to its record; the caller's number itself has no place in an audit log.
        order = OverrideHours(action.project, action.kind, until, "by telephone", f"call {call.id}")
        self._floor.out.append(order)
        self.give(call, Done(), now)

    def _say(self, call: Call, action: Say, now: float) -> None:
        if action.answer or not self._floor.centre.early_media:
            self._answer(call)
        else:
            self._open_early(call)
        speak(self._floor, call, action.guidance, now)
        call.timer = self._floor.timers.set(now + LONGEST_GUIDANCE_S, "guidance", call.id)

    def _queue(self, call: Call, action: Enqueue, now: float) -> None:
        before = len(self._floor.out)
        call.priority, call.keys = action.priority, action.keys
        reason = self._enqueue(call, action.queue, now)
        if not reason:
            self._answer(call, before)  # who is turned away at once may be told so without being charged
            return
        self._at_once(call, Refused(reason), now)

    def _others(self, call: Call, action: Action, now: float) -> None:
        before = len(self._floor.out)
        given = self.others[type(action)](call, action, now)
        if given is None:
            self._answer(call, before)
        else:
            self._at_once(call, given, now)

    def _at_once(self, call: Call, given: Input, now: float) -> None:
        self._refusals += 1
        if self._refusals > MOST_REFUSALS:
            self._end(call, OUTCOME.LOST_SYSTEM, MOVE.LOST)
        else:
            self.give(call, given, now)
        self._refusals -= 1

    def _end(self, call: Call, outcome: Outcome, move: Move) -> None:
        floor = self._floor
        floor.decide(call, outcome)
        floor.move(call, move)
        floor.hang_up_caller(call, "normal" if call.answered else UNANSWERED.get(outcome, "no_answer"))
        floor.close(call)

    def _answer(self, call: Call, place: int | None = None) -> None:
        if not call.answered:
            call.answered = True
            out = self._floor.out
            out.insert(len(out) if place is None else place, AnswerLeg(call.leg))

    def _open_early(self, call: Call) -> None:
        if not (call.answered or call.early):
            call.early = True
            self._floor.out.append(StartEarlyMedia(call.leg))

    def _silence(self, call: Call) -> None:
        if call.playback:
            self._floor.out.append(StopGuidance(call.playback))
            call.playback = ""
        self._cancel_timer(call)

    def _cancel_timer(self, call: Call) -> None:
        if call.timer is not None:
            self._floor.timers.cancel(call.timer)
            call.timer = None
