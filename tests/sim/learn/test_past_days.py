"""A day replayed unchanged is that day: also with all that telephones do and no scenario has."""

from __future__ import annotations

from pathlib import Path

import pytest

from calls.commands import ConnectLegs, HangUp, PlayGuidance, RingSeat
from calls.events import (
    DigitPressed,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegsConnected,
    PhoneDialled,
    PhoneRegistered,
)
from calls.lifecycle import Outcome
from calls.record import CallRecord
from calls.requests import SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied, TransferAsked, WrapUpFinished
from sim.learn.fit_flow import laws_of
from sim.learn.orders import recorded_orders
from sim.learn.past import Past, past_of
from sim.learn.replay import Instead, replay
from sim.learn.rerun import Rerun, rerun
from tests.sim.learn.days import draft
from tests.sim.learn.telephones import MIDNIGHT, PROJECT, Telephones, clock

pytestmark = pytest.mark.replay


def again(day: Telephones) -> tuple[Past, Rerun]:
    """The day, and the same once more."""
    past = day.past()
    laws = laws_of(past, past.of(PROJECT), day.centre.projects[PROJECT])
    return past, rerun(past, day.centre, recorded_orders(past, day.centre), laws)


def story(record: CallRecord) -> tuple[object, ...]:
    """All of a call that a replay has to bring back."""
    return (
        record.outcome, record.arrived_at, record.queued_at, record.answered_at, record.ended_at, record.offers,
        record.seat, record.keys, record.heard,
    )  # fmt: skip


def assert_the_same(day: Telephones) -> Rerun:
    past, found = again(day)
    for record in past.of(PROJECT):
        after = found.after(record.call)
        assert after is not None
        assert story(after) == story(record)
    assert {what for person in found.persons.values() for what in person.assumed} == set()
    return found


def talk(day: Telephones, at: str, rings: float = 4.2, talks: float = 100.0, writes: float = 12.5) -> str:
    """An ordinary conversation."""
    leg = day.in_line(at)
    day.picks_up(rings)
    day.ends(leg, talks)
    day.do(WrapUpFinished(day.the(RingSeat).seat), writes)
    return leg


def test_a_key_in_the_middle_of_a_text_is_pressed_there_again() -> None:
    day = Telephones()
    leg = day.calls("20:00:00")
    day.do(DigitPressed(leg, "5"), 3.0)  # while the notice is said: nothing follows
    day.hears_all(30.0)
    day.do(DigitPressed(leg, "3"), 6.5)  # interrupts the menu
    day.hears_all(17.0)
    day.ends(leg, 1.5)
    found = assert_the_same(day)
    assert found.asked[PROJECT, "info"] == found.pressed[PROJECT, "info", "3"] == 1


def test_silence_stays_silence_and_a_late_key_comes_as_late() -> None:
    day = Telephones()
    leg = day.calls("20:00:00")
    day.hears_all(31.0)
    day.hears_all(26.0)
    day.do(PhoneRegistered("seat01"), 5.5)  # nothing was pressed for 5 s: the menu is said again
    day.hears_all(25.5)
    day.do(DigitPressed(leg, "6"), 4.0)
    day.hears_all(15.0)
    day.hears_all(2.0)
    day.do(LegEnded(leg), 0.1)
    found = assert_the_same(day)
    assert (found.asked[PROJECT, "info"], found.pressed[PROJECT, "info", "6"]) == (2, 1)


def test_telephones_that_are_busy_or_not_picked_up_do_it_again() -> None:
    day = Telephones()
    leg = day.in_line("10:00:00")
    day.do(LegEnded(day.the(RingSeat).leg, 17), 0.3)  # busy: the other seat is rung
    day.do(PhoneRegistered("seat01"), 20.5)  # which nobody picks up
    day.do(LegEnded(day.the(HangUp).leg), 0.02)
    day.picks_up(2.0)
    day.ends(leg, 77.0)
    day.do(WrapUpFinished(day.the(RingSeat).seat), 3.0)
    talk(day, "10:10:00")
    assert_the_same(day)


def test_who_gives_up_while_it_rings_and_in_the_line_waits_as_long_again() -> None:
    day = Telephones(seats=1)
    ringing = day.in_line("10:00:00")
    day.ends(ringing, 7.0)
    first = day.in_line("10:05:00")
    day.picks_up(3.3)
    waiting = day.in_line("10:06:00")
    day.ends(waiting, 44.4)
    day.ends(first, 200.0)
    day.do(WrapUpFinished("seat01"), 9.0)
    found = assert_the_same(day)
    outcomes = sorted(record.outcome for record in found.records.values())
    assert outcomes == [Outcome.ABANDONED_QUEUE, Outcome.ABANDONED_QUEUE, Outcome.ANSWERED]


def test_breaks_by_request_and_by_star_code() -> None:
    day = Telephones()
    day.now = clock("09:00:00")
    day.do(SeatPaused("seat01", "食事"))
    talk(day, "09:10:00")
    day.do(SeatReadied("seat01"), 60.0)
    day.now = clock("09:30:00")
    day.do(PhoneDialled("9.1", "seat02", "*13"))
    day.ends("9.1", 5.0)
    talk(day, "09:40:00")
    assert {record.seat for record in assert_the_same(day).records.values()} == {"seat01", "seat02"}


def test_a_transfer_ends_with_the_first_operator_and_is_told() -> None:
    day = Telephones()
    leg = day.in_line("10:00:00")
    mine = day.picks_up(4.0)
    day.do(TransferAsked("seat01", "seat", "seat02"), 60.0)
    day.do(LegEnded(mine), 0.02)
    other = day.other_telephone()
    day.do(LegAnswered(other), 3.0)
    day.do(LegsConnected(day.the(ConnectLegs).bridge), 0.05)
    day.ends(leg, 40.0)
    past, found = again(day)
    (record,) = past.of(PROJECT)
    after = found.after(record.call)
    assert after is not None
    assert (after.outcome, after.answered_at) == (record.outcome, record.answered_at)
    assert after.talk == pytest.approx(60.0, abs=0.1)
    assert found.persons[record.call].cut


def test_the_day_after_begins_with_who_was_there() -> None:
    day = Telephones(seats=3)
    day.now = clock("09:00:00")
    day.do(SeatPaused("seat01", "研修"))
    talk(day, "09:10:00")
    day.do(SeatLoggedOut("seat02"), 60.0)
    talk(day, "33:10:00")  # 9:10 on the next day: only the third is there
    day.do(SeatReadied("seat01"), 5.0)
    talk(day, "33:20:00")
    day.do(SeatLoggedIn("seat02"), 5.0)
    talk(day, "33:30:00")
    assert len(day.past().of(PROJECT)) == 1  # what came on the next day is not of this one
    tomorrow = MIDNIGHT + 86400
    past = past_of([one for one in day.entries if one.at >= tomorrow], tomorrow, tomorrow + 86400)
    past.activity = [one for one in day.past().activity if (one.ended or 1e12) > past.start]
    laws = laws_of(past, past.of(PROJECT), day.centre.projects[PROJECT])
    found = rerun(past, day.centre, recorded_orders(past, day.centre), laws)
    assert [story(one)[1:7] for one in found.records.values()] == [
        story(one)[1:7] for one in past.of(PROJECT)
    ]
    assert [record.seat for record in past.of(PROJECT)] == ["seat03", "seat03", "seat01"]


def test_who_interrupted_a_text_that_nobody_says_any_more_presses_his_key_when_he_is_asked(
    tmp_path: Path,
) -> None:
    day = Telephones()
    leg = day.calls("20:00:00")
    day.hears_all(30.0)
    day.do(DigitPressed(leg, "3"), 6.5)
    day.hears_all(17.0)
    day.ends(leg, 1.5)
    other = draft(tmp_path, "      prompt: info_menu\n      invalid", "      prompt: goodbye\n      invalid")
    found = replay(day.past(), day.centre, PROJECT, Instead(flow=other))
    assert (found.after["outcomes"], found.rests_on["key"]) == ({"self_served": 1}, 1)


def test_a_text_fails_because_its_hearer_has_hung_up() -> None:
    day = Telephones()
    leg = day.calls("10:00:00")
    day.do(GuidanceFinished(day.the(PlayGuidance).playback, ok=False), 4.0)
    day.ends(leg, 0.01)
    talk(day, "10:05:00")
    late = day.calls("10:20:00")
    day.ends(late, 9.4)  # the text is 9.5 s long, as far as anybody knows
    assert_the_same(day)


def test_only_who_hangs_up_in_the_first_text_counts_as_such() -> None:
    day = Telephones()
    first = day.calls("20:00:00")
    day.ends(first, 12.0)
    second = day.calls("20:10:00")
    day.hears_all(30.0)
    day.ends(second, 4.0)
    line = day.in_line("10:00:00")
    day.ends(line, 9.0)
    cut = {one.leg: one.first_text_cut for one in day.past().calls.values()}
    assert cut == {first: True, second: False, line: False}
    assert_the_same(day)
