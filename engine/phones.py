"""Everything that comes from the telephones of the house by themselves: what they dial, their keys and buttons.

Also what follows from it besides calls: the legs of the supervisor's ear, of star codes and of second lines. Whatever
else an event means is for others, who are told of it after this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from calls.event import Event
from calls.events import (
    CommandFailed,
    DigitPressed,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegHeld,
    LegReferred,
    LegRetrieved,
    PhoneDialled,
)
from engine.ear import Ear
from engine.floor import Floor
from engine.in_call_codes import InCallCodes
from engine.legs import GONE
from engine.outbound import Outbound
from engine.phone_buttons import PhoneButtons
from engine.phone_calls import PhoneCalls
from engine.requests import Requests
from engine.second_lines import SecondLines
from engine.talk import Talk
from engine.telephones import Telephones

Tell = Callable[[Any, float], None]
"""Tells of an event at a time."""


class Phones:
    """`table`: the events of which this has to be told, before anybody else."""

    def __init__(
        self,
        floor: Floor,
        requests: Requests,
        talk: Talk,
        telephones: Telephones,
        ear: Ear,
        outbound: Outbound,
    ) -> None:
        self._ear = ear
        self.second_lines = SecondLines(floor, requests, talk, telephones)
        self._calls = PhoneCalls(floor, requests, ear, outbound, self.second_lines)
        self._codes = InCallCodes(floor, requests, ear, self.second_lines)
        buttons = PhoneButtons(floor, requests, self.second_lines)
        self.table: dict[type[Event], Tell] = {
            PhoneDialled: self._calls.dialled,
            DigitPressed: self._codes.pressed,
            GuidanceFinished: self._played,
            LegAnswered: self._answered,
            LegEnded: self._leg_ended,
            LegHeld: buttons.held,
            LegRetrieved: buttons.retrieved,
            LegReferred: buttons.referred,
            CommandFailed: self._failed,
        }
        self.deadlines: dict[str, Callable[[str, float], None]] = {
            "ear": lambda seat, now: self._ear.rang_long_enough(seat),
            "desk": self._calls.said,
        }

    def legs(self) -> set[str]:
        """The legs that are there besides those of callers, seats and parties."""
        return self._ear.legs() | self._calls.legs() | self.second_lines.legs()

    def gone(self, legs: Iterable[str]) -> None:
        """All legs are gone at once: these, and everything on which somebody has dialled, typed or listened."""
        for leg in sorted({*legs, *self.legs(), *self._codes.typed}):
            self._ended(leg)

    def sync(self) -> None:
        """After every step: who listens or consults goes where his call has gone."""
        if self.second_lines.lines:
            self.second_lines.sync()
        if self._ear.listening:
            self._ear.sync()

    def _played(self, event: GuidanceFinished, now: float) -> None:
        self._calls.played(event.playback, now)

    def _answered(self, event: LegAnswered, now: float) -> None:
        if self._ear.listening:
            self._ear.snoop_is_there(event.leg)
            self._ear.picked_up(event.leg, now)

    def _leg_ended(self, event: LegEnded, now: float) -> None:
        # Nearly always nobody does anything with his telephone but talk.
        if self._ear.listening or self.second_lines.lines or self._calls.open or self._codes.typed:
            self._ended(event.leg)

    def _ended(self, leg: str) -> None:
        self._codes.hung_up(leg)
        self._calls.hung_up(leg)
        self.second_lines.hung_up(leg)
        self._ear.hung_up(leg)

    def _failed(self, event: CommandFailed, now: float) -> None:
        match event.name:
            case "PlayGuidance":
                self._calls.played(event.subject, now)
            case "RingSeat" | "RingTelephone":
                self._ended(event.subject)
            case "HangUp" | "AnswerLeg" | "AddToBridge" | "StartEarlyMedia" if event.status == GONE:
                self._ended(event.subject)
            case _:
                self._ear.failed(event)
