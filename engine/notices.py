"""What a waiting caller hears: music, and from time to time where he stands."""

from __future__ import annotations

from calls.commands import StopGuidance
from calls.queue_settings import Notices as Rules
from engine.call import Call
from engine.floor import Floor
from engine.outlook import wait_of
from engine.speech import GOES_ON_AFTER_S, LONGEST_GUIDANCE_S, speak
from ivr.builtin_texts import notice_texts


class Notices:
    """Music and words never sound together; `call.notice_timer` is the end of whichever it is now."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def entertain(self, call: Call, now: float) -> None:
        """Music until the next notice; after one that is being said."""
        if call.playback:
            return
        self._floor.start_music(call)
        rules = call.settings.notices
        if rules is not None and call.music and call.notice_timer is None:
            self._set(call, rules.every_s if call.told else rules.first_s, now)

    def _set(self, call: Call, after_s: float | None, now: float) -> None:
        if after_s is not None:
            call.notice_timer = self._floor.timers.set(now + after_s, "notice", call.id)

    def due(self, call: Call, now: float) -> None:
        """It is time to tell him where he stands, if there is anything to be told."""
        rules = call.settings.notices
        assert rules is not None  # else there is no such deadline
        call.notice_timer, call.told = None, True
        call.unsaid = self._texts(call, rules, now)
        if call.unsaid:
            self._floor.stop_music(call)
        self._go_on(call, now)

    def _texts(self, call: Call, rules: Rules, now: float) -> tuple[str, ...]:
        place = self._floor.router.place(call.id, call.queue)
        wait = wait_of(self._floor, call, call.queue, now) if rules.expected_wait else None
        return tuple(notice_texts(rules, place, wait))

    def _go_on(self, call: Call, now: float) -> None:
        if not call.unsaid:
            self.entertain(call, now)
            return
        text, *rest = call.unsaid
        call.unsaid = tuple(rest)
        speak(self._floor, call, text, now)
        call.notice_timer = self._floor.timers.set(now + LONGEST_GUIDANCE_S, "notice_over", call.id)

    def played(self, call: Call, playback: str, now: float, *, ok: bool = True) -> None:
        """A playback is over; one that was stopped means nothing any more."""
        if not playback or playback != call.playback:
            return
        self._floor.timers.cancel(call.notice_timer)
        if ok:
            call.playback, call.notice_timer = "", None
            self._go_on(call, now)
        else:
            call.notice_timer = self._floor.timers.set(now + GOES_ON_AFTER_S, "notice_over", call.id)

    def over(self, call: Call, now: float) -> None:
        """Nothing was heard of a playback for too long, or it failed: it is taken as ended."""
        self.played(call, call.playback, now)

    def hush(self, call: Call) -> None:
        """Neither music nor words: somebody is about to talk to him."""
        if call.playback:
            self._floor.out.append(StopGuidance(call.playback))
            call.playback = ""
        call.unsaid = ()
        if call.notice_timer is not None:
            self._floor.timers.cancel(call.notice_timer)
            call.notice_timer = None
        if call.music:
            self._floor.stop_music(call)
