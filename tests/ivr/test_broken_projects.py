"""Broken project files, and exactly what is told of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.nodes import TYPES
from tests.ivr.project_file import GOOD, told

pytestmark = pytest.mark.unit

OUTCOMES = (
    "answered, abandoned_ivr, abandoned_queue, overflowed, timed_out, self_served, closed, blocked, "
    "degraded_answered, degraded_unanswered, lost_system, not_reached, cancelled"
)
CLOSE = "close the bracket, or put a text that has brackets in quotes"
TAB = "found character '\\t' that cannot start any token"
NODE_TYPES = ", ".join(TYPES)

# name: (what stands in the good file, what stands there instead, what is told)
BROKEN: dict[str, tuple[str, str, list[str]]] = {
    "a tab": (
        "  calendar: jp",
        "\tcalendar: jp",
        [f"6:1: error: this is not YAML: {TAB}; indent with spaces, not tabs"],
    ),
    "a bracket that is not closed": (
        '["08:30-17:15"]',
        '["08:30-17:15"',
        [f"9:1: error: this is not YAML: expected ',' or ']', but got '<scalar>'; {CLOSE}"],
    ),
    "two documents": (
        "queues:",
        "---\nqueues:",
        ["26:1: error: this is not YAML: but found another document"],
    ),
    "a character that is no text": (
        "Tax office",
        "Tax \x07",
        ["2:11: error: this is not text: character 0x7"],
    ),
    "a key twice": (
        "  main: {wrapup_s: 30}",
        "  main: {wrapup_s: 30, wrapup_s: 40}",
        ["27:24: error: 'wrapup_s' stands here a second time"],
    ),
    "a list as a key": ("queues:", "? [a]\n: 1\nqueues:", ["26:3: error: a name is expected here"]),
    "an unknown key": (
        "wrapup_s: 30",
        "wrap_up_s: 30",
        ["27:10: error: 'wrap_up_s' means nothing here; did you mean 'wrapup_s'?"],
    ),
    "an unknown key at the top": (
        "queues:",
        "queue:",
        [
            "26:1: error: 'queue' means nothing here; did you mean 'queues'?",
        ],
    ),
    "an unknown key of a node": (
        "next: line",
        "nxt: line",
        [
            "17:5: error: 'next' is missing here",
            "17:42: error: 'nxt' means nothing here; did you mean 'next'?",
        ],
    ),
    "an unknown node type": (
        "type: say",
        "type: sya",
        [f"17:19: error: there is no node type 'sya'; did you mean 'say'? (known: {NODE_TYPES})"],
    ),
    "a node without a type": (
        "type: say, ",
        "",
        [f"17:5: error: 'type' is missing here (known: {NODE_TYPES})"],
    ),
    "a node that is a text": (
        "hello: {type: say, guidance: notice, next: line}",
        "hello: notice",
        ["17:12: error: names with values (name: value) are expected here"],
    ),
    "an unknown next node": (
        "next: line",
        "next: lime",
        ["17:48: error: there is no node 'lime'; did you mean 'line'?"],
    ),
    "an unknown start": (
        "start: gate",
        "start: gaet",
        ["14:10: error: there is no node 'gaet'; did you mean 'gate'?"],
    ),
    "an unknown way out of a line": (
        "timeout: busy",
        "timeout: nowhere",
        ["23:16: error: there is no node 'nowhere'"],
    ),
    "an unknown node behind a key": (
        '"1": busy',
        '"1": bsy',
        ["24:52: error: there is no node 'bsy'; did you mean 'busy'?"],
    ),
    "an unknown guidance": (
        "prompt: [info]",
        "prompt: [info, inof]",
        ["24:39: error: there is no guidance text 'inof'; did you mean 'info'?"],
    ),
    "an unknown queue": (
        "queue: main",
        "queue: maine",
        ["20:14: error: there is no queue 'maine'; did you mean 'main'?"],
    ),
    "a node nobody comes to": (
        "    busy: {",
        "    lost: {type: hangup}\n    busy: {",
        ["25:5: error: no caller ever comes to the node 'lost'"],
    ),
    "a loop without the caller": (
        "after: busy",
        "after: info",
        ["24:5: error: a caller who presses nothing goes round here without end: info -> info"],
    ),
    "nothing to say": (
        "guidance: notice, next",
        "guidance: [], next",
        ["17:24: error: at least one is needed here"],
    ),
    "a key that no telephone has": (
        '"1": busy',
        '"12": busy',
        ["24:47: error: '12' is no key of a telephone; write one of 0-9, * and #"],
    ),
    "a wrong outcome": (
        "outcome: overflowed",
        "outcome: overflow",
        [
            f"25:52: error: 'overflow' is not known here; did you mean 'overflowed'? (known: {OUTCOMES})",
        ],
    ),
    "hours that are none": (
        "08:30-17:15",
        "8.30 to 17.15",
        ["8:15: error: hours are written like 08:30-17:15"],
    ),
    "hours that are no time at all": (
        "08:30-17:15",
        "17:15-17:15",
        ["8:15: error: hours lie between 00:00 and 24:00 and end at another time than they begin"],
    ),
    "a night that runs into the morning": (
        '["08:30-17:15"]',
        '["08:00-12:00", "22:00-08:30"]',
        ["5:1: error: mon and tue: these hours overlap after midnight"],
    ),
    "an opening that runs into the hours of the day after": (
        "  calendar: jp",
        '  calendar: jp\n  open: [{date: 2026-05-10, hours: ["22:00-09:00"], reason: fair}]',
        ["7:29: error: these hours overlap with those of the day before or after"],
    ),
    "hours that overlap": (
        '["08:30-17:15"]',
        '["08:30-12:00", "11:00-17:15"]',
        ["8:5: error: these hours overlap"],
    ),
    "a wrong weekday": (
        "mon-fri:",
        "mon-fry:",
        ["8:5: error: 'mon-fry' is no weekday; write mon, tue, ... or a range like mon-fri"],
    ),
    "a weekday twice": (
        '    mon-fri: ["08:30-17:15"]',
        '    mon-fri: ["08:30-17:15"]\n    tue: ["18:00-19:00"]',
        ["5:1: error: tue: hours are given twice"],
    ),
    "a date that is none": (
        "  calendar: jp",
        "  calendar: jp\n  closed: [{date: 2026-02-30, reason: snow}]",
        ["7:19: error: there is no day 2026-02-30"],
    ),
    "a date in words": (
        "  calendar: jp",
        "  calendar: jp\n  closed: [{date: 7 May, reason: snow}]",
        ["7:19: error: a date is written like 2026-05-07"],
    ),
    "a calendar that is not there": (
        "calendar: jp",
        "calendar: jpn",
        [
            "6:13: error: the calendar 'jpn' cannot be used",
            "jpn.yaml:1:1: error: there is no such file",
        ],
    ),
    "a calendar elsewhere": (
        "calendar: jp",
        "calendar: ../jp",
        ["6:13: error: '../jp' is no calendar's name; write the file's name without folder and .yaml"],
    ),
    "a number abroad": (
        "0570-012-229",
        "+81-570-012-229",
        ["4:14: error: a telephone number is written in its national form, like 0570-012-229"],
    ),
    "a number that is a number": (
        "0570-012-229",
        "570012229",
        ["4:14: error: a text is expected here; put it in quotes"],
    ),
    "a number twice": (
        "  - {number: 0570-012-229}",
        "  - {number: 0570-012-229}\n  - {number: 0570012229}",
        ["5:14: error: this number stands here a second time"],
    ),
    "no number": ("  - {number: 0570-012-229}", "  []", ["3:1: error: at least one is needed here"]),
    "a value left out": ("start: gate", "start:", ["14:9: error: the value is missing here"]),
    "a text where a number belongs": (
        "wrapup_s: 30",
        "wrapup_s: soon",
        ["27:20: error: a number is expected here"],
    ),
    "a time below zero": (
        "wrapup_s: 30",
        "wrapup_s: -1",
        ["27:20: error: this must be greater than or equal to 0"],
    ),
    "an unknown time zone": (
        "name: Tax office",
        "timezone: Asia/Tokio\nname: Tax office",
        ["2:11: error: there is no time zone 'Asia/Tokio'; write one like Asia/Tokyo"],
    ),
    "another name than the file's": (
        "project: tax",
        "project: taxes",
        ["1:10: error: the file of this project has to be named taxes.yaml"],
    ),
    "a name that is none": (
        "  notice: {ja",
        "  My Notice: {ja",
        ["10:3: error: 'My Notice' is no name; write a-z, then a-z, 0-9, - and _ (at most 60)"],
    ),
    "a text in another language only": (
        "{ja: 録音します。}",
        "{en: We record.}",
        ["10:3: error: the text 'notice' is missing in 'ja'"],
    ),
    "an empty text": (
        "{ja: 録音します。}",
        '{ja: " "}',
        ["10:16: error: there is nothing to say in this text"],
    ),
    "a promise on an outcome that is none": (
        "queues:",
        "promise: {numerator: [answred]}\nqueues:",
        [f"26:23: error: 'answred' is not known here; did you mean 'answered'? (known: {OUTCOMES})"],
    ),
    "a promise of more than all": (
        "queues:",
        "promise: {value: 90}\nqueues:",
        ["26:18: error: this must be less than or equal to 1"],
    ),
    "a promise for the thirteenth month": (
        "queues:",
        "promise: {months: {13: 0.8}}\nqueues:",
        ["26:20: error: this must be less than or equal to 12"],
    ),
    "answered but not counted": (
        "queues:",
        "promise: {numerator: [closed]}\nqueues:",
        ["26:1: error: closed: stands in the numerator but not in the denominator"],
    ),
    "an alias inside itself": (
        "queues:",
        "inquiry_classes: &a [*a]\nqueues:",
        ["26:18: error: an alias stands inside what it repeats; write the value out"],
    ),
}


def test_the_good_file_is_good(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD) == []


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file(tmp_path: Path, case: str) -> None:
    old, new, expected = BROKEN[case]
    assert GOOD.count(old) == 1
    assert told(tmp_path, GOOD.replace(old, new)) == expected


def test_a_loop_that_never_waits(tmp_path: Path) -> None:
    text = GOOD.replace("next: line", "next: gate").replace("open: hello", "open: line")
    text = text.replace("full: busy", "full: gate").replace("{type: say, guidance", "{type: say, guidance")
    text = text.replace('keys: {"1": busy}', 'keys: {"1": hello}')
    assert told(tmp_path, text) == [
        "16:5: error: the flow goes round here without ever waiting: gate -> line -> gate"
    ]
