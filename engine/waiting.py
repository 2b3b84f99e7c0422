"""The waiting caller: whether he is taken into the line, how long he may stay, and what he hears meanwhile."""

from __future__ import annotations

from calls.queue_terms import QueueTerms
from engine.call import Call
from engine.closing import Closing
from engine.floor import Floor
from engine.notices import Notices
from engine.outlook import wait_of


class Waiting:
    """The caller's side of the line."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.closing = Closing(floor)
        self.notices = Notices(floor)
        self.entertain = self.notices.entertain
        self.hush = self.notices.hush

    # ---- whether he is taken

    def refusal(self, call: Call, queue: str, settings: QueueTerms, now: float) -> str:
        """Why a caller is not taken into a queue (its id); "" if he is.

        Who finds a free seat is taken always, and so is who left this line and has his place in it still.
        """
        router = self._floor.router
        if router.any_free(queue):
            return ""
        if not router.staffed(queue):
            return "no_seats"
        if not settings.limited or call.queue == queue:
            return ""
        wait = wait_of(self._floor, call, queue, now)
        if self._too_late(call, settings, wait, now):
            return "closing"
        if settings.max_waiting is not None and router.waiting(queue) >= settings.max_waiting:
            return "full"
        longest = settings.max_expected_wait_s
        return "long_wait" if longest is not None and wait is not None and wait > longest else ""

    @staticmethod
    def _too_late(call: Call, settings: QueueTerms, wait: float | None, now: float) -> bool:
        """Whether closing time comes before his turn. Where that cannot be foretold, the last call decides."""
        if not settings.last_call_s and settings.at_closing == "serve":
            return False
        closes = call.hours.closes(now)
        if closes is None:
            return False
        last_call = now >= closes - settings.last_call_s
        if wait is None:
            return last_call
        return now + wait > closes and (last_call or settings.at_closing == "release")

    # ---- how long he stays

    def begin(self, call: Call, now: float) -> None:
        """He has been taken in: his deadlines begin, or go on for who left this line by a key."""
        max_wait_s = call.settings.max_wait_s
        if max_wait_s is not None and call.awaited:
            call.wait_until = now + max_wait_s if call.wait_until is None else max(now, call.wait_until)
            call.wait_timer = self._floor.timers.set(call.wait_until, "wait", call.id)
        if call.settings.at_closing == "release":
            self.closing.begin(call, now)

    def stand(self, call: Call, now: float) -> None:
        """No seat is free for him: he stands in the line."""
        if call.stands_since is None:
            call.stands_since = now
        self.entertain(call, now)
        self.widen_later(call, now)

    def answered(self, call: Call, now: float) -> None:
        """He has got his operator, and the line has moved by one, if he stood in it."""
        if call.queue and call.direction != "out":
            since = now if call.stands_since is None else call.stands_since
            self._floor.answers.answered(call.queue, now, since)
        self._over(call)

    def end(self, call: Call) -> None:
        """He is out of the line, however that came."""
        self.hush(call)
        self._over(call)

    def _over(self, call: Call) -> None:
        self._floor.stop_waiting(call)
        call.told = call.too_late = False
        call.stands_since = None

    def overdue(self, call: Call, now: float) -> str:
        """Why a caller whom no seat took does not go back into the line; "" if he does."""
        if call.too_late:
            return "closed"
        return "timeout" if call.wait_until is not None and now >= call.wait_until else ""

    def widen_later(self, call: Call, now: float) -> None:
        """Some seats only take callers who have waited for a while."""
        floor = self._floor
        at = floor.router.next_widening(call.id, call.queue, now)
        if at is not None and call.widen_timer is None:
            call.widen_timer = floor.timers.set(at, "widen", call.id)
