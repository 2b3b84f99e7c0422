"""Events and commands: what the journal writes is what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.command import Command
from calls.commands import AnyCommand, HangUp, RingSeat, RingTelephone, decode_commands, encode_commands
from calls.event import Event
from calls.events import AnyEvent, CallArrived, TimePassed, as_mapping, decode_event, encode_event
from calls.lifecycle import Move, SeatState, State
from calls.notes import NoteArrived, NoteMoved, NoteSeat
from calls.requests import SeatLoggedIn

pytestmark = pytest.mark.unit

EVENTS, COMMANDS = get_args(AnyEvent), get_args(AnyCommand)


def made(kind: Any) -> st.SearchStrategy[Any]:
    """Any event or command of a kind, whatever its fields allow."""
    fields = {name: hint for name, hint in get_type_hints(kind).items() if name in kind.__struct_fields__}
    return st.builds(kind, **{name: _field(hint) for name, hint in fields.items()})


def _field(hint: Any) -> st.SearchStrategy[Any]:
    if hint is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    return st.integers(-(2**63), 2**63) if hint is int else st.from_type(hint)


@pytest.mark.parametrize(("base", "known"), [(Event, EVENTS), (Command, COMMANDS)])
def test_every_kind_is_in_the_list_that_is_read(base: type, known: tuple[type, ...]) -> None:
    assert set(_kinds(base)) == set(known)


def _kinds(base: type) -> Iterator[type]:
    """All that is written under a name of its own; a base that others share is none of them."""
    below: list[type] = type.__subclasses__(base)
    if not below:
        yield base
    for kind in below:
        yield from _kinds(kind)


def test_what_was_written_before_there_were_transfers_is_still_read() -> None:
    event = b'{"type":"SeatLoggedIn","seat":"seat01"}'
    assert decode_event(event) == SeatLoggedIn("seat01")
    commands = (
        b'[{"type":"NoteArrived","call":"c1","leg":"l1","project":"tax","number":"0570012229","caller":""},'
        b'{"type":"NoteSeat","seat":"seat01","state":"RINGING","call":"c1"},'
        b'{"type":"RingSeat","seat":"seat01","leg":"c1.s1","call":"c1","caller_leg":"l1","caller":""},'
        b'{"type":"RingTelephone","kind":"extension","target":"35","phone":"ext35","leg":"c1.t1","call":"c1",'
        b'"caller_leg":"l1","caller":""}]'
    )
    assert decode_commands(commands) == [
        NoteArrived("c1", "l1", "tax", "0570012229", "", "in"),
        NoteSeat("seat01", SeatState.RINGING, "c1", "", ""),
        RingSeat("seat01", "c1.s1", "c1", "l1", ""),
        RingTelephone("extension", "35", "ext35", "c1.t1", "c1", "l1", ""),
    ]


@settings(deadline=None)
@given(st.one_of([made(kind) for kind in EVENTS]))
def test_an_event_written_is_the_event_read(event: Event) -> None:
    back = decode_event(encode_event(event))
    assert back == event
    assert type(back) is type(event)


@settings(deadline=None)
@given(st.lists(st.one_of([made(kind) for kind in COMMANDS])))
def test_commands_written_are_the_commands_read(commands: list[Command]) -> None:
    back = decode_commands(encode_commands(commands))
    assert back == commands
    assert [type(each) for each in back] == [type(each) for each in commands]


def test_how_they_are_written() -> None:
    assert encode_event(CallArrived("leg1", "0570012229")) == (
        b'{"type":"CallArrived","leg":"leg1","number":"0570012229","caller":""}'
    )
    assert encode_event(TimePassed()) == b'{"type":"TimePassed"}'
    assert encode_commands([NoteMoved("c1", Move.HUNG_UP, State.CLOSED), HangUp("leg1")]) == (
        b'[{"type":"NoteMoved","call":"c1","move":"hung_up","state":"CLOSED"},'
        b'{"type":"HangUp","leg":"leg1","reason":"normal"}]'
    )


def test_a_move_that_an_older_program_wrote_is_read() -> None:
    older = b'[{"type":"NoteMoved","call":"c1","move":"queued","state":"QUEUED","queue":"q","seat":""}]'
    assert decode_commands(older) == [NoteMoved("c1", Move.QUEUED, State.QUEUED, "q")]
    raised = [NoteMoved("c1", Move.QUEUED, State.QUEUED, "q", priority=5)]
    assert decode_commands(encode_commands(raised)) == raised


@pytest.mark.parametrize(
    "data", [b'{"type":"Unheard"}', b'{"type":"LegEnded"}', b'{"type":"LegEn', b"[]", b""]
)
def test_what_is_no_event_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_event(data)


@pytest.mark.parametrize(
    "data", [b'[{"type":"HangUp","leg":"a","reason":"bored"}]', b'[{"type":"Sing"}]', b"{}"]
)
def test_what_is_no_command_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_commands(data)


def test_they_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        CallArrived("leg1", "0570012229").leg = "leg2"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        RingSeat("seat01", "l", "c", "cl", "").seat = "seat02"  # type: ignore[misc]


def test_the_fields_by_name() -> None:
    assert as_mapping(CallArrived("leg1", "1", "2")) == {"leg": "leg1", "number": "1", "caller": "2"}
