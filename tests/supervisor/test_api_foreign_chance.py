"""Whatever goes on, whoever acts with lent rights reads of his own projects everything, and of others nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.api import reads
from supervisor.api.budget import ProjectBudget, project_budget
from supervisor.api.errors import RefusedError
from supervisor.api.frames import Frame
from supervisor.api.lost import lost
from supervisor.api.rights import ADMINISTRATOR, Who
from supervisor.api.stream import Listener, Stream
from supervisor.api.work import Desk, Work
from supervisor.board import Change, CountPicture
from supervisor.board.fold import Kind
from supervisor.board.pictures import Picture
from tests.supervisor.any_house import (
    MIDNIGHT,
    NAMES,
    NOW,
    NUMBERS,
    SEATS,
    AnyHouse,
    Moment,
    houses,
    moments,
    rights,
)

pytestmark = pytest.mark.unit

LISTS = (
    reads.me, reads.people, reads.shifts, reads.seats, reads.calls, reads.queues, reads.callbacks, reads.ears,
    reads.projects, reads.alarms,
)  # fmt: skip
KEYS = {
    "seats": "seat", "calls": "call", "queues": "queue", "callbacks": "callback", "ears": "seat", "projects": "project",
}  # fmt: skip


def put(house: AnyHouse, now: Moment) -> list[Change]:
    """Let a moment be: what has changed by it, as the board says it."""
    board = house.board
    kinds: list[tuple[Kind, Any, Any]] = [
        ("seat", board.seats, now.seats),
        ("call", board.calls, now.calls),
        ("callback", board.callbacks, now.callbacks),
        ("ear", board.ears, now.ears),
    ]
    found: list[tuple[Kind, str, Picture | None]] = [("queue", f"{name}/main", None) for name in NAMES]
    for kind, kept, new in kinds:
        found += [(kind, key, new.get(key)) for key in sorted({*kept, *new})]
        kept.clear()
        kept.update(new)
    cells = board.day.cells
    for key in sorted({*cells, *now.counts}):
        found.append(("count", key.id, CountPicture(*key, now.counts.get(key, 0))))
    board.day.cells = dict(now.counts)
    board.waiting = {f"{name}/main": {} for name in NAMES}
    for call in now.calls.values():
        if call.state == "QUEUED":
            board.waiting[call.queue][call.call] = call.arrived_at
    for seat in house.floor.seats.values():
        picture = board.seats.get(seat.id)
        seat.call = picture.call if picture is not None else ""
    changes = [Change(board.number + place, NOW, *one) for place, one in enumerate(found, 1)]
    board.number, board.at = board.number + len(found), NOW
    return changes


# ---- the rule, in plain words


def may_see(house: AnyHouse, who: Who) -> dict[str, set[str]]:
    """What there is for somebody, by its key."""
    his, board = who.projects | who.supervises, house.board
    return {
        "seats": {seat for seat in SEATS if sees_seat(house, who, seat)},
        "calls": {call.call for call in board.calls.values() if call.project in his},
        "queues": {f"{name}/main" for name in his},
        "callbacks": {one.callback for one in board.callbacks.values() if one.project in his},
        "ears": {ear.seat for ear in board.ears.values() if ear.project in who.supervises},
        "projects": set(his),
    }


def sees_seat(house: AnyHouse, who: Who, seat: str) -> bool:
    """His own, one of his projects, or one where what he supervises is heard."""
    own = house.floor.seats[seat].operator == who.id
    his = who.projects | who.supervises
    return own or bool(house.served(seat) & his) or bool(house.supervised(seat) & who.supervises)


def must_not_read(house: AnyHouse, who: Who) -> Iterator[str]:
    """Names that nothing may have that he is told."""
    for name in NAMES:
        if name not in who.projects | who.supervises:
            yield name  # all that is its own has its name in it
            yield NUMBERS[name]
        elif name not in who.supervises:
            yield f"{NUMBERS[name]}55555"  # its callers' numbers in full
            yield f"{NUMBERS[name]}777777"
            yield f"{NUMBERS[name]}9999"
    yield from (seat for seat in SEATS if not sees_seat(house, who, seat))


def told(thing: msgspec.Struct) -> Any:
    """As it goes over the wire."""
    return json.loads(msgspec.json.encode(thing))


def clean(house: AnyHouse, who: Who, thing: Any) -> None:
    """It has none of those names. Only an ear is where it is, and a shift is that of its seat."""
    text = json.dumps(_without_own_name(thing), ensure_ascii=False)
    assert not [name for name in must_not_read(house, who) if name in text], text


def _without_own_name(thing: Any) -> Any:
    if isinstance(thing, list):
        return [_without_own_name(one) for one in thing]
    if not isinstance(thing, dict):
        return thing
    ear = {"heard", "mode"} <= thing.keys()
    gone = thing.get("type") == "gone" and thing["kind"] == "ear"
    hidden = "seat" if ear else "id" if gone else ""
    return {key: _without_own_name(value) for key, value in thing.items() if key != hidden}


# ---- what is told


@settings(max_examples=60)
@given(houses(), moments(), rights)
def test_no_answer_has_anything_of_others(house: AnyHouse, now: Moment, who: Who) -> None:
    put(house, now)
    desk, seen = house.desk(), may_see(house, who)
    work = Work(desk, who, {}, None)
    for read in LISTS:
        answer = told(read(work))
        clean(house, who, answer)
        if read.__name__ in KEYS:
            key = KEYS[read.__name__]
            assert {one[key] for one in answer[read.__name__]} == seen[read.__name__], read.__name__
    lost_ones = told(asyncio.run(lost(work)))
    clean(house, who, lost_ones)
    assert {one["project"] for one in lost_ones["callers"]} == {one.project for one in house.lost} & seen[
        "projects"
    ]
    for seat in SEATS:
        assert _one(reads.seat, desk, who, seat=seat) == (seat in seen["seats"])
    for call in now.calls:
        assert _one(reads.call, desk, who, call=call) == (call in seen["calls"])
    for name in NAMES:
        assert _one(_budget, desk, who, project=name) == (name in seen["projects"])


def _budget(work: Work) -> ProjectBudget:
    return asyncio.run(project_budget(work))


def _one(read: Callable[[Work], Any], desk: Desk, who: Who, **path: str) -> bool:
    """Whether one thing is there for somebody; if not, he is told so in the words for what is nowhere."""
    try:
        read(Work(desk, who, path, None))
    except RefusedError as refused:
        return (refused.status, refused.error[:12]) != (404, "there is no ")
    return True


@settings(max_examples=60)
@given(houses(), moments(), moments(), rights | st.just(ADMINISTRATOR))
def test_no_frame_has_anything_of_others_and_all_frames_have_everything(
    house: AnyHouse, first: Moment, then: Moment, who: Who
) -> None:
    put(house, first)
    asyncio.run(_listens(house, then, who))


async def _listens(house: AnyHouse, then: Moment, who: Who) -> None:
    desk = house.desk()
    stream, listener = Stream(desk), Listener(desk, who, lambda: None, 2000, ticks=True)
    stream.join(listener)
    known: dict[str, dict[str, Any]] = {}
    for frame in [await listener.frame(), await listener.frame()]:
        _take(house, who, known, frame)
    stream.observe(put(house, then))
    await asyncio.sleep(0)  # the changes go out after this step
    _take(house, who, known, await listener.frame())
    stream.leave(listener)
    anew: dict[str, dict[str, Any]] = {}
    listener.begin()
    for frame in [await listener.frame(), await listener.frame()]:
        _take(house, who, anew, frame)
    assert known == anew


def _take(house: AnyHouse, who: Who, known: dict[str, dict[str, Any]], text: str) -> None:
    """Do as a listener does who only hears; each frame is looked at."""
    frame = json.loads(text)
    msgspec.json.decode(text, type=Frame)
    if not who.admin:
        clean(house, who, frame)
    match frame["type"]:
        case "snapshot":
            known.update({name: {one[key]: one for one in frame[name]} for name, key in KEYS.items()})
            known["counts"] = {_cell(one): one["calls"] for one in frame["counts"]}
            if not who.admin:
                assert {name: set(known[name]) for name in KEYS} == may_see(house, who)
        case "tick":
            for name in ("queues", "projects"):
                assert {one[KEYS[name]]: one for one in frame[name]} == known[name]
        case _:
            for change in frame["changes"]:
                _change(known, change)


def _change(known: dict[str, dict[str, Any]], change: dict[str, Any]) -> None:
    kind = change["type"]
    if kind == "gone":
        known[change["kind"] + "s"].pop(change["id"])
    elif kind == "count":
        count = change["count"]
        known["counts"].pop(_cell(count), None)
        if count["calls"] and count["start"] >= MIDNIGHT:
            known["counts"][_cell(count)] = count["calls"]
    else:
        thing = change[kind]
        known[kind + "s"][thing[KEYS[kind + "s"]]] = thing


def _cell(count: dict[str, Any]) -> str:
    return "|".join(str(count[name]) for name in ("project", "start", "outcome", "waited"))
