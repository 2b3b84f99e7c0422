"""The telephones and people of a recorded day: a virtual edge (as `sim.edge`) whose every answer is what was recorded.

What the day does not say is drawn or guessed, and noted with the caller (`Person.assumed`).
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from calls.command import Command
from calls.commands import (
    PlayGuidance,
    StartMessage,
    StopGuidance,
)
from calls.event import Event
from calls.events import DigitPressed, GuidanceFinished, LegEnded, MessageFinished
from calls.lifecycle import MOVE, OUTCOME
from calls.notes import NoteArrived, NoteCallback, NoteMoved, NoteOutcome
from engine.engine import Engine
from ivr.speech_length import estimated_seconds
from sim.clock import Clock, Plan
from sim.learn.past_call import Anchor, moved
from sim.learn.past_phones import Act, PastPhones
from sim.learn.person import Laws, Person, Wrapups
from sim.randomness import Sampler

KEY_AFTER_S, MESSAGE_S = 2.0, 20.0
"""What is taken where the day has nothing like it: until a key is pressed, and of a message."""


class PastEdge:
    """`acts`: the commands that it obeys; `sequels`: what follows an event once its commands are obeyed.

    `persons`: by the caller's leg. `wishes`: those who were called back that day, in turn, by the number.
    `asked`: how often each node (`project`, node) waited for a key; `pressed`: which it got (`project`, node, digit).
    """

    def __init__(
        self,
        clock: Clock,
        engine: Engine,
        persons: Mapping[str, Person],
        wishes: Mapping[str, Sequence[Person]],
        wrapups: Wrapups,
        laws: Laws,
        uniforms: Sampler,
    ) -> None:
        self._clock = clock
        self._engine = engine
        self._persons = persons
        self._wishes = {number: list(persons) for number, persons in wishes.items()}
        self._lengths = _lengths(persons.values())
        self._by_call: dict[str, Person] = {}
        self._by_leg: dict[str, Person] = {}
        self._playing: dict[str, tuple[Plan, str]] = {}
        self.asked: Counter[tuple[str, str]] = Counter()
        self.pressed: Counter[tuple[str, str, str]] = Counter()
        self.acts: dict[type[Command], Act] = {
            NoteArrived: self._arrived,
            NoteMoved: self._moved,
            NoteOutcome: self._decided,
            NoteCallback: self._asks_for_a_call,
            PlayGuidance: self._plays,
            StopGuidance: self._stops,
            StartMessage: self._speaks,
        }
        self.acts |= PastPhones(clock, self._by_call, self._by_leg, wrapups, laws, uniforms).acts
        self.sequels: dict[type[Event], Callable[[Any, list[Command], float], None]] = {
            GuidanceFinished: self._finished,
            DigitPressed: self._typed,
        }

    # ---- callers

    def _arrived(self, note: NoteArrived, now: float) -> None:
        if note.direction != "in":
            self._called_back(note)
            return
        person = self._persons[note.leg]
        self._by_call[note.call] = self._by_leg[note.leg] = person
        if person.past.left_at is not None:
            at = moved(now, person.record.arrived_at, person.past.left_at)
            person.plan = self._clock.at(at, LegEnded(note.leg))

    def _called_back(self, note: NoteArrived) -> None:
        """Somebody who asked for it; he talks as long as he did when he was called back, or as long as was drawn.

        He waits at home, and so for ever; he has a leg once he is dialled.
        """
        wishes = self._wishes.get(note.caller)
        if wishes:
            self._by_call[note.call] = wish = wishes.pop(0)
            wish.leg, wish.patience, wish.gave_up = "", None, None

    def _asks_for_a_call(self, note: NoteCallback, now: float) -> None:
        asker = self._by_call[note.call]
        if not self._wishes.get(note.number):
            self._wishes[note.number] = [Person(asker.record, asker.past, talk=asker.talk)]

    def _moved(self, note: NoteMoved, now: float) -> None:
        person = self._by_call.get(note.call)
        if note.move is not MOVE.QUEUED or person is None or not person.leg:
            return
        if person.joined_at is None:
            person.joined_at = now
            if person.plan is None:
                self._lose_patience(person, now)
        self._press(person, "line", "", now)

    def _lose_patience(self, person: Person, now: float) -> None:
        if person.gave_up is not None and person.gave_up.ended is not None:
            at = moved(now, person.gave_up.began, person.gave_up.ended)
        elif person.patience is not None:
            at = now + person.patience
        else:
            return
        person.plan = self._clock.at(at, LegEnded(person.leg))

    def _decided(self, note: NoteOutcome, now: float) -> None:
        person = self._by_call.get(note.call)
        if person is None:
            return
        self._by_leg.pop(person.leg, None)
        Clock.call_off(person.plan)
        person.plan = None
        if note.outcome is OUTCOME.ANSWERED:
            self._clock.at(self._talks_until(person, now), LegEnded(person.leg))
        elif note.outcome is OUTCOME.ABANDONED_QUEUE and person.gave_up is None and not person.past.left_at:
            person.assumed.add("patience")

    def _talks_until(self, person: Person, now: float) -> float:
        waited = 0.0 if person.joined_at is None else now - person.joined_at
        if person.gave_up is None and waited > (person.record.wait or 0.0) + 1.0:
            person.assumed.add("patience")
        if person.talked is not None and person.talked.ended is not None:
            return moved(now, person.talked.began, person.talked.ended)
        person.assumed.add("talk")
        return now + person.talk

    # ---- the flow

    def _plays(self, command: PlayGuidance, now: float) -> None:
        text = f"{command.guidance}/{command.language}"
        person = self._by_leg.get(command.leg)
        said = person.next_text(text) if person is not None else None
        if said is not None and said.ended is not None:
            at = moved(now, said.began, said.ended)
        else:
            at = now + self._length(command, text)
            if said is not None and person is not None and person.past.left_at is not None:
                at = max(at, moved(now, said.began, person.past.left_at) + 1.0)  # it was he who cut it off
        self._playing[command.playback] = (
            self._clock.at(at, GuidanceFinished(command.playback)),
            command.leg,
        )
        if person is not None:
            self._press(person, "said", text, now)

    def _length(self, command: PlayGuidance, text: str) -> float:
        if text not in self._lengths:
            projects = self._engine.floor.centre.projects
            guidance = (
                projects[command.project].guidance.get(command.guidance)
                if command.project in projects
                else None
            )
            words = guidance.texts.get(command.language, "") if guidance is not None else ""
            self._lengths[text] = estimated_seconds(words, language=command.language)
        return self._lengths[text]

    def _stops(self, command: StopGuidance, now: float) -> None:
        plan, _ = self._playing.get(command.playback, (None, ""))
        if plan is not None:
            Clock.call_off(plan)
            self._playing[command.playback] = (plan, "")  # nobody presses a key for what he did not hear
            self._clock.at_once(GuidanceFinished(command.playback))

    def _finished(self, event: GuidanceFinished, commands: list[Command], now: float) -> None:
        _, leg = self._playing.pop(event.playback, (None, ""))
        person = self._by_leg.get(leg)
        if person is not None and not commands:
            self._count(leg, "")
            self._press(person, "asked", "", now)

    def _typed(self, event: DigitPressed, commands: list[Command], now: float) -> None:
        person = self._by_leg.get(event.leg)
        if person is not None and not commands:
            self._press(person, "key", "", now)

    def _press(self, person: Person, anchor: Anchor, text: str, now: float) -> None:
        """The caller's next key, if it is one that follows this."""
        press = person.next_press()
        if press is None:
            if anchor == "asked":
                person.assumed.add("silent")
            return
        at = moved(now, press.since, press.at)
        if (press.anchor, anchor) == ("said", "asked"):  # he interrupted a text that nobody says here
            person.assumed.add("key")
            at = now + KEY_AFTER_S
        elif press.anchor != anchor or (anchor == "said" and press.text != text):
            return
        person.presses += 1
        if press.digit:
            if anchor == "said":
                self._count(person.leg, "")
            if anchor in ("said", "asked"):
                self._count(person.leg, press.digit)
            self._clock.at(at, DigitPressed(person.leg, press.digit))

    def _count(self, leg: str, digit: str) -> None:
        call = self._engine.floor.callers.get(leg)
        if call is None:
            return
        place = (call.project.project, call.position.node)
        if digit:
            self.pressed[(*place, digit)] += 1
        else:
            self.asked[place] += 1

    def _speaks(self, command: StartMessage, now: float) -> None:
        person = self._by_leg.get(command.leg)
        at = now + min(MESSAGE_S, command.max_s)
        if person is not None and person.messages < len(person.past.messages):
            span = person.past.messages[person.messages]
            person.messages += 1
            at = moved(now, span.began, span.ended or span.began)
        self._clock.at(at, MessageFinished(command.message, at - now))


def _lengths(persons: Iterable[Person]) -> dict[str, float]:
    """The middle length of each text, as far as it was said to its end."""
    seconds: dict[str, list[float]] = {}
    for person in persons:
        for text, spans in person.past.texts.items():
            seconds.setdefault(text, []).extend(
                span.ended - span.began for span in spans if span.ended is not None
            )
    return {text: statistics.median(some) for text, some in seconds.items() if some}
