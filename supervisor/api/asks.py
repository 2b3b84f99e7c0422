"""Puts requests to the engine and waits for what it says to them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from msgspec.structs import replace

from calls.event import Event
from calls.journal import Entry
from calls.notes import NoteAnswered
from calls.requests import Request
from supervisor.api.errors import RefusedError

ANSWER_S = 5.0
STATUS = {"conflict": 409, "unknown": 404, "forbidden": 403}


class Asks:
    """The requests that wait for their answer. `observe` has to be given every journal entry."""

    def __init__(self, feed: Callable[[Event], None], seconds: float = ANSWER_S) -> None:
        self._feed = feed
        self._seconds = seconds
        self._waiting: dict[str, asyncio.Future[NoteAnswered]] = {}

    def observe(self, entry: Entry) -> None:
        """Take one entry of the journal in."""
        if not self._waiting:
            return
        for command in entry.commands:
            if isinstance(command, NoteAnswered):
                answer = self._waiting.get(command.ask)
                if answer is not None and not answer.done():
                    answer.set_result(command)

    async def put(self, request: Request, by: str) -> str:
        """Put a request on behalf of `by`; the call or seat that it was about. Raises RefusedError."""
        ask = f"api-{secrets.token_hex(8)}"
        answer = self._waiting[ask] = asyncio.get_running_loop().create_future()
        try:
            self._feed(replace(request, by=by, ask=ask))
            async with asyncio.timeout(self._seconds):
                note = await answer
        except TimeoutError:
            raise RefusedError(
                504, "the engine has not answered in time: look at what has become of it, then at its log"
            ) from None
        finally:
            del self._waiting[ask]
        if note.refusal:
            raise RefusedError(STATUS[note.refusal], note.why, note.state)
        return note.subject
