"""A project whose flow has every type of node that needs nothing but the caller and the line."""

from __future__ import annotations

from pathlib import Path

from engine.centre import Centre, SeatPlan
from ivr.loader import load_project

MAIN, LINE, BRIEF, ASK = "0480000001", "0480000002", "0480000003", "0480000004"
OFFICE = "0487650001"

# What a key comes in the middle of lasts for seconds (hello, short, typed); all else is as short as it can be.
PROJECT = """\
project: city
name: city
languages: [ja, en]
numbers: [{number: "0480000001"}, {number: "0480000002"}, {number: "0480000003"}, {number: "0480000004"}]
hours: {weekly: {mon-sun: ["00:00-24:00"]}}
hours_sets:
  always: {weekly: {mon-sun: ["00:00-24:00"]}}
  never: {weekly: {mon-sun: []}}
number_lists: {offices: ["04876*"]}
guidance:
  top: &short {ja: はい。, en: Hi.}
  hello: &long {ja: お電話ありがとうございます。こちらは市役所の受付でございます。, en: Hello.}
  short: *long
  typed: {ja: 入力された番号は次のとおりです。, en: You typed}
  enough: *short
  code: *short
  inside: *short
  right: *short
  spoken: *short
  unknown: *short
  office: *short
  shut: *short
  sorry: *short
  crowded: *short
  free: *short
  full: *short
  unmanned: *short
  late: *short
flow:
  start: dialled
  nodes:
    dialled:
      type: branch
      cases:
        - {when: {number: 048-000-0002}, to: line}
        - {when: {number: 048-000-0003}, to: brief}
        - {when: {number: 048-000-0004}, to: crowd}
      otherwise: gate
    gate: {type: hours, open: who, closed: shut}
    who:
      type: branch
      cases: [{when: {withheld: true}, to: unknown}, {when: {caller_in: offices}, to: office}]
      otherwise: top
    top:
      type: menu
      prompt: top
      keys:
        {"0": today, "1": plain, "2": quick, "3": fixed, "4": ended, "5": sure, "6": english, "7": room,
         "8": jump, "9": mark, "*": speaks}
      invalid: short
      timeout_s: 1.5
      attempts: 2
      after: sorry

    plain: {type: say, guidance: [hello, enough], next: right}
    quick: {type: say, guidance: [hello, enough], interruptible: true, next: right}

    fixed: {type: collect, prompt: code, into: code, length: 3, timeout_s: 2, next: judge, after: sorry}
    ended:
      {type: collect, prompt: code, into: code, length: [2, 6], end: "#", timeout_s: 2, attempts: 2,
       invalid: short, next: judge, after: sorry}
    sure:
      {type: collect, prompt: code, into: code, length: 2, timeout_s: 5, confirm: typed, next: judge, after: sorry}
    judge:
      type: branch
      cases:
        - {when: {variable: {name: code, equals: "123"}}, to: right}
        - {when: {variable: {name: code, equals: "34"}}, to: right}
      otherwise: sorry

    english: {type: language, set: en, next: in_english}
    in_english: {type: say, guidance: hello, next: speaks}
    speaks: {type: branch, cases: [{when: {language: en}, to: spoken}], otherwise: right}

    room: {type: call, flow: room, next: right}
    jump: {type: goto, node: day}
    day: {type: hours, calendar: always, open: night, closed: sorry}
    night: {type: hours, calendar: never, open: sorry, closed: shut}
    mark: {type: set, variables: {code: "34"}, next: judge}
    today:
      type: branch
      cases:
        - {when: {date: {from: 2000-01-01, to: 2000-12-31}}, to: sorry}
        - {when: {date: {from: 2001-01-01, to: 2999-12-31}}, to: right}
      otherwise: sorry

    line: {type: enqueue, queue: main, full: full, no_seats: unmanned, timeout: late}
    brief: {type: enqueue, queue: brief, full: full, no_seats: unmanned, timeout: late}
    crowd:
      type: branch
      cases:
        - {when: {expected_wait: {queue: main, at_least_s: 36000}}, to: sorry}
        - {when: {queue_length: {queue: main, at_least: 1}}, to: crowded}
        - {when: {seats_free: {queue: main, at_least: 1}}, to: free}
      otherwise: sorry
    free: {type: say, guidance: free, next: line}

    right: {type: hangup, guidance: right}
    spoken: {type: hangup, guidance: spoken, outcome: self_served}
    unknown: {type: hangup, guidance: unknown, outcome: blocked}
    office: {type: hangup, guidance: office, outcome: self_served}
    shut: {type: hangup, guidance: shut}
    sorry: {type: hangup, guidance: sorry, outcome: overflowed}
    crowded: {type: hangup, guidance: crowded, outcome: overflowed}
    full: {type: hangup, guidance: full}
    unmanned: {type: hangup, guidance: unmanned}
    late: {type: hangup, guidance: late}
subflows:
  room:
    start: ask
    nodes:
      ask: {type: collect, prompt: code, into: room, length: 1, timeout_s: 2, next: which, after: return}
      which: {type: branch, cases: [{when: {variable: {name: room, equals: "1"}}, to: return}], otherwise: deeper}
      deeper: {type: call, flow: inside, next: return}
  inside:
    start: told
    nodes:
      told: {type: say, guidance: inside, next: return}
queues:
  main: {max_waiting: 1, wrapup_s: 0}
  brief: {max_wait_s: 0.5, wrapup_s: 0}
"""


def language_centre(folder: Path) -> Centre:
    """The project, read as any other, and one seat. `folder`: where its file may be written."""
    path = folder / "city.yaml"
    path.write_text(PROJECT, encoding="utf-8")
    return Centre({"city": load_project(path, folder)}, (SeatPlan("seat01", ("city",)),))
