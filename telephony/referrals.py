"""REFER: a telephone asks by its own button that its party goes elsewhere, and is told what became of that."""

from __future__ import annotations

from collections.abc import Callable

from calls.event import Event
from telephony.ari import AriClient
from telephony.ari.events import ChannelTransfer
from telephony.from_asterisk import translated

DONE, REFUSED = "channel_answered", "channel_declined"


class Referrals:
    """Answers each REFER by what the engine does at once because of it.

    Anything that it does to a telephone is a yes, and nothing at all a no. The yes goes out before that is done: it
    may be the end of the very leg on which the telephone waits for its answer.
    """

    def __init__(self, ari: AriClient, feed: Callable[[Event], None]) -> None:
        self._ari = ari
        self._feed = feed
        self._open = ""

    def take(self, transfer: ChannelTransfer) -> None:
        """What Asterisk tells of a REFER: the request itself, or our own answer come back."""
        if transfer.state:
            return
        self._open = transfer.referred_by.source_channel.id
        event = translated(transfer)
        if event is not None:
            self._feed(event)
        self._answer(REFUSED)

    def accept(self) -> None:
        """The engine does something: if it is because of a REFER, the answer is yes."""
        self._answer(DONE)

    def _answer(self, state: str) -> None:
        leg, self._open = self._open, ""
        if leg:
            self._ari.channels.transfer_progress(leg, state).send()
