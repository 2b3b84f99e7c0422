"""Callers who are called back: their place in the line is kept, and an operator who is free dials them.

A wish gets its place at once. It comes into the line when the call in which it was said is over (before that, the
telephone of who is to be called is busy), and only while the project is open: nobody is called at night. Each way
through the line is a call of its own. Where it does not reach its party, the next one follows after a while on the
same place; where closing time comes first, it ends without having been dialled, and one more begins at opening.
"""

from __future__ import annotations

from acd.seat import Seat
from calls.lifecycle import OUTCOME
from calls.notes import CallbackState, NoteCallback, NoteCallbackState
from calls.queue_settings import QueueSettings
from calls.requests import CallbackOrdered, CallbackWithdrawn
from engine.call import Call, Callback, Party
from engine.callback_orders import line_of
from engine.cannot import conflict, unknown
from engine.centre import queue_id
from engine.desk import Desk
from engine.dialling import Dialling
from engine.floor import Floor
from engine.ringing import Ringing
from engine.timers import Timer
from ivr.project import Project
from ivr.steps import AskCallback, Done

LEAST_S = 1.0
"""Hours that end at once, by the clock of a night on which the summer time ends, are asked again after so long."""


class Callbacks:
    """All of them, until they are reached, given up or not needed any more."""

    remembers = ("_asked", "_wishes", "_watches")

    def __init__(self, floor: Floor, desk: Desk, ringing: Ringing, dialling: Dialling) -> None:
        self._floor = floor
        self._desk = desk
        self._ringing = ringing
        self._dialling = dialling
        dialling.owners["callback"] = self
        desk.entering = self.entering
        self._asked: dict[str, list[Callback]] = {}
        self._wishes: dict[tuple[str, str], Callback] = {}
        self._watches: dict[str, Timer] = {}

    # ---- asked for, and not needed any more

    def ask(self, call: Call, wish: AskCallback, now: float) -> Done:
        """A caller wants to be called back. Who has been promised it already has his place."""
        queue = queue_id(call.project.project, wish.queue)
        callback = self._wishes.get((queue, wish.number))
        if callback is None:
            callback = self._new(call, queue, wish, now)
        elif reached(callback.call):
            return Done()
        else:
            self._step_back(callback, now)
        self._floor.timers.cancel(callback.timer)
        callback.timer = None
        callback.asker, call.asked = call.id, True
        self._asked.setdefault(call.id, []).append(callback)
        self._note(callback, "waiting")
        return Done()

    def _new(self, call: Call, queue: str, wish: AskCallback, now: float) -> Callback:
        router, name = self._floor.router, call.project.project
        call.asks += 1
        callback = Callback(f"{call.id}.k{call.asks}", name, queue, wish.number, call.priority)
        place = router.place(call.id, queue)
        router.inherit(call.id, callback.id)
        router.reserve(callback.id, now)
        self._promise(callback, call.id, place)
        return callback

    def _promise(self, callback: Callback, call: str, place: int) -> None:
        name, queue, number = callback.project, callback.queue, callback.number
        self._floor.callbacks[callback.id] = self._wishes[queue, number] = callback
        note = NoteCallback(callback.id, call, name, queue.partition("/")[2], number, place)
        self._floor.out.append(note)

    def order(self, event: CallbackOrdered, now: float) -> str:
        """Somebody orders it for a caller who was lost: his place is that of one who has waited ever since."""
        router, queue = self._floor.router, line_of(event, self._floor)
        callback = self._wishes.get((queue, event.number))
        if callback is None:
            callback = Callback(f"{event.call}.o{int(now)}", event.project, queue, event.number, 0)
            if callback.id in self._floor.callbacks:
                raise conflict("that was ordered a moment ago", "")
            router.adopt(callback.id, min(event.since or now, now))
            self._promise(callback, event.call, router.place(callback.id, queue))
            self._line_up(callback, now)
        return callback.id

    def entering(self, call: Call, now: float) -> None:
        """A caller takes a place in the line: his own one, if he was to be called back for it."""
        callback = self._wishes.get((call.queue, call.caller))
        if callback is not None and not reached(callback.call):
            self._floor.router.inherit(callback.id, call.id)
            self._cancel(callback, now, call.id)

    def withdraw(self, event: CallbackWithdrawn, now: float) -> str:
        """Nobody is to be called back for this one any more."""
        callback = self._floor.callbacks.get(event.callback)
        if callback is None:
            raise unknown(f"no callback '{event.callback}' is waiting")
        if reached(callback.call):
            assert callback.call is not None  # which has reached him
            raise conflict("whoever was to be called back has been reached", callback.call.state)
        self._cancel(callback, now)
        return callback.id

    def _cancel(self, callback: Callback, now: float, instead: str = "") -> None:
        self._step_back(callback, now)
        self._over(callback, "cancelled", instead)

    # ---- in and out of the line

    def settle(self, now: float) -> None:
        """At the end of a step: calls are over in which somebody wished to be called back, or was."""
        floor = self._floor
        while floor.over:
            call = floor.over.pop(0)
            if call.direction == "callback":
                self._served(call, now)
            for callback in self._asked.pop(call.id, ()):
                if callback.asker == call.id and callback.id in floor.callbacks:
                    callback.asker = ""
                    self._line_up(callback, now)

    def try_again(self, name: str, now: float) -> None:
        """The interval after a try is over."""
        callback = self._floor.callbacks[name]
        callback.timer = None
        self._line_up(callback, now)

    def look(self, project: str, now: float) -> None:
        """A project may have opened or closed: into the line, or out of it."""
        self._floor.timers.cancel(self._watches.pop(project, None))
        its = [callback for callback in self._floor.callbacks.values() if callback.project == project]
        if not its:
            return
        opened = self._open(project, now)
        for callback in sorted(its, key=self._standing):
            if opened and callback.waits_at_home:
                self._line_up(callback, now)
            elif not opened and callback.call is not None:
                self._close(callback, callback.call, now)
        if self._any(project):
            self._watch(project, now)

    def _standing(self, callback: Callback) -> tuple[int, float]:
        return -callback.priority, self._floor.router.reserve(callback.id, 0.0)[1]

    def _line_up(self, callback: Callback, now: float) -> None:
        project = self._floor.centre.projects.get(callback.project)
        settings = None if project is None else project.queues.get(callback.queue.partition("/")[2])
        if project is None or settings is None:
            self._over(callback, "cancelled")
            return
        self._watch(callback.project, now)
        if self._open(callback.project, now):
            self._enter(callback, project, settings, now)
        else:
            self._note(callback, "waiting")

    def _enter(self, callback: Callback, project: Project, settings: QueueSettings, now: float) -> None:
        floor, name = self._floor, callback.project
        shown = settings.callback.from_number or project.numbers[0].number
        call = Call(
            floor.new_id(now), "", project, shown, callback.number, floor.hours[name],
            floor.centre.version_of(name), "callback",
        )  # fmt: skip
        call.callback, call.priority, callback.call = callback.id, callback.priority, call
        self._dialling.begin(call)
        floor.router.inherit(callback.id, call.id)
        self._note(callback, "waiting")
        self._desk.take_in(call, callback.queue, now)

    def _close(self, callback: Callback, call: Call, now: float) -> None:
        """Closing time: who is being dialled already, or has picked up, is not put off."""
        if call.outcome is None and call.seat is None and not call.leg:
            self._step_back(callback, now)
            self._note(callback, "waiting")

    def _step_back(self, callback: Callback, now: float) -> None:
        """Out of the line, wherever in it he is; his place is kept."""
        call, callback.call = callback.call, None
        if call is not None:
            self._desk.call_off(call, now)
            self._dialling.over(call, OUTCOME.CANCELLED)

    def _open(self, project: str, now: float) -> bool:
        return self._floor.hours[project].status(now).open

    def _watch(self, project: str, now: float) -> None:
        if project in self._watches:
            return
        clock = self._floor.hours[project]
        until = clock.status(now).until.timestamp() - clock.ahead
        at = until if until > now else now + LEAST_S
        self._watches[project] = self._floor.timers.set(at, "callback_hours", project)

    # ---- dialled

    def operator_there(self, call: Call, seat: Seat, now: float) -> None:
        """An operator has picked up: dial, unless it has become too late for that."""
        callback = self._floor.callbacks[call.callback]
        if not self._open(callback.project, now):
            self._step_back(callback, now)
            self._note(callback, "waiting")
            return
        self._ringing.answered_elsewhere(call)
        callback.tries += 1
        self._note(callback, "ringing")
        to = Party(call, "outside", call.caller)
        self._dialling.dial(to, call.number, call.project.name, call.settings.callback.ring_s, now)

    def operator_left(self, call: Call, seat: Seat, cause: int, now: float) -> None:
        """Another operator dials again, and this try does not count; who has picked up waits for him in the line."""
        self._stop_dialling(call)
        self._ringing.seat_leg_ended(seat, call, cause, now)

    def gives_up(self, call: Call, now: float) -> None:
        """The same, but he did say so, and has missed nothing."""
        self._stop_dialling(call)
        self._ringing.connection_failed(call, now)

    def _stop_dialling(self, call: Call) -> None:
        if not call.answered:
            callback = self._floor.callbacks[call.callback]
            callback.tries -= 1
            self._floor.hang_up_caller(call)
            call.leg = ""
            self._note(callback, "waiting")

    def connection_failed(self, call: Call, now: float) -> None:
        """Another operator gets him."""
        self._ringing.connection_failed(call, now)

    def not_reached(self, call: Call, now: float) -> None:
        """The call is over; what is next is decided with the end of the step."""
        self._desk.call_off(call, now)
        self._dialling.over(call, OUTCOME.NOT_REACHED)

    def connected(self, call: Call) -> None:
        """He has been called back."""
        callback = self._floor.callbacks[call.callback]
        if self._wishes.get((callback.queue, callback.number)) is callback:
            del self._wishes[callback.queue, callback.number]
            self._note(callback, "reached")

    def _served(self, call: Call, now: float) -> None:
        callback = self._floor.callbacks.get(call.callback)
        if callback is None or callback.call is not call:
            return
        rules = call.settings.callback
        if call.outcome is OUTCOME.ANSWERED:
            self._forget(callback)
        elif call.outcome is OUTCOME.LOST_SYSTEM:
            callback.call, callback.tries = None, callback.tries - bool(call.leg)  # it was no fault of his
            self._line_up(callback, now)
        elif callback.tries >= rules.tries:
            self._over(callback, "failed", call.id)
        else:
            callback.call, due = None, now + rules.interval_s
            callback.timer = self._floor.timers.set(due, "callback", callback.id)
            self._floor.out.append(NoteCallbackState(callback.id, "retry", call.id, callback.tries, due))

    # ---- the end

    def _over(self, callback: Callback, state: CallbackState, call: str = "") -> None:
        self._floor.out.append(NoteCallbackState(callback.id, state, call, callback.tries))
        self._forget(callback)

    def _forget(self, callback: Callback) -> None:
        floor = self._floor
        del floor.callbacks[callback.id]
        floor.timers.cancel(callback.timer)
        floor.router.forget(callback.id)
        key = (callback.queue, callback.number)
        if self._wishes.get(key) is callback:
            del self._wishes[key]
        if not self._any(callback.project):
            floor.timers.cancel(self._watches.pop(callback.project, None))

    def _any(self, project: str) -> bool:
        return any(callback.project == project for callback in self._floor.callbacks.values())

    def _note(self, callback: Callback, state: CallbackState) -> None:
        call = callback.call.id if callback.call is not None else ""
        self._floor.out.append(NoteCallbackState(callback.id, state, call, callback.tries))


def reached(call: Call | None) -> bool:
    """Whether who is called back is on the telephone already, so that nothing can take the place of it."""
    return call is not None and (call.answered or call.outcome is not None)
