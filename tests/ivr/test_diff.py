from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ivr.diff import Difference, difference
from ivr.diff_words import as_lines, as_mapping
from tests.ivr.every_node import EVERY_NODE, project

pytestmark = pytest.mark.unit

TODAY = dt.date(2026, 5, 1)


def changed(folder: Path, *changes: tuple[str, str]) -> Difference:
    return difference(project(folder), project(folder, EVERY_NODE, *changes), TODAY)


def lines(folder: Path, *changes: tuple[str, str]) -> list[str]:
    return as_lines(changed(folder, *changes))


def test_the_same(tmp_path: Path) -> None:
    found = changed(tmp_path)
    assert found.none
    assert as_mapping(found)["same"] is True
    assert as_lines(found) == ["Callers notice no difference."]


def test_another_name_for_the_same_words_is_no_change(tmp_path: Path) -> None:
    renamed = (
        EVERY_NODE.replace("hello", "welcome").replace("in_english", "english_too").replace("quick", "fast")
    )
    assert difference(project(tmp_path), project(tmp_path, renamed), TODAY).none


def test_numbers(tmp_path: Path) -> None:
    told = lines(tmp_path, ("0466-25-1111", "0466-25-3333"))
    assert "The number 0466253333 is new." in told
    assert "The number 0466251111 is no longer answered." in told


def test_one_day(tmp_path: Path) -> None:
    closed = ('"08:30-17:15"]}}', '"08:30-17:15"]}, closed: [{date: 2026-06-10, reason: 点検}]}')
    assert lines(tmp_path, closed) == ["Hours: 2026-06-10 Wed: closed instead of 08:30-17:15 (点検)."]


def test_every_week(tmp_path: Path) -> None:
    told = lines(tmp_path, ("mon-fri", "mon-thu"))
    assert told == [
        "Hours: 53 days from 2026-05-01 to 2027-04-30 (Fri): closed instead of 08:30-17:15 (closed on fri)."
    ]


def test_words(tmp_path: Path) -> None:
    told = lines(tmp_path, ("en: Goodbye.", "en: See you."))
    assert told == ["Text 'bye' (en) says 「See you.」 instead of 「Goodbye.」"]


def test_a_language_comes_and_goes(tmp_path: Path) -> None:
    gone = changed(tmp_path, ("languages: [ja, en]", "languages: [ja, en, ko]")).texts
    assert gone == ()


def test_a_key_leads_elsewhere(tmp_path: Path) -> None:
    assert lines(tmp_path, ('"4": leave', '"4": line'))[0] == (
        "When open, callers who press 4 hear nothing instead of 'beep', 'bye' and end up in the queue main "
        "instead of with a message left, counted as self_served, and are sent nothing instead of 'mail: new message'."
    )


def test_a_key_that_is_new(tmp_path: Path) -> None:
    calls = changed(tmp_path, ('"0": top', '"0": top, "5": bye')).calls
    assert [(call.situation, call.keys) for call in calls] == [("open", ("5",)), ("closed", ("5",))]
    assert calls[0].before.heard == ("wrong", "hello", "top")
    assert (calls[0].before.end, calls[0].after.end) == ("asks", "hangup")


def test_silence_ends_elsewhere(tmp_path: Path) -> None:
    calls = changed(tmp_path, ("      after: bye", "      after: line")).calls
    assert calls[0].keys == ("-",)
    assert (calls[0].before.end, calls[0].after.end) == ("hangup", "queue")


def test_fewer_attempts(tmp_path: Path) -> None:
    (call,) = changed(
        tmp_path, ("      invalid: wrong\n", "      invalid: wrong\n      attempts: 2\n")
    ).calls[:1]
    assert len(call.before.heard) - len(call.after.heard) == 2


def test_where_the_line_is_full(tmp_path: Path) -> None:
    calls = changed(tmp_path, ("full: again", "full: bye")).calls
    assert {call.situation for call in calls} == {"open, line: full"}


def test_where_an_extension_is_unknown(tmp_path: Path) -> None:
    told = lines(tmp_path, ("unanswered: return, unknown: sorry", "unanswered: sorry, unknown: return"))
    assert any(line.startswith("When open, transfer: unknown, callers who press 3, 11# ") for line in told)


def test_one_of_the_numbers(tmp_path: Path) -> None:
    calls = changed(tmp_path, ("25-2222}, to: line", "25-2222}, to: again")).calls
    assert [call.situation for call in calls] == ["open, dialled 0466252222"]


def test_the_disaster_flow(tmp_path: Path) -> None:
    calls = changed(tmp_path, ("guidance: snow, outcome: closed", "guidance: bye, outcome: closed")).calls
    assert [(call.situation, call.after.heard) for call in calls] == [("switched to disaster", ("bye",))]


def test_inside_a_sub_flow(tmp_path: Path) -> None:
    calls = changed(tmp_path, ("after: return", "after: sorry")).calls
    assert ("3", "-") in [call.keys for call in calls]


def test_as_data(tmp_path: Path) -> None:
    told = as_mapping(changed(tmp_path, ('"4": leave', '"4": line'), ("mon-fri", "mon-sat")))
    assert told["same"] is False
    assert told["hours"][0] == {
        "hours": "",
        "date": "2026-05-02",
        "before": [],
        "after": ["08:30-17:15"],
        "reason": "",
    }
    assert told["calls"][0]["when"] == "open"
    assert told["calls"][0]["keys"] == ["4"]
    assert told["calls"][0]["after"]["end"] == "queue"


@pytest.mark.parametrize(
    ("queue", "way", "situation"),
    [
        ("max_expected_wait_s: 60", "long_wait", "long_wait"),
        ("last_call_s: 60", "closing", "closing"),
        ("at_closing: release", "closed", "closed"),
    ],
)
def test_another_way_out_of_the_line(tmp_path: Path, queue: str, way: str, situation: str) -> None:
    known = ("max_wait_s: 300", f"max_wait_s: 300, {queue}")
    before = project(tmp_path, EVERY_NODE, known)
    after = project(tmp_path, EVERY_NODE, known, ("timeout: leave}", f"timeout: leave, {way}: bye}}"))
    calls = difference(before, after, TODAY).calls
    assert {call.situation for call in calls} == {f"open, line: {situation}"}
    assert calls[0].after.heard[-1:] == ("bye",)


def test_a_key_for_those_who_wait(tmp_path: Path) -> None:
    calls = changed(tmp_path, ("timeout: leave}", 'timeout: leave, keys: {"5": bye}}')).calls
    assert {(call.before.end, call.after.end) for call in calls} == {("queue", "asks")}


def test_a_key_of_those_who_wait_leads_elsewhere(tmp_path: Path) -> None:
    before, after = (
        project(tmp_path, EVERY_NODE, ("timeout: leave}", f'timeout: leave, keys: {{"5": {to}}}}}'))
        for to in ("bye", "leave")
    )
    calls = difference(before, after, TODAY).calls
    assert {call.keys[-1] for call in calls} == {"5"}
    assert {(call.before.outcome, call.after.end) for call in calls} == {("abandoned_queue", "message")}


def test_what_those_who_wait_are_told(tmp_path: Path) -> None:
    calls = changed(tmp_path, ("max_wait_s: 300", "max_wait_s: 300, notices: {position: true}")).calls
    told = {call.situation: call.after.heard for call in calls}
    assert told["open, no seat free"][-1:] == ("position_1",)
    assert "position_1" in told["open, line: timeout"]
