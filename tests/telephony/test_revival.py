"""How an engine begins: where the last one was cut off, or anew with what stood then."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from calls.commands import HangUp
from calls.event import Event
from calls.events import (
    CallArrived,
    EngineStarted,
    GuidanceFinished,
    LegEnded,
    PhoneRegistered,
    ProjectPublished,
    ProjectWithdrawn,
    TimePassed,
)
from calls.journal import Entry
from calls.outages import EngineResumed
from calls.requests import SeatLoggedOut, SeatPaused
from engine.centre import Centre, SeatPlan
from engine.engine import Engine
from ivr.bundle import bundle_of
from store.journal_resume import NEW_RUN, Frozen, Resumed
from store.recovered import Recovered
from telephony.revival import ENGINE, STANDING, Life, parts, revive
from tests.engine.city import OPEN, TAX, WATER, centre, plain, project

pytestmark = pytest.mark.unit

CODE, RUN = "code-3.11", "20260507T010000Z-abcdef"
BREAK = SeatPaused("s2", "lunch")
MORNING: Sequence[Event] = (
    PhoneRegistered("s1"),
    PhoneRegistered("s2"),
    BREAK,
    CallArrived("anna", TAX, "0901234567"),
)
NOON: Sequence[Event] = (GuidanceFinished("c1778115600xcdef-1.p1"), CallArrived("ben", TAX), LegEnded("ben"))


def bundle(name: str) -> str:
    """The bundle of a project that is as the tests have it now."""
    numbers = {"tax": TAX, "water": WATER}
    return bundle_of(plain(name, numbers[name], wrapup(99) if name == "tax" else None), {})


def wrapup(seconds: int) -> dict[str, Any]:
    """Settings of a queue that are others than before."""
    return {"wrapup_s": seconds}


class Past:
    """A life: what happened before its snapshot, and after it."""

    def __init__(self, of: Centre, before: Sequence[Event] = MORNING, after: Sequence[Event] = NOON) -> None:
        self.engine = Engine(of)
        self.entries: list[Entry] = []
        self.happens(EngineStarted(of.digest(), "xcdef"), *before)
        self.parts = parts(self.engine)
        self.seen = len(self.entries)
        self.happens(*after)

    def happens(self, *events: Event) -> None:
        """One thing after the other, a tenth of a second apart."""
        for event in events:
            at = OPEN + len(self.entries) / 10
            commands = self.engine.handle(event, at)
            self.entries.append(Entry(len(self.entries) + 1, at, event, commands))

    def left(self) -> Recovered:
        """What is found on the disk."""
        last = len(self.entries) + 1
        resumed = Resumed(Frozen(self.seen, b"folds"), self.entries[self.seen :], last)
        at = self.entries[self.seen - 1].at
        return Recovered(
            RUN, self.seen, at, CODE, self.parts, self.entries[self.seen :], last, resumed, [], []
        )

    def left_without_snapshot(self) -> Recovered:
        """The same where it died before its first snapshot."""
        last = len(self.entries) + 1
        resumed = Resumed(None, self.entries, last)
        return Recovered(RUN, 0, OPEN, CODE, {}, self.entries, last, resumed, [], [])


def revived(recovered: Recovered | None, of: Centre | None = None, code: str = CODE) -> Life:
    """The next life."""
    return revive(recovered, code, of or centre(2), bundle)


def begins_anew(life: Life, *stood: Event) -> None:
    """It is a new run, that is told of what stood."""
    assert not life.goes_on
    assert life.run != RUN
    assert (life.number, life.at, life.resumed) == (0, 0.0, NEW_RUN)
    assert life.first[1:] == list(stood)
    [started] = life.first[:1]
    assert started == EngineStarted(life.engine.floor.centre.digest(), f"x{life.run[-4:]}")
    assert not life.engine.floor.calls


def test_at_first_it_just_begins() -> None:
    life = revived(None)
    begins_anew(life)
    assert life.why_not == ""


def test_it_goes_on_where_the_last_one_was_cut_off() -> None:
    past = Past(centre(2))
    life = revived(past.left())
    last = past.entries[-1]
    assert (life.goes_on, life.why_not, life.run) == (True, "", RUN)
    assert (life.number, life.at) == (last.number, last.at)
    assert life.resumed == past.left().resumed
    assert (life.parts, life.since) == (past.parts, past.entries[past.seen :])
    [resumed] = life.first
    assert isinstance(resumed, EngineResumed)
    assert life.engine.legs() == past.engine.legs()
    for event in (CallArrived("cora", TAX), LegEnded("anna"), TimePassed()):
        assert life.engine.handle(event, OPEN + 60) == past.engine.handle(event, OPEN + 60)


def test_it_was_not_away_for_less_than_no_time() -> None:
    past = Past(centre(2), after=())
    left = past.left()
    assert revived(left._replace(at=time.time() + 3600)).first == [EngineResumed(0.0)]
    assert revived(left).at == past.entries[-1].at


def test_another_version_of_the_program_begins_anew() -> None:
    life = revived(Past(centre(2)).left(), code="newer")
    begins_anew(life, BREAK)
    assert "another version" in life.why_not


@pytest.mark.parametrize("how", ["nothing", "torn", "no pickle", "another thing", "no part", "less"])
def test_a_snapshot_that_cannot_be_read(how: str) -> None:
    past = Past(centre(2))
    whole = past.parts[ENGINE]
    broken = {
        "nothing": b"",
        "torn": whole[: len(whole) // 2],
        "no pickle": b"engine",
        "another thing": b"\x80\x05K\x01.",
        "less": b"\x80\x05N.",
    }
    past.parts = {STANDING: past.parts[STANDING]} | ({ENGINE: broken[how]} if how in broken else {})
    life = revived(past.left())
    begins_anew(life, BREAK)
    assert "its snapshot cannot be read" in life.why_not


def test_what_stood_cannot_be_read_either() -> None:
    past = Past(centre(2))
    for stood in ({}, {STANDING: b"[{"}, {STANDING: b'[{"type":"Nothing"}]'}):
        past.parts = stood
        begins_anew(revived(past.left()))


def test_a_journal_that_leads_elsewhere() -> None:
    left = Past(centre(2)).left()
    left.entries[1] = left.entries[1]._replace(commands=[HangUp("ben")])
    life = revived(left)
    begins_anew(life, BREAK)
    assert f"entry {left.entries[1].number} of its journal" in life.why_not


def test_a_journal_that_cannot_be_repeated() -> None:
    left = Past(centre(2)).left()
    left.entries[1] = left.entries[1]._replace(event=ProjectPublished("tax", 2, "no bundle"))
    life = revived(left)
    begins_anew(life, BREAK)
    assert "cannot be repeated" in life.why_not


@pytest.mark.parametrize(
    "changes",
    [
        {"seats": (SeatPlan("s1", ("tax",)), SeatPlan("s2", ()))},
        {"seats": (SeatPlan("s1", ("tax",)),)},
        {"extensions": {}},
        {"early_media": True},
    ],
)
def test_seats_that_are_others_now(changes: dict[str, Any]) -> None:
    now = replace(centre(2), **changes)
    life = revived(Past(centre(2)).left(), now)
    begins_anew(life, BREAK)
    assert "seats, people or extensions" in life.why_not
    assert life.engine.floor.centre is now
    for event in life.first:  # whatever is not possible any more does no harm
        life.engine.handle(event, OPEN + 60)


def test_a_project_that_is_another_now_is_published() -> None:
    was, now = centre(2), replace(centre(2, wrapup(99)), versions={"tax": 7})
    life = revived(Past(was).left(), now)
    assert life.goes_on
    assert life.first[1:] == [ProjectPublished("tax", 7, bundle("tax"))]
    for event in life.first:
        life.engine.handle(event, OPEN + 60)
    floor = life.engine.floor
    assert (floor.centre.projects["tax"].queues["main"].wrapup_s, floor.centre.versions) == (99, {"tax": 7})
    assert revived(Past(now).left(), now).first[1:] == []


def test_a_version_of_another_number_is_published_too() -> None:
    was, now = replace(centre(2), versions={"tax": 6}), replace(centre(2), versions={"tax": 7})
    assert revived(Past(was).left(), now).first[1:] == [ProjectPublished("tax", 7, bundle("tax"))]


def test_projects_that_came_and_went() -> None:
    water = project("water", WATER)
    seats = (SeatPlan("s1", ("tax", "water")),)
    both, one = Centre({"tax": project("tax", TAX), "water": water}, seats), Centre({"water": water}, seats)
    assert revived(Past(both).left(), one).first[1:] == [ProjectWithdrawn("tax")]
    [published] = revived(Past(one, before=(), after=()).left(), both).first[1:]
    assert published == ProjectPublished("tax", 0, bundle("tax"))


def test_one_that_died_before_its_first_snapshot() -> None:
    past = Past(centre(2))
    life = revived(past.left_without_snapshot())
    assert (life.goes_on, life.run, life.number) == (True, RUN, len(past.entries))
    assert life.engine.legs() == past.engine.legs()
    assert life.engine.floor.seats["s2"].paused == "lunch"


def test_one_that_died_before_its_first_snapshot_in_another_centre() -> None:
    life = revived(Past(centre(1)).left_without_snapshot())
    begins_anew(life)
    assert "no snapshot" in life.why_not


def test_one_that_left_nothing_but_its_name() -> None:
    begins_anew(revived(Past(centre(2)).left_without_snapshot()._replace(entries=[])))


def test_seats_that_were_left() -> None:
    life = revived(Past(centre(2), before=(SeatLoggedOut("s1"), *MORNING)).left(), code="newer")
    begins_anew(life, SeatLoggedOut("s1"), BREAK)
