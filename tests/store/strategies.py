"""Generated journals: any entries at all, and the lives of calls as the lifecycle table allows them."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from typing import Any, get_args, get_type_hints

import msgspec
from hypothesis import strategies as st

from calls.command import Command
from calls.commands import AnyCommand, PlayGuidance, RingTelephone
from calls.event import Event
from calls.events import AnyEvent, DigitPressed, QualityMeasured, RecordingFinished, TimePassed
from calls.journal import Entry
from calls.lifecycle import LIFECYCLE, Move, Outcome, SeatState, State
from calls.notes import (
    NoteArrived,
    NoteCallbackState,
    NoteClass,
    NoteEar,
    NoteMoved,
    NoteOutcome,
    NoteSeat,
    NoteTalk,
)

DAY = 1_800_000_000.0
EVENTS: tuple[type[Event], ...] = get_args(AnyEvent)
COMMANDS: tuple[type[Command], ...] = get_args(AnyCommand)
Draw = Callable[[st.SearchStrategy[Any]], Any]

floats = st.floats(allow_nan=False, allow_infinity=False)
integers = st.integers(-(2**63), 2**63 - 1)
words = st.text(string.ascii_lowercase, min_size=1, max_size=6)
seats = st.sampled_from(["", "a", "b", "c"])


def structs(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Any value of a struct type."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: _values(hints[name]) for name in kind.__struct_fields__})


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if hint is float:
        return floats
    return integers if hint is int else st.from_type(hint)


any_event: st.SearchStrategy[Event] = st.one_of([structs(kind) for kind in EVENTS])
one_of_each_event: st.SearchStrategy[tuple[Event, ...]] = st.tuples(*(structs(kind) for kind in EVENTS))
one_of_each_command: st.SearchStrategy[tuple[Command, ...]] = st.tuples(*(structs(kind) for kind in COMMANDS))


@st.composite
def journals(draw: Draw) -> list[Entry]:
    """Entries that make no sense, with every type of event and of command in them."""
    events = [*draw(one_of_each_event), *draw(st.lists(any_event, max_size=5))]
    commands = [[command] for command in draw(one_of_each_command)] + [[], list(draw(one_of_each_command))]
    times = draw(st.lists(floats, min_size=len(events), max_size=len(events)))
    return [
        Entry(number, at, event, commands[number % len(commands)])
        for number, (at, event) in enumerate(zip(times, events, strict=True), start=1)
    ]


@st.composite
def histories(draw: Draw) -> list[Entry]:
    """Some calls, each along the lifecycle table, one after another's step in a drawn order."""
    steps = [list(_life(draw, f"call-{index}")) for index in range(draw(st.integers(1, 5)))]
    entries: list[Entry] = []
    at = DAY
    while steps:
        at += draw(st.integers(0, 400))
        life = draw(st.sampled_from(steps))
        entries.append(Entry(len(entries) + 1, at, *life.pop(0)))
        steps = [life for life in steps if life]
    return entries


def _life(draw: Draw, call: str) -> list[tuple[Event, list[Command]]]:
    leg = f"leg-of-{call}"
    direction = draw(st.sampled_from(["in", "in", "out", "callback"]))
    projects = st.sampled_from(["tax", "mileage"])
    arrived = NoteArrived(call, leg, draw(projects), "0570012229", draw(words), direction)
    steps: list[tuple[Event, list[Command]]] = [(TimePassed(), [arrived])]
    state = State.ARRIVED
    for _ in range(draw(st.integers(0, 10))):
        if not LIFECYCLE[state]:
            break
        move, state = draw(st.sampled_from(sorted(LIFECYCLE[state].items())))
        steps.append((_happening(draw, call, leg), _decisions(draw, call, leg, move, state)))
    return steps


def _happening(draw: Draw, call: str, leg: str) -> Event:
    events: Sequence[Event] = (
        TimePassed(),
        DigitPressed(leg, draw(st.sampled_from("0123456789*#"))),
        RecordingFinished(call, 12.5, "ab" * 32),
        QualityMeasured(leg, 1.5, 0.25, 20.0),
    )
    event: Event = draw(st.sampled_from(events))
    return event


def _decisions(draw: Draw, call: str, leg: str, move: Move, state: State) -> list[Command]:
    commands: list[Command] = [NoteMoved(call, move, state, draw(words), draw(seats))]
    if state is State.CLOSED:
        commands.append(NoteOutcome(call, draw(st.sampled_from(Outcome))))
    elif state is State.IVR:
        commands.append(PlayGuidance(leg, draw(words), "tax", draw(words), "ja"))
    return commands + draw(st.lists(_besides(call), max_size=2))


def _besides(call: str) -> st.SearchStrategy[Command]:
    """What may be decided about a call at any moment."""
    roles = st.sampled_from(["consulted", "joined", "supervisor"])
    who = st.sampled_from(["seat:a", "seat:b", "extension:35"])
    states = st.sampled_from(SeatState)
    return st.one_of(
        st.builds(NoteTalk, st.just(call), who, roles, st.booleans()),
        st.builds(NoteSeat, seats, states, st.just(call), words, words),
        st.builds(NoteClass, st.just(call), seats, words),
        st.builds(NoteCallbackState, st.just("k1"), st.just("ringing"), st.just(call)),
        st.builds(RingTelephone, st.just("extension"), words, words, words, st.just(call), words, words),
        st.builds(
            NoteEar, st.just(call), words, seats, seats, st.sampled_from(["barge", "take_over"]), words
        ),
    )
