"""Calls that Asterisk dealt with alone: each into the journal once, whatever happens meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from calls.degraded import AUDIO, CALLS, IMPORTED, UNREADABLE
from calls.event import Event
from calls.journal import Entry
from calls.lifecycle import Outcome
from calls.outages import CallAdopted, DegradedCallEnded, DegradedWay, PhoneGivenBack, PhoneTaken
from calls.promise import Promise, answer_rate
from calls.record import CallRecord, fold
from engine.centre import Centre
from ivr.project import Project
from telephony.ari.objects import Bridge, Channel, Dialplan
from telephony.degraded_files import write_json
from telephony.degraded_import import DegradedImport
from telephony.degraded_return import DegradedReturn, Seen, adopted, alone, taken_phones, waiting
from tests.live.degraded_house import NUMBER, project

pytestmark = pytest.mark.unit

CAME = 1_779_000_000.0


class Journal:
    """Where events go; `stored` are the calls that the database has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events: list[Event] = []
        self.stored: set[str] = set()
        self.kept: list[str] = []
        self.broken = False

    async def safe(self) -> None:
        if self.broken:
            raise RuntimeError("killed")
        self.stored |= {event.call for event in self.events if isinstance(event, DegradedCallEnded)}

    async def known(self, call: str) -> bool:
        return call in self.stored

    def keep(self, raw: Path, call: str, project: str, at: float) -> None:
        assert call in self.stored  # a recording of a call that nobody knows would be unclaimed
        raw.unlink()
        self.kept.append(call)

    def importing(self) -> DegradedImport:
        return DegradedImport(self.folder, self.events.append, self.safe, self.known, self.keep)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    journal = Journal(tmp_path)
    journal.importing()
    return journal


def leave(journal: Journal, leg: str, audio_s: float | None = None, **fields: Any) -> str:
    call = f"degraded-{leg}"
    note = {
        "call": call,
        "project": "tax",
        "number": NUMBER,
        "caller": "0488301111",
        "arrived_at": CAME,
        "answered_at": CAME + 10,
        "ended_at": CAME + 70,
        "way": "seats",
        "seat": "seat01",
        "by_backup": False,
    } | fields
    write_json(journal.folder / CALLS / f"{call}.json", note)
    if audio_s is not None:
        (journal.folder / AUDIO / f"{call}.raw").write_bytes(b"\0" * round(audio_s * 32000))
    return call


async def test_a_call_comes_in_once_and_leaves_nothing(journal: Journal) -> None:
    call = leave(journal, "1.1", audio_s=60)
    assert await journal.importing().run(alone=()) == 1
    assert journal.events == [
        DegradedCallEnded(
            call, "tax", NUMBER, "0488301111", CAME, CAME + 10, CAME + 70, "rang", "seat01", recording=True
        )
    ]
    assert journal.kept == [call]
    assert await journal.importing().run(alone=()) == 0
    assert not journal.importing().left()


async def test_calls_come_in_the_order_in_which_they_came(journal: Journal) -> None:
    for leg, at in (("3.1", 30.0), ("1.1", 10.0), ("2.1", 20.0)):
        leave(journal, leg, arrived_at=at)
    await journal.importing().run(alone=())
    assert [event.arrived_at for event in journal.events if isinstance(event, DegradedCallEnded)] == [
        10,
        20,
        30,
    ]


async def test_a_call_that_goes_on_is_left(journal: Journal) -> None:
    leave(journal, "1.1", ended_at=0.0, answered_at=0.0)
    assert await journal.importing().run(alone={"1.1"}) == 0
    assert journal.importing().left()


async def test_a_recording_that_is_still_written_is_waited_for(journal: Journal) -> None:
    call = leave(journal, "1.1", audio_s=0)
    with (journal.folder / AUDIO / f"{call}.raw").open("ab"):
        assert await journal.importing().run(alone=()) == 0
    assert await journal.importing().run(alone=()) == 1


async def test_a_call_that_the_engine_has_by_now_is_its_own(journal: Journal) -> None:
    leave(journal, "1.1", ended_at=0.0, audio_s=0)
    assert await journal.importing().run(alone=(), ours={"1.1"}) == 0
    assert not journal.importing().left()
    assert not list((journal.folder / AUDIO).iterdir())


async def test_a_call_in_which_asterisk_died_ends_when_it_was_seen_last(journal: Journal) -> None:
    leave(journal, "1.1", ended_at=0.0, answered_at=0.0, audio_s=5)
    await journal.importing().run(alone=())
    [event] = journal.events
    assert isinstance(event, DegradedCallEnded)
    assert event.ended_at - event.answered_at == pytest.approx(5)


async def test_an_engine_that_is_killed_before_the_journal_was_safe_tells_it_again(journal: Journal) -> None:
    call = leave(journal, "1.1", audio_s=1)
    journal.broken = True
    with pytest.raises(RuntimeError):
        await journal.importing().run(alone=())
    assert (journal.folder / IMPORTED / f"{call}.json").exists()
    journal.broken, journal.events = False, []
    for _ in range(2):
        await journal.importing().run(alone=())
    assert len(journal.events) == 1
    assert journal.kept == [call]


async def test_an_engine_that_is_killed_after_the_journal_was_safe_does_not(journal: Journal) -> None:
    call = leave(journal, "1.1", audio_s=1)
    journal.broken = True
    with pytest.raises(RuntimeError):
        await journal.importing().run(alone=())
    journal.stored.add(call)
    journal.broken, journal.events = False, []
    await journal.importing().run(alone=())
    assert (journal.events, journal.kept, journal.importing().left()) == ([], [call], False)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"call": "degraded-9.9"}', '"\xff"'])
async def test_a_torn_file_is_put_aside_and_the_others_come_in(journal: Journal, text: str) -> None:
    (journal.folder / CALLS / "degraded-9.9.json").write_text(text)
    leave(journal, "1.1")
    assert await journal.importing().run(alone=()) == 1
    assert (journal.folder / UNREADABLE / "degraded-9.9.json").exists()
    assert not journal.importing().left()


async def test_a_file_by_the_name_of_another_call_is_none(journal: Journal) -> None:
    call = leave(journal, "1.1")
    (journal.folder / CALLS / f"{call}.json").rename(journal.folder / CALLS / "degraded-2.2.json")
    assert await journal.importing().run(alone=()) == 0


async def test_half_written_files_of_the_script_are_nobodys(journal: Journal) -> None:
    (journal.folder / CALLS / ".degraded-1.1.json.77.new").write_text("{")
    assert await journal.importing().run(alone=()) == 0


# ---- the record


def records_of(*events: Event) -> list[CallRecord]:
    return list(fold(Entry(number + 1, CAME + 900, event, []) for number, event in enumerate(events)))


def ended(
    how: DegradedWay, answered_at: float = 0.0, seat: str = "", call: str = "degraded-1.1"
) -> DegradedCallEnded:
    return DegradedCallEnded(
        call,
        "tax",
        NUMBER,
        "",
        CAME,
        answered_at,
        CAME + 70,
        how,
        seat,
    )


def test_the_record_of_a_call_that_a_seat_took() -> None:
    [record] = records_of(ended("rang", CAME + 10, "seat01"), ended("rang", CAME + 10, "seat01"))
    assert (record.outcome, record.seat, record.leg) == (Outcome.DEGRADED_ANSWERED, "seat01", "1.1")
    assert (record.wait, record.talk, record.wrapup, record.closed_at) == (10, 60, None, CAME + 70)


@pytest.mark.parametrize(
    ("how", "answered_at", "counted"),
    [
        ("rang", CAME + 10, (1, 1)),
        ("rang", 0.0, (0, 1)),
        ("backup", CAME + 5, (1, 1)),
        ("closed", 0.0, (0, 0)),
    ],
)
def test_how_it_counts_for_the_promise(
    how: DegradedWay, answered_at: float, counted: tuple[int, int]
) -> None:
    rate = answer_rate(records_of(ended(how, answered_at)), Promise())
    assert (rate.numerator, rate.denominator) == counted


def test_who_met_a_closed_door_counts_where_closed_calls_do() -> None:
    promise = Promise(numerator=(Outcome.CLOSED,), denominator=(Outcome.CLOSED,))
    assert answer_rate(records_of(ended("closed")), promise).denominator == 1


# ---- the engine is back


def leg_in(leg: str, app: str, context: str = "engine-away", name: str = "") -> Channel:
    return Channel(
        leg,
        name or f"PJSIP/trunk-{leg}",
        "Up",
        dialplan=Dialplan(context, "s", 1, app),
        creationtime=f"2026-05-07T12:00:0{leg}.000+0900",
    )


def test_who_waits_and_who_talks() -> None:
    member = leg_in("5", "AppQueue", "phones", "PJSIP/seat01-00000005")
    seen = Seen(
        [
            leg_in("3", "Queue"),
            leg_in("1", "Queue"),
            leg_in("2", "Queue"),
            leg_in("4", "Stasis", "inbound"),
            member,
        ],
        [Bridge("b", channels=["1", "5"])],
    )
    assert [one.id for one in waiting(seen)] == ["2", "3"]
    assert alone(seen) == {"1", "2", "3"}
    assert taken_phones(seen, ["seat01", "seat02", "trunk"]) == {"seat01"}


def test_a_caller_out_of_the_line_is_adopted_with_his_place() -> None:
    tax: Project = project()
    centre = Centre({"tax": tax}, ())
    assert adopted("1.7", ["waiting", NUMBER, "048", "0", "5.25"], centre) == CallAdopted(
        "1.7", "degraded-1.7", "tax", NUMBER, "048", "waiting", queue="tax/main", since=5.25
    )
    assert adopted("1.7", ["inbound", NUMBER, "048", "0"], centre) is None
    assert adopted("1.7", ["waiting", "0480000777", "", "1", "5.25"], centre) is None


async def test_waiting_callers_go_to_the_engine_one_after_the_other(journal: Journal) -> None:
    there = {
        "1": leg_in("1", "Queue"),
        "2": leg_in("2", "Queue"),
        "5": leg_in("5", "AppQueue", "phones", "PJSIP/seat01-00000005"),
    }
    moved: list[str] = []
    leave(journal, "1", ended_at=0.0)
    leave(journal, "2", ended_at=0.0)

    async def look() -> Seen:
        return Seen(list(there.values()), [])

    async def redirect(channel: str, context: str) -> None:
        leg = channel.removeprefix("PJSIP/trunk-")
        moved.append(leg)
        there[leg] = leg_in(leg, "Stasis", context)

    back = DegradedReturn(look, redirect, journal.importing(), ["seat01"], journal.events.append)
    assert not await back.once()
    assert moved == ["1", "2"]
    assert journal.events == [PhoneTaken("seat01")]
    del there["5"]
    assert await back.once()
    assert journal.events == [PhoneTaken("seat01"), PhoneGivenBack("seat01")]
    assert not list((journal.folder / CALLS).iterdir())
