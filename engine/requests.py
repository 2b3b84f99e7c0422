"""What people ask for, brought to whoever does it; each request is answered in the same step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calls import requests as asked
from calls.notes import NoteAnswered, NoteClass
from engine.call import Call
from engine.callbacks import Callbacks
from engine.cannot import CannotError, conflict, unknown
from engine.ear import Ear
from engine.floor import Floor
from engine.outbound import Outbound
from engine.seats import Seats
from engine.talk import Talk

Do = Callable[[Any, float], str]
"""Does what an event asks for at a time; answers with the id of the seat, call or callback that it was about.

Raises CannotError, and has changed nothing, where it cannot be done.
"""


class Requests:
    """One table, for requests that come as events, by star codes and by the buttons of telephones."""

    def __init__(
        self, floor: Floor, seats: Seats, talk: Talk, ear: Ear, outbound: Outbound, callbacks: Callbacks
    ) -> None:
        self._floor = floor
        self._seats = seats
        self._talk = talk
        self.table: dict[type[asked.Request], Do] = {
            asked.SeatLoggedIn: seats.log_in,
            asked.SeatLoggedOut: seats.log_out,
            asked.SeatPaused: seats.pause,
            asked.SeatReadied: seats.ready,
            asked.WrapUpFinished: seats.finish_record,
            asked.CallClassified: self._classify,
            asked.HoldAsked: self._of_call(lambda e, seat, now: talk.hold(seat)),
            asked.RetrieveAsked: self._of_call(lambda e, seat, now: talk.retrieve(seat)),
            asked.TransferAsked: self._of_call(
                lambda e, seat, now: talk.transfer(seat, e.kind, e.target, now)
            ),
            asked.ConsultAsked: self._of_call(lambda e, seat, now: talk.consult(seat, e.kind, e.target, now)),
            asked.CompleteAsked: self._of_call(lambda e, seat, now: talk.complete(seat, now)),
            asked.SwapAsked: self._of_call(lambda e, seat, now: talk.swap(seat)),
            asked.ConferenceAsked: self._of_call(lambda e, seat, now: talk.conference(seat)),
            asked.HangUpAsked: self._of_call(
                lambda e, seat, now: outbound.give_up(seat, now) or talk.hang_up(seat, now)
            ),
            asked.DialAsked: outbound.dial,
            asked.CallbackOrdered: callbacks.order,
            asked.CallbackWithdrawn: callbacks.withdraw,
            asked.EarAsked: ear.asked,
            asked.EarClosed: ear.closed,
        }

    def take(self, event: asked.Request, now: float) -> None:
        """Do it, or say why not, to whoever wants to know."""
        try:
            subject = self.table[type(event)](event, now)
        except CannotError as no:
            if event.ask:
                self._floor.out.append(NoteAnswered(event.ask, "", no.refusal, no.why, no.state))
            return
        if event.ask:
            self._floor.out.append(NoteAnswered(event.ask, subject))

    def _of_call(self, do: Callable[[Any, Any, float], Call]) -> Do:
        return lambda event, now: do(event, self._seats.named(event.seat), now).id

    def _classify(self, event: asked.CallClassified, now: float) -> str:
        seat = self._seats.named(event.seat)
        call = self._floor.calls.get(seat.call)
        if call is None or not (call.seat is seat or seat.wrapping):
            raise conflict(f"{seat.id} has no call to be given a class", seat.state)
        call.inquiry_class = _class_of(call, event.inquiry_class)
        self._floor.out.append(NoteClass(call.id, seat.id, call.inquiry_class))
        return call.id


def _class_of(call: Call, said: str) -> str:
    classes = call.project.inquiry_classes
    if said in classes:
        return said
    if said.isdecimal() and 0 < int(said) <= len(classes):
        return classes[int(said) - 1]
    raise unknown(
        f"{call.project.project} has no inquiry class '{said}': it has {', '.join(classes) or 'none'}"
    )
