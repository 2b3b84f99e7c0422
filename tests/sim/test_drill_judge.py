"""What a drill makes of a caller's story and of the record of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from calls.lifecycle import State
from calls.record import CallRecord
from sim.drill.judge import faults, jumped, overtaken
from sim.drill.story import BY_CALLER, BY_NOBODY, BY_SEAT, Away, Story

pytestmark = pytest.mark.unit

NOTICE_S = 0.6
THERE = Away()
TALK = Story(
    "0900000001", 440, 100.0, 100.1, 130.0, BY_CALLER,
    seat="seat01", seat_hz=1300, seat_answered=101.0, seat_ended=130.1, notice_s=0.6, heard_s=28.0,
)  # fmt: skip
WAITED = Story("0900000002", 450, 100.0, 100.1, 120.0, BY_CALLER, notice_s=0.6)


def record(story: Story, said: str, /, **changes: Any) -> CallRecord:
    """As the books should have it."""
    fields: dict[str, Any] = {
        "call": f"c-{story.caller}", "leg": "1", "project": "drill", "number": "0480000001", "caller": story.caller,
        "arrived_at": story.dialled, "answered_at": story.seat_answered, "seat": story.seat, "ended_at": story.ended,
        "closed_at": story.ended, "state": State.CLOSED, "outcome": said, "heard": ("notice@1.ja",),
    }  # fmt: skip
    return CallRecord(**(fields | changes))


def told(story: Story, *records: CallRecord, away: Away = THERE) -> list[str]:
    """What is wrong, in short."""
    return [fault.what for fault in faults([story], records, away, NOTICE_S)]


def test_books_that_say_what_was_are_right() -> None:
    assert not told(TALK, record(TALK, "answered"))
    assert not told(WAITED, record(WAITED, "abandoned_queue"))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"outcome": "abandoned_queue"}, "outcome"),
        ({"seat": "seat02"}, "seat"),
        ({"ended_at": 120.0}, "talk"),
        ({"closed_at": None, "state": State.TALKING}, "state"),
        ({"caller": "0900000009"}, "records"),
    ],
)
def test_every_lie_is_found(changes: dict[str, Any], what: str) -> None:
    assert what in told(TALK, record(TALK, "answered", **changes))


def test_a_call_is_in_the_books_once() -> None:
    assert told(TALK) == ["records"]
    assert told(TALK, record(TALK, "answered"), record(TALK, "answered", call="c-2")) == ["records"]


def test_a_record_of_nobody_is_one_too_many() -> None:
    assert [fault.found for fault in faults([], [record(TALK, "answered")], THERE, NOTICE_S)] == ["1"]


def test_a_crash_is_no_abandonment() -> None:
    away = Away(engine=[(110.0, 112.0)])
    assert told(WAITED, record(WAITED, "lost_system"), away=away) == ["outcome"]
    assert told(TALK, record(TALK, "abandoned_queue"), away=away) == ["outcome"]


def test_with_asterisk_its_calls_are_lost_and_never_given_up() -> None:
    away = Away(asterisk=[(110.0, 114.0)])
    waited, talk = replace(WAITED, ended_by=BY_NOBODY), replace(TALK, ended_by=BY_NOBODY)
    assert not told(waited, record(waited, "lost_system"), away=away)
    assert told(waited, record(waited, "abandoned_queue"), away=away) == ["outcome"]
    assert not told(talk, record(talk, "answered", ended_at=110.0), away=away)


def test_a_caller_whom_only_asterisk_served_is_degraded() -> None:
    away = Away(engine=[(99.0, 105.0)])
    assert not told(TALK, record(TALK, "degraded_answered", heard=()), away=away)
    assert told(TALK, record(TALK, "degraded_answered", heard=())) == ["outcome"]


def test_who_was_never_answered_may_be_in_the_books_or_not() -> None:
    cancelled = Story("0900000003", 460, 100.0, None, 101.0, BY_CALLER)
    assert not told(cancelled)
    assert not told(cancelled, record(cancelled, "abandoned_ivr"))


def test_what_happened_just_when_something_else_did_may_be_told_either_way() -> None:
    hasty = replace(TALK, ended=101.2, seat_ended=101.3)
    for outcome in ("answered", "abandoned_queue"):
        assert not told(hasty, record(hasty, outcome, heard=()))
    late = replace(WAITED, ended=100.8)
    assert late.outcomes(THERE, NOTICE_S) == {"abandoned_ivr", "abandoned_queue"}


def test_a_telephone_that_was_picked_up_is_no_conversation_yet() -> None:
    unheard = replace(TALK, heard_s=0.0)
    assert not unheard.talked
    assert not unheard.conversed
    for outcome in ("answered", "abandoned_queue"):
        assert not told(unheard, record(unheard, outcome))


def test_a_talk_that_ended_unseen_ends_in_the_books_when_the_engine_is_back() -> None:
    away = Away(engine=[(129.0, 140.0)])
    assert not told(TALK, record(TALK, "answered", ended_at=140.5), away=away)
    assert told(TALK, record(TALK, "answered", ended_at=142.0), away=away) == ["talk"]


def test_guidance_that_the_books_say_he_heard_he_has_heard() -> None:
    deaf = replace(TALK, notice_s=0.0)
    assert told(deaf, record(deaf, "answered")) == ["guidance"]
    assert not told(deaf, record(deaf, "answered", heard=()))


def test_dropped_is_who_did_not_hang_up_and_nobody_else_did() -> None:
    assert not TALK.dropped
    assert not replace(TALK, ended_by=BY_SEAT).dropped
    assert replace(TALK, ended_by=BY_NOBODY).dropped
    assert replace(WAITED, refused=True, ended_by=BY_NOBODY).dropped


def test_the_line_is_entered_after_the_guidance_or_when_the_engine_is_back() -> None:
    assert WAITED.into_line(THERE, NOTICE_S) == pytest.approx(100.7)
    assert WAITED.into_line(Away(engine=[(100.5, 103.0)]), NOTICE_S) == 103.0
    assert replace(WAITED, answered=None).into_line(THERE, NOTICE_S) is None


@pytest.mark.parametrize(
    ("served", "behind"),
    [("abc", ""), ("acb", "b"), ("cab", "ab"), ("xaybzc", ""), ("ab", ""), ("b", "a"), ("c", "ab"), ("", "")],
)
def test_who_was_overtaken(served: str, behind: str) -> None:
    assert overtaken("abc", served) == [*behind]


def test_where_only_times_are_known_a_moment_counts_for_nothing() -> None:
    assert not jumped([("a", 10.0, 30.0), ("b", 10.5, 29.0)], 1.0)
    assert jumped([("a", 10.0, 30.0), ("b", 12.0, 29.0)], 1.0) == ["a"]
    assert not jumped([("a", 10.0, None), ("b", 12.0, 29.0)], 1.0)
