"""What a flow asks for besides talk: a recorded message, a text for a gateway."""

from __future__ import annotations

from collections.abc import Callable

from calls.commands import SendNotice, StartMessage, StopMessage
from calls.lifecycle import OUTCOME, Outcome
from calls.record import call_of_message, message_id
from engine.call import Call, Message
from engine.floor import Floor
from ivr import steps

Give = Callable[[Call, steps.MessageTaken, float], None]

LATE_S = 10.0
"""A message whose end has not been told so long after its longest time is taken as ended."""

GOES_ON_AFTER_S = 0.5
"""Many a caller hangs up at the end of his message, and Asterisk tells the end of the recording first: who goes on
at once takes a caller who has gone to the next node, and rings a telephone for him."""

LEAST_MESSAGE_S = 2.0
"""Who hangs up sooner after the beep has left no message."""


class Errands:
    """Messages and notices."""

    def __init__(self, floor: Floor, give: Give) -> None:
        self._floor = floor
        self._give = give

    # ---- messages

    def take_message(self, call: Call, wish: steps.TakeMessage, now: float) -> None:
        """Begin to record what the caller says."""
        floor = self._floor
        call.messages += 1
        call.message = Message(message_id(call.id, call.messages), now)
        floor.out.append(
            StartMessage(call.message.id, call.leg, call.project.project, wish.max_s, wish.silence_s)
        )
        call.timer = floor.timers.set(now + wish.max_s + LATE_S, "message", call.id)

    def message_finished(self, message: str, seconds: float, now: float) -> None:
        """The recording is over; the flow goes on a moment later, if the caller is still there then."""
        floor = self._floor
        call = floor.calls.get(call_of_message(message))
        if call is None or call.message is None or call.message.id != message:
            return
        if call.message.seconds is None:
            call.message.seconds = seconds
            floor.timers.cancel(call.timer)
            call.timer = floor.timers.set(now + GOES_ON_AFTER_S, "message", call.id)

    def message_over(self, call: Call, now: float) -> None:
        """Back to the flow."""
        message, call.message, call.timer = call.message, None, None
        assert message is not None  # the deadline is cancelled with it
        seconds = message.seconds
        if seconds is None:
            self._floor.out.append(StopMessage(message.id))
            seconds = now - message.begun_at
        self._give(call, steps.MessageTaken(seconds), now)

    def left_behind(self, call: Call, now: float) -> Outcome | None:
        """What somebody has got who hangs up in the flow now; None: nothing of what is done here."""
        message = call.message
        if message is None:
            return None
        seconds = now - message.begun_at if message.seconds is None else message.seconds
        enough = seconds > 0 if message.seconds is not None else seconds >= LEAST_MESSAGE_S
        return OUTCOME.SELF_SERVED if enough else None

    # ---- notices

    def send_notice(self, call: Call, wish: steps.SendNotice, now: float) -> steps.Done:
        """Hand a text over."""
        call.asks += 1
        self._floor.out.append(
            SendNotice(
                f"{call.id}.n{call.asks}", call.id, call.project.project, wish.gateway, wish.to, wish.text
            )
        )
        return steps.Done()
