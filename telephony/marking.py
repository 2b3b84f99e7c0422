"""Puts the marks of callers on their legs, whenever what matters of their call has changed."""

from __future__ import annotations

import asyncio
import logging

from calls.command import Command
from calls.lifecycle import Move
from calls.notes import NoteArrived, NoteMoved
from engine.belief import Role
from telephony.ami import Ami, AmiError
from telephony.marks import VARIABLE, Marks

log = logging.getLogger(__name__)

_MOVES = frozenset(
    {Move.QUEUED, Move.ANSWERED, Move.REFUSED, Move.RETURNED, Move.FINISHED, Move.HUNG_UP, Move.ENDED, Move.LOST}
)  # fmt: skip
"""After these a caller's mark may be another one, or is forgotten."""


class Marking:
    """One request for each change, behind everything that the step in hand does to telephones.

    Through AMI: ARI sets a variable only when whatever plays to the leg is over, and Asterisk answers no other request
    of the same connection before. Where it fails the leg has gone, and its mark with it.
    """

    def __init__(self, marks: Marks, ami: Ami) -> None:
        self._marks = marks
        self._ami = ami
        self._changed: dict[str, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def of_leg(self, role: Role, call: str, seat: str = "") -> dict[str, str]:
        """The variables with which a leg is placed for a call."""
        return {VARIABLE: self._marks.of_leg(role, call, seat)}

    def noted(self, note: Command) -> None:
        """What the engine decided about a call."""
        if isinstance(note, NoteArrived) or (isinstance(note, NoteMoved) and note.move in _MOVES):
            if not self._changed:
                asyncio.get_running_loop().call_soon(self._mark_all)
            self._changed[note.call] = None

    async def settled(self) -> None:
        """Wait until everything is marked that has changed."""
        while self._changed or self._tasks:
            await asyncio.sleep(0)
            if self._tasks:
                await asyncio.wait(self._tasks)

    def _mark_all(self) -> None:
        calls, self._changed = self._changed, {}
        for call in calls:
            if (mark := self._marks.changed(call)) is not None:
                task = asyncio.create_task(self._mark(*mark), name=f"mark {call}")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _mark(self, leg: str, text: str) -> None:
        try:
            await self._ami.action("Setvar", Channel=leg, Variable=VARIABLE, Value=text)
        except AmiError as error:
            log.debug("a leg has no mark: %s", error)
