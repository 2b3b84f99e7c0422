"""Takes a caller through the flow: turns what the flow wants into commands, and what happens into its inputs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from calls.commands import AnswerLeg, PlayGuidance, StopGuidance
from calls.lifecycle import MOVE, OUTCOME, STATE, Move, Outcome
from engine.floor import Call, Floor
from ivr import interpreter
from ivr.steps import (
    End,
    Enqueue,
    Input,
    Key,
    Listen,
    Played,
    Refused,
    Say,
    Silence,
    Stay,
    Turn,
    World,
)

LONGEST_GUIDANCE_S = 600.0
"""A playback that has not ended by then is taken as ended: no caller may hang on one lost event."""

MOST_REFUSALS = 50
"""How many lines may turn a caller away one after the other without a word in between."""

GOES_ON_AFTER_S = 0.5
"""A text that could not be played is passed over after so long, unless the caller has hung up by then."""

Queue = Callable[[Call, str, float], str]
"""Puts a call into a queue at a time; answers with why not ("" if it did)."""

_PLAYED, _SILENCE = Played(), Silence()


class Guide:
    """The IVR side of the engine."""

    def __init__(self, floor: Floor, enqueue: Queue) -> None:
        self._floor = floor
        self._enqueue = enqueue
        self._refusals = 0

    def begin(self, call: Call, now: float) -> None:
        """The caller enters the flow of the project."""
        flow, language = call.project.flow, call.project.language
        self._run(call, now, lambda world: interpreter.begin(flow, world, language))

    def give(self, call: Call, given: Input, now: float) -> None:
        """Something happened that the flow may want to know."""
        flow, position = call.project.flow, call.position
        self._run(call, now, lambda world: interpreter.advance(flow, position, given, world))

    def played(self, call: Call, playback: str, now: float, *, ok: bool = True) -> None:
        """A playback is over; one that was stopped or replaced means nothing any more."""
        if not playback or playback != call.playback:
            return
        self._cancel_timer(call)
        if ok:
            call.playback = ""
            self.give(call, _PLAYED, now)
        else:
            # Asterisk tells first that the playback failed and then that the caller had hung up in the middle
            # of it: who goes on at once takes a caller who has gone into the line.
            call.timer = self._floor.timers.set(now + GOES_ON_AFTER_S, "guidance", call.id)

    def pressed(self, call: Call, digit: str, now: float) -> None:
        """A key; outside the flow it means nothing yet."""
        if call.state is STATE.IVR:
            self.give(call, Key(digit), now)

    def silent(self, call: Call, now: float) -> None:
        """The time for a key has passed."""
        if call.state is STATE.IVR:
            self.give(call, _SILENCE, now)

    def refused(self, call: Call, reason: str, now: float) -> None:
        """The queue gives the caller back: `full`, `no_seats` or `timeout`."""
        self.give(call, Refused(reason), now)

    def _run(self, call: Call, now: float, turn: Callable[[World], Turn]) -> None:
        hours = self._floor.hours[call.project.project]
        world = World(partial(hours.status, now), call.number, call.caller)
        try:
            answer = turn(world)
        except interpreter.FlowLoopError:
            self._end(call, OUTCOME.LOST_SYSTEM, MOVE.LOST)
            return
        call.position, action = answer.position, answer.action
        if isinstance(action, Stay):
            return
        self._silence(call)
        if isinstance(action, Say):
            self._say(call, action.guidance, now)
        elif isinstance(action, Listen):
            call.timer = self._floor.timers.set(now + action.seconds, "silence", call.id)
        elif isinstance(action, Enqueue):
            self._queue(call, action.queue, now)
        elif isinstance(action, End):
            self._end(call, action.outcome, MOVE.ENDED)

    def _say(self, call: Call, guidance: str, now: float) -> None:
        self._answer(call)
        call.plays += 1
        call.playback = f"{call.id}.p{call.plays}"
        language = call.position.language
        self._floor.out.append(
            PlayGuidance(call.leg, call.playback, call.project.project, guidance, language)
        )
        call.timer = self._floor.timers.set(now + LONGEST_GUIDANCE_S, "guidance", call.id)

    def _queue(self, call: Call, queue: str, now: float) -> None:
        self._answer(call)
        reason = self._enqueue(call, queue, now)
        if not reason:
            return
        self._refusals += 1
        if self._refusals > MOST_REFUSALS:
            self._end(call, OUTCOME.LOST_SYSTEM, MOVE.LOST)
        else:
            self.refused(call, reason, now)
        self._refusals -= 1

    def _end(self, call: Call, outcome: Outcome, move: Move) -> None:
        floor = self._floor
        floor.decide(call, outcome)
        floor.move(call, move)
        floor.hang_up_caller(call)
        floor.close(call)

    def _answer(self, call: Call) -> None:
        if not call.answered:
            call.answered = True
            self._floor.out.append(AnswerLeg(call.leg))

    def _silence(self, call: Call) -> None:
        if call.playback:
            self._floor.out.append(StopGuidance(call.playback))
            call.playback = ""
        self._cancel_timer(call)

    def _cancel_timer(self, call: Call) -> None:
        self._floor.timers.cancel(call.timer)
        call.timer = None
