"""A day that was counted by everybody alike has no difference; every single one that is put in is found and named."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.lifecycle import Outcome
from reports.certificate_text import certificate_text
from reports.journal_day import Break, Sound
from store.accounts import AccountChannel
from tests.reports.whole_day import CALLER, END, START, Books, File, whole_day

pytestmark = pytest.mark.unit


def deleted_row(books: Books, call: str) -> None:
    del books.records[call]


def changed_row(books: Books, call: str) -> None:
    books.records[call].offers += 1


def changed_outcome(books: Books, call: str) -> None:
    books.records[call].outcome = Outcome.ABANDONED_IVR


def lost_entries(books: Books, call: str) -> None:
    del books.journal.records[call]


def lost_channel(books: Books, call: str) -> None:
    del books.channels[books.journal.records[call].leg]


def late_arrival(books: Books, call: str) -> None:
    books.channel(call).started -= 1.5


def other_answer(books: Books, call: str) -> None:
    met = books.channel(call).met
    assert met is not None
    books.channel(call).met = met + 1.5


def never_met(books: Books, call: str) -> None:
    books.channel(call).met = None


def other_end(books: Books, call: str) -> None:
    ended = books.channel(call).ended
    assert ended is not None
    books.channel(call).ended = ended + 1.5


def lost_end(books: Books, call: str) -> None:
    books.channel(call).ended = None


def open_record(books: Books, call: str) -> None:
    for record in (books.journal.records[call], books.records[call]):
        record.ended_at = record.closed_at = None


def counted_twice(books: Books, call: str) -> None:
    for kept in (books.journal.records, books.records):
        again = copy.deepcopy(kept[call])
        again.call = f"{call}9"
        kept[again.call] = again


def lost_file(books: Books, call: str) -> None:
    del books.files[call]


def changed_file(books: Books, call: str) -> None:
    books.files[call].sha256 = "0" * 64


def shorter_file(books: Books, call: str) -> None:
    books.files[call].sha256 = ""  # as with --quick
    books.files[call].seconds = 0.5


def second_file(books: Books, call: str) -> None:
    books.files[f"{call}-2"] = File(f"{call}-2", 3.0, "f" * 64)


def unfinished(books: Books, call: str) -> None:
    del books.journal.files[call], books.files[call]


def unreported_file(books: Books, call: str) -> None:
    del books.journal.files[call]
    books.journal.recorded.discard(call)


def lost_line(books: Books, call: str) -> None:
    del books.lines[books.line(call)]


def longer_line(books: Books, call: str) -> None:
    index = books.line(call)
    books.lines[index] = msgspec.structs.replace(books.lines[index], seconds=books.lines[index].seconds + 60)


Harm = Callable[[Books, str], None]
HARMS: dict[Harm, str] = {
    deleted_row: "missing_in_records",
    changed_row: "record_differs",
    changed_outcome: "record_differs",
    lost_entries: "missing_in_journal",
    lost_channel: "missing_in_asterisk",
    late_arrival: "arrival_differs",
    other_answer: "answer_differs",
    never_met: "answer_differs",
    other_end: "end_differs",
    lost_end: "never_ended",
    open_record: "never_closed",
    counted_twice: "two_records",
    lost_file: "recording_missing",
    changed_file: "recording_changed",
    shorter_file: "recording_length",
    second_file: "recording_unknown",
    unfinished: "recording_unfinished",
    unreported_file: "recording_unknown",
    lost_line: "not_in_statement",
    longer_line: "duration_differs",
}

days = st.builds(whole_day, st.integers(0, 10**6), st.integers(12, 60)).filter(
    lambda day: len(day.answered()) > 3
)


@settings(max_examples=40, deadline=None)
@given(days)
def test_an_untouched_day_has_no_difference(books: Books) -> None:
    made = books.certificate()
    assert made.differences == []
    assert made.passed
    assert made.counts["journal"] == made.counts["records"] == made.counts["asterisk"] == len(books.records)
    assert made.counts["statement"] == len(books.lines)
    assert made.carrier_clock is not None
    assert made.carrier_clock.seconds == pytest.approx(37.0, abs=0.6)


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
@settings(max_examples=15, deadline=None)
@given(books=days, which=st.integers(0, 10**6))
def test_every_single_difference_is_found_and_named(harm: Harm, books: Books, which: int) -> None:
    calls = books.answered()
    call = calls[which % len(calls)]
    harm(books, call)
    made = books.certificate()
    assert not made.passed
    assert (HARMS[harm], call) in {(one.kind, one.call) for one in made.differences}
    assert all(call in one.call or call in one.text or not one.call for one in made.differences)


def test_a_caller_whom_the_engine_never_heard_of_is_named_by_his_channel() -> None:
    books = whole_day(1, 20)
    books.channels["1.77"] = AccountChannel(
        "1.77", "1.77", "PJSIP/trunk-00000077", START + 500.0, met=START + 510.0, ended=START + 600.0
    )
    [difference] = books.certificate().differences
    assert (difference.kind, difference.of) == ("channel_without_record", "channel 1.77")
    assert difference.says["asterisk"].endswith("talked to, ended 2026-05-07 00:10:00.000")


def test_a_caller_who_is_gone_at_once_is_nobodys_fault() -> None:
    books = whole_day(1, 20)
    books.channels["1.77"] = AccountChannel(
        "1.77", "1.77", "PJSIP/trunk-00000077", START + 500.0, ended=START + 500.4
    )
    made = books.certificate()
    assert made.passed
    assert made.counts["gone_at_once"] == 1


def test_a_leg_of_a_call_that_nobody_knows() -> None:
    books = whole_day(1, 20)
    call = f"c{int(START) + 700}xab12-99"
    books.channels[f"{call}.s1"] = AccountChannel(
        f"{call}.s1", "1.77", "PJSIP/seat01-00000077", START + 700.0, ended=START + 701.0
    )
    [difference] = books.certificate().differences
    assert (difference.kind, difference.call) == ("leg_of_unknown_call", call)


def test_a_line_of_the_carriers_without_a_call() -> None:
    books = whole_day(1, 40)
    line = msgspec.structs.replace(books.lines[3], line=77, start=books.lines[3].start + 1000.5, seconds=1.0)
    books.lines.append(line)
    [difference] = books.certificate().differences
    assert (difference.kind, difference.of) == ("statement_only", "line 77 of the statement")


def test_a_carrier_who_counts_in_other_steps_is_matched_and_told() -> None:
    books = whole_day(1, 40)
    books.lines = [msgspec.structs.replace(line, seconds=line.seconds + 30.0) for line in books.lines]
    made = books.certificate()
    assert {one.kind for one in made.differences} == {"duration_differs"}
    assert len(made.differences) == len(books.lines)
    assert made.carrier_clock is not None
    assert made.carrier_clock.seconds == pytest.approx(37.0, abs=0.6)


def test_a_report_that_says_something_else() -> None:
    books = whole_day(1, 40)
    promise_report = books.certificate()
    assert promise_report.passed
    [first, *_] = books.answered()
    books.records[first].outcome = Outcome.TIMED_OUT
    kinds = {one.kind: one for one in books.certificate().differences}
    assert kinds["report_total"].of == books.records[first].project
    assert first in kinds["report_total"].text


def test_what_the_journal_explains_is_told_and_no_difference() -> None:
    books = whole_day(1, 40)
    [first, *_] = books.answered()
    ended = books.channel(first).ended
    assert ended is not None
    books.channel(first).ended = ended - 20.0
    assert {one.kind for one in books.certificate().differences} == {"end_differs", "duration_differs"}
    books.lines.clear()
    books.journal.breaks.append(Break(ended - 25.0, ended, ended + 5.0, "the engine was away for 25.0 s"))
    made = books.certificate()
    assert [one.call for one in made.explained] == [first]
    assert {one.kind for one in made.differences} == {"not_in_statement"}


def test_a_break_explains_nothing_of_calls_that_came_afterwards() -> None:
    books = whole_day(1, 40)
    [first, *_] = books.answered()
    books.channel(first).ended = None
    arrived = books.journal.records[first].arrived_at
    books.journal.breaks.append(Break(arrived - 60.0, arrived - 30.0, END, "a new engine was started"))
    assert [one.kind for one in books.certificate().differences][:1] == ["never_ended"]


def test_a_step_of_the_clock_that_the_journal_tells_of() -> None:
    books = whole_day(1, 40)
    for channel in books.channels.values():
        channel.started += 3600.0
        for name in ("answered", "met", "ended"):
            value = getattr(channel, name)
            setattr(channel, name, None if value is None else value + 3600.0)
    books.lines.clear()
    assert any(one.kind == "arrival_differs" for one in books.certificate().differences)
    books.journal.steps.append((START, 3600.0))
    assert {one.kind for one in books.certificate().differences} <= {"not_in_statement"}


def test_calls_that_go_on_are_counted_and_not_compared() -> None:
    books = whole_day(1, 40)
    last = books.answered()[-1]
    record = books.journal.records[last]
    record.ended_at = record.closed_at = None
    books.channel(last).ended = None
    books.records[last].offers = 7
    del books.journal.files[last]
    assert record.answered_at is not None
    made = books.certificate(settled=record.answered_at + 10.0)
    assert made.counts["still_open"] is not None
    assert made.counts["still_open"] >= 1
    assert [one for one in made.differences if one.call == last and one.kind != "duration_differs"] == []


def test_a_call_that_could_not_be_recorded_is_explained() -> None:
    books = whole_day(1, 40)
    [first, *_] = books.answered()
    unfinished(books, first)
    books.journal.unrecorded.add(first)
    made = books.certificate()
    assert made.passed
    assert [one.call for one in made.explained] == [first]


def test_a_message_and_a_recording_that_was_finished_twice() -> None:
    books = whole_day(1, 40)
    [first, *_] = books.answered()
    books.journal.files[first].insert(0, Sound(1.0, "a" * 64))
    last = books.files[first]
    books.files[f"{first}-2"] = File(f"{first}-2", last.seconds, last.sha256)
    books.files[first] = File(first, 1.0, "a" * 64)
    books.journal.files[f"{first}-message2"].append(Sound(4.0, "b" * 64))
    [difference] = books.certificate().differences
    assert (difference.kind, difference.of) == ("recording_missing", f"recording {first}-message2")
    books.files["message"] = File(f"{first}-message2", 4.0, "b" * 64)
    assert books.certificate().passed


def test_no_number_of_a_caller_is_in_it_and_the_same_day_has_the_same_digest() -> None:
    books, again = whole_day(3, 40), whole_day(3, 40)
    changed_row(books, books.answered()[0])
    books.records[books.answered()[1]].caller = "0"
    made = books.certificate()
    text = certificate_text(made)
    assert CALLER not in msgspec.json.encode(made).decode() + text
    assert "caller (not shown)" in text
    assert made.digest != again.certificate().digest == whole_day(3, 40).certificate().digest
    assert json.loads(msgspec.json.encode(made))["passed"] is False
    assert "NOT reconciled" in text


def test_the_text_of_a_day_without_a_difference() -> None:
    text = certificate_text(whole_day(3, 40).certificate())
    assert text.startswith("Reconciliation of 2026-05-07: mileage, tax\n")
    assert "Result: no difference\n" in text
    assert "the carrier's clock is 37." in text or "the carrier's clock is 36." in text


def test_without_an_account_nothing_is_certified() -> None:
    books = whole_day(3, 10)
    books.channels.clear()
    assert {one.kind for one in books.certificate().differences} == {"missing_in_asterisk"}
    made = books.certificate(accounts=False)
    assert [one.kind for one in made.differences] == ["no_account"]
    assert made.counts["asterisk"] is None
    assert "not there" in certificate_text(made)
