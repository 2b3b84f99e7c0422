"""Mistakes of a flow as a whole, and exactly what is told of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.interpreter import MOST_HOPS
from tests.ivr.project_file import told

pytestmark = pytest.mark.unit

GOOD = """\
project: tax
name: Tax
languages: [ja, en]
numbers: [{number: 0570-012-229}]
hours: {weekly: {mon-fri: ["08:30-17:15"]}}
hours_sets: {night: {weekly: {mon: ["17:15-20:00"]}}}
number_lists: {city: [0466-25-*, 090-1234-5678]}
guidance:
  ask: {ja: 番号, en: number}
  yours: {ja: 番号は, en: you typed}
queues: {main: {}}
flow:
  start: who
  nodes:
    who:
      type: branch
      cases:
        - {when: {caller_in: city}, to: line}
        - {when: {number: 0570-012-229}, to: gate}
        - {when: {queue_length: {queue: main, at_least: 9}}, to: english}
      otherwise: gate
    gate: {type: hours, calendar: night, open: line, closed: english}
    english: {type: language, set: en, next: code}
    code: {type: call, flow: code, next: which}
    which:
      type: branch
      cases: [{when: {variable: {name: CODE, equals: "1"}}, to: line}]
      otherwise: end
    line: {type: enqueue, queue: main, full: end, no_seats: end, timeout: end}
    end: {type: hangup}
subflows:
  code:
    start: ask
    nodes:
      ask: {type: collect, prompt: ask, into: CODE, length: 4, confirm: yours, next: return, after: bye}
      bye: {type: hangup}
"""

ONE_OF = (
    "a condition has exactly one of number, caller_in, withheld, language, variable, queue_length, "
    "expected_wait, seats_free, date"
)

# name: (what stands in the good file, what stands there instead, what is told)
BROKEN: dict[str, tuple[str, str, list[str]]] = {
    "an unknown list of numbers": (
        "caller_in: city",
        "caller_in: citys",
        ["18:30: error: there is no list of numbers 'citys'; did you mean 'city'?"],
    ),
    "a list of what are no numbers": (
        "090-1234-5678]",
        "mayor]",
        ["7:34: error: a list has numbers like 048-123-4567, or how they begin, like 048-123-*"],
    ),
    "a number that is not the project's": (
        "{number: 0570-012-229}, to",
        "{number: 0570-012-228}, to",
        ["19:27: error: there is no number of this project '0570012228'; did you mean '0570012229'?"],
    ),
    "an unknown queue in a condition": (
        "queue: main, at_least",
        "queue: mane, at_least",
        ["20:41: error: there is no queue 'mane'; did you mean 'main'?"],
    ),
    "an unknown way of a case": (
        "at_least: 9}}, to: english",
        "at_least: 9}}, to: englisch",
        ["20:66: error: there is no node 'englisch'; did you mean 'english'?"],
    ),
    "an unknown set of hours": (
        "calendar: night",
        "calendar: nigth",
        ["22:35: error: there is no set of hours 'nigth'; did you mean 'night'?"],
    ),
    "a language that is not offered": (
        "set: en",
        "set: zh",
        ["23:36: error: there is no language of this project 'zh'"],
    ),
    "an own language that is not offered": (
        "languages: [ja, en]",
        "languages: [en]",
        ["3:1: error: the project's own language 'ja' is missing in `languages`"],
    ),
    "an unknown sub-flow": (
        "flow: code",
        "flow: kode",
        [
            "24:30: error: there is no sub-flow 'kode'; did you mean 'code'?",
            "32:3: error: nothing calls the sub-flow 'code'",
        ],
    ),
    "a variable that nothing sets": (
        "name: CODE",
        "name: CODES",
        ["27:40: error: there is no variable 'CODES'; did you mean 'CODE'?"],
    ),
    "a condition of nothing": (
        "{caller_in: city}",
        "{}",
        [
            f"18:12: error: {ONE_OF}; here is nothing",
        ],
    ),
    "a condition of two things": (
        "{caller_in: city}",
        "{caller_in: city, withheld: true}",
        [
            f"18:12: error: {ONE_OF}; here is caller_in and withheld",
        ],
    ),
    "a condition of something else": (
        "{caller_in: city}",
        "{caller_im: city}",
        [
            "18:19: error: 'caller_im' means nothing here; did you mean 'caller_in'?",
        ],
    ),
    "a return from the flow itself": (
        "otherwise: end",
        "otherwise: return",
        ["28:18: error: there is no node 'return'; only a sub-flow returns"],
    ),
    "a node called return": (
        "    end: {",
        "    return: {type: hangup}\n    end: {",
        ["30:5: error: 'return' is where a sub-flow goes back; give the node another name"],
    ),
    "a node of the flow in the sub-flow": (
        "after: bye",
        "after: end",
        [
            "35:101: error: there is no node 'end' in this sub-flow; write one of its own nodes, or 'return' to go back"
        ],
    ),
    "a sub-flow that never returns": (
        "next: return, after: bye",
        "next: bye, after: bye",
        ["25:5: error: no caller ever comes to the node 'which'"],
    ),
    "a node of a sub-flow nobody comes to": (
        "      bye: {",
        "      lost: {type: goto, node: bye}\n      bye: {",
        ["36:7: error: no caller ever comes to the node 'lost'"],
    ),
    "a sub-flow that nothing calls": (
        "subflows:\n",
        "subflows:\n  lost: {start: end, nodes: {end: {type: hangup}}}\n",
        ["32:3: error: nothing calls the sub-flow 'lost'"],
    ),
    "a sub-flow that calls itself": (
        "bye: {type: hangup}",
        "bye: {type: call, flow: code, next: return}",
        ["32:3: error: sub-flows call each other without end: code -> code"],
    ),
    "digits without an end": (
        "length: 4",
        "length: [4, 3]",
        ["35:53: error: `length` is the least and then the most digits, like [4, 8]"],
    ),
}
ROUND = (
    ("otherwise: end", "otherwise: english"),
    ("next: return, after: bye}\n      bye: {type: hangup}", "next: return, after: return}"),
)


def test_the_good_file_is_good(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD) == []


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_flow(tmp_path: Path, case: str) -> None:
    old, new, expected = BROKEN[case]
    assert GOOD.count(old) == 1
    assert told(tmp_path, GOOD.replace(old, new)) == expected


def test_a_round_through_a_sub_flow(tmp_path: Path) -> None:
    text = GOOD
    for old, new in ROUND:
        text = text.replace(old, new)
    way = "english -> code -> which -> english"
    assert told(tmp_path, text) == [
        f"23:5: error: a caller who presses nothing goes round here without end: {way}"
    ]
    # As long as who types nothing does not come through the sub-flow, it is a menu like any other.
    assert told(tmp_path, GOOD.replace(*ROUND[0])) == []


def test_a_round_that_never_waits_inside_a_sub_flow(tmp_path: Path) -> None:
    text = GOOD.replace(
        "bye: {type: hangup}", "bye: {type: goto, node: on}\n      on: {type: goto, node: bye}"
    )
    way = "bye -> on -> bye"
    assert told(tmp_path, text) == [f"36:7: error: the flow goes round here without ever waiting: {way}"]


def test_a_variable_that_is_set_only_afterwards(tmp_path: Path) -> None:
    text = GOOD.replace("{caller_in: city}", "{variable: {name: CODE, equals: x}}")
    assert told(tmp_path, text) == ["18:36: error: on no way that leads here 'CODE' has been set before"]


def chain(length: int, node: str) -> str:
    """A flow of many nodes of one kind; `{next}` is where each leads."""
    nodes = "".join(f"    n{i}: {node.replace('{next}', f'n{i + 1}')}\n" for i in range(length))
    head = GOOD[: GOOD.index("flow:\n")].replace("languages: [ja, en]", "languages: [ja]")
    return f"{head}flow:\n  start: n0\n  nodes:\n{nodes}    n{length}: {{type: hangup}}\n"


@pytest.mark.parametrize(
    ("length", "node", "expected"),
    [
        (2000, "{type: goto, node: {next}}", []),
        (50, "{type: enqueue, queue: main, full: {next}, no_seats: {next}, timeout: {next}}", ["50"]),
        (49, "{type: enqueue, queue: main, full: {next}, no_seats: {next}, timeout: {next}}", []),
    ],
)
def test_chains(tmp_path: Path, length: int, node: str, expected: list[str]) -> None:
    assert [line.split("caller: ")[1].split()[0] for line in told(tmp_path, chain(length, node))] == [
        str(int(count) + 1) for count in expected
    ]


def test_sub_flows_that_multiply(tmp_path: Path) -> None:
    """Fourteen sub-flows, each of which calls the next one twice, are 16,384 steps."""
    inner = "  f0: {start: a, nodes: {a: {type: goto, node: return}}}\n"
    for i in range(1, 15):
        calls = f"a: {{type: call, flow: f{i - 1}, next: b}}, b: {{type: call, flow: f{i - 1}, next: return}}"
        inner += f"  f{i}: {{start: a, nodes: {{{calls}}}}}\n"
    text = chain(1, "{type: call, flow: f14, next: {next}}") + "subflows:\n" + inner
    (line,) = told(tmp_path, text)
    assert line.startswith("14:3: error: so many nodes can follow each other here without the caller hearing")
    assert f"(at most {MOST_HOPS})" in line
