"""Generated flows: every node type, with sub-flows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ivr.loader import load_projects
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError

NUMBER = "0570012229"
Node = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]
_ENDED = re.compile(r"no caller ever comes to the node '(\w+)'|nothing calls the sub-flow '(\w+)'")
_WHENS: list[dict[str, Any]] = [
    {"number": NUMBER},
    {"caller_in": "city"},
    {"withheld": True},
    {"language": "en"},
    {"variable": {"name": "CODE", "equals": "1"}},
    {"queue_length": {"queue": "main", "at_least": 1}},
    {"expected_wait": {"queue": "main", "at_least_s": 10}},
    {"seats_free": {"queue": "main"}},
    {"date": {"from": "2026-04-01", "to": "2026-04-01"}},
]
_SOME_WHENS = st.lists(st.sampled_from(_WHENS), min_size=1, max_size=3)
_TEXTS = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2)
EXTENSIONS = (
    "extensions: [{id: ext1, number: '1'}, {id: ext35, number: '35'}, {id: ext2, number: '2', via: trunk}]\n"
)
_TARGETS: list[dict[str, str]] = [
    {"seat": "seat01"},
    {"seat": "nobodys"},
    {"extension": "35"},
    {"extension": "99"},
    {"variable": "CODE"},
    {"outside": "048-123-4567"},
]
_CODES = st.sampled_from(["1", "2", "0481234567"])
_NUMBERS = st.sampled_from(["caller", "CODE"])
_WORDS = st.sampled_from(["code", "{caller} {CODE}"])
_TALKS = ("say", "menu", "collect", "branch", "language", "set", "goto", "hours", "enqueue", "hangup")
_ASKS = ("transfer", "message", "callback", "sms", "notify")
_KINDS = (*_TALKS, *_ASKS, *_ASKS, "call")


class _Names:
    """Where a node may lead: on to a later one as a rule, to any one where the caller has to do something for it."""

    def __init__(self, draw: Draw, names: list[str], here: int, wild: bool) -> None:
        later = names[here + 1 :]
        self._draw = draw
        self._on = st.sampled_from(names if wild else [later[0], *later])  # as a rule to the very next
        self._any = st.sampled_from(names)

    def on(self) -> str:
        """Where a caller comes unasked."""
        return str(self._draw(self._on))

    def anywhere(self) -> str:
        """Where a key or a long wait leads."""
        return str(self._draw(self._any))


def _node(draw: Draw, kind: str, to: _Names, subflows: list[str]) -> Node:
    made: dict[str, Callable[[], Node]] = {
        "say": lambda: {"guidance": draw(_TEXTS), "next": to.on(), "interruptible": draw(st.booleans())},
        "menu": lambda: {
            "prompt": draw(_TEXTS),
            "keys": {key: to.anywhere() for key in draw(st.sets(st.sampled_from("0123#"), min_size=1))},
            "invalid": draw(st.sampled_from([None, "a"])),
            "attempts": draw(st.integers(1, 3)),
            "after": to.on(),
        },
        "collect": lambda: {
            "prompt": draw(_TEXTS),
            "into": "CODE",
            "length": draw(st.sampled_from([1, 3, [1, 4]])),
            "invalid": draw(st.sampled_from([None, "a"])),
            "confirm": draw(st.sampled_from([None, "b"])),
            "attempts": draw(st.integers(1, 3)),
            "next": to.anywhere(),
            "after": to.on(),
        },
        "branch": lambda: {
            "cases": [
                {"when": when, "to": to.on()} for when in draw(_SOME_WHENS)
            ],
            "otherwise": to.on(),
        },
        "language": lambda: {"set": draw(st.sampled_from(["ja", "en"])), "next": to.on()},
        "set": lambda: {"variables": {"CODE": draw(_CODES)}, "next": to.on()},
        "goto": lambda: {"node": to.on()},
        "hours": lambda: {"open": to.on(), "closed": to.on(), "calendar": draw(st.sampled_from(["", "night"]))},
        "enqueue": lambda: {
            "queue": "main",
            "priority": draw(st.integers(-1, 1)),
            "keys": {key: to.anywhere() for key in draw(st.sampled_from(["", "1", "2#"]))},
            "full": to.on(),
            "no_seats": to.on(),
            "timeout": to.anywhere(),
        } | {
            way: to.on() for way in draw(st.sets(st.sampled_from(["long_wait", "closing", "closed"])))
        },
        "hangup": lambda: {"guidance": draw(st.sampled_from([[], ["a"]]))},
        "transfer": lambda: {
            "to": draw(st.sampled_from(_TARGETS)),
            "ring_s": draw(st.sampled_from([1, 20])),
            "unanswered": to.on(),
            "unknown": to.on(),
        },
        "message": lambda: {"prompt": draw(_TEXTS), "max_s": draw(st.sampled_from([1, 60])), "next": to.on()},
        "callback": lambda: {
            "queue": "main",
            "number": draw(_NUMBERS),
            "accepted": to.on(),
            "refused": to.on(),
        },
        "sms": lambda: {"gateway": "web", "to": draw(_NUMBERS), "text": draw(_WORDS), "next": to.on()},
        "notify": lambda: {"gateway": "chat", "text": draw(_WORDS), "next": to.on()},
        "call": lambda: {"flow": draw(st.sampled_from(subflows)), "next": to.on()},
    }  # fmt: skip
    return {"type": kind} | made[kind]()


def _flow(draw: Draw, prefix: str, subflows: list[str], *, wild: bool) -> Node:
    names = [f"{prefix}{index}" for index in range(draw(st.integers(2, 8)))]
    targets = [*names, "return"] if prefix != "m" else [*names, "m_end"]
    kinds = st.sampled_from(_KINDS if subflows else _KINDS[:-1])
    nodes = {
        name: _node(draw, draw(kinds), _Names(draw, targets, index, wild), subflows)
        for index, name in enumerate(names)
    }
    if prefix == "m":
        nodes["m_end"] = {"type": "hangup"}
    return {"start": names[0], "nodes": nodes}


def _with_beginning(draw: Draw, flow: Node) -> None:
    """Before all else a variable is set, and something is asked for: left to chance, too few would come to that."""
    names = ["asks", flow["start"], *flow["nodes"]]
    kind = draw(st.sampled_from(["transfer", *_ASKS]))
    flow["nodes"]["asks"] = _node(draw, kind, _Names(draw, names, 0, wild=False), [])
    flow["nodes"]["begin"] = {"type": "set", "variables": {"CODE": draw(_CODES)}, "next": "asks"}


@st.composite
def project_files(draw: Draw) -> Node:
    """What a project file may say; now and then every node may lead to any other."""
    wild = draw(st.integers(0, 2)) == 0
    order = ["x", "y", "z"][: draw(st.integers(0, 3))]
    subflows = {name: _flow(draw, name, order[index + 1 :], wild=wild) for index, name in enumerate(order)}
    flow = _flow(draw, "m", order, wild=wild)
    _with_beginning(draw, flow)
    return {
        "project": "tax",
        "name": "tax",
        "languages": ["ja", "en"],
        "numbers": [{"number": NUMBER}],
        "hours": {"weekly": {"mon-fri": ["09:00-17:00"]}},
        "hours_sets": {"night": {"weekly": {"mon-sun": ["00:00-01:00"]}}},
        "number_lists": {"city": ["0900000*"]},
        "guidance": {name: {"ja": f"{name}です", "en": name} for name in "ab"},
        "queues": {
            "main": {
                "max_wait_s": draw(st.sampled_from([0.5, 20])),
                "max_waiting": draw(st.integers(0, 2)),
                "max_expected_wait_s": draw(st.sampled_from([1, 600])),
                "last_call_s": draw(st.sampled_from([0, 300])),
                "at_closing": "release",
                "notices": draw(st.sampled_from([None, {"guidance": "b", "position": True, "first_s": 1}])),
            }
        },
        "flow": flow | {"start": "begin"},
        "subflows": subflows,
    }


def accepted(content: Node, folder: Path) -> Path | None:
    """A file that the loader accepts, once all that no caller comes to is taken out; None if it does not."""
    (folder / "projects").mkdir(exist_ok=True)
    (folder / "extensions.yaml").write_text(EXTENSIONS, encoding="utf-8")
    path = folder / "projects" / "tax.yaml"
    while True:
        path.write_text(json.dumps(content), encoding="utf-8")
        try:
            load_projects([path], folder / "calendars")
        except ConfigurationError as error:
            ends = [_ENDED.match(problem.message) for problem in error.problems]
            if not all(ends):
                return None
            _without(content, {name for end in ends if end for name in end.groups() if name})
        else:
            return path


def loaded(path: Path) -> Project:
    """The project of a file."""
    return load_projects([path], path.parent.parent / "calendars")["tax"]


def _without(content: Node, names: set[str]) -> None:
    for flow in (content["flow"], *content["subflows"].values()):
        flow["nodes"] = {name: node for name, node in flow["nodes"].items() if name not in names}
    content["subflows"] = {name: flow for name, flow in content["subflows"].items() if name not in names}
